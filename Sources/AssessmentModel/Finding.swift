/// Evidence a verdict rests on. It cannot be made empty: no evidence, no verdict.
package struct Grounds: Sendable, Hashable {
  package let evidence: [EvidenceReference]

  package init?(_ evidence: [EvidenceReference]) {
    guard !evidence.isEmpty else { return nil }
    self.evidence = evidence
  }
}

/// The judgement on one requirement and one object (测评结果).
///
/// Made only by the functions below: `judged` asks for grounds, `notApplicable` for a reason, `open` for a
/// cause. So a verdict without evidence does not exist.
package struct Finding: Sendable, Hashable, Codable {
  /// Stable across runs: digest over standard, requirement and object; never of a message or a time.
  package let fingerprint: String
  package let requirement: String
  /// nil: the scope names no object of the kind.
  package let object: String?
  package let verdict: Verdict
  package let d: Letter?
  package let a: Letter?
  package let k: Letter?
  /// What was expected, and beside each what was observed, in the same order.
  package let expected: [Expected]
  package let observed: [Observed]
  package let evidence: [EvidenceReference]
  /// High-risk items this finding can raise.
  package let gates: [String]
  /// Why the verdict is what it is, or why there is none.
  package let reasons: [Bilingual]
  /// Weakest strength, in bits, of what failed approval; nil: nothing failed, or not established.
  package let strengthBits: Int?
  /// K is not met, yet a person stated that the other key-management requirements are (bears on Rk).
  package let otherKeyRequirementsMet: Bool

  package struct Expected: Sendable, Hashable, Codable {
    package var letter: JudgedLetter?
    /// Fact or question.
    package var name: String
    package var condition: Bilingual

    package init(letter: JudgedLetter?, name: String, condition: Bilingual) {
      self.letter = letter
      self.name = name
      self.condition = condition
    }
  }

  package struct Observed: Sendable, Hashable, Codable {
    /// The object looked at: the judged one, or one that serves it.
    package var object: String?
    package var name: String
    /// nil: not stated.
    package var value: FactValue?
    package var outcome: Letter
    package var note: Bilingual?
    package var evidence: [String]

    package init(
      object: String?, name: String, value: FactValue?, outcome: Letter, note: Bilingual? = nil,
      evidence: [String] = []
    ) {
      self.object = object
      self.name = name
      self.value = value
      self.outcome = outcome
      self.note = note
      self.evidence = evidence
    }
  }

  /// What every finding says beside its verdict.
  package struct Account: Sendable, Hashable {
    package var fingerprint: String
    package var requirement: String
    package var object: String?
    package var letters: [JudgedLetter: Letter]
    package var expected: [Expected]
    package var observed: [Observed]
    package var gates: [String]
    package var reasons: [Bilingual]
    package var strengthBits: Int?
    package var otherKeyRequirementsMet: Bool

    package init(
      fingerprint: String, requirement: String, object: String?,
      letters: [JudgedLetter: Letter] = [:], expected: [Expected] = [], observed: [Observed] = [],
      gates: [String] = [], reasons: [Bilingual] = [], strengthBits: Int? = nil,
      otherKeyRequirementsMet: Bool = false
    ) {
      self.fingerprint = fingerprint
      self.requirement = requirement
      self.object = object
      self.letters = letters
      self.expected = expected
      self.observed = observed
      self.gates = gates
      self.reasons = reasons
      self.strengthBits = strengthBits
      self.otherKeyRequirementsMet = otherKeyRequirementsMet
    }
  }

  /// The verdicts that need grounds.
  package enum Judged: Sendable, Hashable { case conforming, partial, nonConforming }
  /// The states in which there is no verdict yet.
  package enum Open: Sendable, Hashable { case awaiting, untested }

  package static func judged(_ verdict: Judged, on grounds: Grounds, _ account: Account) -> Finding
  {
    let word: Verdict =
      switch verdict {
      case .conforming: .conforming
      case .partial: .partial
      case .nonConforming: .nonConforming
      }
    return Finding(verdict: word, evidence: grounds.evidence, account: account)
  }

  package static func notApplicable(because reason: Bilingual, _ account: Account) -> Finding {
    var account = account
    account.reasons = [reason]
    account.letters = [:]
    return Finding(verdict: .notApplicable, evidence: [], account: account)
  }

  /// `evidence` is what was gathered so far, if anything.
  package static func open(
    _ state: Open, because causes: [Bilingual], evidence: [EvidenceReference], _ account: Account
  ) -> Finding {
    var account = account
    account.reasons = causes
    return Finding(
      verdict: state == .awaiting ? .awaiting : .untested, evidence: evidence, account: account)
  }

  private init(verdict: Verdict, evidence: [EvidenceReference], account: Account) {
    self.fingerprint = account.fingerprint
    self.requirement = account.requirement
    self.object = account.object
    self.verdict = verdict
    self.d = account.letters[.D]
    self.a = account.letters[.A]
    self.k = account.letters[.K]
    self.expected = account.expected
    self.observed = account.observed
    self.evidence = evidence
    self.gates = account.gates
    self.reasons = account.reasons
    self.strengthBits = account.strengthBits
    self.otherKeyRequirementsMet = account.otherKeyRequirementsMet
  }

  package subscript(letter: JudgedLetter) -> Letter? {
    switch letter {
    case .D: d
    case .A: a
    case .K: k
    }
  }
}

/// The record's form: what is not known is written as null, so that every finding has every key.
extension Finding {
  private enum CodingKeys: String, CodingKey {
    case fingerprint, requirement, object, verdict, d, a, k, expected, observed, evidence, gates
    case reasons, strengthBits, otherKeyRequirementsMet
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(fingerprint, forKey: .fingerprint)
    try container.encode(requirement, forKey: .requirement)
    try container.encode(object, forKey: .object)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(d, forKey: .d)
    try container.encode(a, forKey: .a)
    try container.encode(k, forKey: .k)
    try container.encode(expected, forKey: .expected)
    try container.encode(observed, forKey: .observed)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(gates, forKey: .gates)
    try container.encode(reasons, forKey: .reasons)
    try container.encode(strengthBits, forKey: .strengthBits)
    try container.encode(otherKeyRequirementsMet, forKey: .otherKeyRequirementsMet)
  }
}
