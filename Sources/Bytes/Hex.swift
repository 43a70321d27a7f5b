/// Hexadecimal text of bytes, two lower-case digits each.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.withContiguousStorageIfAvailable(written) ?? Array(bytes).withUnsafeBufferPointer(written)
}

/// Evidence is hexadecimal text for the most part, so this writes straight into the string.
private func written(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  String(unsafeUninitializedCapacity: bytes.count * 2) { text in
    var place = 0
    for byte in bytes {
      text[place] = digit(byte >> 4)
      text[place + 1] = digit(byte & 15)
      place += 2
    }
    return place
  }
}

private func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

/// The bytes of hexadecimal text in either case; `nil` for an odd length or another character.
package func bytes(fromHexadecimal text: some StringProtocol) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(digits.count / 2)
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
    bytes.append(high << 4 | low)
  }
  return bytes
}

private func nibble(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
