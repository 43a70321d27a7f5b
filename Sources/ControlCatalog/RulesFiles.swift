import AssessmentModel
import YAMLDocument

/// Reads `Rules/algorithms.yaml`.
struct AlgorithmFile {
  static let keys = ["tables"]

  var faults: Faults
  var claims: Set<Claim> = []

  init(faults: Faults) { self.faults = faults }

  mutating func read(_ node: YAMLNode) -> AlgorithmList? {
    guard
      let reader = MappingReader(node, of: "algorithm list", keys: Self.keys, faults: faults),
      let tables = reader.required("tables")?.entries(of: "\"tables\"", faults: faults)
    else { return nil }
    var list = AlgorithmList(tables: [:])
    for table in tables {
      claims.insert(Claim(kind: .table, name: table.key))
      var entries: [String: AlgorithmList.Entry] = [:]
      for item in table.value.items(of: "table \(table.key)", faults: faults) ?? [] {
        guard let (entry, place) = entry(item, table: table.key) else { continue }
        if entries.updateValue(entry, forKey: entry.id) != nil {
          faults.report(place, "\"\(entry.id)\" stands twice in table \(table.key)")
        }
      }
      list.tables[table.key] = entries
    }
    return list
  }

  private func entry(
    _ node: YAMLNode, table: String
  ) -> (AlgorithmList.Entry, SourcePlace)? {
    guard
      let reader = MappingReader(
        node, of: "entry of table \(table)", keys: ["id", "name", "rating", "strength"],
        faults: faults)
    else { return nil }
    let id = reader.requiredText("id")
    let name = reader.requiredText("name")
    let rating = reader.requiredChoice("rating", as: AlgorithmList.Rating.self)
    let strength = reader.integer("strength")
    if let strength, !(0...1024).contains(strength), let place = reader.node("strength")?.place {
      faults.report(place, "strength \(strength); expected bits from 0 to 1024")
    }
    guard let id, let name, let rating else { return nil }
    return (
      AlgorithmList.Entry(id: id, name: name, rating: rating, strengthBits: strength),
      reader.place
    )
  }
}

/// Reads `Rules/scoring-EDITION.yaml`.
struct ScoringRulesFile {
  static let keys = [
    "edition", "source", "total", "groups", "strength-bands", "module-grades", "management",
    "compensation", "threshold",
  ]

  var faults: Faults
  var mentions: [Mention] = []

  init(faults: Faults) { self.faults = faults }

  mutating func read(_ node: YAMLNode) -> ScoringRulesRow? {
    guard
      let reader = MappingReader(node, of: "scoring rules", keys: Self.keys, faults: faults)
    else { return nil }
    let edition = reader.requiredText("edition")
    _ = reader.requiredBilingual("source")
    let total = reader.requiredChoice("total", as: TotalForm.self)
    let shares = reader.requiredItems("groups").flatMap {
      self.shares($0, reader.node("groups")?.place ?? reader.place)
    }
    let factors = reader.items("strength-bands").map { $0.compactMap(strengthFactor) }
    let keyFactors = keyFactors(reader.node("module-grades"))
    let management = management(reader.required("management"))
    let compensation = compensation(reader.node("compensation"))
    let threshold = threshold(reader.required("threshold"))
    guard let edition, let total, let management, let threshold else { return nil }
    return ScoringRulesRow(
      edition: edition, isMean: total == .mean, shares: total == .mean ? nil : shares,
      strengthFactors: factors, keyFactors: keyFactors, management: management,
      compensation: compensation, threshold: threshold.0, thresholdSource: threshold.1)
  }

  private enum TotalForm: String, CaseIterable { case groups, mean }

  private func shares(_ items: [YAMLNode], _ place: SourcePlace) -> ScoringRules.Shares? {
    var shares: [ScoringRules.Group: FixedPoint] = [:]
    var isFaulty = false
    for item in items {
      guard
        let reader = MappingReader(
          item, of: "group", keys: ["code", "share", "zh", "en"], faults: faults)
      else {
        isFaulty = true
        continue
      }
      let codeNode = reader.node("code")
      let code = reader.requiredChoice("code", as: ScoringRules.Group.self)
      let share = decimal(reader.required("share"), "\"share\" of a group", faults: faults)
      guard let code, let share else {
        isFaulty = true
        continue
      }
      if shares.updateValue(share, forKey: code) != nil {
        faults.report(codeNode?.place ?? reader.place, "group \(code.rawValue) stands twice")
        isFaulty = true
      }
    }
    guard let technical = shares[.technical], let management = shares[.management] else {
      if !isFaulty {
        faults.report(place, "scoring rules need the groups tech and mgmt with their shares")
      }
      return nil
    }
    return ScoringRules.Shares(technical: technical, management: management)
  }

