import NationalCrypto

/// Opens the server's protected handshake records of TLS 1.3 (RFC 8446 5.2, 7.1).
struct HandshakeKeys: Sendable {
  private var keys: TrafficKeys
  var hash: ScheduleHash { keys.cipher.hash }

  /// - Parameters:
  ///   - shared: the (EC)DHE secret.
  ///   - transcript: ClientHello and ServerHello, as encoded.
  /// - Returns: `nil` for a suite that cannot be opened here.
  init?(suite: CipherSuite, shared: [UInt8], transcript: [UInt8]) throws(CryptoError) {
    guard let cipher = RecordCipher(suite) else { return nil }
    let secrets = try HandshakeSecrets(
      cipher.hash, shared: shared, transcript: cipher.hash.digest(transcript))
    keys = try TrafficKeys(cipher, secret: secrets.server)
  }

  /// The inner content type and plaintext of the next record; `nil` when it does not open.
  mutating func open(_ record: Record) throws(CryptoError) -> (type: UInt8, bytes: [UInt8])? {
    try keys.open(record)
  }
}
