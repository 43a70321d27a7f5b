import AssessmentModel
import YAMLDocument

/// One reading of a sheet: what the parts need to know of each other.
struct ScoreSheetReading {
  /// Units the level assesses; all units while the level is not known.
  let units: [String: ScoringUnit]
  /// Units of the catalog that the level does not assess.
  private let otherUnits: Set<String>
  private let level: Int?
  let rules: [ScoringRules]
  let faults: Faults
  /// Ids named in each unit that lists objects.
  private(set) var ids: [String: Set<String>] = [:]

  init(units: [ScoringUnit], level: Int?, rules: [ScoringRules], faults: Faults) {
    let assessed = units.filter { unit in level.map { unit.weights[$0] != nil } ?? true }
    self.units = Dictionary(assessed.map { ($0.code, $0) }) { first, _ in first }
    self.otherUnits = Set(units.map(\.code)).subtracting(assessed.map(\.code))
    self.level = level
    self.rules = rules
    self.faults = faults
  }

  static func keys(_ keys: String...) -> [String] { keys + ["note", "name"] }

  static func quoted(_ text: String) -> String { "\"\(ActiveScalar.inert(text, limit: 60))\"" }

  // MARK: Units

  private enum Status: String, CaseIterable {
    case applicable
    case notApplicable = "not-applicable"
    case untested
  }

  /// nil when `units` is not a mapping.
  mutating func unitInputs(_ node: YAMLNode) -> [String: UnitInput]? {
    guard let entries = node.entries(of: "\"units\" in sheet", faults: faults) else { return nil }
    var inputs: [String: UnitInput] = [:]
    for entry in entries where entry.key != "note" && entry.key != "name" {
      guard let unit = knownUnit(entry.key, at: entry.keyPlace) else { continue }
      inputs[unit.code] = unitInput(entry.value, unit: unit)
    }
    let named = Set(entries.map(\.key))
    if let level {
      for code in units.keys.sorted() where !named.contains(code) {
        faults.report(node.place, "unit \(code) of level \(level) is missing")
      }
    }
    return inputs
  }

  func knownUnit(_ code: String, at place: SourcePlace) -> ScoringUnit? {
    if let unit = units[code] { return unit }
    if let level, otherUnits.contains(code) {
      faults.report(place, "unit \(code) is not assessed at level \(level)")
    } else {
      report(unknown: "unit", code, among: units.keys.sorted(), at: place)
    }
    return nil
  }

  func report(
    unknown what: String, _ name: String, among known: [String], at place: SourcePlace
  ) {
    let advice =
      nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" }
      ?? "known: \(known.joined(separator: ", "))"
    faults.report(place, "unknown \(what) \(ScoreSheetReading.quoted(name)); \(advice)")
  }

  private mutating func unitInput(_ node: YAMLNode, unit: ScoringUnit) -> UnitInput? {
    let what = "unit \(unit.code)"
    guard
      let reader = MappingReader(
        node, of: what, keys: ScoreSheetReading.keys("status", "reason", "objects", "verdict"),
        faults: faults)
    else { return nil }
    let status =
      reader.node("status") == nil
      ? .applicable : reader.choice("status", as: Status.self)
    guard let status else { return nil }
    switch status {
    case .notApplicable, .untested:
      for key in ["objects", "verdict"] {
        guard let extra = reader.entry(key) else { continue }
        faults.report(
          extra.keyPlace,
          "\(what) is \(status.rawValue) and has \"\(key)\"; one of the two is wrong")
      }
      guard let reason = visibleText("reason", in: reader, what: what) else { return nil }
      return status == .untested
        ? .untested(reason: reason, missing: .untested) : .notApplicable(reason: reason)
    case .applicable:
      return applicableInput(reader, node: node, unit: unit, what: what)
    }
  }

  private func visibleText(_ key: String, in reader: MappingReader, what: String) -> String? {
    guard let text = reader.requiredText(key), let node = reader.node(key) else { return nil }
    if !text.allSatisfy(\.isWhitespace) { return text }
    faults.report(node.place, "\"\(key)\" in \(what) is empty; text is expected")
    return nil
  }

  private mutating func applicableInput(
    _ reader: MappingReader, node: YAMLNode, unit: ScoringUnit, what: String
  ) -> UnitInput? {
    switch (reader.entry("objects"), reader.entry("verdict")) {
    case (nil, nil):
      faults.report(node.place, "\(what) needs \(isManagement(unit) ? "a verdict" : "objects")")
      return nil
    case (.some, .some(let verdict)):
      faults.report(verdict.keyPlace, "\(what) has objects and a verdict; one of them is expected")
      return nil
    case (.some, nil):
      return reader.items("objects").flatMap { objects($0, unit: unit, at: node.place) }
    case (nil, .some(let verdict)):
      guard isManagement(unit) else {
        faults.report(
          verdict.keyPlace, "\(what) is technical: it is judged by its objects, not by a verdict")
        return nil
      }
      return managementVerdict(reader).map(UnitInput.verdict)
    }
  }

