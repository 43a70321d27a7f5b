import AssessmentModel
import YAMLDocument

/// Compensations (弥补) of a sheet.
extension ScoreSheetReading {
  private enum Kind: String, CaseIterable { case confidentiality, integrity }

  func compensation(_ node: YAMLNode) -> Compensation? {
    let what = "compensation"
    guard
      let reader = MappingReader(
        node, of: what,
        keys: ScoreSheetReading.keys(
          "kind", "from-unit", "from-object", "to-unit", "to-object", "reason", "confirmed-by"),
        faults: faults)
    else { return nil }
    let kind = reader.choice("kind", as: Kind.self)
    let source = end("from", in: reader)
    let target = end("to", in: reader)
    let reason = reader.text("reason")
    let confirmedBy = reader.text("confirmed-by")
    guard let source, let target else { return nil }
    guard rules.contains(where: { $0.allows(from: source.unit, to: target.unit) }) else {
      faults.report(
        reader.node("to-unit")?.place ?? node.place,
        "\(source.unit) cannot make up for \(target.unit); allowed in either direction: "
          + allowedPairs)
      return nil
    }
    for (object, side) in [(source, "from"), (target, "to")] {
      if let place = reader.node("\(side)-object")?.place {
        check([object.object], in: object.unit, at: place)
      }
    }
    if let kind, let named = reader.node("kind"), kind != self.kind(of: target.unit) {
      faults.report(
        named.place,
        "kind \(kind.rawValue) does not fit \(source.unit) and \(target.unit)")
    }
    return Compensation(
      source: source, target: target, reason: reason, confirmedBy: confirmedBy)
  }

  /// The property a unit of a compensation pair protects, which its code ends with.
  private func kind(of unit: String) -> Kind {
    unit.hasSuffix("conf") ? .confidentiality : .integrity
  }

  private var allowedPairs: String {
    let pairs = rules.flatMap { $0.compensation?.pairs ?? [] }
    return Set(pairs.map { "\($0.first) and \($0.second)" }).sorted().joined(separator: "; ")
  }

  private func end(_ side: String, in reader: MappingReader) -> ObjectReference? {
    let code = reader.requiredText("\(side)-unit")
    let object = reader.requiredText("\(side)-object")
    guard let code, let object, let codeNode = reader.node("\(side)-unit"),
      let unit = knownUnit(code, at: codeNode.place)
    else { return nil }
    return ObjectReference(unit: unit.code, object: object)
  }

  /// Objects can be checked only where the unit lists its own.
  private func check(_ objects: [String], in unit: String, at place: SourcePlace) {
    guard let known = ids[unit] else { return }
    for object in objects where !known.contains(object) {
      report(unknown: "object of unit \(unit)", object, among: known.sorted(), at: place)
    }
  }
}

/// High-risk hits (高风险) of a sheet.
extension ScoreSheetReading {
  private enum State: String, CaseIterable { case proposed, open, mitigated, rejected }

  /// The items of the high-risk guideline.
  private static let codes = [
    "5.1", "5.2", "5.3", "6.1", "7.1", "7.2", "7.3", "8.1", "8.2", "9.1", "9.2", "9.3", "9.4",
    "9.5", "10.1", "10.2",
  ]

  func hit(_ node: YAMLNode) -> HighRiskHit? {
    let what = "high-risk hit"
    guard
      let reader = MappingReader(
        node, of: what,
        keys: ScoreSheetReading.keys(
          "code", "unit", "object", "problem", "state", "confidence", "why", "by"),
        faults: faults)
    else { return nil }
    let code = reader.requiredText("code")
    if let code, let place = reader.node("code")?.place, !ScoreSheetReading.codes.contains(code) {
      faults.report(
        place,
        "unknown high-risk item \(ScoreSheetReading.quoted(code)); "
          + "known: \(ScoreSheetReading.codes.joined(separator: ", "))")
    }
    let unit = reader.text("unit").flatMap { code in
      reader.node("unit").flatMap { knownUnit(code, at: $0.place) }
    }
    let objects = (reader.text("object") ?? "").split(whereSeparator: { $0 == "," || $0 == " " })
      .map(String.init)
    if let unit, let place = reader.node("object")?.place {
      check(objects, in: unit.code, at: place)
    }
    let problem = integer("problem", in: reader, range: 1...9)
    let state = state(reader)
    let why = reader.text("why")
    let by = reader.text("by")
    guard let code, let state else { return nil }
    return HighRiskHit(
      code: code, unit: unit?.code, objects: objects, problem: problem, state: state, why: why,
      by: by)
  }

  private func state(_ reader: MappingReader) -> HighRiskHit.State? {
    let state = reader.requiredChoice("state", as: State.self)
    guard let state else { return nil }
    switch state {
    case .open: return .open
    case .mitigated: return .mitigated
    case .rejected: return .rejected
    case .proposed:
      return reader.requiredChoice("confidence", as: HighRiskRules.Confidence.self)
        .map { .proposed($0) }
    }
  }
}
