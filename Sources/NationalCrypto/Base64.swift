/// Base64 (RFC 4648 section 4), decoded strictly: right padding, no bits left over, no foreign byte.
package enum Base64 {
  package static func isDigitOrPadding(_ byte: UInt8) -> Bool {
    value(byte) != nil || byte == UInt8(ascii: "=")
  }

  /// The bytes, `nil` unless `text` is whole and canonical.
  ///
  /// - Parameter lines: whether white space is passed over.
  package static func decode(_ text: ArraySlice<UInt8>, lines: Bool = false) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 3)
    var group: UInt32 = 0
    var position = 0
    var padding = 0
    for byte in text {
      if lines, byte == 0x0A || byte == 0x0D || byte == 0x20 || byte == 0x09 { continue }
      if byte == UInt8(ascii: "=") {
        padding += 1
        guard padding <= 2 else { return nil }
        group <<= 6
      } else {
        guard padding == 0, let digit = value(byte) else { return nil }
        group = group << 6 | UInt32(digit)
      }
      position += 1
      guard position == 4 else { continue }
      guard group & ((1 << (8 * UInt32(padding))) - 1) == 0 else { return nil }
      for index in 0..<(3 - padding) {
        bytes.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(index))))
      }
      group = 0
      position = 0
    }
    return position == 0 ? bytes : nil
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
