package import AssessmentModel

/// The score of every layer: Σ(weight × unit score) ÷ Σ(weight), four places, in the order of the rules.
///
/// `scores` holds the units that count; a unit left out is not counted at all, and a layer without any
/// has no score.
package func layerScores(
  ofUnits scores: [String: FixedPoint], units: [ScoringUnit], level: Int, rules: ScoringRules
) -> [Score.LayerResult] {
  rules.layers.map { layer in
    var weighted: Int128 = 0
    var weights: Int128 = 0
    for unit in units where unit.layer == layer.code {
      guard let weight = unit.weights[level], let score = scores[unit.code] else { continue }
      weighted += Int128(weight.tenThousandths) * Int128(score.tenThousandths)
      weights += Int128(weight.tenThousandths)
    }
    return Score.LayerResult(
      code: layer.code, score: FixedPoint.rounding(weighted, over: weights * 10_000))
  }
}
