#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fictitious bank to assess (示例银行): a scope, attestations, waivers, a folder of keys and certificates,
/// and servers on loopback, made so that the first report shows every state there is.
///
/// Everything is invented; keys are made at each start and used for nothing else.
package final class DemoBank: Sendable {
  /// The scope file to assess, inside the folder given.
  package let scopePath: String
  /// Port on 127.0.0.1 by id of the channel in the scope.
  package let ports: [String: Int]

  private let national: TLCPServer
  private let good: TLSServer
  private let bad: TLSServer
  private let clear: ClearTextServer
  private let silent: SilentServer
  private let closed: ClosedPort
  private let pin: PINService

  /// Writes the bank's files into `folder`, which is empty, missing, or of an earlier demo, and starts its
  /// servers. They run until `stop`, or until the bank is let go.
  ///
  /// - Parameter now: seconds since 1970; the authorisation runs from the day before to a month later.
  package static func start(
    in folder: String, now: Double = Double(time(nil))
  ) throws(DemoError) -> DemoBank {
    try DemoBank(DemoFolder(taking: folder), now: now)
  }

  private init(_ folder: DemoFolder, now: Double) throws(DemoError) {
    let certificates = try DemoCertificates(now: now)
    national = try TLCPServer(TLCPIdentity(name: "pay.example-bank.test", now: now))
    good = try TLSServer(Self.goodOptions(certificates))
    bad = try TLSServer(Self.badOptions(certificates))
    clear = try ClearTextServer()
    silent = try SilentServer()
    closed = try ClosedPort()
    let ports = DemoPorts(
      national: national.port, good: good.port, bad: bad.port, clear: clear.port,
      closed: closed.port, silent: silent.port)
    self.ports = [
      "gw-tlcp": ports.national, "gw-01": ports.good, "gw-legacy": ports.bad,
      "branch-clear": ports.clear,
      "settle-link": ports.closed, "partner-link": ports.silent,
    ]
    _ = try DemoAuditLogs.write(to: folder, now: now)
    try folder.makeFolder("pin")
    _ = try PINLogFiles.write(in: "\(folder.path)/pin/logs")
    try folder.makeFolder("pin/service")
    // One fault, so that the report shows what an attack on a PIN service looks like.
    pin = try PINService(in: "\(folder.path)/pin/service", faults: [.unbindsAccount])
    _ = try pin.describe(.domestic, rate: Self.pinServiceRate)
    scopePath = "\(folder.path)/scope.yaml"
    try Self.write(certificates, to: folder)
    try Self.writePapers(to: folder, days: DemoDays(now: now), ports: ports)
  }

  /// Closes every port and waits for the servers' threads; a second call does nothing more.
  ///
  /// - Returns: whether every server had ended within a second.
  @discardableResult
  package func stop() -> Bool {
    let ended = [
      national.stop(), good.stop(), bad.stop(), clear.stop(), silent.stop(), pin.stop(),
    ]
    return ended.allSatisfy { $0 }
  }

  /// Calls a second that the attack suite may make: the service is ours.
  private static let pinServiceRate = 2000

  /// As good as libssl gets: TLS 1.2 and 1.3, forward secrecy, sound certificates.
  private static func goodOptions(_ certificates: DemoCertificates) -> TLSServer.Options {
    TLSServer.Options(
      versions: .tls12 ... .tls13,
      suites: "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
      securityLevel: 2, identities: certificates.good)
  }

  /// As old servers are: TLS 1.0, no forward secrecy, an expired certificate of RSA-1024 with SHA-1.
  private static func badOptions(_ certificates: DemoCertificates) -> TLSServer.Options {
    TLSServer.Options(
      versions: .tls10 ... .tls12, suites: "AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-SHA",
      securityLevel: 0, identities: [certificates.bad])
  }

  private static func write(
    _ certificates: DemoCertificates, to folder: DemoFolder
  ) throws(DemoError) {
    try folder.makeFolder("assets")
    let signing = try certificates.signing.privatePEM(password: password)
    let old = try certificates.bad.key.privatePEM(password: nil)
    try folder.write(signing, to: "assets/ledger-sm2-sign.key.pem", isPrivate: true)
    try folder.write(old, to: "assets/legacy-rsa-1024.key.pem", isPrivate: true)
    var files = [
      ("ledger-sm2-sign.pem", certificates.signingCertificate),
      ("ledger-sm2-encrypt.pem", certificates.encryptionCertificate),
      ("legacy-rsa-1024-expired.pem", certificates.bad.certificate),
    ]
    if let rsa = certificates.good.last { files.append(("ebank-rsa-2048.pem", rsa.certificate)) }
    for (name, certificate) in files { try folder.write(certificate.pem(), to: "assets/\(name)") }
  }

  /// Of the encrypted key in the key store, for trying `algorithm.assets` with a password file.
  package static let password = "demo-bank"

  private static func writePapers(
    to folder: DemoFolder, days: DemoDays, ports: DemoPorts
  ) throws(DemoError) {
    try folder.makeFolder("attest")
    try folder.makeFolder("attest/files")
    for (name, text) in EvidenceFiles.all { try folder.write(text, to: "attest/files/\(name)") }
    try folder.write(TechnicalAnswers(days: days).text, to: "attest/technical.yaml")
    try folder.write(BusinessAnswers(days: days).text, to: "attest/business.yaml")
    try folder.write(WaiverText(days: days).text, to: "waivers.yaml")
    try folder.write(ScopeText(days: days, ports: ports).text, to: "scope.yaml")
  }
}
