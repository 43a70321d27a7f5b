import NationalCrypto
import Testing

@Suite("SM2 signatures")
struct SM2Tests {
  private let message = Array("a message".utf8)

  @Test("A signature verifies under the certificate of its key and the same identity only")
  func ownSignature() throws {
    let key = try Fixture.bytes("sm2-server-sign.key.pem")
    let certificate = try Fixture.certificate("sm2-server-sign")
    let signature = try SM2.sign(message, privateKeyPEM: key)
    #expect(
      try SM2.verify(signature: signature, message: message, publicKeyOf: certificate))
    for identity in ["", "other", "12345678123456780"] {
      #expect(
        try !SM2.verify(
          signature: signature, message: message, publicKeyOf: certificate, identity: identity))
      let other = try SM2.sign(message, privateKeyPEM: key, identity: identity)
      #expect(
        try SM2.verify(
          signature: other, message: message, publicKeyOf: certificate, identity: identity))
      #expect(
        try !SM2.verify(signature: other, message: message, publicKeyOf: certificate))
    }
    let stranger = try Fixture.certificate("sm2-server-enc")
    #expect(try !SM2.verify(signature: signature, message: message, publicKeyOf: stranger))
    #expect(
      try SM2.subjectPublicKeyInfo(ofPrivateKeyPEM: key) == certificate.subjectPublicKeyInfo)
  }

  @Test("A damaged signature does not verify and is no error")
  func damagedSignatures() throws {
    let certificate = try Fixture.certificate("sm2-server-sign")
    let signature = try SM2.sign(
      message, privateKeyPEM: Fixture.bytes("sm2-server-sign.key.pem"))
    for index in signature.indices {
      var damaged = signature
      damaged[index] ^= 0x01
      #expect(try !SM2.verify(signature: damaged, message: message, publicKeyOf: certificate))
      #expect(
        try !SM2.verify(
          signature: Array(signature[..<index]), message: message, publicKeyOf: certificate))
    }
  }

  @Test("Keys of other kinds, encrypted keys and what is no key are refused")
  func wrongKeys() throws {
    for name in ["rsa2048.key.pem", "sm2-scrypt.key.pem", "sm2-root.cert.pem"] {
      let bytes = try Fixture.bytes(name)
      #expect(throws: CryptoError.self) { try SM2.sign(message, privateKeyPEM: bytes) }
    }
    #expect(throws: CryptoError.self) { try SM2.sign(message, privateKeyPEM: []) }
    let certificate = try Fixture.certificate("p256-root")
    #expect(throws: CryptoError.self) {
      try SM2.verify(signature: [], message: message, publicKeyOf: certificate)
    }
  }

  @Test(
    "A certificate is signed by its issuer under the right identity, and by nobody else",
    arguments: [
      ("sm2-server-sign", "sm2-inter", SM2.defaultIdentity, true),
      ("sm2-inter", "sm2-root", SM2.defaultIdentity, true),
      ("sm2-root", "sm2-root", SM2.defaultIdentity, true),
      ("sm2-server-sign", "sm2-root", SM2.defaultIdentity, false),
      ("sm2-server-sign", "sm2-inter", "", false),
      ("sm2-otherid-sign", "sm2-inter", SM2.defaultIdentity, false),
      ("sm2-otherid-sign", "sm2-inter", "bad-id", true),
      ("sm2-explicit-curve", "sm2-explicit-curve", SM2.defaultIdentity, true),
      ("mixed-sm2-leaf-rsa-ca", "rsa-inter", SM2.defaultIdentity, true),
      ("rsa1024-sha1-server", "rsa-inter", SM2.defaultIdentity, true),
      ("rsa1024-sha1-server", "sm2-inter", SM2.defaultIdentity, false),
      ("p256-root", "p256-root", SM2.defaultIdentity, true),
      ("ed25519", "ed25519", SM2.defaultIdentity, true),
      ("rsa-pss-sha384", "rsa-pss-sha384", SM2.defaultIdentity, true),
    ])
  func issuers(_ name: String, issuer: String, identity: String, expected: Bool) throws {
    let certificate = try Fixture.certificate(name)
    #expect(
      try certificate.isSigned(by: Fixture.certificate(issuer), identity: identity) == expected)
  }
}
