package import AssessmentModel

/// A row of GM/T 0077 as result B sees it.
package struct IndexEntry: Sendable, Hashable {
  package var obligation: Requirement.Obligation
  /// The mean of the object scores, or the score of the verdict; nil: not judged or not applicable.
  package var score: FixedPoint?
  /// The text of the clause is known.
  package var isKnown: Bool
  /// False: judged not applicable. Counts as judged and stays out of the mean.
  package var isApplicable: Bool

  package init(
    obligation: Requirement.Obligation, score: FixedPoint?, isKnown: Bool,
    isApplicable: Bool = true
  ) {
    self.obligation = obligation
    self.score = score
    self.isKnown = isKnown
    self.isApplicable = isApplicable
  }
}

/// Result B, the GM/T 0077 index: our own number, never 密评得分, no threshold, always with its coverage.
package struct IndexResult: Sendable, Hashable {
  /// Of 100, two places; nil while nothing has a score.
  package var value: FixedPoint?
  /// Clauses judged, clauses whose text is known, clauses expected.
  package var judged: Int
  package var known: Int
  package var expected: Int
}

/// Σ(weight × score) ÷ Σ(weight) × 100 over the clauses that have a score, with weights of 1, 0.7 and 0.4 for
/// 应, 宜 and 可. Pointers to other standards are not counted at all; a clause whose obligation is unknown
/// has no weight and only counts in the coverage.
package func index(of entries: [IndexEntry]) -> IndexResult {
  var result = IndexResult(value: nil, judged: 0, known: 0, expected: 0)
  var weighted: Int128 = 0
  var weights: Int128 = 0
  for entry in entries where entry.obligation != .pointer {
    result.expected += 1
    guard entry.isKnown else { continue }
    result.known += 1
    guard entry.isApplicable else {
      result.judged += 1
      continue
    }
    guard let score = entry.score else { continue }
    result.judged += 1
    guard let weight = indexWeight(of: entry.obligation) else { continue }
    weighted += weight * Int128(score.tenThousandths)
    weights += weight
  }
  result.value = FixedPoint.rounding(weighted * 100, over: weights * 10_000, places: 2)
  return result
}

/// In tenths; nil: no weight.
private func indexWeight(of obligation: Requirement.Obligation) -> Int128? {
  switch obligation {
  case .shall: 10
  case .should: 7
  case .may: 4
  case .pointer, .unknown: nil
  }
}
