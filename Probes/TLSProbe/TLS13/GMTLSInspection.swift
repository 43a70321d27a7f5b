import Connections
import NationalCrypto

/// TLS 1.3 with nothing but SM algorithms (RFC 8998): a suite, curveSM2 and sm2sig_sm3, each handshake
/// finished; on demand the faults a server must refuse.
struct GMTLSInspection: Sendable {
  var dialer: Dialer
  var maker: HelloMaker
  /// Its signing certificate is shown when the server asks for one.
  var pair: ClientPair?
  /// Sends a wrong Finished and a wrong tag on purpose, each on a connection of its own.
  var isActive = false
  /// Sent as application data on one connection; nothing by default.
  var request: [UInt8]?

  /// SM4 with GCM and with CCM.
  static let suites: [CipherSuite] = [CipherSuite(0x00C6), CipherSuite(0x00C7)]

  /// Asks for the suites that the inventory met, for both where it was not completed.
  func run(after inventory: Inventory, _ answers: [Answer]) async -> GMTLSFindings {
    var findings = GMTLSFindings()
    guard answers.contains(where: { $0.flight.acceptedVersion == .tls13 }) else { return findings }
    let list = inventory.versions[.tls13]?.suites
    let isSettled = list?.isSettled ?? false
    let met = Self.suites.filter { suite in
      !isSettled || (list?.codes.contains(suite.rawValue) ?? false)
    }
    findings.offered = met.isEmpty ? false : isSettled ? true : nil
    for suite in met where dialer.isTimeLeft {
      if let result = await visit(suite, named: "tls1.3-gm-\(suite.code.lowercased())") {
        findings.add(result, of: suite)
      }
    }
    await goOn(&findings)
    return findings
  }

  private func goOn(_ findings: inout GMTLSFindings) async {
    guard let suite = findings.completed.first else { return }
    if let request,
      let result = await visit(suite, named: "tls1.3-gm-request", request: request)
    {
      findings.add(exchange: result)
    }
    guard isActive else { return }
    for deviation in GMTLSClient.Deviation.allCases {
      if let result = await visit(
        suite, named: "tls1.3-gm-\(deviation.rawValue)", deviation: deviation)
      {
        findings.add(result, to: deviation)
      }
    }
  }

  private func visit(
    _ suite: CipherSuite, named name: String, deviation: GMTLSClient.Deviation? = nil,
    request: [UInt8]? = nil
  ) async -> HandshakeResult<GMTLSClient>? {
    guard let key = try? SM2EphemeralKey() else { return nil }
    let hello = ClientHello(
      version: .tls13, random: maker.source.bytes(32), sessionID: maker.source.bytes(32),
      suites: [suite], serverName: maker.serverName, groups: [.sm2], signatureSchemes: [.sm2],
      keyShares: [ClientHello.KeyShare(group: .sm2, key: key.publicPoint)])
    let visit = HandshakeVisit(
      name: name, client: GMTLSClient(hello, key: key, pair: pair, deviation: deviation),
      request: request)
    return await dialer.visitInAnyCase(urgency: 10) { await visit.run(at: $0, until: $1) }
  }
}
