/// Which of 64 bytes are digits, and which hexadecimal digits: one bit a byte, the first lowest.
struct ByteMasks {
  private(set) var digits: UInt64 = 0
  private(set) var hexadecimal: UInt64 = 0
  /// A byte below 9 is among them, which text never has.
  private(set) var hasControl = false

  /// Of no bytes.
  static let none = ByteMasks()
  private init() {}

  /// The 64 bytes at `offset`, which must all be within `bytes`; those from `count` on are as if absent.
  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int, count: Int) {
    let block = bytes.loadUnaligned(fromByteOffset: offset, as: Block.self)
    let digit = Flags(block &- Block(repeating: 0x30) .< Block(repeating: 10))
    // As words: in this width the compiler joins bytes one by one.
    let words = unsafeBitCast(block, to: SIMD8<UInt64>.self)
    let lower = unsafeBitCast(
      words | SIMD8(repeating: 0x2020_2020_2020_2020), to: Block.self)
    let letter = Flags(lower &- Block(repeating: 0x61) .< Block(repeating: 6))
    let control = Flags(block .< Block(repeating: 9))
    let present: UInt64 = count >= 64 ? .max : (1 &<< UInt64(max(0, count))) &- 1
    digits = digit.bits & present
    hexadecimal = digits | letter.bits & present
    hasControl = !control.isEmpty && control.bits & present != 0
  }

  private typealias Block = SIMD64<UInt8>

  /// A byte for each of 64, all ones where a comparison holds.
  private struct Flags {
    private let words: SIMD8<UInt64>

    @inline(__always)
    init(_ mask: SIMDMask<SIMD64<Int8>>) { words = unsafeBitCast(mask, to: SIMD8<UInt64>.self) }

    @inline(__always)
    var isEmpty: Bool { Flags.folded(words) == 0 }

    @inline(__always)
    private static func folded(_ words: SIMD8<UInt64>) -> UInt64 {
      let four = words.lowHalf | words.highHalf
      let two = four.lowHalf | four.highHalf
      return two[0] | two[1]
    }

    /// One bit a byte: of each word another bit of its bytes is kept, so that all words fit in one, whose bits then
    /// stand in columns instead of rows.
    @inline(__always)
    var bits: UInt64 {
      let ones: UInt64 = 0x0101_0101_0101_0101
      var square = Flags.folded(
        words
          & SIMD8(
            ones, ones << 1, ones << 2, ones << 3, ones << 4, ones << 5, ones << 6, ones << 7))
      // The transposition of a square of eight by eight bits, by squares of two, four and eight.
      square = Flags.exchanged(square, 7, 0x00AA_00AA_00AA_00AA)
      square = Flags.exchanged(square, 14, 0x0000_CCCC_0000_CCCC)
      square = Flags.exchanged(square, 28, 0x0000_0000_F0F0_F0F0)
      return square
    }

    /// Exchanges the bits of `mask` with those `distance` above them.
    @inline(__always)
    private static func exchanged(
      _ square: UInt64, _ distance: UInt64, _ mask: UInt64
    ) -> UInt64 {
      let moved = (square ^ square &>> distance) & mask
      return square ^ moved ^ moved &<< distance
    }
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

  /// Where pairs of hexadecimal digits begin, also at the ends of longer runs.
  @inline(__always)
  func pairs(next: ByteMasks) -> (run: UInt64, rest: UInt64) {
    let (h, n) = (hexadecimal, next.hexadecimal)
    return (
      h & (h &>> 1 | n &<< 63) & ~(h &>> 2 | n &<< 62), n & n &>> 1 & ~(n &>> 2)
    )
  }

  /// Where at least eight of the pairs may begin, `stride` bytes apart.
  @inline(__always)
  static func runStarts(_ pairs: (run: UInt64, rest: UInt64), stride: UInt64) -> UInt64 {
    var (run, rest) = pairs
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
