/// Which of 64 bytes are digits, and which hexadecimal digits: one bit a byte, the first lowest.
///
/// Eight bytes are looked at in one word: without carries between bytes, adding a constant sets the highest
/// bit of each byte that reaches a bound.
struct ByteMasks {
  var digits: UInt64 = 0
  var hexadecimal: UInt64 = 0
  /// A byte below 9 is among them, which text never has.
  var hasControl = false
  /// One of them may begin an escape: a percent sign, an ampersand, a backslash or the escape character.
  var hasEscape = false

  /// Of no bytes.
  static let none = ByteMasks()
  private init() {}

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let high: UInt64 = 0x8080_8080_8080_8080

  /// The highest bit of each byte of `low7` that is `bound` or more; `low7` has none of them set.
  @inline(__always)
  private static func atLeast(_ bound: UInt8, _ low7: UInt64) -> UInt64 {
    low7 &+ ones &* UInt64(0x80 - bound)
  }

  /// Gathers the highest bits of eight bytes in the lowest eight.
  @inline(__always)
  private static func gathered(_ flags: UInt64) -> UInt64 {
    ((flags >> 7) &* 0x0102_0408_1020_4080) >> 56
  }

  /// The 64 bytes at `offset`, which must all be within `bytes`; those from `count` on are as if absent.
  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int, count: Int) {
    var seen = Seen()
    if count >= 64 {
      var group = 0
      while group < 8 {
        seen.add(bytes, offset, group, present: ByteMasks.high)
        group &+= 1
      }
    } else {
      var group = 0
      while group &* 8 < count {
        seen.add(bytes, offset, group, present: ByteMasks.present(count &- group &* 8))
        group &+= 1
      }
    }
    let mask: UInt64 = count >= 64 ? .max : (1 &<< UInt64(max(0, count))) &- 1
    digits = seen.digits & mask
    hexadecimal = seen.hexadecimal & mask
    hasControl = seen.control != 0
    hasEscape = seen.escape != 0
  }

  /// What was seen in some groups of eight bytes.
  private struct Seen {
    var digits: UInt64 = 0
    var hexadecimal: UInt64 = 0
    var control: UInt64 = 0
    var escape: UInt64 = 0

    /// - Parameter present: the highest bits of the bytes that count.
    @inline(__always)
    mutating func add(
      _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ group: Int, present: UInt64
    ) {
      let word = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: offset &+ group &* 8, as: UInt64.self))
      let low7 = word & ~ByteMasks.high
      let ascii = ~word & present
      let digit = ByteMasks.atLeast(0x30, low7) & ~ByteMasks.atLeast(0x3A, low7) & ascii
      let lower = low7 | ByteMasks.ones &* 0x20
      let letter = ByteMasks.atLeast(0x61, lower) & ~ByteMasks.atLeast(0x67, lower) & ascii
      let shift = UInt64(group &* 8)
      digits |= ByteMasks.gathered(digit) &<< shift
      hexadecimal |= ByteMasks.gathered(digit | letter) &<< shift
      // The sum overflows into the highest bit unless the byte is a backslash.
      let backslash = ~((low7 ^ ByteMasks.ones &* 0x5C) &+ ByteMasks.ones &* 0x7F)
      let mark = ByteMasks.atLeast(0x25, low7) & ~ByteMasks.atLeast(0x27, low7)
      let colour = ByteMasks.atLeast(0x1B, low7) & ~ByteMasks.atLeast(0x1C, low7)
      escape |= (backslash | mark | colour) & ascii
      control |= ~ByteMasks.atLeast(0x09, low7) & ascii
    }
  }

  /// The highest bits of the first `count` of eight bytes.
  @inline(__always)
  private static func present(_ count: Int) -> UInt64 {
    count >= 8 ? high : count <= 0 ? 0 : high & ((1 &<< UInt64(8 &* count)) &- 1)
  }

  /// Where runs of at least four digits begin; `next` are the following 64 bytes, `before` whether a digit
  /// stands in front.
  @inline(__always)
  func digitRunStarts(next: ByteMasks, before: Bool) -> UInt64 {
    let d = digits
    let n = next.digits
    let four =
      d & (d &>> 1 | n &<< 63) & (d &>> 2 | n &<< 62) & (d &>> 3 | n &<< 61)
    return four & ~(d &<< 1 | (before ? 1 : 0))
  }

  /// Where runs of at least 16 hexadecimal digits begin.
  @inline(__always)
  func hexadecimalRunStarts(next: ByteMasks, before: Bool) -> UInt64 {
    var run = hexadecimal
    var rest = next.hexadecimal
    run &= run &>> 1 | rest &<< 63
    rest &= rest &>> 1
    run &= run &>> 2 | rest &<< 62
    rest &= rest &>> 2
    run &= run &>> 4 | rest &<< 60
    rest &= rest &>> 4
    run &= run &>> 8 | rest &<< 56
    return run & ~(hexadecimal &<< 1 | (before ? 1 : 0))
  }

  /// Where at least eight pairs of hexadecimal digits may begin, `stride` bytes apart.
  @inline(__always)
  func pairRunStarts(next: ByteMasks, stride: UInt64) -> UInt64 {
    let (h, n) = (hexadecimal, next.hexadecimal)
    var run = h & (h &>> 1 | n &<< 63) & ~(h &>> 2 | n &<< 62)
    var rest = n & n &>> 1 & ~(n &>> 2)
    run &= run &>> stride | rest &<< (64 &- stride)
    rest &= rest &>> stride
    run &= run &>> (2 &* stride) | rest &<< (64 &- 2 &* stride)
    rest &= rest &>> (2 &* stride)
    return run & (run &>> (4 &* stride) | rest &<< (64 &- 4 &* stride))
  }

  /// Where four groups of four hexadecimal digits, or two of eight, may begin with one byte between them.
  @inline(__always)
  func groupRunStarts(next: ByteMasks) -> (four: UInt64, eight: UInt64) {
    let (h, n) = (hexadecimal, next.hexadecimal)
    var four = h & (h &>> 1 | n &<< 63)
    var rest = n & n &>> 1
    four &= four &>> 2 | rest &<< 62
    rest &= rest &>> 2
    // Runs of eight, then those of just four.
    let eight = four & (four &>> 4 | rest &<< 60) & ~(h &>> 8 | n &<< 56)
    let rest8 = rest & rest &>> 4 & ~(n &>> 8)
    four &= ~(h &>> 4 | n &<< 60)
    rest &= ~(n &>> 4)
    four &= four &>> 5 | rest &<< 59
    rest &= rest &>> 5
    return (four & (four &>> 10 | rest &<< 54), eight & (eight &>> 9 | rest8 &<< 55))
  }

  /// How many ones follow each other from bit `start` on, over the 64 bits of `mask` and those of `next`
  /// behind them; at most 64.
  @inline(__always)
  static func length(of mask: UInt64, _ next: UInt64, from start: Int) -> Int {
    let window = mask &>> UInt64(start) | (start == 0 ? 0 : next &<< UInt64(64 &- start))
    return (~window).trailingZeroBitCount
  }
}

/// How many line feeds there are, eight bytes at a time: the highest bit of a byte stays clear in the sum only
/// where the byte is the same as a line feed.
func countLineFeeds(_ bytes: UnsafeRawBufferPointer) -> Int {
  let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  var count = 0
  var place = 0
  while place + 8 <= bytes.count {
    let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ 0x0A0A_0A0A_0A0A_0A0A
    count += (~(((word & low) &+ low) | word | low)).nonzeroBitCount
    place += 8
  }
  for byte in bytes[place...] where byte == 0x0A { count += 1 }
  return count
}
