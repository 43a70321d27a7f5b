import AssessmentModel

/// What the files of a controls folder say, before names are resolved between them.
struct CatalogParts {
  var requirements: [RequirementRow] = []
  var layers: [LayerRow] = []
  var units: [UnitRow] = []
  var rules: [(rules: ScoringRulesRow, place: SourcePlace)] = []
  var algorithms: (list: AlgorithmList, place: SourcePlace)?
  var highRisk: HighRiskRules?
  var judgements: [PublishedJudgement] = []
  /// Every mention of a name that must exist somewhere else in the catalog.
  var mentions: [Mention] = []
  /// Questions written out, in order; the same id twice is a fault.
  var definitions: [(question: Question, place: SourcePlace)] = []
  /// Names whose definition was met, even a faulty one: mentions of them are no further fault.
  var claims: Set<Claim> = []
}

/// A name that is defined in the catalog, well or badly.
struct Claim: Hashable {
  enum Kind: Hashable { case unit, gate, question, table, judgement }
  var kind: Kind
  /// nil: its name is missing or at fault, so it may be any.
  var name: String?
}

/// A name used in one place that must be defined in another.
struct Mention {
  enum Kind: Hashable {
    case unit, gate, set, question, judgement
    /// A fact of the probe named.
    case fact(probe: String)
    case probe
    case parameter(probe: String)
    /// A kind of object the probe named cannot look at.
    case kind(probe: String)

    var isJudgement: Bool { if case .judgement = self { true } else { false } }
  }
  var kind: Kind
  var name: String
  var place: SourcePlace
}

/// A requirement whose `assess` still has references to questions written out elsewhere.
struct RequirementRow {
  struct Entry {
    enum Content {
      case probe(ProbeAssessment)
      case question(Question)
      case reference(id: String, standsIn: Bool)
    }
    var content: Content
    /// nil: it holds for every level.
    var level: Int?
    /// The published judgement it rests on.
    var judgement: String?
    /// Of the probe entry, or of the question or reference after `ask`.
    var place: SourcePlace

    var isProbe: Bool { if case .probe = content { true } else { false } }
  }
  struct Places {
    var obligation: SourcePlace
    var text: SourcePlace
    /// Of the value of `objects`, or of the row when it has none.
    var kind: SourcePlace
  }
  var requirement: Requirement
  var entries: [Entry]
  /// Set when the row stands in an overlay.
  var overlay: Overlay?
  var places: Places
}

/// Where an overlay's rows come from.
struct Overlay: Hashable {
  var name: String
  var file: String
}

struct LayerRow {
  var layer: ScoringRules.Layer
  var place: SourcePlace
}

struct UnitRow {
  var unit: ScoringUnit
  var requirement: RequirementRow
  var threats: [String]
  var place: SourcePlace
}

struct ScoringRulesRow {
  var edition: String
  var isMean: Bool
  var shares: ScoringRules.Shares?
  var strengthFactors: [ScoringRules.StrengthFactor]?
  var keyFactors: [Int: [ScoringRules.KeyFactor]]
  var management: ScoringRules.ManagementScores
  var compensation: ScoringRules.CompensationRule?
  var threshold: FixedPoint
  var thresholdSource: Bilingual
}
