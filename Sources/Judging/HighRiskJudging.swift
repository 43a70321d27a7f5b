package import AssessmentModel

/// What proposing and deciding high-risk hits reads.
package struct HighRiskInput: Sendable {
  package var rules: HighRiskRules
  package var units: [ScoringUnit]
  package var level: Int
  package var judging: JudgingInput
  /// Findings on scoring units.
  package var findings: [Finding]
  /// The unit's requirement by unit code.
  package var unitRequirements: [String: Requirement]
  package var decisions: [Attestations.HighRiskDecision]

  package init(
    rules: HighRiskRules, units: [ScoringUnit], level: Int, judging: JudgingInput,
    findings: [Finding], unitRequirements: [String: Requirement],
    decisions: [Attestations.HighRiskDecision]
  ) {
    self.rules = rules
    self.units = units
    self.level = level
    self.judging = judging
    self.findings = findings
    self.unitRequirements = unitRequirements
    self.decisions = decisions
  }
}

/// Proposes high-risk hits from facts and letters, then applies the decisions people made (高风险判定). The
/// tool proposes; a named person confirms, rejects or marks mitigated.
package func judgeHighRisk(_ input: HighRiskInput) -> [AssessmentResult.HighRiskHit] {
  HighRiskJudging(input).hits()
}

private struct HighRiskJudging {
  let input: HighRiskInput
  let index: JudgingIndex
  let facts: FactJudging
  let findings: [String: [Finding]]

  struct Proposal {
    var problem: Int
    var confidence: HighRiskRules.Confidence
    var why: Bilingual
    var evidence: [String]
  }
  struct Key: Hashable {
    var code: String
    var unit: String
    var object: String?
  }

  init(_ input: HighRiskInput) {
    self.input = input
    index = JudgingIndex(input.judging)
    facts = FactJudging(algorithms: input.judging.algorithms)
    var findings: [String: [Finding]] = [:]
    for (code, requirement) in input.unitRequirements {
      findings[code] = []
      for finding in input.findings where finding.requirement == requirement.id {
        findings[code, default: []].append(finding)
      }
    }
    self.findings = findings
  }

  func hits() -> [AssessmentResult.HighRiskHit] {
    var proposals: [Key: Proposal] = [:]
    for signal in input.rules.signals {
      guard let item = input.rules.item(signal.code), item.levels.contains(input.level) else {
        continue
      }
      for unit in unitCodes(signal.units) {
        for (object, evidence) in raised(signal, unit: unit) {
          add(
            Proposal(
              problem: signal.problem, confidence: confidence(signal, unit: unit),
              why: signal.text, evidence: evidence),
            Key(code: signal.code, unit: unit, object: object), to: &proposals)
        }
      }
    }
    proposeUnknownStrength(&proposals)
    return decided(proposals)
  }

  private func unitCodes(_ named: [String]) -> [String] {
    named.isEmpty ? input.units.map(\.code) : named
  }

  /// A chapter 5 problem on a unit without an item of its own is for a person.
  private func confidence(
    _ signal: HighRiskRules.Signal, unit: String
  ) -> HighRiskRules.Confidence {
    guard signal.code.hasPrefix("5."), input.rules.ownItem(of: unit) == nil,
      signal.confidence == .high
    else { return signal.confidence }
    return .medium
  }

  private func raised(
    _ signal: HighRiskRules.Signal, unit: String
  ) -> [(object: String?, evidence: [String])] {
    switch signal.trigger {
    case .letterNotMet(let letter):
      return (findings[unit] ?? []).filter { $0[letter] == .notMet || failed($0, letter) }
        .map { ($0.object, $0.evidence.map(\.id)) }
    case .facts(let kind, let probe, let expectations):
      guard let requirement = input.unitRequirements[unit],
        let judgedKind = requirement.objectKind
      else { return [] }
      var raised: [(String?, [String])] = []
      for object in index.objects(of: judgedKind)
      where index.exclusion(requirement, object: object.id) == nil {
        let results = index.lookedAt(kind, for: object).flatMap { looked in
          // In an order of their own, whatever the order in which inspections ended.
          index.results(looked, probe: probe)
            .sorted { parameters($0) < parameters($1) }
        }
        for result in results where facts.holds(expectations, result) == .met {
          raised.append((object.id, result.evidence.map(\.id)))
        }
      }
      return raised
    }
  }

