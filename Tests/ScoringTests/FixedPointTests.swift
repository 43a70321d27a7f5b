import AssessmentModel
import Testing

@Suite("Exact decimals")
struct FixedPointTests {
  @Test(
    "Text is read exactly and written with the places asked for",
    arguments: [
      ("0.7", "0.7000", "0.70"), ("60.00", "60.0000", "60.00"), ("1", "1.0000", "1.00"),
      ("0.0050", "0.0050", "0.01"), ("0.0049", "0.0049", "0.00"),
      ("9999.9999", "9999.9999", "9999.99"),
    ])
  func text(text: String, four: String, two: String) {
    let number = FixedPoint(text)
    #expect(number?.text() == four)
    #expect(number?.text(places: 2) == two)
  }

  @Test(
    "Anything but digits with at most four places is refused",
    arguments: [
      "", ".", "1.", ".5", "-1", "+1", "1e2", "1,5", "0.12345", "12345", " 1", "1 ", "１", "0.1.2",
      "NaN",
    ])
  func refused(text: String) {
    #expect(FixedPoint(text) == nil)
  }

  @Test(
    "Rounding is half up, below zero too",
    arguments: [
      (Int128(1), Int128(3), 4, "0.3333"), (2, 3, 4, "0.6667"), (6_665, 100_000, 4, "0.0667"),
      (6_664_999, 100_000_000, 4, "0.0666"), (1, 8, 2, "0.1300"), (-1, 8, 2, "-0.1200"),
      (-2, 3, 0, "-1.0000"), (1, 2, 0, "1.0000"), (-1, 2, 0, "0.0000"),
    ])
  func rounding(numerator: Int128, denominator: Int128, places: Int, expected: String) {
    #expect(
      FixedPoint.rounding(numerator, over: denominator, places: places)?.text() == expected)
  }

  @Test("No quotient is no number, and no size traps")
  func limits() {
    #expect(FixedPoint.rounding(1, over: 0) == nil)
    #expect(FixedPoint.rounding(1, over: -1) == nil)
    #expect(FixedPoint.rounding(.max, over: 1) == nil)
    #expect(FixedPoint.rounding(1, over: .max) == nil)
    #expect(FixedPoint.rounding(1, over: 1, places: 5) == nil)
    #expect(FixedPoint(tenThousandths: .max) == FixedPoint("9999.9999"))
    #expect(FixedPoint(.min) < .zero)
    #expect(FixedPoint.rounding(1_000_000_000_000, over: 1)?.text() == "9999.9999")
  }
}
