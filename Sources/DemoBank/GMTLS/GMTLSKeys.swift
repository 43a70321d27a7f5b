import NationalCrypto

/// The key schedule of TLS 1.3 with SM3 (RFC 8446 7.1), written apart from any client's so that a mistake in
/// one shows against the other.
struct GMTLSKeys: Sendable {
  private static let zeros = [UInt8](repeating: 0, count: 32)

  let clientHandshake: [UInt8]
  let serverHandshake: [UInt8]
  private let mainSecret: [UInt8]

  init(shared: [UInt8], messages: [UInt8]) throws(CryptoError) {
    let digest = try SM3.digest(messages)
    let early = try Self.mac(Self.zeros, Self.zeros)
    let agreed = try Self.mac(try Self.expand(early, "derived", try SM3.digest([]), 32), shared)
    clientHandshake = try Self.expand(agreed, "c hs traffic", digest, 32)
    serverHandshake = try Self.expand(agreed, "s hs traffic", digest, 32)
    mainSecret = try Self.mac(
      try Self.expand(agreed, "derived", try SM3.digest([]), 32), Self.zeros)
  }

  /// The secrets of application data, the client's and the server's; `messages` end with our Finished.
  func application(_ messages: [UInt8]) throws(CryptoError) -> (client: [UInt8], server: [UInt8]) {
    let digest = try SM3.digest(messages)
    return (
      try Self.expand(mainSecret, "c ap traffic", digest, 32),
      try Self.expand(mainSecret, "s ap traffic", digest, 32)
    )
  }

  /// The content of a Finished over `messages`.
  static func proof(_ secret: [UInt8], _ messages: [UInt8]) throws(CryptoError) -> [UInt8] {
    try mac(try expand(secret, "finished", [], 32), try SM3.digest(messages))
  }

  private static func mac(_ key: [UInt8], _ message: [UInt8]) throws(CryptoError) -> [UInt8] {
    var mac = try HMACSM3(key: key)
    return try mac.code(of: message)
  }

  /// HKDF-Expand-Label for at most one block of 32 bytes, all that is ever asked.
  static func expand(
    _ secret: [UInt8], _ label: String, _ context: [UInt8], _ length: Int
  ) throws(CryptoError) -> [UInt8] {
    let name = Array("tls13 ".utf8) + Array(label.utf8)
    let info =
      [0, UInt8(length), UInt8(name.count)] + name + [UInt8(context.count)] + context + [1]
    return Array(try mac(secret, info).prefix(length))
  }
}

/// One direction of the server's record protection.
struct GMTLSRecords: Sendable {
  private let suite: GMTLSServer.Suite
  private let key: [UInt8]
  private let vector: [UInt8]
  private var number: UInt64 = 0

  init(_ suite: GMTLSServer.Suite, _ secret: [UInt8]) throws(CryptoError) {
    self.suite = suite
    key = try GMTLSKeys.expand(secret, "key", [], 16)
    vector = try GMTLSKeys.expand(secret, "iv", [], 12)
  }

  private var nonce: [UInt8] {
    let counter = [0, 0, 0, 0] + withUnsafeBytes(of: number.bigEndian) { Array($0) }
    return zip(vector, counter).map { $0 ^ $1 }
  }

  private static func header(_ length: Int) -> [UInt8] {
    [23, 3, 3, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
  }

  mutating func write(_ type: UInt8, _ content: [UInt8]) throws(CryptoError) -> [UInt8] {
    // Three zeros of padding, so that readers show that they take them off.
    let inner = content + [type, 0, 0, 0]
    let header = Self.header(inner.count + 16)
    defer { number += 1 }
    switch suite {
    case .sm4GCM:
      return header + (try SM4GCM(key: key).seal(inner, nonce: nonce, additional: header))
    case .sm4CCM:
      return header + (try SM4CCM(key: key).seal(inner, nonce: nonce, additional: header))
    }
  }

  /// Type and content; `nil` when it is not authentic.
  ///
  /// - Parameter checks: without, the tag does not count, as in a server that was built badly.
  mutating func read(
    _ fragment: [UInt8], checks: Bool
  ) throws(CryptoError) -> (type: UInt8, content: [UInt8])? {
    guard fragment.count > 16 else { return nil }
    defer { number += 1 }
    let header = Self.header(fragment.count)
    let opened: [UInt8]?
    switch (suite, checks) {
    case (.sm4GCM, true):
      opened = try SM4GCM(key: key).open(fragment, nonce: nonce, additional: header)
    case (.sm4CCM, true):
      opened = try SM4CCM(key: key).open(fragment, nonce: nonce, additional: header)
    // Sealing once more gives the same key stream back.
    case (.sm4GCM, false):
      opened = Array(
        try SM4GCM(key: key).seal(Array(fragment.dropLast(16)), nonce: nonce, additional: [])
          .dropLast(16))
    case (.sm4CCM, false):
      opened = Array(
        try SM4CCM(key: key).seal(Array(fragment.dropLast(16)), nonce: nonce, additional: [])
          .dropLast(16))
    }
    guard let opened, let end = opened.lastIndex(where: { $0 != 0 }) else { return nil }
    return (opened[end], Array(opened[..<end]))
  }
}
