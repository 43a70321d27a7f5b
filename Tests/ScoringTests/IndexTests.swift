import AssessmentModel
import Scoring
import Testing

@Suite("Result B, the GM/T 0077 index")
struct IndexTests {
  private func entry(
    _ obligation: Requirement.Obligation, _ score: String?, known: Bool = true,
    applicable: Bool = true
  ) -> IndexEntry {
    IndexEntry(
      obligation: obligation, score: score.map(decimal), isKnown: known, isApplicable: applicable)
  }

  @Test("Weights follow the obligation: 1, 0.7, 0.4")
  func weights() {
    let result = index(of: [entry(.shall, "1"), entry(.should, "0.5"), entry(.may, "0")])
    // (1 × 1 + 0.7 × 0.5) ÷ 2.1 × 100 = 64.2857…
    #expect(result.value?.text(places: 2) == "64.29")
    #expect((result.judged, result.known, result.expected) == (3, 3, 3))
  }

  @Test("Unread, open, inapplicable and pointing rows stay out of the mean, each counted as it is")
  func coverage() {
    let result = index(of: [
      entry(.shall, "0.25"), entry(.shall, nil), entry(.shall, "1", known: false),
      entry(.shall, nil, applicable: false), entry(.pointer, "1"), entry(.unknown, "1"),
    ])
    #expect(result.value?.text(places: 2) == "25.00")
    #expect((result.judged, result.known, result.expected) == (3, 4, 5))
  }

  @Test("Without a judged row there is no index")
  func empty() {
    #expect(index(of: []).value == nil)
    #expect(index(of: [entry(.shall, nil)]).value == nil)
  }
}
