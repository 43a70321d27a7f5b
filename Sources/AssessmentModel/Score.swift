/// The score of one system (量化评估结果) with every intermediate value.
package struct Score: Sendable, Hashable {
  package var edition: String
  package var level: Int
  /// Every applicable object, in the order of units and sheet.
  package var objects: [ObjectResult]
  /// Every unit of the level, in the order of the rules.
  package var units: [UnitResult]
  /// Every layer; of the tested part while anything is untested.
  package var layers: [LayerResult]
  /// The two sides; of the tested part while anything is untested; nil for 2021.
  package var groups: Groups?
  package var total: Total
  package var outcome: Outcome
  package var threshold: FixedPoint
  package var thresholdSource: Bilingual
  /// Number of high-risk hits that stand against a conclusion.
  package var openHighRisk: Int
  /// Hits that scoring itself proposes: 5.1 of low confidence where a strength is unknown.
  package var proposedHighRisk: [HighRiskHit]
  /// Remarks a reader of the numbers needs.
  package var notes: [Bilingual]
  /// Weight of every unit and layer by code, so that a reader can recompute the means.
  package var unitWeights: [String: FixedPoint] = [:]
  package var layerWeights: [String: FixedPoint] = [:]

  package init(
    edition: String, level: Int, objects: [ObjectResult], units: [UnitResult],
    layers: [LayerResult], groups: Groups?, total: Total, outcome: Outcome,
    threshold: FixedPoint, thresholdSource: Bilingual, openHighRisk: Int,
    proposedHighRisk: [HighRiskHit], notes: [Bilingual]
  ) {
    self.edition = edition
    self.level = level
    self.objects = objects
    self.units = units
    self.layers = layers
    self.groups = groups
    self.total = total
    self.outcome = outcome
    self.threshold = threshold
    self.thresholdSource = thresholdSource
    self.openHighRisk = openHighRisk
    self.proposedHighRisk = proposedHighRisk
    self.notes = notes
  }

  /// The lowest and the highest value something can take once everything is answered.
  package struct Bounds: Sendable, Hashable {
    package var lower: FixedPoint
    package var upper: FixedPoint

    package init(lower: FixedPoint, upper: FixedPoint) {
      self.lower = lower
      self.upper = upper
    }

    package init(_ value: FixedPoint) { self.init(lower: value, upper: value) }

    package var isExact: Bool { lower == upper }
  }

  package struct ObjectResult: Sendable, Hashable {
    package var reference: ObjectReference
    /// False while a letter is undetermined.
    package var isDetermined: Bool
    /// Before any compensation.
    package var score: Bounds
    /// Ra, when A is not met in an edition that has it.
    package var strengthFactor: FixedPoint?
    /// Rk, when K is not met in an edition that has it.
    package var keyFactor: FixedPoint?
    /// After compensation; nil when nothing makes up for it.
    package var compensated: Bounds?

    package init(
      reference: ObjectReference, isDetermined: Bool, score: Bounds,
      strengthFactor: FixedPoint? = nil, keyFactor: FixedPoint? = nil, compensated: Bounds? = nil
    ) {
      self.reference = reference
      self.isDetermined = isDetermined
      self.score = score
      self.strengthFactor = strengthFactor
      self.keyFactor = keyFactor
      self.compensated = compensated
    }

    /// What the unit counts.
    package var counted: Bounds { compensated ?? score }
  }

  package struct UnitResult: Sendable, Hashable {
    package var code: String
    /// nil when not applicable or not determined.
    package var score: FixedPoint?
    package var verdict: Verdict
    /// nil when not applicable.
    package var bounds: Bounds?
    /// Over what was tested; nil when not applicable or nothing was.
    package var tested: FixedPoint?

    package init(
      code: String, score: FixedPoint?, verdict: Verdict, bounds: Bounds?, tested: FixedPoint?
    ) {
      self.code = code
      self.score = score
      self.verdict = verdict
      self.bounds = bounds
      self.tested = tested
    }

    /// Applicable, but not everything about it is known.
    package var isOpen: Bool { bounds != nil && score == nil }
  }

  package struct LayerResult: Sendable, Hashable {
    package var code: String
    /// nil when no unit of it is applicable, or none was tested.
    package var score: FixedPoint?

    package init(code: String, score: FixedPoint?) {
      self.code = code
      self.score = score
    }
  }

  /// The points of each side, four places; nil when the whole side is left out.
  package struct Groups: Sendable, Hashable {
    package var technical: FixedPoint?
    package var management: FixedPoint?

    package init(technical: FixedPoint?, management: FixedPoint?) {
      self.technical = technical
      self.management = management
    }
  }

  /// 综合得分, of 100, two places.
  package enum Total: Sendable, Hashable {
    /// nil when a whole side (2021: everything) is not applicable.
    case value(FixedPoint?)
    /// While anything is untested or undetermined. Each is nil where `value` would be.
    case range(lower: FixedPoint?, upper: FixedPoint?, testedOnly: FixedPoint?)
  }

  /// 测评结论
  package enum Conclusion: String, Sendable, Hashable, Codable, CaseIterable {
    case conforming = "符合"
    case basicallyConforming = "基本符合"
    case nonConforming = "不符合"
  }

  /// The conclusion, or why there is none.
  package enum Outcome: Sendable, Hashable {
    case conclusion(Conclusion)
    /// `person`: a person has to decide or to answer; `untested`: something was not tested.
    case none(MissingPart)
  }
}

