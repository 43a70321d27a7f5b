package import AssessmentModel

/// The conclusion (测评结论) of a total, or why there is none.
///
/// A full score beside an open high risk goes to a person, and so does a system without a total. 符合 is
/// said only when every applicable unit is 符合, so that rounding alone can never produce it.
package func outcome(
  total: FixedPoint?, everyUnitConforms: Bool, openHighRisk: Int, threshold: FixedPoint
) -> Score.Outcome {
  guard let total else { return .none(.person) }
  if total >= FixedPoint(100) {
    guard openHighRisk == 0 else { return .none(.person) }
    return .conclusion(everyUnitConforms ? .conforming : .basicallyConforming)
  }
  return .conclusion(
    total >= threshold && openHighRisk == 0 ? .basicallyConforming : .nonConforming)
}
