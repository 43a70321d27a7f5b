import AssessmentModel

/// The total with units and layers not rounded, six places as text: what the other reading of the rules, which do
/// not say whether a stage is fed from the rounded stage before, would give. Objects stay rounded.
///
/// nil where there is no total. Digits beyond the eighteenth of each stage are cut.
func totalOfUnroundedStages(
  sheet: ScoreSheet, objects: [String: [Score.ObjectResult]], results: [Score.UnitResult],
  units: [ScoringUnit], rules: ScoringRules
) -> String? {
  // Eighteen decimal places: four of a score, fourteen more.
  let finer: Int128 = 100_000_000_000_000
  var scores: [String: Int128] = [:]
  for result in results {
    guard let score = result.score else { continue }
    if let inputs = objects[result.code], !inputs.isEmpty {
      let sum = inputs.reduce(Int128(0)) { $0 + Int128($1.counted.lower.tenThousandths) }
      scores[result.code] = sum * finer / Int128(inputs.count)
    } else {
      scores[result.code] = Int128(score.tenThousandths) * finer
    }
  }
  var layers: [String: Int128] = [:]
  for layer in rules.layers {
    let weighted = units.compactMap { unit -> (weight: Int128, score: Int128)? in
      guard unit.layer == layer.code, let score = scores[unit.code],
        let weight = unit.weights[sheet.level]
      else { return nil }
      return (Int128(weight.tenThousandths), score)
    }
    layers[layer.code] = mean(of: weighted)
  }
  func side(_ group: ScoringRules.Group?) -> Int128? {
    mean(
      of: rules.layers.filter { group == nil || $0.group == group }.compactMap { layer in
        layers[layer.code].map { (Int128(layer.weight.tenThousandths), $0) }
      })
  }
  guard let shares = rules.shares else { return side(nil).map { text($0 * 100) } }
  guard let technical = side(.technical), let management = side(.management) else { return nil }
  let points =
    Int128(shares.technical.tenThousandths) * technical
    + Int128(shares.management.tenThousandths) * management
  return text(points / 10_000)
}

private func mean(of weighted: [(weight: Int128, score: Int128)]) -> Int128? {
  let weights = weighted.reduce(Int128(0)) { $0 + $1.weight }
  guard weights > 0 else { return nil }
  return weighted.reduce(Int128(0)) { $0 + $1.weight * $1.score } / weights
}

/// Six places, rounded half up, of a number with eighteen.
private func text(_ number: Int128) -> String {
  let millionths = (number + 500_000_000_000) / 1_000_000_000_000
  let fraction = String(millionths % 1_000_000)
  return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
}
