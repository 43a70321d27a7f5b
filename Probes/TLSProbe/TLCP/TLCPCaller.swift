/// Makes the TLCP connections of an inspection, with the name that was found to work.
struct TLCPCaller: Sendable {
  /// Gives every connection its place among those of the inspection.
  var dialer: Dialer
  var serverName: String?
  var maker: HelloMaker

  private func hello(_ suites: [CipherSuite], sessionID: [UInt8] = []) -> ClientHello {
    ClientHello(
      version: .tlcp, random: maker.source.bytes(32), sessionID: sessionID, suites: suites,
      serverName: serverName)
  }

  private func visit(
    _ name: String, _ suite: CipherSuite, resuming session: TLCPClient.Session? = nil,
    deviation: TLCPClient.Deviation? = nil, showing shown: ShownPair? = nil,
    request: [UInt8]? = nil
  ) async -> HandshakeResult<TLCPClient> {
    let client = TLCPClient(
      hello([suite], sessionID: session?.id ?? []), resuming: session, deviation: deviation,
      pair: shown?.pair, dialect: shown?.dialect ?? .tongsuo,
      source: TLCPClient.Source(bytes: maker.source.bytes))
    let visit = HandshakeVisit(name: name, client: client, request: request)
    return await dialer.visitInAnyCase(urgency: 10) { await visit.run(at: $0, until: $1) }
  }

  /// Which of `suites` is chosen. The whole flight is read: a server whose writing meets a closed
  /// connection may not survive it.
  func ask(_ suites: [CipherSuite], name: String) async -> Answer {
    let exchange = Exchange(name: name, hello: hello(suites))
    return await dialer.visitInAnyCase(urgency: 10) { await exchange.run(at: $0, until: $1) }
  }

  /// A whole handshake in one suite; silence, or a connection dropped without a word, is tried once more.
  ///
  /// - Parameter shown: our certificates, shown when asked for.
  func handshake(
    _ suite: CipherSuite, showing shown: ShownPair? = nil
  ) async -> [HandshakeResult<TLCPClient>] {
    var results: [HandshakeResult<TLCPClient>] = []
    let name =
      "tlcp-\(shown == nil ? "handshake" : "mutual")-\(suite.code.lowercased())"
      + (shown.map { "-\($0.dialect.rawValue)" } ?? "")
    while results.count < 2, dialer.isTimeLeft {
      let result = await visit(name, suite, showing: shown)
      results.append(result)
      guard result.ending == .unknown, result.answer.isWorthRepeating else { break }
    }
    return results
  }

  /// Offers `session` again, with its suite.
  func resume(_ session: TLCPClient.Session) async -> HandshakeResult<TLCPClient> {
    await visit("tlcp-resumption", session.suite, resuming: session)
  }

  /// A whole handshake, then `request` as application data.
  func exchange(
    _ request: [UInt8], _ suite: CipherSuite, showing shown: ShownPair? = nil
  ) async -> HandshakeResult<TLCPClient> {
    await visit("tlcp-request", suite, showing: shown, request: request)
  }

  /// A handshake with a fault made on purpose.
  func deviate(
    _ deviation: TLCPClient.Deviation, _ suite: CipherSuite, showing shown: ShownPair? = nil
  ) async -> HandshakeResult<TLCPClient> {
    await visit("tlcp-\(deviation.rawValue)", suite, deviation: deviation, showing: shown)
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
