/// `SCHEME://HOST:PORT`, IPv6 addresses in brackets.
package struct Locator: Sendable, Hashable {
  package var scheme: String
  package var host: String
  package var port: Int

  package init?(_ text: String) {
    guard let separator = text.firstRange(of: "://") else { return nil }
    scheme = String(text[..<separator.lowerBound])
    let rest = text[separator.upperBound...]
    guard let colon = rest.lastIndex(of: ":") else { return nil }
    var host = rest[..<colon]
    let digits = rest[rest.index(after: colon)...]
    guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(digits), (1...65535).contains(port)
    else { return nil }
    if host.hasPrefix("["), host.hasSuffix("]"), host.count > 2 {
      host = host.dropFirst().dropLast()
      guard host.contains(":"), IPBlock.isAddress(String(host)) else { return nil }
    } else {
      guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(Locator.isNameByte) else {
        return nil
      }
    }
    guard !scheme.isEmpty, scheme.utf8.allSatisfy(Locator.isSchemeByte) else { return nil }
    self.host = String(host)
    self.port = port
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "_")
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
  }
}

private extension String {
  /// The first place of `part`, by bytes.
  func firstRange(of part: String) -> Range<String.Index>? {
    let wanted = Array(part.utf8)
    var index = utf8.startIndex
    while index < utf8.endIndex {
      if utf8[index...].starts(with: wanted) {
        return index..<utf8.index(index, offsetBy: wanted.count)
      }
      index = utf8.index(after: index)
    }
    return nil
  }
}
