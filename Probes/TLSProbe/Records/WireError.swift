import Bytes

/// A violation of the protocol in what the peer sent, with its place in the bytes received.
struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of violation, as `endpoint.problems` and `capture.problems` write it.
  enum Code: String, Sendable, Hashable, CaseIterable {
    case notTLS = "not-tls"
    case truncatedRecord = "truncated-record"
    case oversizedRecord = "oversized-record"
    case badHandshakeLength = "bad-handshake-length"
    case wrongVersion = "wrong-version"
    case unofferedSuite = "unoffered-suite"
    case unknownSuite = "unknown-suite"
    case unofferedCompression = "unoffered-compression"
    case unofferedExtension = "unoffered-extension"
    case unofferedGroup = "unoffered-group"
    case missingKeyExchange = "missing-key-exchange"
    case emptyCertificate = "empty-certificate"
    case unreadableCertificate = "unreadable-certificate"
    case malformedMessage = "malformed-message"
    case unexpectedMessage = "unexpected-message"
    case undecryptable
    case endless
  }

  var code: Code
  /// Offset in the stream of the peer's bytes, from 0.
  var place: Int
  /// What was found, what was expected.
  var detail: String

  init(_ code: Code, at place: Int, _ detail: String) {
    self.code = code
    self.place = place
    self.detail = detail
  }

  /// A message whose inside does not add up.
  init(_ error: ByteError, in message: String) {
    self.init(.malformedMessage, at: error.place, "\(message): \(error)")
  }

  var description: String { "offset \(place): \(code.rawValue): \(detail)" }
}
