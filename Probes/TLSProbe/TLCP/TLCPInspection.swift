/// The TLCP part of an inspection, once a hello was accepted: every suite, whole handshakes in the ECC
/// suites, with a pair of our own the mutual ones, a resumption, and on demand the faults a server must
/// refuse.
struct TLCPInspection: Sendable {
  var dialer: Dialer
  var maker: HelloMaker
  /// Certificates of our own, for servers that ask for them.
  var pair: ClientPair?
  /// Sends wrong Finished, MAC and padding on purpose, each on a connection of its own.
  var isActive = false
  /// Sent as application data on one connection; nothing by default.
  var request: [UInt8]?

  static let ecc: [CipherSuite] = [CipherSuite(0xE053), CipherSuite(0xE013)]

  /// One step of an inspection: what a few connections, one after the other, brought.
  private enum Step: Sendable {
    case handshake(CipherSuite, [HandshakeResult<TLCPClient>])
    case suites(TLCPElimination.Outcome)
  }

  /// Nothing unless one of `answers` accepted TLCP: its name, or none, is what works with this server.
  func run(after answers: [Answer]) async -> TLCPFindings {
    let accepted = answers.filter { $0.flight.acceptedVersion == .tlcp }
    guard let first = accepted.first, let chosen = first.flight.hello?.suite else {
      return TLCPFindings()
    }
    let caller = TLCPCaller(dialer: dialer, serverName: first.hello.serverName, maker: maker)
    var findings = TLCPFindings()
    findings.add(suite: chosen)
    let groups = suiteGroups(without: chosen)
    let steps = await inLanes(Self.ecc.count + groups.count) { index -> Step in
      if index < Self.ecc.count {
        let suite = Self.ecc[index]
        return .handshake(suite, await caller.handshake(suite))
      }
      let number = index - Self.ecc.count
      return .suites(
        await TLCPElimination(caller: caller, name: "tlcp-suites-\(number + 1)")
          .run(groups[number]))
    }
    for step in steps {
      switch step {
      case .handshake(let suite, let results): findings.add(results, of: suite)
      case .suites(let outcome): findings.add(outcome)
      }
    }
    if let pair { await proveOurselves(pair, caller, &findings) }
    await goOn(caller, &findings)
    return findings
  }

  /// The suites in which the server asks for certificates, with ours: in each dialect until one is
  /// understood, which then goes first.
  private func proveOurselves(
    _ pair: ClientPair, _ caller: TLCPCaller, _ findings: inout TLCPFindings
  ) async {
    var order = TLCPDialect.allCases
    for suite in findings.suitesAsking {
      // Without a key agreement the letter of the standard is one of the two.
      let dialects = TLCPMode(ecc: suite) == nil ? order : order.filter { $0 != .standard }
      for dialect in dialects {
        let shown = ShownPair(pair: pair, dialect: dialect)
        let results = await caller.handshake(suite, showing: shown)
        findings.add(results, of: suite, showing: shown)
        // A certificate that is not trusted is so in every dialect.
        guard let last = results.last, last.ending == .refused,
          !(last.answer.flight.alert?.rejectsCertificate ?? false)
        else {
          if results.last?.ending == .completed {
            order = [dialect] + order.filter { $0 != dialect }
          }
          break
        }
      }
      findings.conclude(suite)
    }
  }

  /// What needs a completed handshake: resumption, a request, and the faults.
  private func goOn(_ caller: TLCPCaller, _ findings: inout TLCPFindings) async {
    guard let first = findings.completed.first else { return }
    if let session = first.result.client.session {
      findings.add(resumption: await caller.resume(session))
    } else {
      findings.resumption = false
    }
    if let request {
      findings.add(
        exchange: await caller.exchange(request, first.suite, showing: first.shown))
    }
    guard isActive else { return }
    for deviation in TLCPClient.Deviation.allCases {
      let way = findings.completed.first { way in
        switch deviation {
        case .finished, .mac: true
        // Only CBC has padding.
        case .padding: [0xE011, 0xE013].contains(way.suite.rawValue)
        case .verify: way.result.client.hasShownPair
        }
      }
      guard let way else { continue }
      findings.add(
        await caller.deviate(deviation, way.suite, showing: way.shown), to: deviation)
    }
  }

  /// The suites not yet decided, asked group by group: few groups when few lanes are open.
  private func suiteGroups(without chosen: CipherSuite) -> [[CipherSuite]] {
    let open = SuiteOffer.tlcp.filter { $0 != chosen && !Self.ecc.contains($0) }
    guard dialer.lanes > 2 else { return [open] }
    let byKind = Dictionary(grouping: open) { suite -> Int in
      guard let parts = suite.parts, parts.cipher == "SM4" else { return 3 }
      switch parts.keyExchange {
      case .sm2Agreement: return suite.rawValue == 0xE051 ? 0 : 1
      case .rsa: return 2
      default: return 3
      }
    }
    return byKind.keys.sorted().compactMap { byKind[$0] }
  }

  /// Runs `count` jobs, at most as many as there are lanes at once; their results in the order of the jobs.
  private func inLanes<Value: Sendable>(
    _ count: Int, _ job: @escaping @Sendable (Int) async -> Value
  ) async -> [Value] {
    var results: [Int: Value] = [:]
    await withTaskGroup(of: (Int, Value).self) { group in
      for index in 0..<count {
        if index >= dialer.lanes, let (done, value) = await group.next() {
          results[done] = value
        }
        group.addTask { (index, await job(index)) }
      }
      for await (done, value) in group { results[done] = value }
    }
    return (0..<count).compactMap { results[$0] }
  }
}
