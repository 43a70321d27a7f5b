import Bytes
import NationalCrypto
import Testing

@Suite("SM2 key agreement and SM4-CCM")
struct SM2KeyAgreementTests {
  private static func hex(_ text: String) throws -> [UInt8] {
    try #require(bytes(fromHexadecimal: text))
  }

  /// A clear PKCS#8 key in PEM with the secret number given.
  private static func pem(_ scalar: [UInt8]) -> [UInt8] {
    let der: [UInt8] =
      [
        0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02,
        0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x04, 0x27, 0x30, 0x25,
        0x02, 0x01, 0x01, 0x04, 0x20,
      ] + scalar
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: der.count, by: 3) {
      let part = Array(der[start..<min(start + 3, der.count)])
      let number = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for place in 0...3 {
        text.append(
          place <= part.count ? digits[number >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return Array("-----BEGIN PRIVATE KEY-----\n".utf8) + text
      + Array("\n-----END PRIVATE KEY-----\n".utf8)
  }

  @Test("Z is the published one")
  func identityDigest() throws {
    let point = try Self.hex(
      "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
    #expect(
      hexadecimal(try SM2.identityDigest(publicPoint: point))
        == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3")
    #expect(throws: CryptoError.self) { try SM2.identityDigest(publicPoint: [4]) }
  }

  @Test("both sides of the published example come to the published key")
  func published() throws {
    let a = try Self.hex("81eb26e941bb5af16df116495f90695272ae2cd63d6c4ae1678418be48230029")
    let b = try Self.hex("785129917d45a9ea5437a59356b82338eaadda6ceb199088f14ae10defa229b5")
    let ra = try SM2EphemeralKey(
      scalar: Self.hex("d4de15474db74d06491c440d305e012400990f3e390c7e87153c12db2ea60bb3"))
    let rb = try SM2EphemeralKey(
      scalar: Self.hex("7e07124814b309489125eaed101113164ebf0f3458c5bd88335c1f9d596243d6"))
    func point(_ scalar: [UInt8]) throws -> [UInt8] {
      try SM2.publicPoint(
        ofSubjectPublicKeyInfo: SM2.subjectPublicKeyInfo(ofPrivateKeyPEM: Self.pem(scalar)))
    }
    let first = try SM2KeyAgreement.secret(
      privateKeyPEM: Self.pem(a), ephemeral: ra,
      peer: .init(publicPoint: point(b), ephemeralPoint: rb.publicPoint), isInitiator: true,
      length: 16)
    let second = try SM2KeyAgreement.secret(
      privateKeyPEM: Self.pem(b), ephemeral: rb,
      peer: .init(publicPoint: point(a), ephemeralPoint: ra.publicPoint), isInitiator: false,
      length: 16)
    #expect(hexadecimal(first) == "6c89347354de2484c60b4ab1fde4c6e5")
    #expect(second == first)
    // Another identity, another role, another length: another secret, or the start of a longer one.
    let other = try SM2KeyAgreement.secret(
      privateKeyPEM: Self.pem(a), ephemeral: ra,
      peer: .init(publicPoint: point(b), ephemeralPoint: rb.publicPoint), isInitiator: true,
      length: 48, identity: "other")
    #expect(!other.starts(with: first))
    #expect(other.count == 48)
  }

  @Test(
    "what is no point of the curve is refused",
    arguments: [
      [], [4], [UInt8](repeating: 4, count: 65), [0], [UInt8](repeating: 0, count: 65),
      [2] + [UInt8](repeating: 1, count: 32),
    ] as [[UInt8]])
  func badPoints(point: [UInt8]) throws {
    let key = try SM2EphemeralKey()
    #expect(throws: CryptoError.self) { try key.sharedSecret(with: point) }
    #expect(throws: CryptoError.self) {
      try SM2KeyAgreement.secret(
        privateKeyPEM: Self.pem([UInt8](repeating: 5, count: 32)), ephemeral: key,
        peer: .init(publicPoint: key.publicPoint, ephemeralPoint: point), isInitiator: true,
        length: 48)
    }
  }

  @Test("an SM2 key is one in each of its three forms")
  func keyForms() throws {
    let explicit = try Certificate(pem: Fixture.bytes("sm2-explicit-curve.cert.pem"))
    #expect(explicit.key.curveForm == .explicit)
    let point = try SM2.publicPoint(ofSubjectPublicKeyInfo: explicit.subjectPublicKeyInfo)
    #expect(explicit.subjectPublicKeyInfo.suffix(65).elementsEqual(point))
    let usual = try Certificate(pem: Fixture.bytes("sm2-server-sign.cert.pem"))
    let own = try SM2.publicPoint(ofSubjectPublicKeyInfo: usual.subjectPublicKeyInfo)
    // The curve's identifier as that of the key's algorithm, with no parameters.
    let bare: [UInt8] =
      [0x30, 0x50, 0x30, 0x0A, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D]
      + [0x03, 0x42, 0x00] + own
    #expect(try SM2.publicPoint(ofSubjectPublicKeyInfo: bare) == own)
    let message: [UInt8] = [1, 2, 3]
    let signature = try SM2.sign(message, privateKeyPEM: Fixture.bytes("sm2-server-sign.key.pem"))
    #expect(try SM2.verify(signature: signature, message: message, subjectPublicKeyInfo: bare))
    #expect(
      try !SM2.verify(signature: signature, message: [4], subjectPublicKeyInfo: bare))
    // A point that is none, and a key of another kind.
    var broken = bare
    broken[broken.count - 1] ^= 1
    #expect(throws: CryptoError.self) { try SM2.publicPoint(ofSubjectPublicKeyInfo: broken) }
    let foreign = try Certificate(pem: Fixture.bytes("p256-root.cert.pem"))
    #expect(throws: CryptoError.self) {
      try SM2.publicPoint(ofSubjectPublicKeyInfo: foreign.subjectPublicKeyInfo)
    }
  }

  @Test("revocation pointers and critical marks are read")
  func pointers() throws {
    let leaf = try Certificate(pem: Fixture.bytes("sm2-server-sign.cert.pem"))
    #expect(leaf.version == 3)
    #expect(leaf.isKeyUsageCritical)
    #expect(leaf.crlLocations == [])
    #expect(leaf.ocspLocations == [])
    let issuer = try Certificate(pem: Fixture.bytes("sm2-inter.cert.pem"))
    #expect(issuer.isBasicConstraintsCritical)
    let pointing = try Certificate(pem: Fixture.bytes("sm2-pointers.cert.pem"))
    #expect(
      pointing.crlLocations
        == ["http://crl.example-bank.test/a.crl", "http://crl.example-bank.test/b.crl"])
    #expect(pointing.ocspLocations == ["http://ocsp.example-bank.test/"])
    #expect(!pointing.isKeyUsageCritical)
  }

