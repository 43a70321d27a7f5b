package import AssessmentModel
package import YAMLDocument

/// Reads a sheet of D, A, K judgements for scoring (量化评估表), YAML or JSON.
///
/// Keys `note` and `name` are allowed in every mapping and not read. Every fault is reported with its place;
/// a sheet that is given although there are faults may not be used.
package enum ScoreSheetFile {
  /// `units` are all units of the catalog; `rulesByEdition` the editions a sheet may name.
  ///
  /// nil, always with a fault, when edition, level or units cannot be told.
  package static func read(
    _ node: YAMLNode, units: [ScoringUnit], rulesByEdition: [String: ScoringRules],
    faults: Faults
  ) -> ScoreSheet? {
    guard
      let reader = MappingReader(
        node, of: "sheet",
        keys: ScoreSheetReading.keys("edition", "level", "units", "compensations", "high-risk"),
        faults: faults)
    else { return nil }
    let edition = edition(in: reader, known: rulesByEdition.keys.sorted(), faults: faults)
    let level = level(in: reader, faults: faults)
    guard let unitsNode = reader.required("units") else { return nil }
    var reading = ScoreSheetReading(
      units: units, level: level, rules: Array(rulesByEdition.values), faults: faults)
    guard let inputs = reading.unitInputs(unitsNode) else { return nil }
    let compensations = (reader.items("compensations") ?? []).compactMap {
      reading.compensation($0)
    }
    let highRisk = (reader.items("high-risk") ?? []).compactMap { reading.hit($0) }
    guard let edition, let level else { return nil }
    return ScoreSheet(
      edition: edition, level: level, units: inputs, compensations: compensations,
      highRisk: highRisk)
  }

  private static func edition(
    in reader: MappingReader, known: [String], faults: Faults
  ) -> String? {
    guard let edition = reader.requiredText("edition"), let node = reader.node("edition") else {
      return nil
    }
    if known.contains(edition) { return edition }
    faults.report(
      node.place,
      "unknown edition \(ScoreSheetReading.quoted(edition)) of the scoring rules; "
        + "known: \(known.joined(separator: ", "))")
    return nil
  }

  private static func level(in reader: MappingReader, faults: Faults) -> Int? {
    guard let level = reader.requiredInteger("level"), let node = reader.node("level") else {
      return nil
    }
    if level == 3 || level == 4 { return level }
    faults.report(node.place, "level \(level) was found; levels 3 and 4 are scored")
    return nil
  }
}