  private func isManagement(_ unit: ScoringUnit) -> Bool {
    rules.contains { rules in
      rules.layers.contains { $0.code == unit.layer && $0.group == .management }
    }
  }

  private static let verdictWords: [String: ManagementVerdict] = [
    "符合": .conforming, "部分符合": .partial, "不符合": .nonConforming,
    "conforming": .conforming, "partial": .partial, "non-conforming": .nonConforming,
  ]

  private func managementVerdict(_ reader: MappingReader) -> ManagementVerdict? {
    guard let word = reader.text("verdict"), let node = reader.node("verdict") else { return nil }
    if let verdict = ScoreSheetReading.verdictWords[word] { return verdict }
    faults.report(
      node.place,
      "unknown verdict \(ScoreSheetReading.quoted(word)); expected 符合, 部分符合 or 不符合 "
        + "(conforming, partial, non-conforming)")
    return nil
  }

  // MARK: Objects

  private mutating func objects(
    _ nodes: [YAMLNode], unit: ScoringUnit, at place: SourcePlace
  ) -> UnitInput? {
    var objects: [ScoredObject] = []
    var seen: Set<String> = []
    for node in nodes {
      guard let (object, idPlace) = object(node, unit: unit.code) else { continue }
      if seen.insert(object.id).inserted {
        objects.append(object)
      } else {
        faults.report(
          idPlace, "object \(ScoreSheetReading.quoted(object.id)) stands twice in unit \(unit.code)"
        )
      }
    }
    if nodes.isEmpty {
      faults.report(
        place, "unit \(unit.code) names no object; a unit without any is not-applicable or untested"
      )
    }
    ids[unit.code] = seen
    return .objects(objects)
  }

  /// An object whose id is known is given even when its other values are at fault, so that it can be named.
  private func object(_ node: YAMLNode, unit: String) -> (ScoredObject, idPlace: SourcePlace)? {
    let what = "object of unit \(unit)"
    guard
      let reader = MappingReader(
        node, of: what,
        keys: ScoreSheetReading.keys(
          "id", "D", "A", "K", "strength-bits", "module-grade", "other-key-requirements-met"),
        faults: faults)
    else { return nil }
    let d = reader.required("D").flatMap { letter($0, name: "D", what: what) }
    let a = reader.node("A").flatMap { letter($0, name: "A", what: what) }
    let k = reader.node("K").flatMap { letter($0, name: "K", what: what) }
    let bits = integer("strength-bits", in: reader, range: 0...Int.max)
    let grade = integer("module-grade", in: reader, range: 0...4)
    let other = present("other-key-requirements-met", in: reader)
      .flatMap { $0.boolean(of: "\"other-key-requirements-met\" in \(what)", faults: faults) }
    guard let id = visibleText("id", in: reader, what: what), let idNode = reader.node("id") else {
      return nil
    }
    let isNotUsed = d == .notMet
    let object = ScoredObject(
      id: id, d: d ?? .undetermined,
      a: isNotUsed ? .notEvaluated : a ?? .undetermined,
      k: isNotUsed ? .notEvaluated : k ?? .undetermined,
      strengthBits: bits, moduleGrade: grade ?? 0, otherKeyRequirementsMet: other ?? false,
      isNotApplicable: d == nil && a == nil && k == nil)
    return (object, idNode.place)
  }

  /// nil for `null`.
  private func letter(_ node: YAMLNode, name: String, what: String) -> Letter? {
    guard !node.isNull else { return nil }
    return node.boolean(of: "\"\(name)\" in \(what)", faults: faults)
      .map { $0 ? .met : .notMet }
  }

  /// nil for a missing key and for `null`.
  private func present(_ key: String, in reader: MappingReader) -> YAMLNode? {
    reader.node(key).flatMap { $0.isNull ? nil : $0 }
  }

  func integer(
    _ key: String, in reader: MappingReader, range: ClosedRange<Int>
  ) -> Int? {
    guard let node = present(key, in: reader), let integer = reader.integer(key) else {
      return nil
    }
    if range.contains(integer) { return integer }
    let expected =
      range.upperBound == .max
      ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    faults.report(node.place, "\(key) \(integer) was found; \(expected) is expected")
    return nil
  }
}
