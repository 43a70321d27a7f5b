/// The control catalog: everything Controls/ (and overlays) say, ready for planning and judging.
package struct Catalog: Sendable {
  /// Rows of GM/T 0077-2019, both levels, in the order of the standard.
  package var requirements: [Requirement]
  /// The 41 units of GB/T 39786-2021, as requirements of their own, for both levels.
  package var unitRequirements: [Requirement]
  /// The same units as the scoring engine knows them.
  package var units: [ScoringUnit]
  /// Scoring rules by edition, `2023` and `2021`.
  package var rules: [String: ScoringRules]
  package var algorithms: AlgorithmList
  package var highRisk: HighRiskRules
  /// Published judgements, in the order of the file.
  package var judgements: [PublishedJudgement]
  /// Questions by id; several requirements may rest on one answer.
  package var questions: [String: Question]
  /// Lower-case hexadecimal SM3 over every file read, in order of name.
  package var digest: String

  package init(
    requirements: [Requirement], unitRequirements: [Requirement], units: [ScoringUnit],
    rules: [String: ScoringRules], algorithms: AlgorithmList, highRisk: HighRiskRules,
    judgements: [PublishedJudgement] = [], questions: [String: Question], digest: String
  ) {
    self.requirements = requirements
    self.unitRequirements = unitRequirements
    self.units = units
    self.rules = rules
    self.algorithms = algorithms
    self.highRisk = highRisk
    self.judgements = judgements
    self.questions = questions
    self.digest = digest
  }
}

/// One indicator (测评指标): a row of GM/T 0077 or a unit of GB/T 39786, the smallest thing judged.
package struct Requirement: Sendable, Hashable {
  package enum Standard: String, Sendable, Hashable, Codable, CaseIterable {
    case gmt0077, gbt39786
  }
  package enum Obligation: String, Sendable, Hashable, Codable, CaseIterable {
    /// 应
    case shall
    /// 宜
    case should
    /// 可
    case may
    /// A pointer to another standard: listed, neither judged nor counted.
    case pointer = "n/a"
    /// The text was not available.
    case unknown
  }
  /// Whether the text of the clause was available when the catalog was written.
  package enum TextState: String, Sendable, Hashable, Codable, CaseIterable { case read, unread }

  /// `L3-7.2.2.4-e`, `L4-8.2.4.?-user-authentication`, `L3-net.conf`.
  package var id: String
  package var standard: Standard
  package var level: Int
  package var clause: String
  package var item: String
  package var dimension: Dimension
  package var title: Bilingual
  package var obligation: Obligation
  package var textState: TextState
  /// How the text reached the catalog; an overlay names itself here.
  package var provenance: String
  /// In our own words; absent when the text is unread.
  package var text: Bilingual?
  /// Security properties asked for: confidentiality, integrity, authenticity, …
  package var properties: [String]
  /// Scoring units that ask the same.
  package var feeds: [String]
  /// Letters of other findings this row modifies.
  package var bearsOn: [JudgedLetter]
  /// High-risk items it can raise.
  package var gates: [String]
  /// The kind of object judged; nil when nothing is judged.
  package var objectKind: ObjectKind?
  package var assessments: [Assessment]
  package var remediation: Bilingual?
  package var place: SourcePlace

  package init(
    id: String, standard: Standard, level: Int, clause: String, item: String,
    dimension: Dimension, title: Bilingual, obligation: Obligation, textState: TextState,
    provenance: String, text: Bilingual? = nil, properties: [String] = [], feeds: [String] = [],
    bearsOn: [JudgedLetter] = [], gates: [String] = [], objectKind: ObjectKind? = nil,
    assessments: [Assessment] = [], remediation: Bilingual? = nil, place: SourcePlace
  ) {
    self.id = id
    self.standard = standard
    self.level = level
    self.clause = clause
    self.item = item
    self.dimension = dimension
    self.title = title
    self.obligation = obligation
    self.textState = textState
    self.provenance = provenance
    self.text = text
    self.properties = properties
    self.feeds = feeds
    self.bearsOn = bearsOn
    self.gates = gates
    self.objectKind = objectKind
    self.assessments = assessments
    self.remediation = remediation
    self.place = place
  }

  /// Unread rows and pointers are listed and counted in coverage, never judged.
  package var isJudged: Bool { textState == .read && obligation != .pointer && objectKind != nil }

  /// People can answer in place of its probes where an object has no place to look at.
  package var hasStandIns: Bool {
    assessments.contains { if case .ask(let question) = $0 { question.standsIn } else { false } }
  }

  /// True when the verdict comes from whole answers and no letter is asked or measured: management.
  package var isJudgedByAnswers: Bool {
    !assessments.isEmpty
      && assessments.allSatisfy { if case .ask(let ask) = $0 { ask.letter == nil } else { false } }
  }
}

/// A dimension of GM/T 0077 or a layer of GB/T 39786 (安全层面).
package struct Dimension: Sendable, Hashable, Codable {
  /// `network`, `keys`, … or the layer code `net`, `app`, …
  package var id: String
  package var title: Bilingual

  package init(id: String, title: Bilingual) {
    self.id = id
    self.title = title
  }
}

/// The three questions asked of every object (D 密码使用有效性, A 算法/技术合规性, K 密钥管理安全).
package enum JudgedLetter: String, Sendable, Hashable, Codable, CaseIterable {
  // The national rule's own letters.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case D, A, K
}
