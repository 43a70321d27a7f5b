import AssessmentModel
import NationalCrypto
import TestSupport
import Testing

@Suite("Certificates")
struct CertificateTests {
  @Test("The fact of an SM2 certificate has every field")
  func sm2Fact() throws {
    let fact = try Fixture.certificate("sm2-server-sign").fact
    #expect(
      fact == [
        "subject": "CN=tlcp.bank-a.test,O=Test Bank A,C=CN",
        "issuer": "CN=A SM2 Issuing CA,O=Test Bank A,C=CN",
        "self-issued": false,
        "serial": "410000030003",
        "not-before": "2026-01-01T00:00:00Z",
        "not-after": "2035-12-31T00:00:00Z",
        "key-algorithm": "SM2",
        "key-bits": 256,
        "curve": "SM2",
        "curve-form": "named",
        "signature-algorithm": "SM2-with-SM3",
        "signature-digest": "SM3",
        "key-usage": ["digitalSignature", "nonRepudiation"],
        "extended-key-usage": ["serverAuth"],
        "ca": false,
        "dns-names": ["tlcp.bank-a.test", "localhost"],
        "ip-addresses": ["127.0.0.1"],
        "sha256": "8cdb69abb6347db781eb4276c5c779492285a59d98b4329fa65e20c03af25de8",
        "sm3": "d72a313d976d123b701caf511d728856660b0b18b0fd83a81806bb142aa1d46b",
      ])
  }

  @Test(
    "Key, curve, signature and digest are told apart",
    arguments: [
      ("rsa1024-sha1-server", "RSA", 1024, nil, "sha1WithRSAEncryption", "SHA-1"),
      ("p256-root", "EC", 256, "P-256", "ecdsa-with-SHA256", "SHA-256"),
      ("mixed-sm2-leaf-rsa-ca", "SM2", 256, "SM2", "sha256WithRSAEncryption", "SHA-256"),
      ("sm2-explicit-curve", "SM2", 256, "SM2", "SM2-with-SM3", "SM3"),
      ("ed25519", "Ed25519", 256, nil, "ED25519", nil),
      ("rsa-pss-sha384", "RSA", 2048, nil, "rsassaPss", "SHA-384"),
    ] as [(String, String, Int, String?, String, String?)])
  func kinds(
    name: String, algorithm: String, bits: Int, curve: String?, signature: String, digest: String?
  ) throws {
    let certificate = try Fixture.certificate(name)
    #expect(certificate.keyAlgorithm == algorithm)
    #expect(certificate.keyBits == bits)
    #expect(certificate.curve == curve)
    #expect(certificate.signatureAlgorithm == signature)
    #expect(certificate.signatureDigest == digest)
  }

  @Test("Names are escaped by RFC 4514, other fields of an unusual certificate are read")
  func unusual() throws {
    let certificate = try Fixture.certificate("sm2-explicit-curve")
    #expect(certificate.subject == ##"CN=\#x \<b\>\ ,O=测试\, 机构\+一\",C=CN"##)
    #expect(certificate.isSelfIssued)
    #expect(certificate.key.curveForm == .explicit)
    #expect(certificate.serial == "80ff")
    #expect(certificate.keyUsage == ["digitalSignature", "decipherOnly"])
    #expect(certificate.extendedKeyUsage == ["serverAuth", "1.2.3.4"])
    #expect(certificate.dnsNames == ["a.test"])
    #expect(certificate.ipAddresses == ["10.0.0.1", "2001:db8::1"])
  }

  @Test("An absent keyUsage is null, an empty one an empty list, a CA is one")
  func extensions() throws {
    #expect(try Fixture.certificate("sm2-noku").keyUsage == nil)
    #expect(try Fixture.certificate("sm2-noku").fact["key-usage"] == .null)
    #expect(try Fixture.certificate("sm2-root").isCA)
    let empty = DER.sequence(
      [0x06, 0x03, 0x55, 0x1D, 0x0F], DER.element(0x04, [0x03, 0x01, 0x00]))
    let certificate = try Certificate(der: DER.certificate(extensions: empty))
    #expect(certificate.keyUsage == [])
  }

  @Test(
    "Serial numbers are written as openssl writes them",
    arguments: [
      ([0x02, 0x01, 0x00], "00"), ([0x02, 0x01, 0x0F], "0f"), ([0x02, 0x02, 0x00, 0x80], "80"),
      ([0x02, 0x01, 0xFF], "-01"), ([0x02, 0x01, 0x80], "-80"),
      ([0x02, 0x03, 0x01, 0x00, 0x00], "010000"), ([0x02, 0x02, 0xFF, 0x00], "-0100"),
    ] as [([UInt8], String)])
  func serials(element: [UInt8], expected: String) throws {
    #expect(try Certificate(der: DER.certificate(serial: element)).serial == expected)
  }

  @Test(
    "Times are read in both forms; what is no time is nil",
    arguments: [
      (0x17, "491231235959Z", "2049-12-31T23:59:59Z"),
      (0x17, "500101000000Z", "1950-01-01T00:00:00Z"),
      (0x18, "99991231235959Z", "9999-12-31T23:59:59Z"),
      (0x18, "20260101000000.5Z", nil), (0x17, "2601010000Z", nil),
      (0x17, "261301000000Z", nil), (0x17, "26010100000+0800", nil), (0x17, "", nil),
    ] as [(UInt8, String, String?)])
  func times(tag: UInt8, text: String, expected: String?) {
    var reader = DERReader(DER.element(tag, Array(text.utf8)))
    #expect((try? reader.next()).flatMap(CertificateTime.text) == expected)
  }

  @Test("Unknown keys, curves and digests are values")
  func unknown() throws {
    let identifier: [UInt8] = [0x06, 0x04, 0x2A, 0x03, 0x04, 0x05]
    let strange = try Certificate(
      der: DER.certificate(
        signature: DER.sequence(identifier), keyAlgorithm: DER.sequence(identifier)))
    #expect(strange.keyAlgorithm == "1.2.3.4.5")
    #expect(strange.keyBits == nil)
    #expect(strange.signatureAlgorithm == "1.2.3.4.5")
    #expect(strange.signatureDigest == nil)
    let ecKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    let curve = try Certificate(
      der: DER.certificate(keyAlgorithm: DER.sequence(ecKey, identifier)))
    #expect(curve.keyAlgorithm == "EC")
    #expect(curve.curve == "1.2.3.4.5")
    #expect(curve.keyBits == nil)
  }

  @Test("Hostile certificates of any size are read in bounded time or refused")
  func hostile() throws {
    let long = try Certificate(
      der: DER.certificate(subject: DER.name([UInt8](repeating: 0x2C, count: 1 << 16))))
    #expect(long.subject.utf8.count == 2 * (1 << 16) + 3)
    let serial = DER.element(0x02, [0x01] + [UInt8](repeating: 0xAB, count: 1 << 16))
    #expect(try Certificate(der: DER.certificate(serial: serial)).serial.utf8.count == 131_074)
    // Strings that are not of their type: BMP and universal of odd length, a lone surrogate, no UTF-8.
    for (string, text) in [(0x1E, [0]), (0x1C, [0]), (0x1E, [0xD8, 0]), (0x0C, [0xFF])]
      as [(UInt8, [UInt8])]
    {
      #expect(throws: CryptoError.self, "\(string) \(text)") {
        try Certificate(der: DER.certificate(subject: DER.name(text, string: string)))
      }
    }
    let whole = DER.certificate()
    #expect(throws: CryptoError.self) { try Certificate(der: whole + [0]) }
    #expect(throws: CryptoError.self) {
      try Certificate(der: [UInt8](repeating: 0x30, count: Certificate.maximumLength + 1))
    }
    for count in whole.indices {
      #expect(throws: CryptoError.self) { try Certificate(der: Array(whole[..<count])) }
    }
  }

  @Test("No mutation of a certificate stops the program", arguments: Fixture.certificateNames)
  func fuzz(name: String) throws {
    let der = try Fixture.certificate(name).der
    var generator = SeededGenerator(seed: UInt64(name.utf8.count) &* 7919)
    var refused = 0
    for _ in 0..<5000 {
      let changed = mutated(der, using: &generator)
      do throws(CryptoError) {
        let certificate = try Certificate(der: changed)
        #expect(certificate.der == changed)
      } catch { refused += 1 }
    }
    #expect(refused > 0)
  }
}
