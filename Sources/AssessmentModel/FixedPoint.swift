/// An exact decimal number with four places: scores, weights, factors, totals.
///
/// The range is −9 999.9999 to 9 999.9999, so that no product the scoring rules ask for can overflow;
/// a value outside is brought to the nearest end.
package struct FixedPoint: Sendable, Hashable {
  /// The number times 10 000.
  package let tenThousandths: Int

  private static let largest = 99_999_999

  package init(tenThousandths: Int) {
    self.tenThousandths = min(max(tenThousandths, -FixedPoint.largest), FixedPoint.largest)
  }

  /// A whole number.
  package init(_ whole: Int) {
    let bounded = min(max(whole, -9_999), 9_999)
    self.init(tenThousandths: bounded * 10_000)
  }

  package static let zero = FixedPoint(0)
  package static let one = FixedPoint(1)
  package static let half = FixedPoint(tenThousandths: 5_000)

  /// `numerator` ÷ `denominator`, rounded half up (四舍五入) to `places` decimal places (0 to 4).
  ///
  /// nil when the denominator is not positive or the numbers are too large to be scores.
  package static func rounding(
    _ numerator: Int128, over denominator: Int128, places: Int = 4
  ) -> FixedPoint? {
    guard denominator > 0, (0...4).contains(places) else { return nil }
    let (scaled, scaledOver) = numerator.multipliedReportingOverflow(by: 2 * power(of: places))
    let (raised, raisedOver) = scaled.addingReportingOverflow(denominator)
    let (doubled, doubledOver) = denominator.multipliedReportingOverflow(by: 2)
    guard !scaledOver, !raisedOver, !doubledOver else { return nil }
    let (quotient, remainder) = raised.quotientAndRemainder(dividingBy: doubled)
    // Division cuts towards zero; rounding half up needs the floor.
    let floor = remainder < 0 ? quotient - 1 : quotient
    let unit = power(of: 4 - places)
    let bounded = min(max(floor, -Int128(largest)), Int128(largest))
    return FixedPoint(tenThousandths: Int(bounded * unit))
  }

  /// This number rounded half up to `places` decimal places (0 to 4).
  package func rounded(places: Int) -> FixedPoint {
    FixedPoint.rounding(Int128(tenThousandths), over: 10_000, places: places) ?? self
  }

  private static func power(of places: Int) -> Int128 {
    (0..<places).reduce(1) { power, _ in power * 10 }
  }
}

extension FixedPoint: Comparable {
  package static func < (first: FixedPoint, second: FixedPoint) -> Bool {
    first.tenThousandths < second.tenThousandths
  }
}

extension FixedPoint: CustomStringConvertible {
  /// Reads `0.7`, `60.00`, `1`: one to four digits, then at most four decimal places; nil otherwise.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.count <= 2, (1...4).contains(whole.utf8.count),
      whole.utf8.allSatisfy(FixedPoint.isDigit), let units = Int(whole)
    else { return nil }
    guard parts.count == 2 else {
      self.init(units)
      return
    }
    let decimals = parts[1]
    guard (1...4).contains(decimals.utf8.count), decimals.utf8.allSatisfy(FixedPoint.isDigit),
      let fraction = Int(decimals + String(repeating: "0", count: 4 - decimals.utf8.count))
    else { return nil }
    self.init(tenThousandths: units * 10_000 + fraction)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// With exactly `places` decimal places (0 to 4), rounded half up: `0.6167`, `60.55`.
  package func text(places: Int = 4) -> String {
    let value = rounded(places: places).tenThousandths
    let sign = value < 0 ? "-" : ""
    let whole = value.magnitude / 10_000
    let digits = String(value.magnitude % 10_000)
    let fraction = String(repeating: "0", count: 4 - digits.count) + digits
    return sign + String(whole) + (places > 0 ? "." + fraction.prefix(places) : "")
  }

  package var description: String { text() }

  /// Without zeros at the end: `0.7`, `20`.
  package var shortText: String {
    var short = text()
    while short.hasSuffix("0") { short.removeLast() }
    if short.hasSuffix(".") { short.removeLast() }
    return short
  }
}
