import Bytes
import NationalCrypto
import TestSupport
import Testing

@Suite("What TLCP is made of")
struct ProtocolCryptoTests {
  private func hex(_ text: String) throws -> [UInt8] {
    try #require(bytes(fromHexadecimal: text.filter { !$0.isWhitespace }))
  }

  @Test("SM4-GCM gives the answer of RFC 8998 A.1")
  func publishedGCM() throws {
    let cipher = try SM4GCM(key: hex("0123456789ABCDEFFEDCBA9876543210"))
    let nonce = try hex("00001234567800000000ABCD")
    let additional = try hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    let plaintext = try hex(
      """
      AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD
      EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA
      """)
    let sealed = try hex(
      """
      17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735
      D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D
      83DE3541E4C2B58177E065A9BF7B62EC
      """)
    #expect(try cipher.seal(plaintext, nonce: nonce, additional: additional) == sealed)
    #expect(try cipher.open(sealed, nonce: nonce, additional: additional) == plaintext)
  }

  @Test("SM4-GCM opens a record that another implementation sealed")
  func recordedGCM() throws {
    // The client's Finished of a recorded handshake: keys of its key block, sequence number 0.
    let cipher = try SM4GCM(key: hex("883a5d86afb56f963edbabe9d5fbf9a3"))
    let client = try cipher.open(
      hex("a5efd47cb894e20bafefe5b8e9cb6beb467543e1a326b4b752c24871f7c3101b"),
      nonce: hex("ab5b7d56" + "0000000000000000"),
      additional: hex("0000000000000000" + "16" + "0101" + "0010"))
    #expect(client == (try hex("1400000c379273b4ad099883732c2ab7")))
  }

  @Test("SM4-GCM opens what it sealed, of any length, and nothing that was changed")
  func lengths() throws {
    var generator = SeededGenerator(seed: 11)
    func random(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    for length in Array(0...65) + [255, 256, 4096] {
      let cipher = try SM4GCM(key: random(16))
      let (nonce, additional) = (random(12), random(length % 37))
      let plaintext = random(length)
      var sealed = try cipher.seal(plaintext, nonce: nonce, additional: additional)
      #expect(sealed.count == length + SM4GCM.tagLength)
      #expect(try cipher.open(sealed, nonce: nonce, additional: additional) == plaintext)
      #expect(try cipher.open(sealed, nonce: nonce, additional: additional + [0]) == nil)
      let place = Int.random(in: sealed.indices, using: &generator)
      sealed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      #expect(try cipher.open(sealed, nonce: nonce, additional: additional) == nil)
      #expect(
        try cipher.open(Array(sealed.prefix(15)), nonce: nonce, additional: additional) == nil)
    }
  }

