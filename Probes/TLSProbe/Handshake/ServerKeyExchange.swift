import Bytes

/// A ServerKeyExchange (服务端密钥交换消息) read by the suite it belongs to.
struct ServerKeyExchange: Sendable, Hashable {
  /// The parameters as sent: what the signature covers besides the randoms. Empty in TLCP's ECC and RSA
  /// suites, whose signature covers the encryption certificate instead.
  var parameters: [UInt8]
  /// The named curve of ECDHE.
  var group: NamedGroup?
  /// Bits of the prime of DHE.
  var primeBits: Int?
  /// The algorithm TLS 1.2 names before the signature.
  var scheme: SignatureScheme?
  /// `nil` in anonymous and shared-key suites.
  var signature: [UInt8]?

  /// - Returns: `nil` for suites whose message has another form (shared keys, SRP and the like).
  init?(
    _ message: HandshakeMessage, suite: CipherSuite, version: ProtocolVersion
  ) throws(WireError) {
    guard let parts = suite.parts else { return nil }
    parameters = []
    var reader = message.reader
    do throws(ByteError) {
      switch parts.keyExchange {
      case .sm2Encryption: break
      case .rsa where version == .tlcp: break
      case .ecdhe where parts.authentication != .sharedSecret, .sm2Agreement:
        try readCurve(&reader)
      case .dhe where parts.authentication != .sharedSecret, .dh:
        try readPrime(&reader)
      case .rsa where parts.isExport:
        _ = try reader.vector(2)
        _ = try reader.vector(2)
      case .rsa, .dhe, .ecdh, .ecdhe, .psk, .kerberos, .srp, .password, .fortezza, .gost,
        .sm9Encryption, .sm9Agreement, .none, .any:
        return nil
      }
      parameters = Array(message.body.prefix(reader.offset))
      if parts.authentication != .anonymous {
        if version == .tls12 { scheme = SignatureScheme(rawValue: try reader.uint16()) }
        var inner = try reader.vector(2)
        signature = inner.rest()
      }
      try reader.requireEnd("ServerKeyExchange")
    } catch {
      throw WireError(error, in: "ServerKeyExchange")
    }
  }

  private mutating func readCurve(_ reader: inout ByteReader) throws(ByteError) {
    let form = try reader.uint8()
    switch form {
    case 3: group = NamedGroup(rawValue: try reader.uint16())
    case 1:  // explicit prime curve: p, a, b, base, order, cofactor (RFC 4492 5.4)
      for _ in 0..<6 { _ = try reader.vector(1) }
    default:  // explicit characteristic-two curve: m, basis and its one or three exponents
      _ = try reader.uint16()
      let basis = try reader.uint8()
      for _ in 0..<(basis == 1 ? 1 : 3) { _ = try reader.vector(1) }
      for _ in 0..<5 { _ = try reader.vector(1) }
    }
    _ = try reader.vector(1)
  }

  private mutating func readPrime(_ reader: inout ByteReader) throws(ByteError) {
    var prime = try reader.vector(2)
    let digits = prime.rest().drop { $0 == 0 }
    primeBits = digits.first.map { digits.count * 8 - $0.leadingZeroBitCount } ?? 0
    _ = try reader.vector(2)
    _ = try reader.vector(2)
  }
}
