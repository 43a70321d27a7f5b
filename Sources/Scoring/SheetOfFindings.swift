package import AssessmentModel

/// What a score sheet is made of after judging.
package struct SheetInput: Sendable {
  package var edition: String
  package var level: Int
  package var units: [ScoringUnit]
  /// Unit code of a unit requirement's id.
  package var unitOfRequirement: [String: String]
  package var findings: [Finding]
  package var objects: [AssessmentObject]
  package var compensations: [Attestations.ConfirmedCompensation]
  package var highRisk: [AssessmentResult.HighRiskHit]

  package init(
    edition: String, level: Int, units: [ScoringUnit], unitOfRequirement: [String: String],
    findings: [Finding], objects: [AssessmentObject],
    compensations: [Attestations.ConfirmedCompensation],
    highRisk: [AssessmentResult.HighRiskHit]
  ) {
    self.edition = edition
    self.level = level
    self.units = units
    self.unitOfRequirement = unitOfRequirement
    self.findings = findings
    self.objects = objects
    self.compensations = compensations
    self.highRisk = highRisk
  }
}

/// The score sheet (量化评估表) that findings on scoring units amount to.
package func sheet(of input: SheetInput) -> ScoreSheet {
  var byUnit: [String: [Finding]] = [:]
  for finding in input.findings {
    guard let unit = input.unitOfRequirement[finding.requirement] else { continue }
    byUnit[unit, default: []].append(finding)
  }
  let products = Dictionary(input.objects.map { ($0.id, $0.product?.moduleGrade ?? 0) }) {
    first, _ in first
  }
  var units: [String: UnitInput] = [:]
  for unit in input.units where unit.weights[input.level] != nil {
    units[unit.code] = unitInput(byUnit[unit.code] ?? [], products)
  }
  return ScoreSheet(
    edition: input.edition, level: input.level, units: units,
    compensations: input.compensations.map {
      Compensation(
        source: ObjectReference(unit: $0.fromUnit, object: $0.fromObject),
        target: ObjectReference(unit: $0.toUnit, object: $0.toObject), reason: $0.reason,
        confirmedBy: $0.confirmedBy)
    },
    highRisk: input.highRisk.map { hit in
      let state: HighRiskHit.State =
        switch hit.state {
        case .proposed: .proposed(hit.confidence ?? .high)
        case .open: .open
        case .mitigated: .mitigated
        case .rejected: .rejected
        }
      return HighRiskHit(
        code: hit.code, unit: hit.unit, objects: hit.object.map { [$0] } ?? [],
        problem: hit.problem, state: state, why: hit.why.en, by: hit.decidedBy)
    })
}

private func unitInput(_ findings: [Finding], _ grades: [String: Int]) -> UnitInput {
  let whole = findings.filter { $0.object == nil }
  if let finding = whole.first {
    switch finding.verdict {
    case .notApplicable:
      return .notApplicable(reason: finding.reasons.first?.en ?? "not applicable")
    case .awaiting:
      return .untested(reason: finding.reasons.first?.en ?? "awaiting a person", missing: .person)
    case .untested:
      return .untested(reason: finding.reasons.first?.en ?? "untested", missing: .untested)
    case .conforming: return .verdict(.conforming)
    case .partial: return .verdict(.partial)
    case .nonConforming: return .verdict(.nonConforming)
    }
  }
  guard !findings.isEmpty else { return .untested(reason: "not assessed", missing: .untested) }
  if findings.allSatisfy({ $0.verdict == .notApplicable }) {
    return .notApplicable(reason: findings[0].reasons.first?.en ?? "not applicable")
  }
  return .objects(
    findings.map { finding in
      ScoredObject(
        id: finding.object ?? "", d: finding.d ?? .undetermined, a: finding.a ?? .undetermined,
        k: finding.k ?? .undetermined, strengthBits: finding.strengthBits,
        moduleGrade: grades[finding.object ?? ""] ?? 0,
        otherKeyRequirementsMet: finding.otherKeyRequirementsMet,
        isNotApplicable: finding.verdict == .notApplicable,
        missing: finding.verdict == .untested ? .untested : .person)
    })
}

/// The rows of GM/T 0077 as the index (result B) sees them.
package func indexEntries(
  of requirements: [Requirement], findings: [Finding], rules: ScoringRules, level: Int,
  objects: [AssessmentObject]
) -> [IndexEntry] {
  let byRequirement = Dictionary(grouping: findings, by: \.requirement)
  let grades = Dictionary(objects.map { ($0.id, $0.product?.moduleGrade ?? 0) }) { first, _ in
    first
  }
  return requirements.map { requirement in
    let findings = byRequirement[requirement.id] ?? []
    let applicable = findings.filter { $0.verdict != .notApplicable }
    let isApplicable = findings.isEmpty || !applicable.isEmpty
    return IndexEntry(
      obligation: requirement.obligation,
      score: mean(applicable.map { rowScore($0, rules, level, grades[$0.object ?? ""] ?? 0) }),
      isKnown: requirement.textState == .read, isApplicable: isApplicable)
  }
}

/// nil while any finding is open, or there is none.
private func mean(_ scores: [FixedPoint?]) -> FixedPoint? {
  let known = scores.compactMap { $0 }
  guard !known.isEmpty, known.count == scores.count else { return nil }
  let sum = known.reduce(Int128(0)) { $0 + Int128($1.tenThousandths) }
  return FixedPoint.rounding(sum, over: Int128(known.count) * 10_000)
}

private func rowScore(
  _ finding: Finding, _ rules: ScoringRules, _ level: Int, _ grade: Int
) -> FixedPoint? {
  guard finding.d != nil else {
    return ManagementVerdict(finding.verdict).map { verdict in
      switch verdict {
      case .conforming: rules.managementScores.conforming
      case .partial: rules.managementScores.partial
      case .nonConforming: rules.managementScores.nonConforming
      }
    }
  }
  let object = ScoredObject(
    id: finding.object ?? "", d: finding.d ?? .undetermined, a: finding.a ?? .undetermined,
    k: finding.k ?? .undetermined, strengthBits: finding.strengthBits, moduleGrade: grade,
    otherKeyRequirementsMet: finding.otherKeyRequirementsMet)
  guard object.isDetermined else { return nil }
  return objectScore(of: object, level: level, rules: rules).lower
}
