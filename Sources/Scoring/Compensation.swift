package import AssessmentModel

/// The score of an object after others made up for it (弥补): max(factor × lowest source, own).
///
/// All scores are from before any compensation, so there are no chains. A source without cryptography
/// (D not met) scores 0 and so takes the compensation away, as the rules ask.
package func compensatedScore(
  own: FixedPoint, sources: [FixedPoint], factor: FixedPoint
) -> FixedPoint {
  guard let lowest = sources.min(),
    let made = FixedPoint.rounding(
      Int128(lowest.tenThousandths) * Int128(factor.tenThousandths), over: 100_000_000)
  else { return own }
  return max(own, made)
}

/// Compensations of a sheet, ready to be applied object by object.
struct CompensationTable {
  private let factor: FixedPoint
  private let sources: [ObjectReference: [Score.Bounds]]

  /// Relations the rules do not allow are left out; an edition without compensation has none.
  init(sheet: ScoreSheet, rules: ScoringRules, before scores: [ObjectReference: Score.Bounds]) {
    factor = rules.compensation?.factor ?? .zero
    var sources: [ObjectReference: [Score.Bounds]] = [:]
    for compensation in sheet.compensations
    where rules.allows(from: compensation.source.unit, to: compensation.target.unit) {
      guard
        let bounds = CompensationTable.bounds(
          of: compensation.source, input: sheet.units[compensation.source.unit], scores: scores)
      else { continue }
      sources[compensation.target, default: []].append(bounds)
    }
    self.sources = sources
  }

  /// What a source is worth; nil when it is not applicable, for then it carries nothing.
  ///
  /// A source that nobody knows protects nothing; one in a unit that was not tested may be worth anything.
  private static func bounds(
    of source: ObjectReference, input: UnitInput?, scores: [ObjectReference: Score.Bounds]
  ) -> Score.Bounds? {
    if let known = scores[source] { return known }
    switch input {
    case .untested, nil: return Score.Bounds(lower: .zero, upper: .one)
    case .notApplicable: return nil
    case .objects(let objects):
      let isNotApplicable = objects.contains { $0.id == source.object && $0.isNotApplicable }
      return isNotApplicable ? nil : Score.Bounds(.zero)
    case .verdict: return Score.Bounds(.zero)
    }
  }

  /// The bounds after compensation; nil when nothing can make up for the object.
  ///
  /// The formula only grows with each score in it, so the lowest result comes from the lowest scores and
  /// the highest from the highest, both at once for all objects.
  func compensated(_ object: Score.ObjectResult) -> Score.Bounds? {
    guard let sources = sources[object.reference], let reach = sources.map(\.upper).min(),
      reach > .zero
    else { return nil }
    return Score.Bounds(
      lower: compensatedScore(
        own: object.score.lower, sources: sources.map(\.lower), factor: factor),
      upper: compensatedScore(
        own: object.score.upper, sources: sources.map(\.upper), factor: factor))
  }
}
