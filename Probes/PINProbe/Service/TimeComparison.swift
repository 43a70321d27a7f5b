import Glibc

/// Whether two groups of answers took different times (计时差异检验): the Mann–Whitney U test.
///
/// The test needs no assumption on how times are distributed. Normal approximation with correction for ties,
/// two-sided. A difference is stated only when p, times the number of comparisons made, is below 1e-6 and the
/// medians differ by more than 20 %.
struct TimeComparison: Sendable, Hashable {
  static let method =
    "Mann-Whitney U test, two-sided, p below 1e-6 after Bonferroni and medians more than 20 % apart"
  private static let limit = 1e-6
  private static let leastRatio = 1.2
  /// With fewer samples no p below the limit can come out.
  private static let leastSamples = 12

  /// The probability of such ranks if both groups had one distribution; times the comparisons, at most 1.
  let p: Double
  /// The greater median by the smaller.
  let ratio: Double
  /// Whether the first group was the slower one.
  let firstIsSlower: Bool
  private let isLargeEnough: Bool

  init(_ first: [Double], _ second: [Double], comparisons: Int) {
    let (one, two) = (Self.median(first), Self.median(second))
    firstIsSlower = one > two
    ratio = min(one, two) > 0 ? max(one, two) / min(one, two) : 1
    p = min(1, Self.probability(first, second) * Double(max(1, comparisons)))
    isLargeEnough = min(first.count, second.count) >= Self.leastSamples
  }

  var isDifferent: Bool { isLargeEnough && p < Self.limit && ratio > Self.leastRatio }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  private static func probability(_ first: [Double], _ second: [Double]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return 1 }
    let all = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
    var rankSum = 0.0
    var ties = 0.0
    var start = 0
    while start < all.count {
      var end = start + 1
      while end < all.count, all[end].0 == all[start].0 { end += 1 }
      let count = Double(end - start)
      let rank = (Double(start) + 1 + Double(end)) / 2
      rankSum += rank * Double(all[start..<end].count { $0.1 })
      ties += count * count * count - count
      start = end
    }
    let (n, m) = (Double(first.count), Double(second.count))
    let total = n + m
    let u = rankSum - n * (n + 1) / 2
    let variance = n * m / 12 * ((total + 1) - ties / (total * max(1, total - 1)))
    guard variance > 0 else { return 1 }
    return erfc(abs(u - n * m / 2) / variance.squareRoot() / 2.0.squareRoot())
  }
}

/// Whether nibbles are as even as chance makes them: Pearson's chi-square, by Wilson and Hilferty's
/// approximation.
enum NibbleEvenness {
  /// An upper bound would need more care; this is the probability itself, to about one decimal place.
  static func probability(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    guard counts.count > 1, total >= 5 * Double(counts.count) else { return 1 }
    let expected = total / Double(counts.count)
    let chiSquare = counts.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    let freedom = Double(counts.count - 1)
    let spread = 2 / (9 * freedom)
    let z = (cbrt(chiSquare / freedom) - (1 - spread)) / spread.squareRoot()
    return erfc(z / 2.0.squareRoot()) / 2
  }
}
