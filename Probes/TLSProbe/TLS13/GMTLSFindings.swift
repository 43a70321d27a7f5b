import AssessmentModel

/// What the TLS 1.3 part of an inspection found of SM suites, and the facts it makes of it.
struct GMTLSFindings: Sendable {
  /// One answer a connection, in the order of asking: the evidence.
  private(set) var answers: [Answer] = []
  /// Answers to what was wrong on purpose: evidence too, but that they end badly is as it should be.
  private(set) var trials: [Answer] = []
  /// Whether a suite is accepted with any group and certificate; `nil` when not known.
  var offered: Bool?
  private var results: [CipherSuite: HandshakeResult<GMTLSClient>] = [:]
  private var exchange: Bool?
  private var refusals: [GMTLSClient.Deviation: Bool] = [:]
  private var problems: [FactValue] = []

  /// Suites whose handshake was finished.
  var completed: [CipherSuite] {
    results.filter { $0.value.ending == .completed }.keys.sorted()
  }

  mutating func add(_ result: HandshakeResult<GMTLSClient>, of suite: CipherSuite) {
    answers.append(result.answer)
    note(result)
    results[suite] = result
    if result.answer.flight.acceptedVersion == .tls13 { offered = true }
  }

  mutating func add(exchange result: HandshakeResult<GMTLSClient>) {
    answers.append(result.answer)
    note(result)
    if !result.client.data.isEmpty {
      exchange = true
    } else if case .record? = result.client.failure {
      exchange = false
    }
  }

  mutating func add(_ result: HandshakeResult<GMTLSClient>, to deviation: GMTLSClient.Deviation) {
    trials.append(result.answer)
    guard result.client.isConnected else { return }
    if result.client.isAcceptedByPeer {
      refusals[deviation] = false
    } else if result.ending == .refused {
      refusals[deviation] = true
    }
  }

  private mutating func note(_ result: HandshakeResult<GMTLSClient>) {
    if case .alert? = result.client.failure, !result.client.isConnected { return }
    if let problem = result.client.failure?.problem(in: result.answer.name) {
      problems.append(problem)
    }
  }

  // MARK: Facts

  /// The answers that chose a suite with curveSM2 and went on.
  private var accepted: [CipherSuite: HandshakeResult<GMTLSClient>] {
    results.filter {
      $0.value.answer.flight.acceptedVersion == .tls13
        && $0.value.answer.flight.hello?.isRetryRequest == false
    }
  }

  /// `facts` with those of SM suites in TLS 1.3 added.
  func added(to facts: [String: FactValue]) -> [String: FactValue] {
    var facts = facts
    facts["tls13-gm.offered"] = offered.map { .boolean($0) }
    guard !results.isEmpty else { return facts }
    // Of a server whose list of suites was not completed, a drop says nothing.
    let isSure = results.values.allSatisfy {
      $0.answer.outcome != .unknown && (offered != nil || $0.answer.outcome != .dropped)
    }
    if isSure { facts["tls13-gm.accepted-suites"] = Self.list(Array(accepted.keys)) }
    if !accepted.isEmpty {
      facts["tls13-gm.completed-suites"] = Self.list(completed)
      let endings = accepted.values.map(\.ending)
      // A server that wants a certificate and got none, or one it does not know, is not at fault.
      let asks = accepted.values.contains { $0.answer.flight.requestsClientCertificate }
      if endings.contains(.wrong) || (endings.contains(.refused) && !asks) {
        facts["tls13-gm.handshake-completed"] = false
      } else if !endings.contains(.unknown), !endings.contains(.refused) {
        facts["tls13-gm.handshake-completed"] = true
      }
    }
    stateProof(&facts)
    facts["tls13-gm.application-data-exchanged"] = exchange.map { .boolean($0) }
    for (deviation, isRefused) in refusals {
      facts["tls13-gm.refuses-\(deviation.rawValue)"] = .boolean(isRefused)
    }
    facts.add(problems: problems)
    return facts
  }

  private func stateProof(_ facts: inout [String: FactValue]) {
    let flights = accepted.sorted { $0.key < $1.key }.map(\.value.answer)
    guard let answer = flights.first(where: { $0.flight.chain != nil }),
      let chain = answer.flight.chain.map({ ServedChain($0) })
    else { return }
    facts["tls13-gm.certificates"] = chain.fact
    facts["tls13-gm.certificate-verify-valid"] = HandshakeSignature.isValid(
      answer.flight, leaf: chain.leaf, clientRandom: answer.hello.random
    ).map { .boolean($0) }
    facts["tls13-gm.client-certificate-requested"] = .boolean(
      answer.flight.requestsClientCertificate)
  }

  private static func list(_ suites: [CipherSuite]) -> FactValue {
    .list(suites.sorted().map { .text($0.code) })
  }
}

extension HandshakeResult where Client == GMTLSClient {
  /// How the handshake ended; a server refuses ours only after its own flight.
  var ending: HandshakeEnding {
    switch client.failure {
    case .wire, .keyExchange, .record, .finished:
      answer.flight.acceptedVersion == .tls13 ? .wrong : .unknown
    case .alert: client.isConnected ? .refused : .unknown
    case .unable: .unknown
    case nil: client.isConnected ? .completed : .unknown
    }
  }
}
