import NationalCrypto

/// What a connection of the TLCP server needs besides the client's bytes; replaced to repeat recordings.
struct TLCPServerMaterial: Sendable {
  /// An ephemeral key and what it gives with the client's two points.
  struct KeyShare: Sendable {
    /// `04 X Y`.
    var point: [UInt8]
    /// The premaster of 48 bytes from the client's lasting and ephemeral point.
    var agree: @Sendable (_ lasting: [UInt8], _ ephemeral: [UInt8]) -> [UInt8]?
  }

  /// Certificates as they are served.
  var chain: [[UInt8]]
  /// The certificate that ServerKeyExchange signs.
  var encryptionCertificate: [UInt8]
  /// An SM2 signature as DER; `nil` when it cannot be made.
  var sign: @Sendable ([UInt8]) -> [UInt8]?
  /// The premaster secret; `nil` for a ciphertext that does not open.
  var decrypt: @Sendable ([UInt8]) -> [UInt8]?
  /// A fresh half of a key agreement; `nil` when it cannot be made.
  var keyShare: @Sendable () -> KeyShare? = { nil }
  /// Fresh random bytes: 8 for the first nonce of some dialects, 32 for the random and the session id, 16 for the IV of a CBC record.
  var random: @Sendable (Int) -> [UInt8]
  /// Extensions of ServerHello, each with its header.
  var extensions: [UInt8] = []
  /// The body of CertificateRequest: one type, ecdsa_sign; no names, so any issuer will do.
  var certificateRequest: [UInt8] = [1, 64, 0, 0]
  var sessions = TLCPSessionStore()
}

extension TLCPServerMaterial {
  init(_ identity: TLCPIdentity, _ sessions: TLCPSessionStore) {
    chain = identity.chain
    encryptionCertificate = identity.encryptionCertificate
    sign = { try? SM2.sign($0, privateKeyPEM: identity.signingKey) }
    decrypt = { try? SM2.decrypt($0, privateKeyPEM: identity.encryptionKey) }
    keyShare = {
      guard let key = try? SM2EphemeralKey() else { return nil }
      return KeyShare(point: key.publicPoint) { lasting, ephemeral in
        try? SM2KeyAgreement.secret(
          privateKeyPEM: identity.encryptionKey, ephemeral: key,
          peer: .init(publicPoint: lasting, ephemeralPoint: ephemeral), isInitiator: true,
          length: 48)
      }
    }
    random = { count in
      var generator = SystemRandomNumberGenerator()
      return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    self.sessions = sessions
  }
}

/// The two certificates of a TLCP server with their keys and their issuer (双证书), made for one run.
struct TLCPIdentity: Sendable {
  /// DER in the order served: signing, encryption, issuer, unless a fault has it otherwise.
  let chain: [[UInt8]]
  let encryptionCertificate: [UInt8]
  /// Clear PEM; they live as long as the server.
  let signingKey: [UInt8]
  let encryptionKey: [UInt8]

  /// - Parameters:
  ///   - name: the host name both certificates are for.
  ///   - now: seconds since 1970; validity is counted from it.
  init(name: String, now: Double, fault: TLCPServer.Fault? = nil) throws(DemoError) {
    let day = DemoDays.day
    let issuer = DemoCertificate.Issuer(
      name: DemoCertificate.issuerName, key: try DemoKey(.sm2))
    let authority = try DemoCertificate(
      DemoCertificate.Request(
        name: issuer.name, key: issuer.key, notBefore: now - 1460 * day,
        notAfter: now + 1460 * day, usage: "critical,keyCertSign,cRLSign", isIssuer: true),
      issuer: issuer)
    let isExpired = fault == .expired
    func leaf(_ key: DemoKey, usage: String) throws(DemoError) -> [UInt8] {
      try Self.der(
        DemoCertificate(
          DemoCertificate.Request(
            name: name, key: key, notBefore: now - (isExpired ? 800 : 1) * day,
            notAfter: now + (isExpired ? -30 : 365) * day, usage: usage),
          issuer: issuer))
    }
    var usages = [
      "critical,digitalSignature,nonRepudiation",
      "critical,keyEncipherment,dataEncipherment,keyAgreement",
    ]
    if fault == .wrongKeyUsage { usages.reverse() }
    let signing = try DemoKey(.sm2)
    let encryption = try DemoKey(.sm2)
    let first = try leaf(signing, usage: usages[0])
    let second = try leaf(encryption, usage: usages[1])
    let last = try Self.der(authority)
    switch fault {
    case .oneCertificate: chain = [first, last]
    case .swapped: chain = [second, first, last]
    default: chain = [first, second, last]
    }
    encryptionCertificate = second
    signingKey = try signing.privatePEM(password: nil)
    encryptionKey = try encryption.privatePEM(password: nil)
  }

  private static func der(_ certificate: DemoCertificate) throws(DemoError) -> [UInt8] {
    let pem = try certificate.pem()
    do throws(CryptoError) { return try Certificate(pem: pem).der } catch {
      throw .crypto(error)
    }
  }
}
