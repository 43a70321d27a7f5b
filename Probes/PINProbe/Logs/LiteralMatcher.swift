/// Finds a few thousand fixed byte strings in one pass (多模式匹配): the canary values raw, as hexadecimal in
/// either case, and in Base64 at any of its three alignments, of the digits at the first.
///
/// Every string has at least 8 bytes, so one of the four-byte windows that begin at a multiple of four lies
/// within its first seven. Only these windows are looked up, first in a bit filter.
struct LiteralMatcher: Sendable {
  struct Literal: Sendable {
    var bytes: [UInt8]
    /// Index of the needle it stands for.
    var needle: Int
  }

  private static let filterBits = 18
  private(set) var literals: [Literal] = []
  private var filter = [UInt64](repeating: 0, count: 1 << (filterBits - 6))
  /// By window: which literal, and where in it the window begins.
  private var windows: [UInt32: [(literal: Int, offset: Int)]] = [:]

  init(needles: [[UInt8]]) {
    for (index, bytes) in needles.enumerated() where bytes.count >= 8 {
      for form in LiteralMatcher.forms(of: bytes) { add(form, needle: index) }
    }
  }

  var isEmpty: Bool { literals.isEmpty }

  private static func forms(of bytes: [UInt8]) -> Set<[UInt8]> {
    let upper = Array("0123456789ABCDEF".utf8)
    let lower = Array("0123456789abcdef".utf8)
    var forms: Set<[UInt8]> = [bytes]
    for digits in [upper, lower] {
      forms.insert(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    for digits in forms where digits.count == 2 * bytes.count {
      forms.insert(base64Core(digits, 0, letters + Array("+/".utf8)))
    }
    for alphabet in [letters + Array("+/".utf8), letters + Array("-_".utf8)] {
      for alignment in 0..<3 { forms.insert(base64Core(bytes, alignment, alphabet)) }
    }
    return forms
  }

  /// The characters that these bytes alone decide when `alignment` bytes stand in front of them.
  private static func base64Core(
    _ bytes: [UInt8], _ alignment: Int, _ alphabet: [UInt8]
  ) -> [UInt8] {
    let start = alignment * 8
    let end = start + bytes.count * 8
    let padded = [UInt8](repeating: 0, count: alignment) + bytes
    return stride(from: (start + 5) / 6 * 6, through: end - 6, by: 6).map { bit in
      let high = UInt16(padded[bit / 8]) << 8
      let low = bit / 8 + 1 < padded.count ? UInt16(padded[bit / 8 + 1]) : 0
      return alphabet[Int((high | low) >> UInt16(10 - bit % 8) & 63)]
    }
  }

  private mutating func add(_ bytes: [UInt8], needle: Int) {
    guard bytes.count >= 8 else { return }
    literals.append(Literal(bytes: bytes, needle: needle))
    for offset in 0..<4 {
      let window = bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      windows[window, default: []].append((literals.count - 1, offset))
      let bit = LiteralMatcher.hash(window)
      filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }
  }

  @inline(__always)
  private static func hash(_ window: UInt32) -> Int {
    Int(truncatingIfNeeded: (window &* 0x9E37_79B1) >> UInt32(32 - filterBits))
  }

  /// Calls `found` with the needle, place and length of every occurrence that lies in `bytes`.
  func search(
    _ bytes: UnsafeRawBufferPointer, found: (_ needle: Int, _ place: Int, _ length: Int) -> Void
  ) {
    guard !isEmpty, bytes.count >= 8 else { return }
    filter.withUnsafeBufferPointer { filter in
      var place = 0
      let end = bytes.count - 4
      while place <= end {
        let window = UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        let bit = LiteralMatcher.hash(window)
        if filter[bit >> 6] >> UInt64(bit & 63) & 1 == 1 {
          verify(window, at: place, bytes, found)
        }
        place += 4
      }
    }
  }

  @inline(never)
  private func verify(
    _ window: UInt32, at place: Int, _ bytes: UnsafeRawBufferPointer,
    _ found: (Int, Int, Int) -> Void
  ) {
    guard let candidates = windows[window] else { return }
    for (index, offset) in candidates {
      let literal = literals[index]
      let start = place - offset
      guard start >= 0, start + literal.bytes.count <= bytes.count else { continue }
      let matches = literal.bytes.indices.allSatisfy { literal.bytes[$0] == bytes[start + $0] }
      if matches { found(literal.needle, start, literal.bytes.count) }
    }
  }
}