  @Test("Wrong lengths of keys, nonces and blocks are refused")
  func wrongLengths() throws {
    let block = [UInt8](repeating: 0, count: 16)
    #expect(throws: CryptoError.self) { try SM4GCM(key: Array(block.dropLast())) }
    let cipher = try SM4GCM(key: block)
    #expect(throws: CryptoError.self) {
      try cipher.seal([1], nonce: Array(block.prefix(11)), additional: [])
    }
    #expect(throws: CryptoError.self) {
      try SM4CBC.encrypt(Array(block.dropLast()), key: block, iv: block)
    }
    #expect(throws: CryptoError.self) { try SM4CBC.decrypt(block, key: block, iv: [1]) }
    #expect(throws: CryptoError.self) { try SM4CBC.decrypt(block, key: [], iv: block) }
    #expect(try SM4CBC.encrypt([], key: block, iv: block) == [])
  }

  @Test("SM4-CBC chains single blocks as its definition says")
  func chaining() throws {
    var generator = SeededGenerator(seed: 12)
    for count in [1, 2, 7, 64] {
      let bytes = (0..<(count + 2) * 16).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let (key, iv) = (Array(bytes[0..<16]), Array(bytes[16..<32]))
      let plain = Array(bytes[32...])
      var expected: [UInt8] = []
      var last = iv
      for start in stride(from: 0, to: plain.count, by: 16) {
        last = try SM4.encryptBlocks(
          zip(plain[start..<start + 16], last).map { $0 ^ $1 }, key: key)
        expected += last
      }
      #expect(try SM4CBC.encrypt(plain, key: key, iv: iv) == expected)
      #expect(try SM4CBC.decrypt(expected, key: key, iv: iv) == plain)
    }
  }

  static let recordedPremaster =
    "0101315cf1f7366352dfd7950cc2aab44c7a81382aa0e1a1aa31e33cc6c95ddc453277139c356973a1e8070be1a5b657"

  @Test("SM2 decrypts what another implementation encrypted")
  func recordedCiphertext() throws {
    let ciphertext = try hex(
      """
      3081980220203cf2672c6695af2aea42ea8be27558c4f53902b74f3519d7e6fc7f435137f502200
      94c4296252a25075fe7ced44489125b0b117a382c0cf3f1e52505a649e41bab04206504555b2f4f
      5c117b2b9e688e736086612192af907c3e2b99c5229165bda04f0430aa848eb2b39487fc05a9544
      f04b6080ab88ae54dd81442a5a6746ead48e7e3dd3d376ac571fd3725d36aba95a87a5c49
      """)
    let key = try Fixture.bytes("sm2-server-enc.key.pem")
    #expect(
      try SM2.decrypt(ciphertext, privateKeyPEM: key) == (try hex(Self.recordedPremaster)))
    for index in stride(from: 0, to: ciphertext.count, by: 7) {
      var damaged = ciphertext
      damaged[index] ^= 0x10
      let opened = try? SM2.decrypt(damaged, privateKeyPEM: key)
      #expect(opened == nil, "byte \(index)")
    }
  }

  @Test("SM2 decrypts what it encrypted, and only with the right key")
  func encryption() throws {
    let certificate = try Fixture.certificate("sm2-server-enc")
    for length in [1, 31, 32, 48, 300] {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      let ciphertext = try SM2.encrypt(
        message, subjectPublicKeyInfo: certificate.subjectPublicKeyInfo)
      #expect(
        try SM2.decrypt(ciphertext, privateKeyPEM: Fixture.bytes("sm2-server-enc.key.pem"))
          == message)
      #expect(throws: CryptoError.self) {
        try SM2.decrypt(ciphertext, privateKeyPEM: Fixture.bytes("sm2-server-sign.key.pem"))
      }
    }
    let other = try Fixture.certificate("p256-root")
    #expect(throws: CryptoError.self) {
      try SM2.encrypt([1], subjectPublicKeyInfo: other.subjectPublicKeyInfo)
    }
  }

  @Test("The PRF gives the master secret and key block of a recorded handshake")
  func recordedPRF() throws {
    let client = try hex("02a52e5ce3b074ec91c830dcff3e5e502d4bd9aa0c40e16119eae011809c2fc3")
    let server = try hex("45990f72cde84d7b6663596a6ecc29602cdb7f26f00283575c3a9252f8e360f2")
    let master = try SM3PRF.derive(
      secret: hex(Self.recordedPremaster), label: "master secret", seed: client + server,
      length: 48)
    #expect(
      hexadecimal(master)
        == "5d15f5693a079a45df0cdb1d2c0ce55cbcc00345f73a0d21cc323ecf421531e7b125d62cb2973ed2645770a15bc7f7b9"
    )
    let block = try SM3PRF.derive(
      secret: master, label: "key expansion", seed: server + client, length: 40)
    #expect(
      hexadecimal(block)
        == "883a5d86afb56f963edbabe9d5fbf9a3fcfc542383f9402e33908766f5c4c8aaab5b7d56f2cc9194")
  }

  @Test("Equality in constant time is equality")
  func equality() {
    #expect(isEqualInConstantTime([], []))
    #expect(isEqualInConstantTime([1, 2, 3], [1, 2, 3]))
    #expect(!isEqualInConstantTime([1, 2, 3], [1, 2, 2]))
    #expect(!isEqualInConstantTime([1, 2, 3], [1, 2]))
  }
}
