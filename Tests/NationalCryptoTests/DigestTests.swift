import Bytes
import NationalCrypto
import TestSupport
import Testing

@Suite("Digests, codes and ciphers")
struct DigestTests {
  @Test(
    "Digests of published messages are the published ones",
    arguments: [
      // GB/T 32905 annex A; FIPS 180; RFC 1321.
      (
        DigestAlgorithm.sm3, "abc",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
      ),
      (
        .sm3, String(repeating: "abcd", count: 16),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
      ),
      (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
      (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ])
  func publishedDigests(algorithm: DigestAlgorithm, text: String, expected: String) throws {
    #expect(hexadecimal(try digest(Array(text.utf8), algorithm)) == expected)
  }

  @Test("Digesting in pieces gives the digest of the whole, and again after finishing")
  func pieces() throws {
    var generator = SeededGenerator(seed: 3)
    for algorithm in DigestAlgorithm.allCases {
      var running = try IncrementalDigest(algorithm)
      for _ in 0..<20 {
        let data = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
        let cut = Int.random(in: 0...data.count, using: &generator)
        try running.update(Array(data[..<cut]))
        try data[cut...].withUnsafeBytes { try running.update($0) }
        #expect(try running.finish() == digest(data, algorithm))
      }
    }
  }

  @Test("HMAC-SM3 keeps its key from message to message, and another key gives another code")
  func codes() throws {
    var first = try HMACSM3(key: Array("key".utf8))
    let code = try first.code(of: Array("one".utf8))
    #expect(try first.code(of: Array("two".utf8)) != code)
    #expect(try first.code(of: Array("one".utf8)) == code)
    var other = try HMACSM3(key: [])
    #expect(try other.code(of: Array("one".utf8)) != code)
  }

  @Test("SM4 refuses keys and data of the wrong length")
  func wrongLengths() {
    #expect(throws: CryptoError.self) {
      try SM4.encryptBlocks([UInt8](repeating: 0, count: 15), key: .init(repeating: 0, count: 16))
    }
    #expect(throws: CryptoError.self) {
      try SM4.encryptBlocks([UInt8](repeating: 0, count: 16), key: .init(repeating: 0, count: 8))
    }
  }

  @Test("The known answers hold")
  func selfTest() throws { try SelfTest.run() }
}
