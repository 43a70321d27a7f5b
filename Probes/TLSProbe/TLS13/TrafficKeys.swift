import NationalCrypto

/// Protects one direction of a TLS 1.3 connection (RFC 8446 5.2, 7.3); counts the records.
struct TrafficKeys: Sendable {
  let cipher: RecordCipher
  private let key: [UInt8]
  private let initialVector: [UInt8]
  private var sequence: UInt64 = 0

  init(_ cipher: RecordCipher, secret: [UInt8]) throws(CryptoError) {
    self.cipher = cipher
    key = try cipher.hash.expand(secret, label: "key", context: [], length: cipher.keyLength)
    initialVector = try cipher.hash.expand(
      secret, label: "iv", context: [], length: RecordCipher.nonceLength)
  }

  private var nonce: [UInt8] {
    var nonce = initialVector
    for index in 0..<8 {
      nonce[RecordCipher.nonceLength - 1 - index] ^= UInt8(
        truncatingIfNeeded: sequence >> UInt64(8 * index))
    }
    return nonce
  }

  /// The inner content type and plaintext of the next record; `nil` when it does not open.
  mutating func open(_ record: Record) throws(CryptoError) -> (type: UInt8, bytes: [UInt8])? {
    guard
      let inner = try cipher.open(
        record.fragment, key: key, nonce: nonce, additional: record.header),
      let last = inner.lastIndex(where: { $0 != 0 })
    else { return nil }
    sequence &+= 1
    return (inner[last], Array(inner[..<last]))
  }

  /// A whole record that carries `content`, at most 2^14 bytes, without padding.
  ///
  /// - Parameter isDamaged: its tag is made wrong on purpose.
  /// - Returns: `nil` for a cipher that is only read here.
  mutating func seal(
    _ content: [UInt8], _ type: Record.ContentType, isDamaged: Bool = false
  ) throws(CryptoError) -> [UInt8]? {
    let inner = content + [type.rawValue]
    var header = ByteWriter()
    header.uint8(Record.ContentType.applicationData.rawValue)
    header.uint16(ProtocolVersion.tls12.rawValue)
    header.uint16(UInt16(truncatingIfNeeded: inner.count + RecordCipher.tagLength))
    guard
      var sealed = try cipher.seal(
        inner, key: key, nonce: nonce, additional: header.bytes)
    else { return nil }
    if isDamaged { sealed[sealed.count - 1] ^= 1 }
    sequence &+= 1
    return header.bytes + sealed
  }
}

/// The secrets of a TLS 1.3 handshake without pre-shared key (密钥调度, RFC 8446 7.1).
struct HandshakeSecrets: Sendable {
  let hash: ScheduleHash
  /// client_handshake_traffic_secret and server_handshake_traffic_secret.
  let client: [UInt8]
  let server: [UInt8]
  private let master: [UInt8]

  /// - Parameters:
  ///   - shared: the (EC)DHE secret.
  ///   - transcript: hash of the messages up to ServerHello.
  init(
    _ hash: ScheduleHash, shared: [UInt8], transcript: [UInt8]
  ) throws(CryptoError) {
    let zeros = [UInt8](repeating: 0, count: hash.length)
    func next(_ secret: [UInt8]) throws(CryptoError) -> [UInt8] {
      try hash.expand(secret, label: "derived", context: hash.digest([]), length: hash.length)
    }
    let early = try hash.extract(salt: zeros, zeros)
    let handshake = try hash.extract(salt: next(early), shared)
    self.hash = hash
    client = try hash.expand(
      handshake, label: "c hs traffic", context: transcript, length: hash.length)
    server = try hash.expand(
      handshake, label: "s hs traffic", context: transcript, length: hash.length)
    master = try hash.extract(salt: next(handshake), zeros)
  }

  /// The traffic secret of application data.
  ///
  /// - Parameter transcript: hash of the messages up to the server's Finished.
  func application(isClient: Bool, transcript: [UInt8]) throws(CryptoError) -> [UInt8] {
    try hash.expand(
      master, label: isClient ? "c ap traffic" : "s ap traffic", context: transcript,
      length: hash.length)
  }

  /// The content of a Finished (RFC 8446 4.4.4).
  static func verifyData(
    _ hash: ScheduleHash, secret: [UInt8], transcript: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let key = try hash.expand(secret, label: "finished", context: [], length: hash.length)
    return try hash.hmac(key: key, transcript)
  }
}