  @Test("plain Diffie-Hellman gives both sides the same 32 bytes")
  func plain() throws {
    for _ in 0..<20 {
      let (one, other) = (try SM2EphemeralKey(), try SM2EphemeralKey())
      let secret = try one.sharedSecret(with: other.publicPoint)
      #expect(secret.count == 32)
      #expect(try other.sharedSecret(with: one.publicPoint) == secret)
    }
  }

  @Test("SM4-CCM seals the example of RFC 8998 to its bytes and opens them again")
  func ccm() throws {
    let cipher = try SM4CCM(key: Self.hex("0123456789abcdeffedcba9876543210"))
    let nonce = try Self.hex("00001234567800000000abcd")
    let additional = try Self.hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    let plaintext = ([0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA] as [UInt8]).flatMap {
      [UInt8](repeating: $0, count: 8)
    }
    let sealed = try cipher.seal(plaintext, nonce: nonce, additional: additional)
    #expect(
      hexadecimal(sealed)
        == "48af93501fa62adbcd414cce6034d895dda1bf8f132f042098661572e7483094"
        + "fd12e518ce062c98acee28d95df4416bed31a2f04476c18bb40c84a74b97dc5b"
        + "16842d4fa186f56ab33256971fa110f4")
    #expect(try cipher.open(sealed, nonce: nonce, additional: additional) == plaintext)
    for place in sealed.indices {
      var damaged = sealed
      damaged[place] ^= 1
      #expect(try cipher.open(damaged, nonce: nonce, additional: additional) == nil)
    }
    #expect(try cipher.open(sealed, nonce: nonce, additional: []) == nil)
    #expect(try cipher.open([1, 2, 3], nonce: nonce, additional: []) == nil)
    #expect(throws: CryptoError.self) { try SM4CCM(key: [1]) }
    #expect(throws: CryptoError.self) { try cipher.seal([], nonce: [1], additional: []) }
    for length in 0...50 {
      let text = [UInt8](repeating: 7, count: length)
      for extra in [[], [1], [UInt8](repeating: 3, count: 30)] as [[UInt8]] {
        let sealed = try cipher.seal(text, nonce: nonce, additional: extra)
        #expect(sealed.count == length + 16)
        #expect(try cipher.open(sealed, nonce: nonce, additional: extra) == text)
      }
    }
  }
}
