/// A version as it stands in records and hellos (协议版本号).
struct ProtocolVersion: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  var rawValue: UInt16

  init(rawValue: UInt16) { self.rawValue = rawValue }

  static let tlcp = ProtocolVersion(rawValue: 0x0101)
  static let ssl2 = ProtocolVersion(rawValue: 0x0002)
  static let ssl3 = ProtocolVersion(rawValue: 0x0300)
  static let tls10 = ProtocolVersion(rawValue: 0x0301)
  static let tls11 = ProtocolVersion(rawValue: 0x0302)
  static let tls12 = ProtocolVersion(rawValue: 0x0303)
  static let tls13 = ProtocolVersion(rawValue: 0x0304)

  /// The TLS family proper, oldest first.
  static let tlsFamily: [ProtocolVersion] = [.ssl3, .tls10, .tls11, .tls12, .tls13]
  /// The same with SSL 2.0, whose messages are others: the order of `tls.protocols`.
  static let everyTLS: [ProtocolVersion] = [.ssl2] + tlsFamily

  /// As facts name it; the four digits for an unknown one.
  var name: String {
    switch self {
    case .tlcp: "TLCP"
    case .ssl2: "SSL2.0"
    case .ssl3: "SSL3.0"
    case .tls10: "TLS1.0"
    case .tls11: "TLS1.1"
    case .tls12: "TLS1.2"
    case .tls13: "TLS1.3"
    default: fourDigits(rawValue)
    }
  }

  var description: String { name }

  /// Records of SSL 3.0 to TLS 1.3 start with major version 3, those of TLCP with 1.
  var hasKnownMajor: Bool { rawValue >> 8 == 3 || rawValue >> 8 == 1 }
}
