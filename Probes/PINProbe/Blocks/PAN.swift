/// A primary account number (主账号) of up to 19 digits, the last of which is the check digit.
///
/// Shown only masked: the first six and the last four digits.
package struct PAN: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// One digit a nibble, the last digit lowest.
  let nibbles: UInt128
  package let length: Int

  /// `nil` unless `text` is 1 to 19 ASCII digits. Neither the check digit nor a least length is asked for.
  package init?(_ text: some StringProtocol) { self.init(digits: text.utf8) }

  /// As above, from ASCII digits.
  init?(digits: some Collection<UInt8>) {
    guard 1...19 ~= digits.count, let value = decimalNibbles(digits) else { return nil }
    nibbles = value
    length = digits.count
  }

  /// Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B).
  package var hasValidCheckDigit: Bool {
    var rest = nibbles
    var sum = 0
    for index in 0..<length {
      let digit = Int(truncatingIfNeeded: rest & 15)
      rest >>= 4
      let counted = index.isMultiple(of: 2) ? digit : 2 * digit
      sum += counted > 9 ? counted - 9 : counted
    }
    return sum.isMultiple(of: 10)
  }

  /// The account field of formats 0 and 3: four zero nibbles, then the 12 rightmost digits without the check
  /// digit, padded with zeros on the left (10.3.2, 10.3.5).
  package var accountField: UInt64 {
    UInt64(truncatingIfNeeded: nibbles >> 4) & 0x0000_FFFF_FFFF_FFFF
  }

  /// The PAN field of format 4: the number of digits above 12, all digits from the left, zeros (10.4.2).
  package var panField: UInt128 {
    let digits = max(12, length)
    return UInt128(digits - 12) << 124 | nibbles << UInt128(4 * (31 - digits))
  }

  /// The ASCII digits. For comparing only.
  var digits: [UInt8] {
    (0..<length).map { index in
      UInt8(ascii: "0")
        + UInt8(truncatingIfNeeded: nibbles >> UInt128(4 * (length - 1 - index)) & 15)
    }
  }

  /// The first six and the last four digits, a star for each between; stars only when fewer than four
  /// digits would be hidden.
  package var masked: String {
    guard length >= 14 else { return String(repeating: "*", count: length) }
    let digits = digits
    return String(decoding: digits.prefix(6), as: UTF8.self)
      + String(repeating: "*", count: length - 10)
      + String(decoding: digits.suffix(4), as: UTF8.self)
  }

  package var description: String { masked }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
