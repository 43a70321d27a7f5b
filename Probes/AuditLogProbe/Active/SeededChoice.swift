/// Choices that are the same for the same log every time (确定性选择).
struct SeededChoice: Sendable, Hashable {
  private var state: UInt64

  init(name: String, count: Int) {
    // FNV-1a over the name, then the number of records.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    state = hash ^ UInt64(bitPattern: Int64(count))
  }

  /// The next number (SplitMix64).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mix(state)
  }

  /// An element of a range that is not empty; its start when it is.
  mutating func pick(_ range: Range<Int>) -> Int {
    guard !range.isEmpty else { return range.lowerBound }
    return range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
  }

  /// How early a place comes in an order that only this choice knows.
  func rank(_ place: Int) -> UInt64 { Self.mix(state ^ UInt64(bitPattern: Int64(place))) }

  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
