import NationalCrypto

/// How a TLCP suite protects records.
enum TLCPMode: Sendable, Hashable {
  case cbc, gcm

  /// The SM4 suites with SM2 encryption of the premaster, which anybody can finish.
  init?(ecc suite: CipherSuite) {
    switch suite.rawValue {
    case 0xE013: self = .cbc
    case 0xE053: self = .gcm
    default: return nil
    }
  }

  /// The SM4 suites with SM2 key agreement, which only a client with certificates can finish.
  init?(ecdhe suite: CipherSuite) {
    switch suite.rawValue {
    case 0xE011: self = .cbc
    case 0xE051: self = .gcm
    default: return nil
    }
  }
}

/// The keys of one TLCP connection (会话密钥), by GB/T 38636-2020 6.5.
struct TLCPKeys: Sendable, Hashable {
  /// What protects one direction.
  struct Side: Sendable, Hashable {
    /// 32 bytes for CBC, empty for GCM.
    var mac: [UInt8]
    var key: [UInt8]
    /// The fixed 4 bytes of GCM's nonce; derived for CBC too, where nothing uses it.
    var iv: [UInt8]
  }

  var client: Side
  var server: Side

  static let masterLength = 48
  static let verifyLength = 12

  init(
    master: [UInt8], clientRandom: [UInt8], serverRandom: [UInt8], mode: TLCPMode
  ) throws(CryptoError) {
    let macLength = mode == .cbc ? 32 : 0
    let ivLength = mode == .cbc ? 16 : 4
    let block = try Self.block(
      master: master, clientRandom: clientRandom, serverRandom: serverRandom,
      length: 2 * (macLength + 16 + ivLength))
    var rest = block[...]
    func next(_ count: Int) -> [UInt8] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let macs = (next(macLength), next(macLength))
    let keys = (next(16), next(16))
    let ivs = (next(ivLength), next(ivLength))
    client = Side(mac: macs.0, key: keys.0, iv: ivs.0)
    server = Side(mac: macs.1, key: keys.1, iv: ivs.1)
  }

  /// MACs, keys and IVs in one, each client before server.
  static func block(
    master: [UInt8], clientRandom: [UInt8], serverRandom: [UInt8], length: Int
  ) throws(CryptoError) -> [UInt8] {
    try SM3PRF.derive(
      secret: master, label: "key expansion", seed: serverRandom + clientRandom, length: length)
  }

  static func master(
    premaster: [UInt8], clientRandom: [UInt8], serverRandom: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try SM3PRF.derive(
      secret: premaster, label: "master secret", seed: clientRandom + serverRandom,
      length: masterLength)
  }

  /// The content of a Finished over the handshake `messages` before it.
  static func verifyData(
    master: [UInt8], isClient: Bool, messages: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try SM3PRF.derive(
      secret: master, label: isClient ? "client finished" : "server finished",
      seed: SM3.digest(messages), length: verifyLength)
  }
}
