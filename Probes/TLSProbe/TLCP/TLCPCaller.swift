import Connections

/// Makes the TLCP connections of an inspection, with the name that was found to work.
struct TLCPCaller: Sendable {
  var endpoint: Endpoint
  var serverName: String?
  var maker: HelloMaker
  /// The longest wait for one connection.
  var patience: Duration
  var deadline: ContinuousClock.Instant
  /// Gives every connection its place among those of the inspection; by itself each is made at once.
  var dialer: Dialer?

  private var source: TLCPClient.Source { TLCPClient.Source(bytes: maker.source.bytes) }
  var isTimeLeft: Bool { deadline > .now && !Task.isCancelled }

  /// Whether a hello that was accepted before still is; true when nobody keeps count.
  func stillAnswers() async -> Bool { await dialer?.stillAnswers() ?? true }

  private func hello(_ suites: [CipherSuite], sessionID: [UInt8] = []) -> ClientHello {
    ClientHello(
      version: .tlcp, random: maker.source.bytes(32), sessionID: sessionID, suites: suites,
      serverName: serverName)
  }

  private func run<Result: Sendable>(
    _ body: (Endpoint, ContinuousClock.Instant) async -> Result
  ) async -> Result {
    let dialed = await dialer?.visit(urgency: 10, body)
    // A dialer that has given up lets a last attempt through, whose end says why nothing came.
    return if let dialed { dialed } else {
      await body(endpoint, min(deadline, .now + patience))
    }
  }

  private func run(_ visit: TLCPVisit) async -> TLCPVisit.Result {
    await run { endpoint, end in await visit.run(at: endpoint, until: end) }
  }

  /// Which of `suites` is chosen. The whole flight is read: a server whose writing meets a closed
  /// connection may not survive it.
  func ask(_ suites: [CipherSuite], name: String) async -> Answer {
    let exchange = Exchange(name: name, hello: hello(suites))
    return await run { endpoint, end in await exchange.run(at: endpoint, until: end) }
  }

  /// A whole handshake in one suite; silence, or a connection dropped without a word, is tried once more.
  ///
  /// - Parameter shown: our certificates, shown when asked for.
  func handshake(
    _ suite: CipherSuite, showing shown: ShownPair? = nil
  ) async -> [TLCPVisit.Result] {
    var results: [TLCPVisit.Result] = []
    let name =
      "tlcp-\(shown == nil ? "handshake" : "mutual")-\(suite.code.lowercased())"
      + (shown.map { "-\($0.dialect.rawValue)" } ?? "")
    while results.count < 2, isTimeLeft {
      let result = await run(
        TLCPVisit(name: name, hello: hello([suite]), identity: shown, source: source))
      results.append(result)
      guard result.ending == .unknown, result.answer.isWorthRepeating else { break }
    }
    return results
  }

  /// Offers `session` again, with its suite.
  func resume(_ session: TLCPClient.Session) async -> TLCPVisit.Result {
    await run(
      TLCPVisit(
        name: "tlcp-resumption", hello: hello([session.suite], sessionID: session.id),
        session: session, source: source))
  }

  /// A whole handshake, then `request` as application data.
  func exchange(
    _ request: [UInt8], _ suite: CipherSuite, showing shown: ShownPair? = nil
  ) async -> TLCPVisit.Result {
    await run(
      TLCPVisit(
        name: "tlcp-request", hello: hello([suite]), identity: shown, request: request,
        source: source))
  }

  /// A handshake with a fault made on purpose.
  func deviate(
    _ deviation: TLCPClient.Deviation, _ suite: CipherSuite, showing shown: ShownPair? = nil
  ) async -> TLCPVisit.Result {
    await run(
      TLCPVisit(
        name: "tlcp-\(deviation.rawValue)", hello: hello([suite]), deviation: deviation,
        identity: shown, source: source))
  }
}

extension Answer {
  /// Whether the same question may well bring an answer when it is asked once more.
  var isWorthRepeating: Bool {
    if outcome == .dropped { return true }
    return switch end {
    case .timeout, .reset, .closed: outcome != .declined
    case .read, .malformed, .notTLS, .endless, .refused, .unreachable, .cancelled: false
    }
  }
}
