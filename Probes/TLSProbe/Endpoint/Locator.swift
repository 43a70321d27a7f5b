/// The form of a target: `tls://HOST:PORT`, `tlcp://…` or `any://…`, IPv6 addresses in brackets.
struct Locator: Sendable, Hashable {
  enum Scheme: String, Sendable, Hashable, CaseIterable {
    case tls, tlcp, any
  }

  /// What is asked first; everything is asked in every case.
  var scheme: Scheme
  /// A name or an address, without brackets.
  var host: String
  var port: UInt16

  /// - Returns: `nil` when `text` has another form. The port is 443 when left out.
  init?(_ text: String) {
    let halves = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let scheme = Scheme(rawValue: halves[0].lowercased()) else {
      return nil
    }
    self.scheme = scheme
    var rest = halves[1]
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    let portText: Substring
    if rest.hasPrefix("[") {
      guard let close = rest.firstIndex(of: "]") else { return nil }
      host = String(rest[rest.index(after: rest.startIndex)..<close])
      portText = rest[rest.index(after: close)...]
      guard host.contains(":") else { return nil }
    } else {
      let colon = rest.firstIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<colon])
      portText = rest[colon...]
    }
    if portText.isEmpty {
      port = 443
    } else {
      let digits = portText.dropFirst()
      guard portText.hasPrefix(":"), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
        let number = UInt16(digits), number > 0
      else { return nil }
      port = number
    }
    let allowed = host.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !Array("/?#@[]\"<>\\".utf8).contains(byte)
    }
    guard !host.isEmpty, allowed else { return nil }
  }
}

/// Names as server_name carries them (RFC 6066 3).
enum HostName {
  /// Whether `text` is an address, which never goes into server_name.
  static func isAddress(_ text: String) -> Bool {
    if text.contains(":") { return true }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  /// `text` without its final dot, when it is a host name of at most 253 ASCII characters.
  static func serverName(_ text: String) -> String? {
    let name = text.hasSuffix(".") ? String(text.dropLast()) : text
    guard !name.isEmpty, name.utf8.count <= 253, !isAddress(name) else { return nil }
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
    return isPlain ? name : nil
  }

  /// Whether a certificate's dNSName covers `name` (RFC 6125 6.4): letter case does not count, and `*`
  /// stands for the whole leftmost label only.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let wanted = labels(name)
    let offered = labels(pattern)
    guard wanted.count == offered.count, !wanted.isEmpty else { return false }
    if offered[0] == "*" {
      return offered.count > 2 && offered.dropFirst() == wanted.dropFirst()
    }
    return offered == wanted
  }

  private static func labels(_ name: String) -> [Substring] {
    let lower = name.lowercased()
    return (lower.hasSuffix(".") ? lower.dropLast() : lower[...])
      .split(separator: ".", omittingEmptySubsequences: false)
  }
}
