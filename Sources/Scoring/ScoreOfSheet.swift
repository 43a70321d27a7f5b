package import AssessmentModel

/// The score of a sheet under one edition of the rules: a pure function.
///
/// `units` are all units of the catalog; those without a weight at the sheet's level are left aside. A unit
/// of the level that the sheet leaves out counts as untested, never as zero.
package func score(
  _ sheet: ScoreSheet, rules: ScoringRules, units: [ScoringUnit]
) -> Score {
  let units = units.filter { $0.weights[sheet.level] != nil }
  let objects = objectResults(of: sheet, units: units, rules: rules)
  let byUnit = Dictionary(grouping: objects, by: \.reference.unit)
  let results = units.map { unit in
    unitResult(
      unit.code, input: sheet.units[unit.code], objects: byUnit[unit.code] ?? [], rules: rules)
  }
  func layers(_ reading: Reading) -> [Score.LayerResult] {
    layerScores(
      ofUnits: unitScores(of: results, reading: reading), units: units, level: sheet.level,
      rules: rules)
  }
  let tested = layers(.tested)
  let testedTotal = total(ofLayers: tested, rules: rules)
  let openHighRisk = sheet.highRisk.count(where: \.isOpen)
  let whole: Score.Total
  let outcome: Score.Outcome
  if results.contains(where: \.isOpen) {
    let missing = missingPart(of: sheet, units: results)
    whole = .range(
      lower: total(ofLayers: layers(.lower), rules: rules).total,
      upper: total(ofLayers: layers(.upper), rules: rules).total, testedOnly: testedTotal.total)
    outcome = .none(missing)
  } else {
    whole = .value(testedTotal.total)
    outcome = Scoring.outcome(
      total: testedTotal.total,
      everyUnitConforms: results.allSatisfy {
        $0.verdict == .conforming || $0.verdict == .notApplicable
      }, openHighRisk: openHighRisk, threshold: rules.threshold)
  }
  let proposed = proposedHits(for: sheet, units: units, rules: rules)
  var score = Score(
    edition: sheet.edition, level: sheet.level, objects: objects, units: results, layers: tested,
    groups: testedTotal.groups, total: whole, outcome: outcome, threshold: rules.threshold,
    thresholdSource: rules.thresholdSource, openHighRisk: openHighRisk, proposedHighRisk: proposed,
    notes: notes(
      on: sheet, rules: rules, total: whole, beforeRounding: testedTotal.beforeRounding,
      unroundedStages: totalOfUnroundedStages(
        sheet: sheet, objects: byUnit, results: results, units: units, rules: rules),
      outcome: outcome, proposed: proposed))
  score.unitWeights = Dictionary(units.map { ($0.code, $0.weights[sheet.level] ?? .zero) }) {
    first, _ in first
  }
  score.layerWeights = Dictionary(rules.layers.map { ($0.code, $0.weight) }) { first, _ in first }
  return score
}

/// Every applicable object, compensation included, in the order of units and sheet.
private func objectResults(
  of sheet: ScoreSheet, units: [ScoringUnit], rules: ScoringRules
) -> [Score.ObjectResult] {
  var results: [Score.ObjectResult] = []
  for unit in units {
    guard case .objects(let objects) = sheet.units[unit.code] else { continue }
    for object in objects where !object.isNotApplicable {
      results.append(objectResult(of: object, in: unit.code, level: sheet.level, rules: rules))
    }
  }
  guard rules.compensation != nil, !sheet.compensations.isEmpty else { return results }
  let table = CompensationTable(
    sheet: sheet, rules: rules,
    before: Dictionary(results.map { ($0.reference, $0.score) }) { first, _ in first })
  return results.map { result in
    var result = result
    result.compensated = table.compensated(result)
    return result
  }
}

/// 5.1 of low confidence for every object whose A is not met with a strength nobody knows, where the edition
/// asks for the strength and the sheet does not speak of 5.1 there already.
private func proposedHits(
  for sheet: ScoreSheet, units: [ScoringUnit], rules: ScoringRules
) -> [HighRiskHit] {
  guard rules.strengthFactors != nil else { return [] }
  let known = Set(
    sheet.highRisk.filter { $0.code == "5.1" }.flatMap { hit in
      hit.objects.map { ObjectReference(unit: hit.unit ?? "", object: $0) }
    })
  var hits: [HighRiskHit] = []
  for unit in units {
    guard case .objects(let objects) = sheet.units[unit.code] else { continue }
    for object in objects where !object.isNotApplicable && object.d == .met {
      guard object.a == .notMet, object.strengthBits == nil,
        !known.contains(ObjectReference(unit: unit.code, object: object.id))
      else { continue }
      hits.append(
        HighRiskHit(
          code: "5.1", unit: unit.code, objects: [object.id], problem: 1, state: .proposed(.low)))
    }
  }
  return hits
}
