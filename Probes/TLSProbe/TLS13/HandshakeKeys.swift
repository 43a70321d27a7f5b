import NationalCrypto

/// Opens the server's protected handshake records of TLS 1.3 (RFC 8446 5.2, 7.1).
struct HandshakeKeys: Sendable {
  let hash: ScheduleHash
  let cipher: RecordCipher
  private let key: [UInt8]
  private let initialVector: [UInt8]
  private var sequence: UInt64 = 0

  /// - Parameters:
  ///   - shared: the (EC)DHE secret.
  ///   - transcript: ClientHello and ServerHello, as encoded.
  /// - Returns: `nil` for a suite that cannot be opened here.
  init?(suite: CipherSuite, shared: [UInt8], transcript: [UInt8]) throws(CryptoError) {
    guard let cipher = RecordCipher(suite) else { return nil }
    let hash: ScheduleHash = cipher == .aes256GCM ? .sha384 : .sha256
    let secret = try Self.serverSecret(hash, shared: shared, transcript: hash.digest(transcript))
    key = try hash.expand(secret, label: "key", context: [], length: cipher.keyLength)
    initialVector = try hash.expand(
      secret, label: "iv", context: [], length: RecordCipher.nonceLength)
    self.hash = hash
    self.cipher = cipher
  }

  /// server_handshake_traffic_secret of a handshake without pre-shared key.
  static func serverSecret(
    _ hash: ScheduleHash, shared: [UInt8], transcript: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: hash.length)
    let early = try hash.extract(salt: zeros, zeros)
    let derived = try hash.expand(
      early, label: "derived", context: hash.digest([]), length: hash.length)
    let handshake = try hash.extract(salt: derived, shared)
    return try hash.expand(
      handshake, label: "s hs traffic", context: transcript, length: hash.length)
  }

  /// The inner content type and plaintext of the next record; `nil` when it does not open.
  mutating func open(_ record: Record) throws(CryptoError) -> (type: UInt8, bytes: [UInt8])? {
    var nonce = initialVector
    for index in 0..<8 {
      nonce[RecordCipher.nonceLength - 1 - index] ^= UInt8(
        truncatingIfNeeded: sequence >> UInt64(8 * index))
    }
    guard
      let inner = try cipher.open(
        record.fragment, key: key, nonce: nonce, additional: record.header),
      let last = inner.lastIndex(where: { $0 != 0 })
    else { return nil }
    sequence &+= 1
    return (inner[last], Array(inner[..<last]))
  }
}
