package import AssessmentModel

/// The total of a set of layer scores with the points of each side.
package struct LayerTotal: Sendable, Hashable {
  /// Two places, from the layers and not from the rounded points; nil when a side (2021: everything) is
  /// left out.
  package var total: FixedPoint?
  /// The total before its own rounding, six places as text; nil with the total.
  package var beforeRounding: String?
  /// nil for an edition without fixed shares.
  package var groups: Score.Groups?
}

/// The total of the layers that have a score.
package func total(ofLayers layers: [Score.LayerResult], rules: ScoringRules) -> LayerTotal {
  let scores = Dictionary(layers.map { ($0.code, $0.score) }) { first, _ in first }
  guard let shares = rules.shares else {
    return total(points(of: rules.layers, scores: scores, share: FixedPoint(100)), groups: nil)
  }
  let technical = points(
    of: rules.layers.filter { $0.group == .technical }, scores: scores, share: shares.technical)
  let management = points(
    of: rules.layers.filter { $0.group == .management }, scores: scores, share: shares.management)
  let groups = Score.Groups(technical: technical?.rounded, management: management?.rounded)
  guard let technical, let management else { return LayerTotal(groups: groups) }
  return total(technical + management, groups: groups)
}

private func total(_ points: Fraction?, groups: Score.Groups?) -> LayerTotal {
  guard let points else { return LayerTotal(groups: groups) }
  return LayerTotal(
    total: FixedPoint.rounding(points.numerator, over: points.denominator, places: 2),
    beforeRounding: points.text(places: 6), groups: groups)
}

/// share × Σ(weight × layer) ÷ Σ(weight) over the layers that have a score; nil when none has.
private func points(
  of layers: [ScoringRules.Layer], scores: [String: FixedPoint?], share: FixedPoint
) -> Fraction? {
  var weighted: Int128 = 0
  var weights: Int128 = 0
  for layer in layers {
    guard let score = scores[layer.code] ?? nil else { continue }
    weighted += Int128(layer.weight.tenThousandths) * Int128(score.tenThousandths)
    weights += Int128(layer.weight.tenThousandths)
  }
  guard weights > 0 else { return nil }
  return Fraction(
    numerator: Int128(share.tenThousandths) * weighted, denominator: weights * 100_000_000)
}

/// An exact quotient with a positive denominator.
private struct Fraction {
  var numerator: Int128
  var denominator: Int128

  static func + (first: Fraction, second: Fraction) -> Fraction {
    // Both denominators carry the same decimal scale, so only the weights are multiplied.
    let scale: Int128 = 100_000_000
    return Fraction(
      numerator: first.numerator * (second.denominator / scale)
        + second.numerator * (first.denominator / scale),
      denominator: first.denominator / scale * second.denominator)
  }

  var rounded: FixedPoint? { FixedPoint.rounding(numerator, over: denominator) }

  /// The digits of a number that is not negative, cut and not rounded.
  func text(places: Int) -> String {
    var (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    var text = String(whole) + "."
    for _ in 0..<places {
      (whole, rest) = (rest * 10).quotientAndRemainder(dividingBy: denominator)
      text += String(whole)
    }
    return text
  }
}
