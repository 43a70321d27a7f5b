/// Everything the scoring engine needs to know about one system (量化评估表).
package struct ScoreSheet: Sendable, Hashable {
  /// Edition of the rules: `2023` or `2021`.
  package var edition: String
  /// Protection level of the system, 3 or 4.
  package var level: Int
  /// What was found for every unit of the level, by unit code. A unit left out counts as untested.
  package var units: [String: UnitInput]
  package var compensations: [Compensation]
  package var highRisk: [HighRiskHit]

  package init(
    edition: String, level: Int, units: [String: UnitInput], compensations: [Compensation] = [],
    highRisk: [HighRiskHit] = []
  ) {
    self.edition = edition
    self.level = level
    self.units = units
    self.compensations = compensations
    self.highRisk = highRisk
  }
}

/// What was found for one unit (测评单元).
package enum UnitInput: Sendable, Hashable {
  /// Its objects with their letters. An empty list counts as untested.
  case objects([ScoredObject])
  /// The single verdict on a management unit.
  case verdict(ManagementVerdict)
  case notApplicable(reason: String)
  case untested(reason: String, missing: MissingPart)
}

/// What a judgement still waits for.
package enum MissingPart: String, Sendable, Hashable, Codable, CaseIterable {
  /// A person's answer only (待核查).
  case person
  /// An inspection (未测).
  case untested
}

/// The verdict on a management unit.
package enum ManagementVerdict: String, Sendable, Hashable, Codable, CaseIterable {
  /// 符合
  case conforming
  /// 部分符合
  case partial
  /// 不符合
  case nonConforming = "non-conforming"

  /// nil for the states in which a unit has no score.
  package init?(_ verdict: Verdict) {
    switch verdict {
    case .conforming: self = .conforming
    case .partial: self = .partial
    case .nonConforming: self = .nonConforming
    case .notApplicable, .awaiting, .untested: return nil
    }
  }
}

/// An object (测评对象) of a unit with the three judgements on it.
package struct ScoredObject: Sendable, Hashable {
  /// Unique within its unit.
  package var id: String
  /// D 密码使用有效性: is cryptography used, and does it work.
  package var d: Letter
  /// A 密码算法/技术合规性: are algorithm and technique approved.
  package var a: Letter
  /// K 密钥管理安全: are key and product sound.
  package var k: Letter
  /// Security strength of what is used, in bits; nil: unknown. Matters when A is not met.
  package var strengthBits: Int?
  /// Security grade of the module (GB/T 37092), 0 (no certificate) to 4. Matters when K is not met.
  package var moduleGrade: Int
  /// The other requirements of key management are met. Matters when K is not met.
  package var otherKeyRequirementsMet: Bool
  /// All three letters are `/`: the object is left out.
  package var isNotApplicable: Bool
  /// What undetermined letters wait for.
  package var missing: MissingPart

  package init(
    id: String, d: Letter, a: Letter, k: Letter, strengthBits: Int? = nil, moduleGrade: Int = 0,
    otherKeyRequirementsMet: Bool = false, isNotApplicable: Bool = false,
    missing: MissingPart = .untested
  ) {
    self.id = id
    self.d = d
    self.a = a
    self.k = k
    self.strengthBits = strengthBits
    self.moduleGrade = moduleGrade
    self.otherKeyRequirementsMet = otherKeyRequirementsMet
    self.isNotApplicable = isNotApplicable
    self.missing = missing
  }

  /// True when nothing that could be answered later would change the score.
  package var isDetermined: Bool {
    isNotApplicable || d == .notMet
      || [d, a, k].allSatisfy { $0 == .met || $0 == .notMet }
  }
}

/// An object within a unit; the same thing is judged apart in each unit.
package struct ObjectReference: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var unit: String
  package var object: String

  package init(unit: String, object: String) {
    self.unit = unit
    self.object = object
  }

  /// `net.conf/gw-01`.
  package var description: String { "\(unit)/\(object)" }

  package static func < (first: ObjectReference, second: ObjectReference) -> Bool {
    (first.unit, first.object) < (second.unit, second.object)
  }
}

/// One object makes up for the weakness of another (弥补); confirmed by a person, never inferred.
package struct Compensation: Sendable, Hashable {
  package var source: ObjectReference
  package var target: ObjectReference
  package var reason: String?
  package var confirmedBy: String?

  package init(
    source: ObjectReference, target: ObjectReference, reason: String? = nil,
    confirmedBy: String? = nil
  ) {
    self.source = source
    self.target = target
    self.reason = reason
    self.confirmedBy = confirmedBy
  }
}

/// A problem of the high-risk guideline found in the system (高风险问题).
package struct HighRiskHit: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    /// By facts; a person has not decided yet.
    case proposed(HighRiskRules.Confidence)
    /// 存在
    case open
    /// 已缓解: lowered below high.
    case mitigated
    /// 不成立
    case rejected
  }
  /// `5.1` to `10.2`.
  package var code: String
  /// nil: a special indicator that no unit asks for.
  package var unit: String?
  package var objects: [String]
  /// Number of the safety problem within the item.
  package var problem: Int?
  package var state: State
  package var why: String?
  /// The person who decided.
  package var by: String?

  package init(
    code: String, unit: String?, objects: [String] = [], problem: Int? = nil, state: State,
    why: String? = nil, by: String? = nil
  ) {
    self.code = code
    self.unit = unit
    self.objects = objects
    self.problem = problem
    self.state = state
    self.why = why
    self.by = by
  }

  /// True when it stands against a conclusion: open, or proposed with high confidence.
  package var isOpen: Bool {
    switch state {
    case .open, .proposed(.high): true
    case .proposed(.medium), .proposed(.low), .mitigated, .rejected: false
    }
  }
}
