import AssessmentModel

/// What the TLCP part of an inspection found, and the facts it makes of it.
struct TLCPFindings: Sendable {
  /// One answer a connection, in the order of asking: the evidence.
  private(set) var answers: [Answer] = []
  /// Answers to what was wrong on purpose, or in a dialect the server does not speak: evidence too, but
  /// that they end badly is as it should be.
  private(set) var trials: [Answer] = []
  private(set) var accepted: Set<CipherSuite> = []
  private(set) var undetermined: Set<CipherSuite> = []
  /// The last whole handshake tried in each accepted ECC suite.
  private(set) var handshakes: [CipherSuite: HandshakeResult<TLCPClient>] = [:]
  /// The last handshake with our certificates in each suite, and the dialect it was in.
  private var mutual: [CipherSuite: (result: HandshakeResult<TLCPClient>, shown: ShownPair)] = [:]
  /// Whether a session offered by its id was resumed.
  var resumption: Bool?
  /// Whether a request was answered with authentic application data.
  private(set) var exchange: Bool?
  /// Whether the server refused a fault; absent where it did not say.
  private(set) var refusals: [TLCPClient.Deviation: Bool] = [:]
  private var problems: [FactValue] = []
  private var isAsked = false

  /// A handshake that was finished, with what it took.
  struct Way: Sendable {
    var suite: CipherSuite
    var result: HandshakeResult<TLCPClient>
    var shown: ShownPair?
  }

  /// The handshakes finished, those without certificates of ours first.
  var completed: [Way] {
    let plain = handshakes.keys.sorted(by: >).compactMap { suite in
      handshakes[suite].map { Way(suite: suite, result: $0) }
    }
    let proven = mutual.keys.sorted(by: >).compactMap { suite in
      mutual[suite].map { Way(suite: suite, result: $0.result, shown: $0.shown) }
    }
    return (plain + proven).filter { $0.result.ending == .completed }
  }

  /// Accepted suites in which the server asks for certificates: ECDHE always, ECC where it was seen to.
  var suitesAsking: [CipherSuite] {
    let elliptic = accepted.filter { TLCPMode(ecdhe: $0) != nil }
    let asking = handshakes.filter { $0.value.answer.flight.requestsClientCertificate }
    return (Array(elliptic) + Array(asking.keys)).sorted(by: >)
  }

  mutating func add(
    _ results: [HandshakeResult<TLCPClient>], of suite: CipherSuite, showing shown: ShownPair
  ) {
    guard let last = results.last else { return }
    mutual[suite] = (last, shown)
    if last.ending == .refused {
      trials += results.map(\.answer)
    } else {
      answers += results.map(\.answer)
      results.forEach { note($0) }
    }
  }

  /// No dialect is left to try: that the last was refused is now something to tell.
  mutating func conclude(_ suite: CipherSuite) {
    if let last = mutual[suite]?.result, last.ending == .refused { note(last) }
  }

  mutating func add(suite: CipherSuite) {
    isAsked = true
    accepted.insert(suite)
  }

  mutating func add(_ results: [HandshakeResult<TLCPClient>], of suite: CipherSuite) {
    answers += results.map(\.answer)
    results.forEach { note($0) }
    guard let last = results.last else {
      undetermined.insert(suite)
      return
    }
    switch last.answer.outcome {
    case .accepted:
      accepted.insert(suite)
      handshakes[suite] = last
    case .declined, .dropped: break
    case .unknown: undetermined.insert(suite)
    }
  }

  mutating func add(_ outcome: TLCPElimination.Outcome) {
    answers += outcome.answers
    accepted.formUnion(outcome.accepted)
    undetermined.formUnion(outcome.undetermined)
  }

  mutating func add(resumption result: HandshakeResult<TLCPClient>) {
    answers.append(result.answer)
    note(result)
    switch result.ending {
    case .completed: resumption = result.client.isResumed
    case .wrong, .refused: resumption = false
    case .unknown: break
    }
  }

  /// Silence, an end or an alert instead of data is no wrong record: the request may not have pleased.
  mutating func add(exchange result: HandshakeResult<TLCPClient>) {
    answers.append(result.answer)
    note(result)
    if !result.client.data.isEmpty {
      exchange = true
    } else if result.ending == .completed {
      switch result.client.failure {
      case .record, .wire: exchange = false
      case .keyExchange, .finished, .alert, .unable, nil: break
      }
    }
  }

  mutating func add(_ result: HandshakeResult<TLCPClient>, to deviation: TLCPClient.Deviation) {
    trials.append(result.answer)
    guard result.client.hasFinished else { return }
    // A server that goes on with its own ChangeCipherSpec took the fault for right.
    if result.client.hasServerFollowed {
      refusals[deviation] = false
    } else if result.ending == .refused {
      refusals[deviation] = true
    }
  }

  /// What the answer itself does not show: a proof, a record or a Finished that is wrong.
  private mutating func note(_ result: HandshakeResult<TLCPClient>) {
    if case .alert? = result.client.failure, result.answer.flight.acceptedVersion == nil { return }
    if let problem = result.client.failure?.problem(in: result.answer.name) {
      problems.append(problem)
    }
  }

