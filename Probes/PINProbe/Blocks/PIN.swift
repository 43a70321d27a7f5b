/// A PIN (个人识别码) of 4 to 12 decimal digits (GB/T 21078.1-2023 9.1).
///
/// It never shows its digits: neither printed, interpolated nor dumped.
package struct PIN: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  package static let lengths = 4...12

  /// One digit a nibble, the last digit lowest.
  let nibbles: UInt64
  package let length: Int

  /// `nibbles` are known to be `length` digits.
  init(nibbles: UInt64, length: Int) {
    self.nibbles = nibbles
    self.length = length
  }

  /// `nil` unless `text` is 4 to 12 ASCII digits.
  package init?(_ text: some StringProtocol) {
    let digits = text.utf8
    guard PIN.lengths.contains(digits.count), let value = decimalNibbles(digits) else { return nil }
    self.init(nibbles: UInt64(truncatingIfNeeded: value), length: digits.count)
  }

  /// The ASCII digits. Secret: for comparing only.
  var digits: [UInt8] {
    (0..<length).map { index in
      UInt8(ascii: "0")
        + UInt8(truncatingIfNeeded: nibbles >> UInt64(4 * (length - 1 - index)) & 15)
    }
  }

  package var description: String { "PIN of \(length) digits" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// ASCII digits as one nibble each, the last digit lowest; `nil` for another character.
func decimalNibbles(_ digits: some Sequence<UInt8>) -> UInt128? {
  var value: UInt128 = 0
  for digit in digits {
    guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
    value = value << 4 | UInt128(digit - UInt8(ascii: "0"))
  }
  return value
}
