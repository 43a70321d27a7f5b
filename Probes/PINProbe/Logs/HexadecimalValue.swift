/// 8, 16 or 24 bytes that stand in a log as hexadecimal digits (十六进制值), without any memory of their own.
struct HexadecimalValue {
  /// Eight bytes each, the first byte highest; those behind `count` are zero.
  private let words: (UInt64, UInt64, UInt64)
  /// In bytes.
  let count: Int

  /// `nil` unless there are 16, 32 or 48 digits. Other characters than hexadecimal digits are not noticed.
  @inline(__always)
  init?(digits: UnsafeRawBufferPointer) {
    let length = digits.count
    guard length == 16 || length == 32 || length == 48 else { return nil }
    words = (
      HexadecimalValue.word(digits, 0), length > 16 ? HexadecimalValue.word(digits, 16) : 0,
      length > 32 ? HexadecimalValue.word(digits, 32) : 0
    )
    count = length / 2
  }

  /// As above, `nil` for other characters too.
  init?(checking digits: UnsafeRawBufferPointer) {
    guard digits.allSatisfy({ hexadecimalNibble($0) != nil }) else { return nil }
    self.init(digits: digits)
  }

  @inline(__always)
  private static func word(_ digits: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    half(digits, offset) &<< 32 | half(digits, offset &+ 8)
  }

  /// Eight digits at once: a letter has bit 6 set and its low half is nine too small.
  @inline(__always)
  private static func half(_ digits: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    let text = UInt64(bigEndian: digits.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    var value =
      (text & 0x0F0F_0F0F_0F0F_0F0F) &+ (text &>> 6 & 0x0101_0101_0101_0101) &* 9
    value = (value | value &>> 4) & 0x00FF_00FF_00FF_00FF
    value = (value | value &>> 8) & 0x0000_FFFF_0000_FFFF
    return (value | value &>> 16) & 0x0000_0000_FFFF_FFFF
  }

  /// The value of a compact block.
  var compact: UInt64? { count == 8 ? words.0 : nil }

  /// The value of an extended block.
  var extended: UInt128? { count == 16 ? UInt128(words.0) << 64 | UInt128(words.1) : nil }

  var bytes: [UInt8] {
    let all =
      PINProbe.bytes(of: words.0) + PINProbe.bytes(of: words.1) + PINProbe.bytes(of: words.2)
    return Array(all.prefix(count))
  }

  /// The first two bytes, for a quick look whether a value can be one of few.
  var prefix: UInt16 { UInt16(truncatingIfNeeded: words.0 >> 48) }

  /// Whether there are two different bytes.
  var isVaried: Bool {
    let repeated = (words.0 >> 56) &* 0x0101_0101_0101_0101
    return words.0 != repeated || (count > 8 && words.1 != repeated)
      || (count > 16 && words.2 != repeated)
  }

  /// Whether every byte has an odd number of ones, as keys of TDEA have.
  var hasOddParity: Bool {
    [words.0, words.1, words.2].prefix(count / 8).allSatisfy { word in
      var folded = word ^ word >> 4
      folded ^= folded >> 2
      folded ^= folded >> 1
      return folded & 0x0101_0101_0101_0101 == 0x0101_0101_0101_0101
    }
  }
}
