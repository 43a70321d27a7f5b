import AssessmentModel
import YAMLDocument

/// Reads a layer file of GB/T 39786: the layer and its scoring units (测评单元).
struct LayerFile {
  static let keys = ["standard", "layer", "units"]

  var faults: Faults
  var parts = CatalogParts()

  init(faults: Faults) { self.faults = faults }

  mutating func read(_ node: YAMLNode) {
    guard
      let reader = MappingReader(
        node, of: "layer file", keys: Self.keys, faults: faults)
    else { return }
    if let standard = reader.required("standard"),
      let text = standard.text(of: "\"standard\"", faults: faults), text != "GB/T 39786-2021"
    {
      faults.report(standard.place, "standard \"\(text)\"; expected \"GB/T 39786-2021\"")
    }
    let layer = readLayer(reader.required("layer"))
    if let layer { parts.layers.append(LayerRow(layer: layer, place: reader.place)) }
    let units = reader.requiredItems("units")
    if let units, units.isEmpty, let place = reader.node("units")?.place {
      faults.report(place, "\"units\" is empty; a layer file lists at least one")
    }
    for unit in units ?? [] { readUnit(unit, layer) }
  }

  private func readLayer(_ node: YAMLNode?) -> ScoringRules.Layer? {
    guard let node,
      let reader = MappingReader(
        node, of: "layer", keys: ["code", "zh", "en", "group", "weight"], faults: faults)
    else { return nil }
    let code = reader.requiredText("code")
    let zh = reader.requiredText("zh")
    let en = reader.requiredText("en")
    let group = reader.requiredChoice("group", as: ScoringRules.Group.self)
    let weight = decimal(reader.required("weight"), "\"weight\" of the layer", faults: faults)
    guard let code, let zh, let en, let group, let weight else { return nil }
    return ScoringRules.Layer(
      code: code, title: Bilingual(zh: zh, en: en), group: group, weight: weight)
  }

  /// `layer` is nil when it is at fault itself; the unit is read for its own faults then.
  private mutating func readUnit(_ node: YAMLNode, _ layer: ScoringRules.Layer?) {
    let keys = [
      "code", "title", "clauses", "gbt43206", "weights", "obligation", "objects", "high-risk",
      "threats", "requirement", "assess", "remediation", "property", "gates",
    ]
    guard let reader = MappingReader(node, of: "unit", keys: keys, faults: faults) else { return }
    let codeNode = reader.required("code")
    let named = codeNode?.text(of: "\"code\" of a unit", faults: faults)
    let code = named ?? "?"
    parts.claims.insert(Claim(kind: .unit, name: named))
    if let layer, let named, let codeNode, !named.hasPrefix(layer.code + ".") {
      faults.report(
        codeNode.place, "unit \"\(named)\" in layer \(layer.code); expected \"\(layer.code).…\"")
    }
    let title = reader.requiredBilingual("title")
    let clauses = byLevel(reader.required("clauses"), "clauses of \(code)") { node, name in
      node.text(of: name, faults: faults)
    }
    let weights = byLevel(reader.required("weights"), "weights of \(code)") { node, name in
      weight(node, name)
    }
    let obligations = byLevel(reader.required("obligation"), "obligation of \(code)") {
      $0.choice(of: $1, as: Requirement.Obligation.self, faults: faults)
    }
    let gbt43206 = reader.requiredText("gbt43206")
    var highRisk: String?
    if let risk = reader.node("high-risk") {
      highRisk = risk.text(of: "\"high-risk\" of \(code)", faults: faults)
      if let highRisk {
        parts.mentions.append(Mention(kind: .gate, name: highRisk, place: risk.place))
      }
    }
    _ = reader.required("objects")
    let body = RequirementBody(what: code, faults: faults)
    let names = body.names(reader, into: &parts.mentions)
    let text = body.text(reader, isRead: true)
    let assessed = body.assess(
      reader, isRead: true, isPointer: false, allowsLevel: true, into: &parts)
    guard let layer, let codeNode, named != nil, let title, let gbt43206 else { return }
    let unit = ScoringUnit(
      code: code, layer: layer.code, title: title, weights: weights, obligations: obligations,
      gbt39786: clauses, gbt43206: gbt43206, highRiskCode: highRisk)
    let requirement = Requirement(
      id: code, standard: .gbt39786, level: 0, clause: "", item: "",
      dimension: Dimension(id: layer.code, title: layer.title), title: title,
      obligation: .unknown, textState: .read, provenance: "gbt39786", text: text,
      properties: names.properties, feeds: [code], bearsOn: [],
      gates: names.gates + (highRisk.map { [$0] } ?? []), objectKind: assessed.kind,
      remediation: assessed.remediation, place: reader.place)
    parts.units.append(
      UnitRow(
        unit: unit,
        requirement: RequirementRow(
          requirement: requirement, entries: assessed.entries, overlay: nil,
          places: RequirementRow.Places(
            obligation: reader.place, text: reader.place, kind: reader.place)),
        threats: reader.texts("threats") ?? [], place: codeNode.place))
  }

  /// The weight of a unit (权重): above 0, at most 1.
  private func weight(_ node: YAMLNode, _ what: String) -> FixedPoint? {
    guard let value = decimal(node, what, faults: faults) else { return nil }
    guard value > .zero, value <= .one else {
      faults.report(
        node.place, "\(what) is \(value); expected a weight above 0 and at most 1")
      return nil
    }
    return value
  }

  /// A mapping from level, `"3"` and `"4"`, to values; both are required.
  private func byLevel<Value>(
    _ node: YAMLNode?, _ what: String, _ read: (YAMLNode, String) -> Value?
  ) -> [Int: Value] {
    guard let node,
      let reader = MappingReader(node, of: what, keys: ["3", "4"], faults: faults)
    else { return [:] }
    var values: [Int: Value] = [:]
    for level in [3, 4] {
      if let value = reader.required(String(level)) {
        values[level] = read(value, "level \(level) of \(what)")
      }
    }
    return values
  }
}

/// A decimal written as text or plain number.
func decimal(_ node: YAMLNode?, _ what: String, faults: Faults) -> FixedPoint? {
  guard let node, let text = node.text(of: what, faults: faults) else { return nil }
  guard let value = FixedPoint(text) else {
    faults.report(node.place, "\(what) is \"\(text)\"; expected a decimal such as \"0.7\"")
    return nil
  }
  return value
}