  private func strengthFactor(_ node: YAMLNode) -> ScoringRules.StrengthFactor? {
    guard
      let reader = MappingReader(
        node, of: "strength band", keys: ["min-bits", "ra"], faults: faults)
    else { return nil }
    let bits = reader.requiredInteger("min-bits")
    if let bits, !(0...1024).contains(bits), let place = reader.node("min-bits")?.place {
      faults.report(place, "min-bits \(bits); expected bits from 0 to 1024")
    }
    let ra = decimal(reader.required("ra"), "\"ra\"", faults: faults)
    guard let ra, let bits else { return nil }
    return ScoringRules.StrengthFactor(minimumBits: bits, value: ra)
  }

  private func keyFactors(_ node: YAMLNode?) -> [Int: [ScoringRules.KeyFactor]] {
    guard let node,
      let reader = MappingReader(node, of: "module grades", keys: ["3", "4"], faults: faults)
    else { return [:] }
    var factors: [Int: [ScoringRules.KeyFactor]] = [:]
    for level in [3, 4] {
      guard let value = reader.node(String(level)),
        let inner = MappingReader(
          value, of: "module grade of level \(level)", keys: ["grade", "rk"], faults: faults)
      else { continue }
      let grade = inner.requiredInteger("grade")
      if let grade, !(0...4).contains(grade), let place = inner.node("grade")?.place {
        faults.report(place, "module grade \(grade); expected 0 to 4")
      }
      let rk = decimal(inner.required("rk"), "\"rk\"", faults: faults)
      guard let grade, let rk else { continue }
      factors[level] = [
        ScoringRules.KeyFactor(
          minimumModuleGrade: grade, needsOtherKeyRequirements: true, value: rk)
      ]
    }
    return factors
  }

  private func management(_ node: YAMLNode?) -> ScoringRules.ManagementScores? {
    guard let node,
      let reader = MappingReader(
        node, of: "management scores", keys: ["conforming", "partial", "non-conforming"],
        faults: faults)
    else { return nil }
    let values = ["conforming", "partial", "non-conforming"].map {
      decimal(reader.required($0), "\"\($0)\"", faults: faults)
    }
    guard let conforming = values[0], let partial = values[1], let nonConforming = values[2] else {
      return nil
    }
    return ScoringRules.ManagementScores(
      conforming: conforming, partial: partial, nonConforming: nonConforming)
  }

  private mutating func compensation(_ node: YAMLNode?) -> ScoringRules.CompensationRule? {
    guard let node,
      let reader = MappingReader(
        node, of: "compensation", keys: ["factor", "pairs"], faults: faults)
    else { return nil }
    let factor = decimal(reader.required("factor"), "\"factor\"", faults: faults)
    var pairs: [ScoringRules.Pair] = []
    for item in reader.requiredItems("pairs") ?? [] {
      guard let units = item.texts(of: "compensation pair", faults: faults),
        case .sequence(let nodes) = item.content
      else { continue }
      for (unit, node) in zip(units, nodes) {
        mentions.append(Mention(kind: .unit, name: unit, place: node.place))
      }
      guard units.count == 2 else {
        faults.report(item.place, "a compensation pair has \(units.count) units; expected 2")
        continue
      }
      pairs.append(ScoringRules.Pair(first: units[0], second: units[1]))
    }
    return factor.map { ScoringRules.CompensationRule(factor: $0, pairs: pairs) }
  }

  private func threshold(_ node: YAMLNode?) -> (FixedPoint, Bilingual)? {
    guard let node,
      let reader = MappingReader(
        node, of: "threshold", keys: ["value", "zh", "en"], faults: faults)
    else { return nil }
    let value = decimal(reader.required("value"), "\"value\" of the threshold", faults: faults)
    let zh = reader.requiredText("zh")
    let en = reader.requiredText("en")
    guard let value, let zh, let en else { return nil }
    return (value, Bilingual(zh: zh, en: en))
  }
}
