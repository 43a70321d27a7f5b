import NationalCrypto

/// One direction of the server's record protection, written apart from any client's so that a mistake in
/// one shows against the other.
struct TLCPServerRecords: Sendable {
  enum Direction: Sendable { case fromClient, fromServer }

  private let isCounterMode: Bool
  private let macKey: [UInt8]
  private let key: [UInt8]
  private let fixedNonce: [UInt8]
  /// What the explicit nonce of the first record is.
  private let firstNonce: UInt64
  private var number: UInt64 = 0

  init(
    _ direction: Direction, suite: TLCPServer.Suite, master: [UInt8], clientRandom: [UInt8],
    serverRandom: [UInt8], firstNonce: UInt64 = 0
  ) throws(CryptoError) {
    let material = try SM3PRF.derive(
      secret: master, label: "key expansion", seed: serverRandom + clientRandom, length: 96)
    let own = direction == .fromServer ? 1 : 0
    self.firstNonce = firstNonce
    switch suite.isCBC {
    case true:
      // Two MAC keys of 32, two keys of 16; IVs would follow, but records bring their own.
      isCounterMode = false
      macKey = Array(material[own * 32..<own * 32 + 32])
      key = Array(material[64 + own * 16..<80 + own * 16])
      fixedNonce = []
    case false:
      // Two keys of 16, two fixed nonces of 4.
      isCounterMode = true
      macKey = []
      key = Array(material[own * 16..<own * 16 + 16])
      fixedNonce = Array(material[32 + own * 4..<36 + own * 4])
    }
  }

  private var counter: [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private func prefix(_ type: UInt8, _ length: Int) -> [UInt8] {
    counter + [type, 1, 1, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
  }

  /// A whole record; `random` gives the IV where one is needed.
  mutating func write(
    _ type: UInt8, _ content: [UInt8], random: (Int) -> [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    var body: [UInt8]
    if isCounterMode {
      let explicit = withUnsafeBytes(of: (firstNonce &+ number).bigEndian) { Array($0) }
      body = explicit
      body += try SM4GCM(key: key).seal(
        content, nonce: fixedNonce + explicit, additional: prefix(type, content.count))
    } else {
      var code = try HMACSM3(key: macKey)
      body = content
      body += try code.code(of: prefix(type, content.count) + content)
      let missing = 16 - body.count % 16
      for _ in 0..<missing { body.append(UInt8(missing - 1)) }
      let iv = random(16)
      body = iv + (try SM4CBC.encrypt(body, key: key, iv: iv))
    }
    number += 1
    return [type, 1, 1, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
  }

  /// The content of a record's fragment; `nil` when it is not authentic.
  ///
  /// - Parameter checks: without, only the form counts, as in a server that was built badly.
  mutating func read(
    _ type: UInt8, _ fragment: [UInt8], checks: Bool
  ) throws(CryptoError) -> [UInt8]? {
    defer { number += 1 }
    if isCounterMode {
      guard fragment.count >= 24 else { return nil }
      let (nonce, sealed) = (fixedNonce + fragment[..<8], Array(fragment[8...]))
      let cipher = try SM4GCM(key: key)
      if !checks {
        // Sealing once more gives the same key stream back.
        return Array(
          try cipher.seal(Array(sealed.dropLast(16)), nonce: nonce, additional: []).dropLast(16))
      }
      return try cipher.open(
        sealed, nonce: nonce, additional: prefix(type, fragment.count - 24))
    }
    guard fragment.count >= 64, fragment.count % 16 == 0 else { return nil }
    let plain = try SM4CBC.decrypt(
      Array(fragment[16...]), key: key, iv: Array(fragment[..<16]))
    guard let last = plain.last, Int(last) + 33 <= plain.count else { return nil }
    let padding = plain.suffix(Int(last) + 1)
    let content = Array(plain.dropLast(Int(last) + 33))
    let code = Array(plain[content.count..<content.count + 32])
    var expected = try HMACSM3(key: macKey)
    let isRight = try expected.code(of: prefix(type, content.count) + content) == code
    return !checks || (isRight && padding.allSatisfy { $0 == last }) ? content : nil
  }
}
