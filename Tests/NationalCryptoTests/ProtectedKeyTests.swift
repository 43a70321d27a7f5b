import NationalCrypto
import TestSupport
import Testing

@Suite("Keys and containers under a password")
struct ProtectedKeyTests {
  private let password = Array("test-only-password".utf8)

  @Test(
    "An encrypted PKCS#8 key is described with its password only",
    arguments: [("rsa-pbes2", "RSA", 2048), ("sm2-scrypt", "SM2", 256)])
  func encryptedPKCS8(name: String, algorithm: String, bits: Int) throws {
    let block = try #require(PEMDocument(Fixture.bytes("\(name).key.pem")).blocks.first)
    let key = ProtectedKey.describe(encryptedPrivateKeyInfo: block.der, password: password)
    #expect(key?.algorithm == algorithm)
    #expect(key?.bits == bits)
    for wrong in [[], Array("other".utf8), password + [0x20]] {
      #expect(ProtectedKey.describe(encryptedPrivateKeyInfo: block.der, password: wrong) == nil)
    }
  }

  @Test("An encrypted PEM key of the older form is described with its password only")
  func legacyPEM() throws {
    let block = try #require(PEMDocument(Fixture.bytes("p256-dek-info.key.pem")).blocks.first)
    let information = try #require(block.headers["DEK-Info"])
    let key = ProtectedKey.describe(
      legacy: block.der, information: information, password: password)
    #expect(
      key == KeyDescription(algorithm: "EC", bits: 256, curve: "P-256", curveForm: .named))
    for number in 0..<1000 {
      let wrong = Array("wrong \(number)".utf8)
      #expect(
        ProtectedKey.describe(legacy: block.der, information: information, password: wrong)
          == nil)
    }
    #expect(
      ProtectedKey.describe(legacy: block.der, information: "NONE,zz", password: password) == nil)
  }

  @Test("A container opens with its password, or without one when it has none")
  func containers() throws {
    let container = PKCS12Container(der: try Fixture.bytes("sm2.p12"))
    #expect(container.members(password: []) == nil)
    #expect(container.members(password: Array("other".utf8)) == nil)
    let members = try #require(container.members(password: password))
    #expect(members.count == 2)
    guard case .certificate(let der) = members[0],
      case .privateKey(let key, isEncrypted: true, _) = members[1]
    else {
      Issue.record("a certificate and an encrypted key expected")
      return
    }
    #expect(try Certificate(der: der).keyAlgorithm == "SM2")
    #expect(key?.algorithm == "SM2")
    let clear = PKCS12Container(der: try Fixture.bytes("rsa-without-encryption.p12"))
    guard case .privateKey(let clearKey, isEncrypted: false, _)? = clear.members(password: [])?.last
    else {
      Issue.record("a clear key expected")
      return
    }
    #expect(clearKey?.bits == 2048)
  }

  @Test("A derivation that would take hours is not begun")
  func costlyDerivation() throws {
    let salt: [UInt8] = [0x04, 0x08, 1, 2, 3, 4, 5, 6, 7, 8]
    let pbkdf2: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0C]
    let pbes2: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D]
    let aes: [UInt8] = DER.sequence(
      [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A],
      DER.element(0x04, [UInt8](repeating: 0, count: 16)))
    let rounds: [UInt8] = [0x02, 0x04, 0x7F, 0xFF, 0xFF, 0xFF]
    let encryption = DER.sequence(
      pbes2, DER.sequence(DER.sequence(pbkdf2, DER.sequence(salt, rounds)), aes))
    let key = DER.sequence(encryption, DER.element(0x04, [UInt8](repeating: 9, count: 64)))
    var reader = DERReader(key)
    #expect(ProtectedKey.isEncryptedPrivateKeyInfo(try reader.next()))
    let start = ContinuousClock.now
    #expect(ProtectedKey.describe(encryptedPrivateKeyInfo: key, password: password) == nil)
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test("Mutated containers and keys stop nothing")
  func fuzz() throws {
    let container = try Fixture.bytes("sm2.p12")
    let key = try #require(PEMDocument(Fixture.bytes("rsa-pbes2.key.pem")).blocks.first).der
    var generator = SeededGenerator(seed: 12)
    var opened = 0
    for _ in 0..<1000 {
      let changed = PKCS12Container(der: mutated(container, using: &generator))
      if changed.members(password: password) != nil { opened += 1 }
      _ = ProtectedKey.describe(
        encryptedPrivateKeyInfo: mutated(key, using: &generator), password: password)
    }
    #expect(opened < 1000)
  }
}
