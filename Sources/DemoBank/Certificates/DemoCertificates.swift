/// Every key and certificate of the bank, made anew for each run and known nowhere else.
struct DemoCertificates: Sendable {
  let good: [TLSServer.Identity]
  let bad: TLSServer.Identity
  let signing: DemoKey
  let signingCertificate: DemoCertificate
  let encryptionCertificate: DemoCertificate

  /// - Parameter now: seconds since 1970; validity is counted from it.
  init(now: Double) throws(DemoError) {
    let clock = Validity(now: now)
    let issuer = try Self.issuer(.p256, clock)
    let elliptic = try DemoKey(.p256)
    let rsa = try DemoKey(.rsa(bits: 2048))
    good = [
      try Self.identity("ebank.example-bank.test", elliptic, issuer, clock.current),
      try Self.identity("ebank.example-bank.test", rsa, issuer, clock.current),
    ]
    let oldIssuer = try Self.issuer(.rsa(bits: 1024), clock, usesSHA1: true)
    bad = try Self.identity(
      "legacy.example-bank.test", DemoKey(.rsa(bits: 1024)), oldIssuer, clock.expired,
      usesSHA1: true)
    let nationalIssuer = try Self.issuer(.sm2, clock)
    signing = try DemoKey(.sm2)
    signingCertificate = try Self.leaf(
      "ledger.example-bank.test", signing, nationalIssuer, clock.current,
      usage: "critical,digitalSignature,nonRepudiation")
    encryptionCertificate = try Self.leaf(
      "ledger.example-bank.test", DemoKey(.sm2), nationalIssuer, clock.current,
      usage: "critical,keyEncipherment,dataEncipherment,keyAgreement")
  }

  private struct Validity {
    var now: Double
    var current: ClosedRange<Double> { now - DemoDays.day...now + 365 * DemoDays.day }
    /// Ended a month ago.
    var expired: ClosedRange<Double> { now - 1095 * DemoDays.day...now - 30 * DemoDays.day }
    var issuer: ClosedRange<Double> { now - 1460 * DemoDays.day...now + 1460 * DemoDays.day }
  }

  private struct Authority {
    var issuer: DemoCertificate.Issuer
    var certificate: DemoCertificate
  }

  private static func issuer(
    _ kind: DemoKey.Kind, _ clock: Validity, usesSHA1: Bool = false
  ) throws(DemoError) -> Authority {
    let issuer = DemoCertificate.Issuer(name: DemoCertificate.issuerName, key: try DemoKey(kind))
    let request = DemoCertificate.Request(
      name: issuer.name, key: issuer.key, notBefore: clock.issuer.lowerBound,
      notAfter: clock.issuer.upperBound, usage: "critical,keyCertSign,cRLSign", isIssuer: true,
      usesSHA1: usesSHA1)
    return Authority(issuer: issuer, certificate: try DemoCertificate(request, issuer: issuer))
  }

  private static func leaf(
    _ name: String, _ key: DemoKey, _ authority: Authority, _ validity: ClosedRange<Double>,
    usage: String, usesSHA1: Bool = false
  ) throws(DemoError) -> DemoCertificate {
    try DemoCertificate(
      DemoCertificate.Request(
        name: name, key: key, notBefore: validity.lowerBound, notAfter: validity.upperBound,
        usage: usage, usesSHA1: usesSHA1),
      issuer: authority.issuer)
  }

  private static func identity(
    _ name: String, _ key: DemoKey, _ authority: Authority, _ validity: ClosedRange<Double>,
    usesSHA1: Bool = false
  ) throws(DemoError) -> TLSServer.Identity {
    let certificate = try leaf(
      name, key, authority, validity, usage: "critical,digitalSignature,keyEncipherment",
      usesSHA1: usesSHA1)
    return TLSServer.Identity(certificate: certificate, key: key, issuer: authority.certificate)
  }
}
