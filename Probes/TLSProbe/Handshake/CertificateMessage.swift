import Bytes

/// The certificates of a Certificate message, DER each, in the order sent.
enum CertificateMessage {
  /// More than this is refused: chains have three or four.
  static let longestChain = 32

  /// - Parameters:
  ///   - isTLS13: TLS 1.3 puts a context before the list and extensions after each entry.
  ///   - longest: certificates accepted.
  static func read(
    _ message: HandshakeMessage, isTLS13: Bool, atMost longest: Int = longestChain
  ) throws(WireError) -> [[UInt8]] {
    try readStapled(message, isTLS13: isTLS13, atMost: longest).chain
  }

  /// As `read`, and whether TLS 1.3's extensions bring an OCSP response (RFC 8446 4.4.2.1).
  static func readStapled(
    _ message: HandshakeMessage, isTLS13: Bool, atMost longest: Int = longestChain
  ) throws(WireError) -> (chain: [[UInt8]], hasStaple: Bool) {
    var reader = message.reader
    var chain: [[UInt8]] = []
    var hasStaple = false
    do throws(ByteError) {
      if isTLS13 { _ = try reader.vector(1) }
      var list = try reader.vector(3)
      while !list.isAtEnd, chain.count <= longest {
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
    guard chain.count <= longest else {
      throw WireError(
        .malformedMessage, at: message.place, "more than \(longest) certificates")
    }
    return (chain, hasStaple)
  }
}
