/// A quick look at a long run of hexadecimal digits (十六进制文本): most are digests, and hold nothing.
enum HexadecimalText {
  /// The digits of a packed message type, a bitmap, and eight bytes of one of the two elements; a message in text is
  /// longer.
  private static let minimumMessage = 36

  /// Whether the bytes in `run`, an even number of digits, may hold a message with DE 52 or DE 63, or are text.
  static func mayMatter(_ text: UnsafeRawBufferPointer, _ run: Range<Int>) -> Bool {
    var isText = true
    var place = run.lowerBound
    while place + (isText ? 4 : minimumMessage) <= run.upperBound {
      let high = text[place]
      // Printable characters begin with 2 to 7; a tab and ends of lines with 0.
      if !(0x32...0x37).contains(high) {
        isText = isText && high == 0x30 && isBlank(text[place + 1])
        if high == 0x30, mayBegin(text, place, run.upperBound) { return true }
      } else if high == 0x33, text[place + 1] == 0x30, place + 8 <= run.upperBound,
        text[place + 2] == 0x33, text[place + 4] == 0x33, text[place + 6] == 0x33
      {
        // Four digits of a message type in text.
        return true
      }
      place += 2
    }
    return isText
  }

  /// The second digit of 09, 0A or 0D.
  private static func isBlank(_ digit: UInt8) -> Bool {
    digit == UInt8(ascii: "9") || digit | 0x20 == UInt8(ascii: "a")
      || digit | 0x20 == UInt8(ascii: "d")
  }

  /// A packed message type, and a bitmap behind it, in bytes or in text, that has one of the two elements.
  private static func mayBegin(_ text: UnsafeRawBufferPointer, _ place: Int, _ end: Int) -> Bool {
    guard (0x31...0x38).contains(text[place + 1]), isDigit(text[place + 2]),
      (0x30...0x35).contains(text[place + 3]), place + 20 <= end
    else { return false }
    let element52 = (hexadecimalNibble(text[place + 16]) ?? 0) & 1
    let element63 = (hexadecimalNibble(text[place + 19]) ?? 0) & 2
    return element52 | element63 != 0 || (0x33...0x36).contains(text[place + 4])
  }
}
