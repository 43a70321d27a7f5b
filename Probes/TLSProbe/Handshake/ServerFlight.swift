/// What a server answered to one ClientHello, as far as it was read.
struct ServerFlight: Sendable, Hashable {
  /// CertificateVerify of TLS 1.3 with what it signs.
  struct Verification: Sendable, Hashable {
    var scheme: SignatureScheme
    var signature: [UInt8]
    var content: [UInt8]
  }

  /// Warnings met before the end; they do not end a handshake.
  var warnings: [Alert] = []
  /// The alert that ended it.
  var alert: Alert?
  var hello: ServerHello?
  /// Certificates as sent, DER each; `nil` when no Certificate message was read.
  var chain: [[UInt8]]?
  var keyExchange: ServerKeyExchange?
  var verification: Verification?
  var requestsClientCertificate = false
  /// EncryptedExtensions of TLS 1.3, bodies by number; `nil` while unread.
  var encryptedExtensions: [UInt16: [UInt8]]?
  /// Whether an OCSP response came with the certificates.
  var hasStaple = false
  /// Whether everything was read: to ServerHelloDone, to Finished in TLS 1.3.
  var isComplete = false
  /// Violations of the protocol that did not stop the reading.
  var problems: [WireError] = []
  /// Whether nothing more is to be read.
  var isOver = false
  /// Whether the hello selects something that was not offered: then nothing was accepted.
  var isRefusedByUs = false
  /// The SERVER-HELLO of SSL 2.0, in `hello`'s stead.
  var ssl2: SSL2.ServerHello?
  /// Whether an SSL 2.0 server refuses in its own words, or has no cipher in common.
  var isRefusedBySSL2 = false

  /// The version accepted: one that a proper ServerHello selects.
  var acceptedVersion: ProtocolVersion? {
    if ssl2 != nil { return .ssl2 }
    guard let hello, !isRefusedByUs else { return nil }
    return hello.version
  }

  /// Takes the ServerHello that answers `offer`, with what is wrong with it.
  mutating func take(_ answer: ServerHello, answering offer: ClientHello) {
    hello = answer
    let violations = answer.violations(of: offer)
    problems += violations
    let refused: Set<WireError.Code> = [.wrongVersion, .unofferedSuite, .unofferedCompression]
    isRefusedByUs = violations.contains { refused.contains($0.code) }
  }
}

/// Reads what a server answers to one hello: bytes in, `flight` out; no socket, no clock.
protocol AnswerReader: Sendable {
  var flight: ServerFlight { get }
  /// Bytes that belong to nothing whole yet.
  var rest: [UInt8] { get }
  /// Reads on; afterwards `flight` holds all that is known.
  mutating func feed(_ bytes: [UInt8]) throws(WireError)
  /// The peer ended its side: something unfinished is a violation.
  func end() throws(WireError)
}
