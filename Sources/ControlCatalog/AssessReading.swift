import AssessmentModel
import YAMLDocument

/// Reads `assess` lists: probe entries, questions, expectations.
struct AssessReading {
  /// The kind judged: what an entry looks at when it says nothing else.
  var judgedKind: ObjectKind?
  /// What messages call the requirement.
  var what: String
  var faults: Faults
  var mentions: [Mention] = []
  var definitions: [(question: Question, place: SourcePlace)] = []
  var claims: Set<Claim> = []

  init(judgedKind: ObjectKind?, what: String, faults: Faults) {
    self.judgedKind = judgedKind
    self.what = what
    self.faults = faults
  }

  mutating func entries(_ nodes: [YAMLNode], allowsLevel: Bool) -> [RequirementRow.Entry] {
    nodes.compactMap { entry($0, allowsLevel: allowsLevel) }
  }

  private mutating func entry(_ node: YAMLNode, allowsLevel: Bool) -> RequirementRow.Entry? {
    if case .mapping(let fields) = node.content, fields.contains(where: { $0.key == "ask" }) {
      let keys = ["ask", "stands-in", "judgement"] + (allowsLevel ? ["level"] : [])
      guard
        let reader = MappingReader(node, of: "ask entry of \(what)", keys: keys, faults: faults),
        let ask = reader.node("ask")
      else { return nil }
      var entry = question(
        ask, standsIn: reader.boolean("stands-in") ?? false,
        level: allowsLevel ? level(reader) : nil)
      entry?.judgement = judgement(reader)
      return entry
    }
    return probeEntry(node, allowsLevel: allowsLevel)
  }

  private mutating func question(
    _ node: YAMLNode, standsIn: Bool, level: Int?
  ) -> RequirementRow.Entry? {
    guard
      let reader = MappingReader(
        node, of: "question of \(what)", keys: ["id", "letter", "object", "method", "zh", "en"],
        faults: faults)
    else { return nil }
    let idNode = reader.required("id")
    let id = idNode?.text(of: "\"id\" of a question of \(what)", faults: faults)
    let isReference = ["letter", "object", "method", "zh", "en"].allSatisfy {
      reader.node($0) == nil
    }
    if isReference {
      guard let idNode, let id else { return nil }
      mentions.append(Mention(kind: .question, name: id, place: idNode.place))
      return RequirementRow.Entry(
        content: .reference(id: id, standsIn: standsIn), level: level, place: reader.place)
    }
    if let id { claims.insert(Claim(kind: .question, name: id)) }
    let letter = reader.choice("letter", as: JudgedLetter.self)
    let named = reader.choice("object", as: ObjectKind.self)
    let method = reader.requiredChoice("method", as: Question.Method.self)
    let zh = reader.requiredText("zh")
    let en = reader.requiredText("en")
    guard let kind = named ?? judgedKind else {
      if reader.node("object") == nil {
        faults.report(
          reader.place, "question \"\(id ?? "?")\" of \(what) needs the key \"object\"")
      }
      return nil
    }
    let isLetterFaulty = letter == nil && reader.node("letter") != nil
    guard !isLetterFaulty, let idNode, let id, let method, let zh, let en else { return nil }
    var question = Question(
      id: id, letter: letter, objectKind: kind, method: method, text: Bilingual(zh: zh, en: en))
    definitions.append((question, idNode.place))
    question.standsIn = standsIn
    return RequirementRow.Entry(content: .question(question), level: level, place: reader.place)
  }

