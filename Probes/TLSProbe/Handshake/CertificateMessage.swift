import Bytes

/// The certificates of a Certificate message, DER each, in the order sent.
enum CertificateMessage {
  /// More than this is refused: chains have three or four.
  static let longestChain = 32

  /// - Parameter isTLS13: TLS 1.3 puts a context before the list and extensions after each entry.
  static func read(_ message: HandshakeMessage, isTLS13: Bool) throws(WireError) -> [[UInt8]] {
    try readStapled(message, isTLS13: isTLS13).chain
  }

  /// As `read`, and whether TLS 1.3's extensions bring an OCSP response (RFC 8446 4.4.2.1).
  static func readStapled(
    _ message: HandshakeMessage, isTLS13: Bool
  ) throws(WireError) -> (chain: [[UInt8]], hasStaple: Bool) {
    var reader = message.reader
    var chain: [[UInt8]] = []
    var hasStaple = false
    do throws(ByteError) {
      if isTLS13 { _ = try reader.vector(1) }
      var list = try reader.vector(3)
      while !list.isAtEnd, chain.count <= longestChain {
        var entry = try list.vector(3)
        chain.append(entry.rest())
        if isTLS13 {
          var extensions = try list.vector(2)
          let found = try ExtensionList.read(&extensions)
          if found[ExtensionNumber.statusRequest] != nil { hasStaple = true }
        }
      }
      try reader.requireEnd("Certificate")
    } catch {
      throw WireError(error, in: "Certificate")
    }
    guard chain.count <= longestChain else {
      throw WireError(
        .malformedMessage, at: message.place, "more than \(longestChain) certificates")
    }
    return (chain, hasStaple)
  }
}
