import Glibc

/// An IPv4 or IPv6 address.
struct HostAddress: Sendable, Hashable {
  /// 4 or 16 bytes.
  var bytes: [UInt8]

  /// - Returns: `nil` unless `text` is an address in any of its usual forms.
  init?(_ text: String) {
    var four = in_addr()
    var sixteen = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
      bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
    } else {
      return nil
    }
  }

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isIPv6: Bool { bytes.count == 16 }

  /// As RFC 5952 writes it.
  var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN) + 1)
    let family = isIPv6 ? AF_INET6 : AF_INET
    guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// One end of a TCP connection.
struct NetworkEndpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
  var address: HostAddress
  var port: UInt16

  init(address: HostAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `ADDRESS:PORT`, IPv6 addresses in brackets.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits),
      let address = HostAddress(String(host))
    else { return nil }
    self.init(address: address, port: port)
  }

  var description: String {
    address.isIPv6 ? "[\(address.text)]:\(port)" : "\(address.text):\(port)"
  }

  /// Any fixed order will do: it tells the two ends of a connection apart.
  static func < (first: Self, second: Self) -> Bool {
    if first.port != second.port { return first.port < second.port }
    return first.address.bytes.lexicographicallyPrecedes(second.address.bytes)
  }
}
