package import AssessmentModel

/// The score of a technical unit: the mean of its applicable objects, four places; nil when there are none.
package func unitScore(ofObjects scores: [FixedPoint]) -> FixedPoint? {
  let sum = scores.reduce(Int128(0)) { $0 + Int128($1.tenThousandths) }
  return FixedPoint.rounding(sum, over: Int128(scores.count) * 10_000)
}

/// The verdict that a score means: 1 符合, 0 不符合, between 部分符合, none 不适用.
package func unitVerdict(ofScore score: FixedPoint?) -> Verdict {
  guard let score else { return .notApplicable }
  if score >= .one { return .conforming }
  return score <= .zero ? .nonConforming : .partial
}

/// The result of a unit from what the sheet says and the objects' results, compensation included.
func unitResult(
  _ code: String, input: UnitInput?, objects: [Score.ObjectResult], rules: ScoringRules
) -> Score.UnitResult {
  switch input {
  case .verdict(let verdict):
    let score: FixedPoint =
      switch verdict {
      case .conforming: rules.managementScores.conforming
      case .partial: rules.managementScores.partial
      case .nonConforming: rules.managementScores.nonConforming
      }
    return Score.UnitResult(
      code: code, score: score, verdict: unitVerdict(ofScore: score), bounds: Score.Bounds(score),
      tested: score)
  case .notApplicable:
    return Score.UnitResult(
      code: code, score: nil, verdict: .notApplicable, bounds: nil, tested: nil)
  case .objects(let inputs) where !inputs.isEmpty:
    return unitResult(code, inputs: inputs, objects: objects)
  case .untested(_, .person):
    return openUnit(code, verdict: .awaiting)
  case .untested(_, .untested), .objects, nil:
    return openUnit(code, verdict: .untested)
  }
}

private func openUnit(_ code: String, verdict: Verdict) -> Score.UnitResult {
  Score.UnitResult(
    code: code, score: nil, verdict: verdict,
    bounds: Score.Bounds(lower: .zero, upper: .one), tested: nil)
}

private func unitResult(
  _ code: String, inputs: [ScoredObject], objects: [Score.ObjectResult]
) -> Score.UnitResult {
  guard let lower = unitScore(ofObjects: objects.map(\.counted.lower)),
    let upper = unitScore(ofObjects: objects.map(\.counted.upper))
  else {
    return Score.UnitResult(
      code: code, score: nil, verdict: .notApplicable, bounds: nil, tested: nil)
  }
  let bounds = Score.Bounds(lower: lower, upper: upper)
  let tested = unitScore(ofObjects: objects.compactMap(testedScore))
  guard objects.allSatisfy({ $0.isDetermined && $0.counted.isExact }) else {
    return Score.UnitResult(
      code: code, score: nil, verdict: openVerdict(bounds, inputs: inputs), bounds: bounds,
      tested: tested)
  }
  return Score.UnitResult(
    code: code, score: lower, verdict: verdict(ofObjects: objects, score: lower), bounds: bounds,
    tested: tested)
}

/// The verdict of the score; one that is 1.0000 or 0.0000 by rounding only is partial.
private func verdict(ofObjects objects: [Score.ObjectResult], score: FixedPoint) -> Verdict {
  let verdict = unitVerdict(ofScore: score)
  guard verdict != .partial else { return .partial }
  return objects.allSatisfy { $0.counted.lower == score } ? verdict : .partial
}

/// What an object counts when only what was tested does; a compensation that rests on something not
/// tested does not count yet.
private func testedScore(of object: Score.ObjectResult) -> FixedPoint? {
  guard object.isDetermined else { return nil }
  return object.counted.isExact ? object.counted.lower : object.score.lower
}

/// Partial where every possible score is between 0 and 1; else what the unit waits for.
private func openVerdict(_ bounds: Score.Bounds, inputs: [ScoredObject]) -> Verdict {
  if bounds.lower > .zero && bounds.upper < .one { return .partial }
  let waitsForPersonOnly = inputs.allSatisfy { $0.isDetermined || $0.missing == .person }
  return waitsForPersonOnly ? .awaiting : .untested
}