  private func parameters(_ result: InspectionResult) -> String {
    JSONText.compact(.record(result.procedure.parameters))
  }

  /// A management unit has no letters: 不符合 is its D not met.
  private func failed(_ finding: Finding, _ letter: JudgedLetter) -> Bool {
    letter == .D && finding.d == nil && finding.verdict == .nonConforming
  }

  /// An algorithm that is not approved and of unknown strength: 5.1 for confirmation.
  private func proposeUnknownStrength(_ proposals: inout [Key: Proposal]) {
    for (unit, findings) in findings {
      for finding in findings where finding.a == .notMet && finding.strengthBits == nil {
        add(
          Proposal(
            problem: 1, confidence: .low,
            why: Bilingual(
              zh: "所用算法未获认可且强度未能确定，须人工确认",
              en:
                "what is used is not approved and its strength is not established; to be confirmed"),
            evidence: finding.evidence.map(\.id)),
          Key(code: "5.1", unit: unit, object: finding.object), to: &proposals)
      }
    }
  }

  private func add(_ proposal: Proposal, _ key: Key, to proposals: inout [Key: Proposal]) {
    guard let present = proposals[key] else {
      proposals[key] = proposal
      return
    }
    let order: [HighRiskRules.Confidence: Int] = [.high: 0, .medium: 1, .low: 2]
    if order[proposal.confidence, default: 3] < order[present.confidence, default: 3] {
      proposals[key] = proposal
    }
  }

  private func decided(_ proposals: [Key: Proposal]) -> [AssessmentResult.HighRiskHit] {
    var keys = Set(proposals.keys)
    // A decision about something nobody proposed is a hit of its own.
    let precise = input.decisions.filter { $0.object != nil }
    for decision in precise + input.decisions.filter({ $0.object == nil }) {
      let isTaken = keys.contains { concerns(decision, $0) }
      if !isTaken {
        keys.insert(Key(code: decision.code, unit: decision.unit, object: decision.object))
      }
    }
    let sorted = keys.sorted {
      ($0.code, $0.unit, $0.object ?? "") < ($1.code, $1.unit, $1.object ?? "")
    }
    return sorted.map { key in
      let concerning = input.decisions.filter { concerns($0, key) }
      // The decision about this very object goes before the one about the whole unit.
      let decision = concerning.first { $0.object != nil } ?? concerning.first
      return hit(key, proposals[key] ?? unproposed(key, decision), decision)
    }
  }

  private func concerns(_ decision: Attestations.HighRiskDecision, _ key: Key) -> Bool {
    decision.code == key.code && decision.unit == key.unit
      && (decision.object == nil || decision.object == key.object)
  }

  private func unproposed(
    _ key: Key, _ decision: Attestations.HighRiskDecision?
  ) -> Proposal {
    let why = decision?.why ?? ""
    return Proposal(
      problem: input.rules.item(key.code)?.problems.keys.min() ?? 1, confidence: .high,
      why: Bilingual(zh: why, en: why), evidence: [])
  }

  private func hit(
    _ key: Key, _ proposal: Proposal, _ decision: Attestations.HighRiskDecision?
  ) -> AssessmentResult.HighRiskHit {
    let state: AssessmentResult.HighRiskHit.State =
      switch decision?.decision {
      case .open: .open
      case .mitigated: .mitigated
      case .rejected: .rejected
      case nil: .proposed
      }
    let counts = state == .open || (state == .proposed && proposal.confidence == .high)
    let name = ["high-risk-2021", key.code, key.unit, key.object ?? ""].joined(separator: "|")
    return AssessmentResult.HighRiskHit(
      fingerprint: index.digest(name), code: key.code,
      title: input.rules.item(key.code)?.title ?? Bilingual(zh: key.code, en: key.code),
      unit: key.unit, object: key.object, problem: proposal.problem, state: state,
      confidence: decision == nil ? proposal.confidence : nil, counts: counts,
      why: decision.map { Bilingual(zh: $0.why, en: $0.why) } ?? proposal.why,
      decidedBy: decision?.assessor, evidence: proposal.evidence)
  }
}
