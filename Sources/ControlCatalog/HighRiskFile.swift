import AssessmentModel
import YAMLDocument

/// Reads `Rules/high-risk-2021.yaml`.
struct HighRiskFile {
  static let keys = ["edition", "items", "signals", "key-dangers"]

  var faults: Faults
  var mentions: [Mention] = []
  var claims: Set<Claim> = []

  init(faults: Faults) { self.faults = faults }

  mutating func read(_ node: YAMLNode) -> HighRiskRules? {
    guard
      let reader = MappingReader(
        node, of: "high-risk rules", keys: Self.keys, faults: faults)
    else { return nil }
    let edition = reader.requiredText("edition")
    let items = reader.requiredItems("items").map { $0.compactMap { item($0) } }
    var signals: [HighRiskRules.Signal] = []
    var ids: Set<String> = []
    for node in reader.items("signals") ?? [] {
      if let signal = signal(node, items ?? [], ids: &ids) { signals.append(signal) }
    }
    let dangers = (reader.items("key-dangers") ?? []).compactMap(danger)
    guard let edition, let items else { return nil }
    return HighRiskRules(edition: edition, items: items, signals: signals, keyDangers: dangers)
  }

  private mutating func item(_ node: YAMLNode) -> HighRiskRules.Item? {
    let keys = ["code", "title", "units", "levels", "problems", "mitigations"]
    guard let reader = MappingReader(node, of: "high-risk item", keys: keys, faults: faults) else {
      return nil
    }
    let code = reader.requiredText("code")
    if let code, !claims.insert(Claim(kind: .gate, name: code)).inserted,
      let place = reader.node("code")?.place
    {
      faults.report(place, "item \(code) stands twice")
    }
    let title = reader.requiredBilingual("title")
    let units = units(reader, of: "item \(code ?? "?")")
    let levels = (reader.requiredItems("levels") ?? []).compactMap { node -> Int? in
      let level = node.integer(of: "\"levels\" of an item", faults: faults)
      if let level, level != 3, level != 4 {
        faults.report(node.place, "level \(level) of an item; expected 3 or 4")
      }
      return level
    }
    var problems: [Int: Bilingual] = [:]
    for node in reader.requiredItems("problems") ?? [] {
      guard
        let problem = MappingReader(
          node, of: "problem of \(code ?? "?")", keys: ["number", "zh", "en"], faults: faults)
      else { continue }
      let number = problem.requiredInteger("number")
      guard let text = bilingual(problem), let number else { continue }
      if problems.updateValue(text, forKey: number) != nil {
        faults.report(problem.place, "problem \(number) of \(code ?? "?") stands twice")
      }
    }
    let mitigations = (reader.items("mitigations") ?? []).compactMap {
      $0.bilingual(of: "mitigation of \(code ?? "?")", faults: faults)
    }
    guard let code, let title else { return nil }
    return HighRiskRules.Item(
      code: code, title: title, units: units, levels: levels, problems: problems,
      mitigations: mitigations)
  }

  /// `all`, or a list of unit codes.
  private mutating func units(_ reader: MappingReader, of what: String) -> [String] {
    guard let node = reader.required("units") else { return [] }
    if case .scalar("all", _) = node.content { return [] }
    var codes: [String] = []
    for item in node.items(of: "\"units\" of \(what)", faults: faults) ?? [] {
      guard let code = item.text(of: "\"units\" of \(what)", faults: faults) else { continue }
      mentions.append(Mention(kind: .unit, name: code, place: item.place))
      codes.append(code)
    }
    return codes
  }

  private mutating func signal(
    _ node: YAMLNode, _ items: [HighRiskRules.Item], ids: inout Set<String>
  ) -> HighRiskRules.Signal? {
    let keys = [
      "id", "code", "problem", "units", "confidence", "object", "probe", "when", "letter", "zh",
      "en",
    ]
    guard let reader = MappingReader(node, of: "signal", keys: keys, faults: faults) else {
      return nil
    }
    let id = reader.requiredText("id") ?? "?"
    let what = "signal \(id)"
    if id != "?", !ids.insert(id).inserted, let place = reader.node("id")?.place {
      faults.report(place, "\(what) stands twice")
    }
    let codeNode = reader.required("code")
    let code = codeNode?.text(of: "\"code\" of \(what)", faults: faults)
    if let code, let codeNode {
      mentions.append(Mention(kind: .gate, name: code, place: codeNode.place))
    }
    let problem = reader.requiredInteger("problem")
    if let problem, let item = items.first(where: { $0.code == code }),
      item.problems[problem] == nil, !item.problems.isEmpty,
      let place = reader.node("problem")?.place
    {
      faults.report(
        place, "\(what) names problem \(problem), which item \(item.code) does not have")
    }
    let units = units(reader, of: what)
    let confidence = reader.requiredChoice("confidence", as: HighRiskRules.Confidence.self)
    let text = bilingual(reader)
    let trigger = trigger(reader, what)
    guard let code, let problem, let confidence, let text, let trigger else { return nil }
    return HighRiskRules.Signal(
      id: id, code: code, problem: problem, units: units, confidence: confidence,
      trigger: trigger, text: text)
  }

  private mutating func trigger(
    _ reader: MappingReader, _ what: String
  ) -> HighRiskRules.Signal.Trigger? {
    if reader.node("letter") != nil {
      for key in ["object", "probe", "when"] {
        if let entry = reader.entry(key) {
          faults.report(
            entry.keyPlace, "\(what) has \"letter\" and \"\(key)\"; give one or the other")
        }
      }
      return reader.choice("letter", as: JudgedLetter.self).map { .letterNotMet($0) }
    }
    if ["object", "probe", "when"].allSatisfy({ reader.node($0) == nil }) {
      faults.report(
        reader.place, "\(what) needs the key \"letter\", or \"object\", \"probe\" and \"when\"")
      return nil
    }
    let kind = reader.requiredChoice("object", as: ObjectKind.self)
    let probeNode = reader.required("probe")
    let probe = probeNode?.text(of: "\"probe\" of \(what)", faults: faults)
    if let probeNode, let probe {
      mentions.append(Mention(kind: .probe, name: probe, place: probeNode.place))
    }
    if let kind, let probe, let place = reader.node("object")?.place {
      mentions.append(Mention(kind: .kind(probe: probe), name: kind.rawValue, place: place))
    }
    var reading = AssessReading(judgedKind: kind, what: what, faults: faults)
    let expectations = reading.expectations(
      reader.required("when"), ExpectationScope(probe: probe ?? "", isPlanned: probe == nil))
    mentions += reading.mentions
    guard let kind, let probe else { return nil }
    return .facts(objectKind: kind, probe: probe, expectations)
  }

  private func danger(_ node: YAMLNode) -> HighRiskRules.KeyDanger? {
    guard
      let reader = MappingReader(
        node, of: "key danger", keys: ["id", "stage", "zh", "en"], faults: faults)
    else { return nil }
    let id = reader.requiredText("id")
    let stage = reader.requiredText("stage")
    guard let text = bilingual(reader), let id, let stage else { return nil }
    return HighRiskRules.KeyDanger(id: id, stage: stage, text: text)
  }

  private func bilingual(_ reader: MappingReader) -> Bilingual? {
    let zh = reader.requiredText("zh")
    let en = reader.requiredText("en")
    guard let zh, let en else { return nil }
    return Bilingual(zh: zh, en: en)
  }
}