  private mutating func probeEntry(_ node: YAMLNode, allowsLevel: Bool) -> RequirementRow.Entry? {
    var keys = ["object", "probe", "with", "status", "used", "approved", "keys", "class"]
    keys += ["judgement", "product"]
    if allowsLevel { keys.append("level") }
    guard
      let reader = MappingReader(
        node, of: "assess entry of \(what)", keys: keys, faults: faults)
    else { return nil }
    let kindNode = reader.node("object")
    let kind = reader.choice("object", as: ObjectKind.self)
    let probeNode = reader.required("probe")
    let probe = probeNode?.text(of: "\"probe\" of \(what)", faults: faults)
    _ = reader.choice("status", as: EntryStatus.self)
    // Whatever its value: a slip in `status` is one fault, not one more for every name of the entry.
    let isPlanned = reader.node("status") != nil
    let areNamesChecked = probe != nil && !isPlanned
    let parameters = parameters(
      reader.node("with"), probe: probe ?? "", isPlanned: !areNamesChecked)
    if let probeNode, let probe, !isPlanned {
      mentions.append(Mention(kind: .probe, name: probe, place: probeNode.place))
    }
    let scope = ExpectationScope(probe: probe ?? "", isPlanned: !areNamesChecked)
    let used = expectations(reader.node("used"), scope)
    let approved = expectations(reader.node("approved"), scope)
    let held = expectations(reader.node("keys"), scope)
    if !isPlanned, ["used", "approved", "keys"].allSatisfy({ reader.node($0) == nil }) {
      faults.report(
        reader.place,
        "assess entry of \(what) expects nothing: give \"used\", \"approved\" or \"keys\"")
    }
    let strength = reader.integer("class") ?? 2
    if !(1...3).contains(strength), let place = reader.node("class")?.place {
      faults.report(place, "class \(strength) of \(what); expected 1, 2 or 3")
    }
    let level = allowsLevel ? level(reader) : nil
    let judgement = judgement(reader)
    let product = reader.choice("product", as: ProductCondition.self)
    guard let lookedAt = kind ?? judgedKind else {
      if kindNode == nil {
        faults.report(reader.place, "assess entry of \(what) needs the key \"object\"")
      }
      return nil
    }
    guard let probeNode, let probe else { return nil }
    if !isPlanned, kind != nil || kindNode == nil {
      mentions.append(
        Mention(
          kind: .kind(probe: probe), name: lookedAt.rawValue,
          place: kindNode?.place ?? probeNode.place))
    }
    let assessment = ProbeAssessment(
      objectKind: lookedAt, procedure: Procedure(probe: probe, parameters: parameters),
      isPlanned: isPlanned, used: used, approved: approved, keys: held, strength: strength,
      isForCertifiedProducts: product == .certified)
    return RequirementRow.Entry(
      content: .probe(assessment), level: level, judgement: judgement, place: reader.place)
  }

  private enum ProductCondition: String, CaseIterable { case certified }

  private mutating func judgement(_ reader: MappingReader) -> String? {
    guard let node = reader.node("judgement"), let number = reader.text("judgement") else {
      return nil
    }
    mentions.append(Mention(kind: .judgement, name: number, place: node.place))
    return number
  }

  private func level(_ reader: MappingReader) -> Int? {
    guard let level = reader.integer("level") else { return nil }
    if level != 3, level != 4, let place = reader.node("level")?.place {
      faults.report(place, "level \(level) of an entry of \(what); expected 3 or 4")
    }
    return level
  }

  private mutating func parameters(
    _ node: YAMLNode?, probe: String, isPlanned: Bool
  ) -> [String: FactValue] {
    guard let node,
      let entries = node.entries(of: "\"with\" of \(what)", faults: faults)
    else { return [:] }
    var parameters: [String: FactValue] = [:]
    for entry in entries {
      parameters[entry.key] = entry.value.factValue(faults: faults)
      if !isPlanned {
        mentions.append(
          Mention(kind: .parameter(probe: probe), name: entry.key, place: entry.keyPlace))
      }
    }
    return parameters
  }

  mutating func expectations(_ node: YAMLNode?, _ scope: ExpectationScope) -> [Expectation] {
    guard let node, let items = node.items(of: "expectations of \(what)", faults: faults) else {
      return []
    }
    if items.isEmpty {
      faults.report(node.place, "no expectation in the list of \(what); leave the key out instead")
    }
    return items.compactMap { expectation($0, scope) }
  }

  private mutating func expectation(
    _ node: YAMLNode, _ scope: ExpectationScope
  ) -> Expectation? {
    let keys = ["fact", "field", "only-if"] + ConditionKey.allCases.map(\.rawValue)
    guard
      let reader = MappingReader(node, of: "expectation of \(what)", keys: keys, faults: faults)
    else { return nil }
    let factNode = reader.required("fact")
    let fact = factNode?.text(of: "\"fact\" of \(what)", faults: faults)
    if let factNode, let fact, !scope.isPlanned {
      mentions.append(
        Mention(kind: .fact(probe: scope.probe), name: fact, place: factNode.place))
    }
    let field = reader.text("field")
    let onlyIf = guards(reader.node("only-if"), scope)
    let condition = onlyCondition(node, reader).flatMap {
      self.condition($0.key, $0.value, scope)
    }
    guard let fact, let condition else { return nil }
    return Expectation(fact: fact, field: field, condition: condition, onlyIf: onlyIf)
  }

