import AssessmentModel
import Testing

@testable import Scoring

/// The rules of the example file in the form the engine takes.
enum ExampleRules {
  static let edition2023 = make(isFixedShares: true)
  /// The same layers and units: no Ra, Rk, compensation, and one mean over all layers.
  static let edition2021 = make(isFixedShares: false)

  static let units: [ScoringUnit] = ExampleFile.shared.rules.units.map { unit in
    ScoringUnit(
      code: unit.code, layer: unit.layer, title: Bilingual(zh: unit.name, en: unit.code),
      weights: byLevel(unit.weights.compactMapValues(\.self)).mapValues(decimal),
      obligations: byLevel(unit.modal.compactMapValues(\.self)).compactMapValues {
        ["应": .shall, "宜": .should, "可": .may][$0]
      }, gbt39786: byLevel(unit.gbt39786), gbt43206: unit.gbt43206)
  }

  private static func byLevel<Value>(_ table: [String: Value]) -> [Int: Value] {
    Dictionary(uniqueKeysWithValues: table.map { (Int($0.key) ?? 0, $0.value) })
  }

  private static func make(isFixedShares: Bool) -> ScoringRules {
    let file = ExampleFile.shared.rules
    func share(_ code: String) -> FixedPoint {
      FixedPoint(file.groups.first { $0.code == code }?.share ?? 0)
    }
    func score(_ verdict: String) -> FixedPoint {
      decimal(file.managementScores[verdict] ?? "")
    }
    let keyFactors = file.keyFactors.compactMap { level, rule -> (Int, [ScoringRules.KeyFactor])? in
      guard let level = Int(level), let grade = rule.whenModuleLevelAtLeast,
        let value = rule.value
      else { return nil }
      return (
        level,
        [
          ScoringRules.KeyFactor(
            minimumModuleGrade: grade,
            needsOtherKeyRequirements: rule.andOtherKeyRequirementsMet ?? false,
            value: decimal(value))
        ]
      )
    }
    return ScoringRules(
      edition: isFixedShares ? "2023" : "2021",
      layers: file.layers.map { layer in
        ScoringRules.Layer(
          code: layer.code, title: Bilingual(zh: layer.name, en: layer.code),
          group: layer.group == "tech" ? .technical : .management,
          weight: FixedPoint(layer.weight))
      },
      shares: isFixedShares
        ? ScoringRules.Shares(technical: share("tech"), management: share("mgmt")) : nil,
      strengthFactors: isFixedShares
        ? file.strengthFactors.map {
          ScoringRules.StrengthFactor(minimumBits: $0.minBits, value: decimal($0.value))
        } : nil,
      keyFactors: isFixedShares ? Dictionary(uniqueKeysWithValues: keyFactors) : [:],
      managementScores: ScoringRules.ManagementScores(
        conforming: score("符合"), partial: score("部分符合"), nonConforming: score("不符合")),
      compensation: isFixedShares
        ? ScoringRules.CompensationRule(
          factor: decimal("0.5"),
          pairs: file.compensationPairs.map { ScoringRules.Pair(first: $0[0], second: $0[1]) })
        : nil,
      threshold: decimal(file.threshold), thresholdSource: Bilingual(zh: "惯例", en: "practice"))
  }
}

/// A number the tests write themselves; a slip in one fails the comparison it is for.
func decimal(_ text: String) -> FixedPoint {
  guard let number = FixedPoint(text) else {
    Issue.record("not a decimal: \(text)")
    return FixedPoint(tenThousandths: -1)
  }
  return number
}

let verdictWords: [String: Verdict] = [
  "符合": .conforming, "部分符合": .partial, "不符合": .nonConforming, "不适用": .notApplicable,
]

extension ExampleFile.Example {
  var sheet: ScoreSheet {
    ScoreSheet(
      edition: edition, level: level, units: input.units.mapValues(unitInput),
      compensations: input.compensations.map {
        Compensation(
          source: ObjectReference(unit: $0.fromUnit, object: $0.fromObject),
          target: ObjectReference(unit: $0.toUnit, object: $0.toObject))
      },
      highRisk: input.highRisk.map { hit in
        HighRiskHit(
          code: hit.code, unit: hit.unit,
          objects: hit.object.split(separator: ",").map(String.init), problem: hit.problem,
          state: hit.state == "open" ? .open : hit.state == "mitigated" ? .mitigated : .rejected)
      })
  }

  private func unitInput(_ unit: Input.Unit) -> UnitInput {
    if unit.status == "not-applicable" { return .notApplicable(reason: unit.reason ?? "") }
    if unit.status == "untested" {
      return .untested(reason: unit.reason ?? "", missing: .untested)
    }
    if let verdict = unit.verdict.flatMap({ verdictWords[$0] }).flatMap(ManagementVerdict.init) {
      return .verdict(verdict)
    }
    return .objects((unit.objects ?? []).map(object))
  }

  private func object(_ object: Input.Object) -> ScoredObject {
    func letter(_ value: Bool?) -> Letter {
      value.map { $0 ? .met : .notMet } ?? (object.d ? .undetermined : .notEvaluated)
    }
    return ScoredObject(
      id: object.id, d: object.d ? .met : .notMet, a: letter(object.a), k: letter(object.k),
      strengthBits: object.strengthBits, moduleGrade: object.moduleGrade ?? 0,
      otherKeyRequirementsMet: object.otherKeyRequirementsMet ?? false)
  }
}
