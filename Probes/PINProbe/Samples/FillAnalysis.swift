import Glibc

/// Whether the parts of PIN blocks that must vary do so (填充随机性).
///
/// Each test bounds how probable it is that honest values look like this; a sample that is too small for a
/// statement gives none.
enum FillAnalysis {
  /// The fill of one block: `count` nibbles in the low bits.
  struct Fill: Hashable {
    var nibbles: UInt64
    var count: Int
  }

  /// Of formats 1 and 3: fills of one length repeat more than chance allows, or all fills are pieces of one
  /// pattern. Sequences are allowed there, so values that differ are not looked at any closer.
  ///
  /// - Parameter values: how many values a nibble can take, 16 or 6.
  static func constancy(_ fills: [Fill], values: Int) -> FalseAlarmChance? {
    let base = log10(Double(values))
    var chances: [Double] = []
    for (count, group) in Dictionary(grouping: fills, by: \.count) {
      if let chance = repetition(group.map(\.nibbles), log10Space: base * Double(count)) {
        chances.append(chance)
      }
    }
    if let longest = fills.max(by: { $0.count < $1.count }), fills.count > 1 {
      let aligned = fills.allSatisfy { $0.nibbles == longest.nibbles & mask($0.count) }
      let leading = fills.allSatisfy {
        $0.nibbles == longest.nibbles >> UInt64(4 * (longest.count - $0.count))
      }
      if aligned || leading {
        let others = fills.reduce(0) { $0 + $1.count } - longest.count
        chances.append(log10(2) - base * Double(others))
      }
    }
    // One test for each length and one for the pattern were made.
    return chances.min().map {
      FalseAlarmChance(log10: $0 + log10(Double(chances.count)))
    }
  }

  /// Of format 4: `sequential` when R counts or follows the time, `nonrandom` when it does not vary freely.
  static func random(
    _ values: [UInt64]
  ) -> (sequential: FalseAlarmChance?, nonrandom: FalseAlarmChance?) {
    guard !values.isEmpty else { return (nil, nil) }
    var chances: [Double] = []
    for order in [values, values.map(\.byteSwapped)] {
      guard let span = smallSpan(order) else { continue }
      if isSequence(order) { return (FalseAlarmChance(log10: span), nil) }
      chances.append(span)
    }
    if let chance = repetition(values, log10Space: 64 * log10(2)) { chances.append(chance) }
    chances.append(constantPositions(values))
    chances.append(unusedNibbles(values))
    return (nil, chances.min().map { FalseAlarmChance(log10: $0 + log10(5)) })
  }

  /// C(n, e) ((n - 1) / space)^e, where e values of n stand already; `nil` when none does.
  private static func repetition(_ values: [UInt64], log10Space: Double) -> Double? {
    let repeated = values.count - Set(values).count
    guard repeated > 0 else { return nil }
    let each = log10(Double(values.count - 1)) - log10Space
    return min(0, log10Choose(values.count, repeated) + Double(repeated) * min(0, each))
  }

  /// n (span / 2^64)^(n - 1), when all values differ and it is small.
  private static func smallSpan(_ values: [UInt64]) -> Double? {
    guard values.count > 2, Set(values).count == values.count, let least = values.min(),
      let most = values.max()
    else { return nil }
    let each = log10(Double(most - least) + 1) - 64 * log10(2)
    let chance = log10(Double(values.count)) + Double(values.count - 1) * each
    return chance < FalseAlarmChance.limit ? chance : nil
  }

  /// Evenly spaced, dense, rising in the order of the sample, or times.
  private static func isSequence(_ values: [UInt64]) -> Bool {
    let sorted = values.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    if Set(gaps).count == 1 { return true }
    if let last = sorted.last, let first = sorted.first, last - first <= UInt64(64 * values.count) {
      return true
    }
    return values == sorted || values.allSatisfy(isTime)
  }

  /// Seconds since 1970 or thousandths, millionths, billionths of them, from 2015 to 2045; or digits that begin
  /// with a day of this century.
  private static func isTime(_ value: UInt64) -> Bool {
    let second: ClosedRange<UInt64> = 1_420_070_400...2_366_841_600
    for scale in [1, 1000, 1_000_000, 1_000_000_000] as [UInt64] {
      if second.contains(value / scale) { return true }
    }
    let (century, month, day) = (value >> 56, value >> 40 & 0xFF, value >> 32 & 0xFF)
    return century == 0x20 && isDigits(value >> 32) && (0x01...0x12).contains(month)
      && (0x01...0x31).contains(day)
  }

  private static func isDigits(_ value: UInt64) -> Bool {
    (0..<8).allSatisfy { value >> UInt64(4 * $0) & 15 <= 9 }
  }

  /// Nibbles of R that are the same in every block: C(16, c) 16^(-c (n - 1)).
  private static func constantPositions(_ values: [UInt64]) -> Double {
    guard let first = values.first, values.count > 1 else { return 0 }
    let varying = values.reduce(0) { $0 | ($1 ^ first) }
    let constant = (0..<16).count { varying >> UInt64(4 * $0) & 15 == 0 }
    return log10Choose(16, constant) - Double(constant * (values.count - 1)) * log10(16)
  }

  /// Only m of the 16 nibble values are used at all: C(16, m) (m / 16)^(16 n).
  private static func unusedNibbles(_ values: [UInt64]) -> Double {
    var used: Set<UInt64> = []
    for value in values {
      for index in 0..<16 { used.insert(value >> UInt64(4 * index) & 15) }
    }
    return log10Choose(16, used.count)
      + Double(16 * values.count) * log10(Double(used.count) / 16)
  }

  private static func mask(_ nibbles: Int) -> UInt64 {
    nibbles >= 16 ? .max : (1 << UInt64(4 * nibbles)) - 1
  }

  /// The logarithm of the number of ways to choose k of n.
  static func log10Choose(_ n: Int, _ k: Int) -> Double {
    (lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)) / log(10)
  }
}
