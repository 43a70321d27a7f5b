/// The compact PIN block of 8 bytes (紧凑型PIN数据块), formats 0 to 3, as one word; the first nibble is highest.
///
/// | nibble | 1 | 2 | 3 … | rest |
/// |---|---|---|---|---|
/// | PIN field | control | length N | N digits | fill: F (0, 2), transaction field (1), A to F (3) |
///
/// In formats 0 and 3 the clear block is the PIN field XOR the account field of the PAN.
package enum CompactBlock {
  /// The PIN of a clear block.
  ///
  /// - Parameter pan: used by formats 0 and 3 only; without it the block is taken as a bare PIN field.
  package static func pin(
    ofClearBlock block: UInt64, format: PINBlockFormat, pan: PAN?
  ) throws(PINBlockDefect) -> PIN {
    try pin(ofField: format.bindsPAN ? block ^ (pan?.accountField ?? 0) : block, format: format)
  }

  /// The PIN of a PIN field.
  package static func pin(
    ofField field: UInt64, format: PINBlockFormat
  ) throws(PINBlockDefect) -> PIN {
    guard field >> 60 == UInt64(format.rawValue) else { throw .controlField }
    let length = Int(truncatingIfNeeded: field >> 56 & 15)
    guard PIN.lengths.contains(length) else { throw .pinLength }
    let fillBits = UInt64(4 * (14 - length))
    let fillMask = (1 << fillBits) - 1 as UInt64
    let fill = field & fillMask
    switch format {
    case .format0, .format2: guard fill == fillMask else { throw .fill }
    case .format1: break
    case .format3: guard aboveNine(fill) == fillMask & 0x8888_8888_8888_8888 else { throw .fill }
    // The first half of a format 4 PIN field has the same shape, its fill is A.
    case .format4: guard fill == fillMask & 0xAAAA_AAAA_AAAA_AAAA else { throw .fill }
    }
    let digits = field >> fillBits & ((1 << UInt64(4 * length)) - 1)
    guard aboveNine(digits) == 0 else { throw .pinDigit }
    return PIN(nibbles: digits, length: length)
  }

  /// The fill of a PIN field whose length nibble is valid: its last 14 - N nibbles, and how many they are.
  package static func fill(ofField field: UInt64) -> (nibbles: UInt64, count: Int) {
    let count = 14 - min(Int(truncatingIfNeeded: field >> 56 & 15), 14)
    return (field & ((1 << UInt64(4 * count)) - 1), count)
  }

  /// The PIN field of a PIN.
  ///
  /// - Parameter fill: the transaction field of format 1 or the fill of format 3, 14 - N nibbles in the low
  ///   bits; the other formats have a fixed fill and ignore it. Higher bits are dropped.
  /// - Throws: `fill` when a nibble for format 3 is not A to F.
  package static func field(
    of pin: PIN, format: PINBlockFormat, fill: UInt64 = 0
  ) throws(PINBlockDefect) -> UInt64 {
    let fillBits = UInt64(4 * (14 - pin.length))
    let fillMask = (1 << fillBits) - 1 as UInt64
    let chosen: UInt64
    switch format {
    case .format0, .format2: chosen = fillMask
    case .format1: chosen = fill & fillMask
    case .format3:
      chosen = fill & fillMask
      guard aboveNine(chosen) == fillMask & 0x8888_8888_8888_8888 else { throw .fill }
    case .format4: chosen = fillMask & 0xAAAA_AAAA_AAAA_AAAA
    }
    return UInt64(format.rawValue) << 60 | UInt64(pin.length) << 56 | pin.nibbles << fillBits
      | chosen
  }

  /// The clear block: the PIN field, in formats 0 and 3 XOR the account field.
  package static func clearBlock(
    of pin: PIN, format: PINBlockFormat, pan: PAN?, fill: UInt64 = 0
  ) throws(PINBlockDefect) -> UInt64 {
    let field = try field(of: pin, format: format, fill: fill)
    return format.bindsPAN ? field ^ (pan?.accountField ?? 0) : field
  }

  /// A random fill for `pin`: any nibbles for format 1, A to F for format 3.
  package static func randomFill(
    for pin: PIN, format: PINBlockFormat, using generator: inout some RandomNumberGenerator
  ) -> UInt64 {
    (0..<(14 - pin.length)).reduce(0) { fill, _ in
      fill << 4 | UInt64.random(in: format == .format3 ? 10...15 : 0...15, using: &generator)
    }
  }

  /// The highest bit of each nibble that is 10 or more: bit 3 together with bit 2 or 1.
  private static func aboveNine(_ nibbles: UInt64) -> UInt64 {
    nibbles & (nibbles << 1 | nibbles << 2) & 0x8888_8888_8888_8888
  }
}
