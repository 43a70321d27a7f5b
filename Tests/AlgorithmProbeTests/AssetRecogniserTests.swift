import AlgorithmProbe
import AssessmentModel
import Foundation
import NationalCrypto
import TestSupport
import Testing

@Suite("Recognising contents")
struct AssetRecogniserTests {
  private func findings(_ content: [UInt8]) -> AssetFindings {
    var findings = AssetFindings()
    AssetRecogniser().recognise(content, path: "f", into: &findings)
    return findings
  }

  @Test("DER values one after the other are each an asset, at its offset")
  func concatenated() throws {
    let key = try Fixture.bytes("store/sm2.pub.der")
    let certificate = try Fixture.bytes("store/nested/certificate.bin")
    let found = findings(key + certificate)
    #expect(found.assets.map(\.kind) == [.publicKey, .certificate])
    #expect(found.assets.map(\.place.offset) == [0, key.count])
    let trailing = findings(key + [1, 2, 3])
    #expect(trailing.assets.count == 1)
    #expect(trailing.problems.map(\.place.offset) == [key.count])
  }

  @Test("A block says by its content what it is, whatever its label says")
  func labels() throws {
    let text = String(decoding: try Fixture.bytes("store/indented.yaml"), as: UTF8.self)
      .replacingOccurrences(of: "PRIVATE KEY", with: "CERTIFICATE")
    let found = findings(Array(text.utf8))
    #expect(found.assets.map(\.kind) == [.privateKey])
    #expect(found.assets.first?.protection == .clear)
  }

  @Test("Java key stores are containers by their magic and version")
  func keyStores() {
    let rest = [UInt8](repeating: 0, count: 40)
    let store = findings([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2] + rest)
    #expect(store.assets.map(\.kind) == [.container])
    #expect(store.assets.first?.protection == .encrypted)
    #expect(findings([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 9] + rest).assets.isEmpty)
    #expect(findings([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]).assets.isEmpty)
  }

  @Test(
    "A key is as strong as its size says",
    arguments: [
      ("RSA", 2048, ">=112"), ("RSA", 2047, ">=80"), ("RSA", 1024, ">=80"), ("RSA", 1023, "<80"),
      ("DSA", 2048, ">=112"), ("DH", 512, "<80"), ("EC", 224, ">=112"), ("EC", 223, ">=80"),
      ("EC", 160, ">=80"), ("EC", 159, "<80"), ("SM2", 256, ">=112"), ("Ed25519", nil, ">=112"),
      ("EC", nil, nil), ("1.2.3", 4096, nil),
    ] as [(String, Int?, String?)])
  func strengths(algorithm: String, bits: Int?, expected: String?) {
    let key = KeyDescription(algorithm: algorithm, bits: bits)
    #expect(Strength(key: key)?.rawValue == expected)
    #expect(isApproved(key) == (algorithm == "SM2"))
  }

  @Test("A signature is as strong as the weaker of its digest and its signer's key")
  func signers() throws {
    var found = findings(try Fixture.bytes("store/rsa1024-sha1-server.cert.pem"))
    #expect(found.assets.first?.signature?.strength == .under80)
    found = findings(try Fixture.bytes("store/p256-server.cert.pem"))
    var signature = try #require(found.assets.first?.signature)
    #expect(signature.strength == .atLeast112)
    signature.signerStrength = .atLeast80
    #expect(signature.strength == .atLeast80)
    signature.digest = "SHA-1"
    #expect(signature.strength == .under80)
  }

  @Test(
    "No mutation of a file stops the recogniser",
    arguments: [
      "bundle.txt", "nested/certificate.bin", "sm2.csr", "a.crl", "sm2.ecparam.pem", "dh.pem",
      "rsa.enc.p8", "rsa.legacy.pem", "sm2.enc.der", "a.p7b", "rsa.pkcs1.der",
      "rsa.pkcs1.pub.der", "sm2.pub.der", "dsa.key", "ssh-encrypted", "ssh.pub",
    ])
  func fuzz(name: String) throws {
    let content = try Fixture.bytes("store/\(name)")
    let expected = findings(content).assets
    var generator = SeededGenerator(seed: UInt64(content.count))
    var changedResults = 0
    for _ in 0..<5000 {
      let found = findings(mutated(content, using: &generator))
      #expect(found.assets.count <= expected.count + 3)
      if found.assets != expected { changedResults += 1 }
    }
    #expect(changedResults > 0)
  }

  @Test("Mutated containers are listed or passed over, and stop nothing")
  func fuzzContainer() throws {
    let content = try Fixture.bytes("store/sm2.p12")
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      #expect(findings(mutated(content, using: &generator)).assets.count <= 1)
    }
  }
}
