/// What people answered (人工核查结果): answers, high-risk decisions, confirmed compensations.
package struct Attestations: Sendable, Hashable {
  package var answers: [Answer]
  package var decisions: [HighRiskDecision]
  package var compensations: [ConfirmedCompensation]

  package init(
    answers: [Answer] = [], decisions: [HighRiskDecision] = [],
    compensations: [ConfirmedCompensation] = []
  ) {
    self.answers = answers
    self.decisions = decisions
    self.compensations = compensations
  }

  /// One person's answer. It is evidence of its own: the store keeps the answer and the files it names.
  package struct Answer: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
      case question(id: String, object: String?)
      case unit(code: String)
    }
    package enum Value: Sendable, Hashable {
      case letter(met: Bool)
      /// conforming, partial or non-conforming
      case verdict(Verdict)
    }
    package var target: Target
    package var value: Value
    package var method: Question.Method
    package var observed: String
    /// Paths, resolved against the attestation file's folder.
    package var files: [String]
    /// Last day of validity, `YYYY-MM-DD`.
    package var validUntil: String?
    /// Security strength of what is used, in bits, when the answer to an A question is not met.
    package var strengthBits: Int?
    /// The other key-management requirements are met, when the answer to a K question is not met.
    package var otherKeyRequirementsMet: Bool
    package var assessor: String
    package var date: String
    package var place: SourcePlace
    /// Filled when the store has kept the answer; judging ignores an answer without it.
    package var evidence: [EvidenceReference]

    package init(
      target: Target, value: Value, method: Question.Method, observed: String,
      files: [String] = [], validUntil: String? = nil, strengthBits: Int? = nil,
      otherKeyRequirementsMet: Bool = false, assessor: String, date: String, place: SourcePlace,
      evidence: [EvidenceReference] = []
    ) {
      self.target = target
      self.value = value
      self.method = method
      self.observed = observed
      self.files = files
      self.validUntil = validUntil
      self.strengthBits = strengthBits
      self.otherKeyRequirementsMet = otherKeyRequirementsMet
      self.assessor = assessor
      self.date = date
      self.place = place
      self.evidence = evidence
    }
  }

  /// A named person's decision on a high-risk hit: open, mitigated or rejected.
  package struct HighRiskDecision: Sendable, Hashable {
    package enum Decision: String, Sendable, Hashable, Codable, CaseIterable {
      case open, mitigated, rejected
    }
    package var code: String
    package var unit: String
    package var object: String?
    package var decision: Decision
    package var why: String
    package var files: [String]
    package var assessor: String
    package var place: SourcePlace

    package init(
      code: String, unit: String, object: String?, decision: Decision, why: String,
      files: [String] = [], assessor: String, place: SourcePlace
    ) {
      self.code = code
      self.unit = unit
      self.object = object
      self.decision = decision
      self.why = why
      self.files = files
      self.assessor = assessor
      self.place = place
    }
  }

  /// A compensation (弥补) a person confirmed; the tool only proposes them.
  package struct ConfirmedCompensation: Sendable, Hashable, Codable {
    package var fromUnit: String
    package var fromObject: String
    package var toUnit: String
    package var toObject: String
    package var reason: String
    package var confirmedBy: String

    package init(
      fromUnit: String, fromObject: String, toUnit: String, toObject: String, reason: String,
      confirmedBy: String
    ) {
      self.fromUnit = fromUnit
      self.fromObject = fromObject
      self.toUnit = toUnit
      self.toObject = toObject
      self.reason = reason
      self.confirmedBy = confirmedBy
    }
  }
}

/// An approved exception (豁免): changes the gate, never a verdict, score or conclusion.
package struct Waiver: Sendable, Hashable {
  package var id: String
  /// All given selectors must match.
  package var requirement: String?
  package var unit: String?
  package var code: String?
  package var object: String?
  package var fingerprint: String?
  package var reason: String
  package var approvedBy: String
  /// First and last day in force, `YYYY-MM-DD`, counted in full.
  package var effective: String
  package var expires: String
  package var place: SourcePlace

  package init(
    id: String, requirement: String? = nil, unit: String? = nil, code: String? = nil,
    object: String? = nil, fingerprint: String? = nil, reason: String, approvedBy: String,
    effective: String, expires: String, place: SourcePlace
  ) {
    self.id = id
    self.requirement = requirement
    self.unit = unit
    self.code = code
    self.object = object
    self.fingerprint = fingerprint
    self.reason = reason
    self.approvedBy = approvedBy
    self.effective = effective
    self.expires = expires
    self.place = place
  }
}
