/// One way a requirement is assessed (测评实施): by facts of a probe, or by a person's answer.
package enum Assessment: Sendable, Hashable {
  case probe(ProbeAssessment)
  case ask(Question)

  /// The number of the published judgement it rests on; nil: it follows from the rules themselves.
  package var judgement: String? {
    switch self {
    case .probe(let probe): probe.judgement
    case .ask(let question): question.judgement
    }
  }
}

/// What is expected of the facts one probe states about objects of one kind.
package struct ProbeAssessment: Sendable, Hashable {
  /// The kind looked at. When it is not the kind judged, the objects that serve the judged one are
  /// looked at.
  package var objectKind: ObjectKind
  package var procedure: Procedure
  /// The probe is not written yet: contributes nothing, and a person may answer in its place.
  package var isPlanned: Bool
  /// Expectations behind D, A and K.
  package var used: [Expectation]
  package var approved: [Expectation]
  package var keys: [Expectation]
  /// Strength class of the evidence, 1 to 3.
  package var strength: Int
  /// The published judgement it rests on.
  package var judgement: String?
  /// Holds only for objects whose certified product the scope names.
  package var isForCertifiedProducts: Bool

  package init(
    objectKind: ObjectKind, procedure: Procedure, isPlanned: Bool = false,
    used: [Expectation] = [], approved: [Expectation] = [], keys: [Expectation] = [],
    strength: Int = 2, judgement: String? = nil, isForCertifiedProducts: Bool = false
  ) {
    self.objectKind = objectKind
    self.procedure = procedure
    self.isPlanned = isPlanned
    self.used = used
    self.approved = approved
    self.keys = keys
    self.strength = strength
    self.judgement = judgement
    self.isForCertifiedProducts = isForCertifiedProducts
  }

  package func expectations(behind letter: JudgedLetter) -> [Expectation] {
    switch letter {
    case .D: used
    case .A: approved
    case .K: keys
    }
  }
}

/// A question only a person can answer (人工核查).
package struct Question: Sendable, Hashable {
  package enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// 访谈
    case interview
    /// 文档审查
    case document
    /// 实地查看
    case look
    /// 配置检查
    case configuration
    /// 工具测试
    case toolTest = "tool-test"
  }
  /// One answer for an object serves every requirement that asks this id.
  package var id: String
  /// The letter the answer decides; nil: the answer is a verdict (management).
  package var letter: JudgedLetter?
  package var objectKind: ObjectKind
  package var method: Method
  /// What to look at and what to ask.
  package var text: Bilingual
  /// Asked only about objects that no probe can look at because the scope names no place; there it stands
  /// in for the probe entries of the same requirement.
  package var standsIn: Bool
  /// The published judgement the question rests on.
  package var judgement: String?

  package init(
    id: String, letter: JudgedLetter?, objectKind: ObjectKind, method: Method, text: Bilingual,
    standsIn: Bool = false, judgement: String? = nil
  ) {
    self.id = id
    self.letter = letter
    self.objectKind = objectKind
    self.method = method
    self.text = text
    self.standsIn = standsIn
    self.judgement = judgement
  }

  /// Class of evidence an answer of this method gives: what a person was told or read is class 1.
  package var strength: Int {
    switch method {
    case .interview, .document, .look: 1
    case .configuration, .toolTest: 2
    }
  }
}

/// What is expected of one fact.
package struct Expectation: Sendable, Hashable {
  package var fact: String
  /// Names separated by dots that lead into the fact's value, through lists; nil: the value itself.
  package var field: String?
  package var condition: Condition
  /// The expectation stands only where this one is met; skipped where it is not.
  package var onlyIf: [Expectation]

  package init(
    fact: String, field: String? = nil, condition: Condition, onlyIf: [Expectation] = []
  ) {
    self.fact = fact
    self.field = field
    self.condition = condition
    self.onlyIf = onlyIf
  }
}

/// A condition on the value of a fact. A fact that is absent never meets nor misses one, except `present`.
package enum Condition: Sendable, Hashable {
  /// Equal to the value; for a field, every value found is.
  case equals(FactValue)
  /// Different from the value; for a field, every value found is.
  case differs(FactValue)
  /// Every scalar is in the set. An empty value says nothing.
  case within(ValueSet)
  /// No scalar is in the set.
  case noneOf(ValueSet)
  /// At least one scalar is in the set.
  case includes(ValueSet)
  /// Every integer is at least, or at most, this.
  case atLeast(Int)
  case atMost(Int)
  /// The list or record has no element.
  case empty
  /// The fact was stated, or was not.
  case present(Bool)
}

/// The values a condition compares with: written out, or a named set of the algorithm list.
package enum ValueSet: Sendable, Hashable {
  case values([FactValue])
  /// `RATING.TABLE`, e.g. `approved.tls-suites`.
  case named(String)
}