  // MARK: Facts

  /// `facts` with those of TLCP added.
  func added(to facts: [String: FactValue]) -> [String: FactValue] {
    guard isAsked else { return facts }
    var facts = facts
    let open = undetermined.subtracting(accepted)
    if open.isEmpty { facts["tlcp.accepted-suites"] = Self.list(accepted) }
    facts["tlcp.suites-undetermined"] = Self.list(open)
    facts["tlcp.handshake-completed"] = isCompleted.map { .boolean($0) }
    if !handshakes.isEmpty || !mutual.isEmpty {
      facts["tlcp.completed-suites"] = Self.list(Set(completed.map(\.suite)))
    }
    stateMutual(&facts)
    facts["tlcp.client-certificate-required"] = isClientCertificateRequired.map { .boolean($0) }
    facts["tlcp.resumption"] = resumption.map { .boolean($0) }
    facts["tlcp.application-data-exchanged"] = exchange.map { .boolean($0) }
    for (deviation, isRefused) in refusals {
      facts["tlcp.refuses-\(deviation.rawValue)"] = .boolean(isRefused)
    }
    facts.add(problems: problems)
    return facts
  }

  private static func list(_ suites: Set<CipherSuite>) -> FactValue {
    .list(suites.sorted().map { .text($0.code) })
  }

  private func stateMutual(_ facts: inout [String: FactValue]) {
    guard !mutual.isEmpty else { return }
    let finished = mutual.filter { $0.value.result.ending == .completed }
    facts["tlcp.mutual-completed-suites"] = Self.list(Set(finished.keys))
    let endings = mutual.values.map(\.result.ending)
    if endings.contains(.wrong) || endings.contains(.refused) {
      facts["tlcp.mutual-handshake-completed"] = false
    } else if !endings.contains(.unknown) {
      facts["tlcp.mutual-handshake-completed"] = true
    }
    if !finished.isEmpty {
      facts["tlcp.client-certificate-trusted"] = true
    } else if mutual.values.contains(where: {
      $0.result.answer.flight.alert?.rejectsCertificate ?? false
    }) {
      facts["tlcp.client-certificate-trusted"] = false
    }
    // Only a key agreement shows all of a dialect.
    let telling = finished.filter { TLCPMode(ecdhe: $0.key) != nil }
    let dialects = Set((telling.isEmpty ? finished : telling).values.map(\.shown.dialect))
    if let dialect = dialects.first {
      facts["tlcp.dialect"] = .text(dialects.count == 1 ? dialect.rawValue : "mixed")
    }
  }

  /// Every accepted ECC suite counts: one that fails makes it false; of a server with none, the ECDHE
  /// ones. A server that wants certificates is judged by the handshake with ours: its refusal of them, or
  /// of none, says nothing.
  private var isCompleted: Bool? {
    var endings = handshakes.map { suite, result -> HandshakeEnding in
      guard result.ending == .refused, result.answer.flight.requestsClientCertificate else {
        return result.ending
      }
      return Self.ending(of: mutual[suite]?.result)
    }
    if handshakes.isEmpty { endings = mutual.values.map { Self.ending(of: $0.result) } }
    if endings.contains(.wrong) || endings.contains(.refused) { return false }
    return endings.contains(.completed) ? true : nil
  }

  private static func ending(of result: HandshakeResult<TLCPClient>?) -> HandshakeEnding {
    guard let result, result.ending != .refused else { return .unknown }
    return result.ending
  }

  /// Whether a handshake with an empty client Certificate is refused; false where none is asked for. The
  /// agreement of ECDHE suites needs the client's certificate: with nothing else there is no way without.
  private var isClientCertificateRequired: Bool? {
    if undetermined.subtracting(accepted).isEmpty, !accepted.isEmpty,
      accepted.allSatisfy({ $0.parts?.keyExchange == .sm2Agreement })
    {
      return true
    }
    let shown = handshakes.values.compactMap { result -> Bool? in
      switch result.ending {
      case .completed: false
      case .refused: result.answer.flight.requestsClientCertificate ? true : nil
      case .wrong, .unknown: nil
      }
    }
    return shown.contains(true) ? true : shown.first
  }
}

extension HandshakeResult where Client == TLCPClient {
  /// How the handshake ended; a server may refuse by an alert, or by an end after our Finished.
  var ending: HandshakeEnding {
    if client.isConnected { return .completed }
    guard answer.flight.acceptedVersion == .tlcp else { return .unknown }
    switch client.failure {
    case .wire, .keyExchange, .record, .finished: return .wrong
    case .alert: return .refused
    case .unable: return .unknown
    case nil: break
    }
    switch answer.end {
    case .closed, .reset: return client.hasFinished || client.isResumed ? .refused : .unknown
    case .read, .timeout, .malformed, .notTLS, .endless, .refused, .unreachable, .cancelled:
      return .unknown
    }
  }
}
