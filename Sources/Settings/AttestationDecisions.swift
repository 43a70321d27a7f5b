import AssessmentModel
import YAMLDocument

/// Decisions on high-risk hits, and confirmed compensations.
extension AttestationFile {
  func decision(
    _ node: YAMLNode, _ signature: Signature
  ) -> Attestations.HighRiskDecision? {
    let keys = ["code", "unit", "object", "decision", "why", "evidence"]
    guard let reader = MappingReader(node, of: "high-risk decision", keys: keys, faults: faults)
    else { return nil }
    let code = named(reader, "code", Set(highRisk.items.map(\.code)), "high-risk item")
    let unit = named(reader, "unit", units, "scoring unit")
    let object = object(reader)
    let decision = reader.requiredChoice(
      "decision", as: Attestations.HighRiskDecision.Decision.self)
    if decision == .mitigated, let code, let item = highRisk.item(code), item.mitigations.isEmpty,
      let place = reader.node("decision")?.place
    {
      faults.report(place, "nothing mitigates \(code); decide open or rejected")
    }
    if let code, let unit, let item = highRisk.item(code), !item.units.isEmpty,
      !item.units.contains(unit), let place = reader.node("unit")?.place
    {
      faults.report(
        place,
        "item \(code) does not concern \(unit); it belongs to \(item.units.joined(separator: ", "))"
      )
    }
    let why = visible(reader, "why", "a decision must be argued")
    let files = files(reader.items("evidence") ?? [], folder: signature.folder)
    guard let code, let unit, let decision, let why else { return nil }
    return Attestations.HighRiskDecision(
      code: code, unit: unit, object: object, decision: decision, why: why, files: files,
      assessor: signature.assessor, place: reader.place)
  }

  func compensation(
    _ node: YAMLNode, _ signature: Signature
  ) -> Attestations.ConfirmedCompensation? {
    let keys = ["from-unit", "from-object", "to-unit", "to-object", "reason"]
    guard let reader = MappingReader(node, of: "compensation", keys: keys, faults: faults) else {
      return nil
    }
    let fromUnit = named(reader, "from-unit", units, "scoring unit")
    let toUnit = named(reader, "to-unit", units, "scoring unit")
    let known = Set(objects.keys)
    let fromObject = named(reader, "from-object", known, "object of the scope")
    let toObject = named(reader, "to-object", known, "object of the scope")
    let reason = visible(reader, "reason", "a compensation must be argued")
    guard let fromUnit, let toUnit, let fromObject, let toObject, let reason else { return nil }
    let pairs: Set<[String]> = [["net.int", "app.tint"], ["net.conf", "app.tconf"]]
    guard pairs.contains([fromUnit, toUnit]) || pairs.contains([toUnit, fromUnit]) else {
      faults.report(
        reader.node("to-unit")?.place ?? reader.place,
        "\(fromUnit) cannot make up for \(toUnit); only net.int with app.tint and net.conf with app.tconf can"
      )
      return nil
    }
    return Attestations.ConfirmedCompensation(
      fromUnit: fromUnit, fromObject: fromObject, toUnit: toUnit, toObject: toObject,
      reason: reason, confirmedBy: signature.assessor)
  }
}