extension Score {
  /// The machine form that `miping score -f json` and result.json carry.
  package var fact: FactValue {
    var fields: [String: FactValue] = [
      "edition": .text(edition), "level": .integer(level),
      "units": .record(Dictionary(units.map { ($0.code, $0.fact) }) { first, _ in first }),
      "objects": record(objects.filter(\.isDetermined)) { .text($0.score.lower.text()) },
      "compensated": record(objects.filter { $0.isDetermined && $0.compensated?.isExact == true }) {
        .text($0.counted.lower.text())
      },
      "layers": .record(
        Dictionary(layers.map { ($0.code, decimal($0.score)) }) { first, _ in first }),
      "threshold": .text(threshold.text(places: 2)),
      "threshold-source": thresholdSource.fact,
      "open-high-risk": .integer(openHighRisk),
      "applicable-units": .integer(units.count { $0.bounds != nil }),
      "untested-units": .integer(units.count(where: \.isOpen)),
      "factors": factors,
      "notes": .list(notes.map(\.fact)),
      "proposed-high-risk": .list(proposedHighRisk.map(\.fact)),
      "weights": [
        "units": .record(unitWeights.mapValues { .text($0.shortText) }),
        "layers": .record(layerWeights.mapValues { .text($0.shortText) }),
      ],
    ]
    if let groups {
      fields["technical"] = decimal(groups.technical)
      fields["management"] = decimal(groups.management)
    }
    switch total {
    case .value(let value): fields["total"] = decimal(value, places: 2)
    case .range(let lower, let upper, let testedOnly):
      fields["range"] = [
        "lower": decimal(lower, places: 2), "upper": decimal(upper, places: 2),
        "tested-only": decimal(testedOnly, places: 2),
      ]
      fields["object-ranges"] = record(objects.filter { !$0.isDetermined || !$0.counted.isExact }) {
        $0.counted.fact
      }
      fields["unit-ranges"] = .record(
        Dictionary(
          units.filter(\.isOpen).map { ($0.code, $0.bounds?.fact ?? .null) }
        ) { first, _ in first })
    }
    switch outcome {
    case .conclusion(let conclusion): fields["conclusion"] = .text(conclusion.rawValue)
    case .none(let missing): fields["why-none"] = .text(missing.rawValue)
    }
    return .record(fields)
  }

  /// Ra and Rk of every object that has one.
  private var factors: FactValue {
    record(objects.filter { $0.strengthFactor != nil || $0.keyFactor != nil }) { object in
      var fields: [String: FactValue] = [:]
      if let factor = object.strengthFactor { fields["ra"] = .text(factor.text()) }
      if let factor = object.keyFactor { fields["rk"] = .text(factor.text()) }
      return .record(fields)
    }
  }

  private func record(
    _ results: [ObjectResult], _ value: (ObjectResult) -> FactValue
  ) -> FactValue {
    .record(
      Dictionary(results.map { ($0.reference.description, value($0)) }) { first, _ in first })
  }
}

private func decimal(_ number: FixedPoint?, places: Int = 4) -> FactValue {
  number.map { .text($0.text(places: places)) } ?? .null
}

extension Score.Bounds {
  fileprivate var fact: FactValue { ["lower": .text(lower.text()), "upper": .text(upper.text())] }
}

extension Score.UnitResult {
  fileprivate var fact: FactValue {
    ["score": decimal(score), "verdict": .text(verdict.rawValue)]
  }
}

extension Bilingual {
  fileprivate var fact: FactValue { ["zh": .text(zh), "en": .text(en)] }
}

extension HighRiskHit {
  /// The machine form: `state` is proposed (with `confidence`), open, mitigated or rejected.
  package var fact: FactValue {
    var fields: [String: FactValue] = [
      "code": .text(code), "unit": unit.map { .text($0) } ?? .null,
      "objects": .list(objects.map { .text($0) }),
      "problem": problem.map { .integer($0) } ?? .null,
    ]
    switch state {
    case .proposed(let confidence):
      fields["state"] = "proposed"
      fields["confidence"] = .text(confidence.rawValue)
    case .open: fields["state"] = "open"
    case .mitigated: fields["state"] = "mitigated"
    case .rejected: fields["state"] = "rejected"
    }
    if let why { fields["why"] = .text(why) }
    if let by { fields["by"] = .text(by) }
    return .record(fields)
  }
}
