package import AssessmentModel

/// The score of one object from its letters.
///
/// An undetermined letter may still be answered either way; the bounds are the least and the greatest
/// score over all answers. An unknown strength counts as the weakest throughout.
package func objectScore(
  of object: ScoredObject, level: Int, rules: ScoringRules
) -> Score.Bounds {
  let strength = rules.strengthFactor(bits: object.strengthBits)
  let key = rules.keyFactor(
    level: level, moduleGrade: object.moduleGrade,
    otherKeyRequirementsMet: object.otherKeyRequirementsMet)
  var bounds: Score.Bounds?
  for isUsed in answers(object.d) {
    for isApproved in answers(object.a) {
      for isKeySafe in answers(object.k) {
        let score =
          isUsed
          ? tableScore(strength: isApproved ? nil : strength, key: isKeySafe ? nil : key) : .zero
        bounds = Score.Bounds(
          lower: min(bounds?.lower ?? score, score), upper: max(bounds?.upper ?? score, score))
      }
    }
  }
  return bounds ?? Score.Bounds(.zero)
}

/// The answers a letter can still get. Only D decides whether A and K are evaluated, so `/` beside a D that
/// may be met is open.
private func answers(_ letter: Letter) -> [Bool] {
  switch letter {
  case .met: [true]
  case .notMet: [false]
  case .undetermined, .notEvaluated: [false, true]
  }
}

/// The table for D met: 1, halved times Ra when A fails, halved times Rk when K fails. nil: did not fail.
private func tableScore(strength: FixedPoint?, key: FixedPoint?) -> FixedPoint {
  var numerator: Int128 = 1
  var denominator: Int128 = 1
  for factor in [strength, key].compactMap(\.self) {
    numerator *= Int128(factor.tenThousandths)
    denominator *= 2 * 10_000
  }
  return FixedPoint.rounding(numerator, over: denominator) ?? .zero
}

/// The result of one applicable object before compensation.
func objectResult(
  of object: ScoredObject, in unit: String, level: Int, rules: ScoringRules
) -> Score.ObjectResult {
  let countsLetters = object.d != .notMet
  let hasStrength = countsLetters && object.a == .notMet && rules.strengthFactors != nil
  let hasKey = countsLetters && object.k == .notMet && !rules.keyFactors.isEmpty
  return Score.ObjectResult(
    reference: ObjectReference(unit: unit, object: object.id),
    isDetermined: object.isDetermined,
    score: objectScore(of: object, level: level, rules: rules),
    strengthFactor: hasStrength ? rules.strengthFactor(bits: object.strengthBits) : nil,
    keyFactor: hasKey
      ? rules.keyFactor(
        level: level, moduleGrade: object.moduleGrade,
        otherKeyRequirementsMet: object.otherKeyRequirementsMet) : nil)
}