  /// The one condition of an expectation: none is a missing key, a second one is too much.
  private func onlyCondition(
    _ node: YAMLNode, _ reader: MappingReader
  ) -> (key: ConditionKey, value: YAMLNode)? {
    guard case .mapping(let entries) = node.content else { return nil }
    let present = entries.compactMap { entry in
      ConditionKey(rawValue: entry.key).map { (key: $0, entry: entry) }
    }
    let names = ConditionKey.allCases.map(\.rawValue).joined(separator: ", ")
    if let second = present.dropFirst().first {
      faults.report(
        second.entry.keyPlace,
        "a second condition in an expectation of \(what); expected exactly one of \(names)")
      return nil
    }
    if let only = present.first { return (only.key, only.entry.value) }
    let known = ["fact", "field", "only-if"]
    if entries.allSatisfy({ known.contains($0.key) }) {
      faults.report(
        reader.place, "an expectation of \(what) has no condition; expected one of \(names)")
    }
    return nil
  }

  private mutating func guards(_ node: YAMLNode?, _ scope: ExpectationScope) -> [Expectation] {
    guard let node else { return [] }
    if case .mapping = node.content { return expectation(node, scope).map { [$0] } ?? [] }
    return expectations(node, scope)
  }

  private mutating func condition(
    _ key: ConditionKey, _ node: YAMLNode, _ scope: ExpectationScope
  ) -> Condition? {
    let name = "\"\(key.rawValue)\" of \(what)"
    switch key {
    case .is: return value(node, name).map(Condition.equals)
    case .isNot: return value(node, name).map(Condition.differs)
    case .within: return valueSet(node, name, scope).map(Condition.within)
    case .noneOf: return valueSet(node, name, scope).map(Condition.noneOf)
    case .includes: return valueSet(node, name, scope).map(Condition.includes)
    case .atLeast: return node.integer(of: name, faults: faults).map(Condition.atLeast)
    case .atMost: return node.integer(of: name, faults: faults).map(Condition.atMost)
    case .empty:
      guard let boolean = node.boolean(of: name, faults: faults) else { return nil }
      guard boolean else {
        faults.report(node.place, "\(name) is false; only \"empty: true\" can be said")
        return nil
      }
      return .empty
    case .present: return node.boolean(of: name, faults: faults).map(Condition.present)
    }
  }

  /// A value to compare with; nothing at all can be compared with nothing.
  private func value(_ node: YAMLNode, _ name: String) -> FactValue? {
    guard !node.isNull else {
      faults.report(node.place, "\(name) is empty; a value is expected")
      return nil
    }
    return node.factValue(faults: faults)
  }

  private mutating func valueSet(
    _ node: YAMLNode, _ name: String, _ scope: ExpectationScope
  ) -> ValueSet? {
    if case .sequence(let items) = node.content {
      if items.isEmpty { faults.report(node.place, "\(name) is an empty list; name the values") }
      let values = items.compactMap { item -> FactValue? in
        if case .scalar = item.content { return value(item, "value in \(name)") }
        faults.report(item.place, "a value in \(name) must be a text, an integer, true or false")
        return nil
      }
      return values.isEmpty || values.count < items.count ? nil : .values(values)
    }
    guard let text = node.text(of: name, faults: faults) else { return nil }
    mentions.append(Mention(kind: .set, name: text, place: node.place))
    return .named(text)
  }
}

/// The probe whose facts an expectation is about.
struct ExpectationScope {
  var probe: String
  var isPlanned: Bool
}

private enum EntryStatus: String, CaseIterable { case planned }

private enum ConditionKey: String, CaseIterable {
  case `is`
  case isNot = "is-not"
  case within
  case noneOf = "none-of"
  case includes
  case atLeast = "at-least"
  case atMost = "at-most"
  case empty, present
}
