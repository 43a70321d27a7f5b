/// The record of a run: everything any report says, and nothing that cannot be recomputed from it.
///
/// Its JSON form (`miping.result/1`) is described by Reports/Schema; keys are the property names in
/// kebab-case. The same evidence gives the same value and the same bytes.
package struct AssessmentResult: Sendable, Hashable, Codable {
  package var schema: String
  package var tool: Tool
  package var system: Scope.System
  package var run: Run
  package var catalog: CatalogSummary
  package var selection: Selection
  package var authorisation: Scope.Authorisation?
  package var objects: [AssessmentObject]
  package var requirements: [RequirementSummary]
  package var inspections: [InspectionSummary]
  package var findings: [Finding]
  /// As `miping score` prints it (result A, the official form).
  package var score: FactValue
  /// Result B, the GM/T 0077 index with its coverage; never mixed with A.
  package var index: IndexSummary
  package var highRisk: [HighRiskHit]
  package var compensations: [CompensationSummary]
  /// What waits for a person.
  package var awaiting: [PendingQuestion]
  package var waivers: [WaiverSummary]
  package var gate: GateSummary

  package struct Tool: Sendable, Hashable, Codable {
    package var name: String
    package var version: String
    package init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  package struct Run: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Hashable, Codable { case complete, interrupted }
    package var id: String
    /// UTC, `YYYY-MM-DDThh:mm:ssZ`.
    package var started: String
    package var ended: String
    package var state: State
    package init(id: String, started: String, ended: String, state: State) {
      self.id = id
      self.started = started
      self.ended = ended
      self.state = state
    }
  }

  package struct CatalogSummary: Sendable, Hashable, Codable {
    package var standard: String
    /// Edition of the scoring rules: 2023 or 2021.
    package var edition: String
    package var digest: String
    package var overlays: [String]
    /// Every published judgement, and whether it was in force.
    package var judgements: [JudgementState]
    package init(
      standard: String, edition: String, digest: String, overlays: [String],
      judgements: [JudgementState] = []
    ) {
      self.standard = standard
      self.edition = edition
      self.digest = digest
      self.overlays = overlays
      self.judgements = judgements
    }
  }

  /// A published judgement in this run.
  package struct JudgementState: Sendable, Hashable, Codable {
    package var number: String
    package var title: Bilingual
    package var isInForce: Bool
    package init(number: String, title: Bilingual, isInForce: Bool) {
      self.number = number
      self.title = title
      self.isInForce = isInForce
    }
  }

  /// What part of the catalog and the objects was assessed; a reduced selection gives no conclusion.
  package struct Selection: Sendable, Hashable, Codable {
    package var isReduced: Bool
    package var controls: [String]
    package var objects: [String]
    package init(isReduced: Bool, controls: [String], objects: [String]) {
      self.isReduced = isReduced
      self.controls = controls
      self.objects = objects
    }
  }

  /// What a report needs to say about a requirement without the catalog at hand.
  package struct RequirementSummary: Sendable, Hashable, Codable {
    package var id: String
    package var standard: Requirement.Standard
    package var clause: String
    package var item: String
    package var dimension: Dimension
    package var title: Bilingual
    package var obligation: Requirement.Obligation
    package var text: Requirement.TextState
    package var requirement: Bilingual?
    package var feeds: [String]
    package var bearsOn: [JudgedLetter]
    package var remediation: Bilingual?

    package init(_ requirement: Requirement) {
      id = requirement.id
      standard = requirement.standard
      clause = requirement.clause
      item = requirement.item
      dimension = requirement.dimension
      title = requirement.title
      obligation = requirement.obligation
      text = requirement.textState
      self.requirement = requirement.text
      feeds = requirement.feeds
      bearsOn = requirement.bearsOn
      remediation = requirement.remediation
    }
  }

  package struct InspectionSummary: Sendable, Hashable, Codable {
    package var object: String
    package var probe: String
    package var parameters: [String: FactValue]
    /// `observed` or `unavailable`.
    package var outcome: String
    package var reason: Unavailability?
    package var facts: [String: FactValue]
    package var evidence: [EvidenceReference]

    package init(_ result: InspectionResult) {
      object = result.object
      probe = result.procedure.probe
      parameters = result.procedure.parameters
      outcome = result.unavailable == nil ? "observed" : "unavailable"
      reason = result.unavailable
      facts = result.facts
      evidence = result.evidence
    }
  }

  package struct IndexSummary: Sendable, Hashable, Codable {
    /// Two places, of 100; nil while nothing is judged.
    package var value: String?
    /// Rows judged, rows whose text is known, rows expected.
    package var judged: Int
    package var known: Int
    package var expected: Int
    package init(value: String?, judged: Int, known: Int, expected: Int) {
      self.value = value
      self.judged = judged
      self.known = known
      self.expected = expected
    }
  }

  package struct HighRiskHit: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Hashable, Codable, CaseIterable {
      case proposed, open, mitigated, rejected
    }
    package var fingerprint: String
    package var code: String
    package var title: Bilingual
    package var unit: String
    package var object: String?
    package var problem: Int
    package var state: State
    package var confidence: HighRiskRules.Confidence?
    /// True when it counts for gate and conclusion: open, or proposed with high confidence.
    package var counts: Bool
    package var why: Bilingual
    package var decidedBy: String?
    package var evidence: [String]
    /// Id of a waiver in force.
    package var waiver: String?

    package init(
      fingerprint: String, code: String, title: Bilingual, unit: String, object: String?,
      problem: Int, state: State, confidence: HighRiskRules.Confidence?, counts: Bool,
      why: Bilingual, decidedBy: String? = nil, evidence: [String] = [], waiver: String? = nil
    ) {
      self.fingerprint = fingerprint
      self.code = code
      self.title = title
      self.unit = unit
      self.object = object
      self.problem = problem
      self.state = state
      self.confidence = confidence
      self.counts = counts
      self.why = why
      self.decidedBy = decidedBy
      self.evidence = evidence
      self.waiver = waiver
    }
  }

  package struct CompensationSummary: Sendable, Hashable, Codable {
    package var fromUnit: String
    package var fromObject: String
    package var toUnit: String
    package var toObject: String
    package var reason: String
    /// nil: proposed by the tool, counts for nothing yet.
    package var confirmedBy: String?
    package init(
      fromUnit: String, fromObject: String, toUnit: String, toObject: String, reason: String,
      confirmedBy: String?
    ) {
      self.fromUnit = fromUnit
      self.fromObject = fromObject
      self.toUnit = toUnit
      self.toObject = toObject
      self.reason = reason
      self.confirmedBy = confirmedBy
    }
  }

  package struct PendingQuestion: Sendable, Hashable, Codable {
    package var ask: String
    package var object: String?
    package var letter: JudgedLetter?
    package var method: Question.Method
    package var text: Bilingual
    /// Requirements that wait for it.
    package var requirements: [String]
    package init(
      ask: String, object: String?, letter: JudgedLetter?, method: Question.Method,
      text: Bilingual, requirements: [String]
    ) {
      self.ask = ask
      self.object = object
      self.letter = letter
      self.method = method
      self.text = text
      self.requirements = requirements
    }
  }

  package struct WaiverSummary: Sendable, Hashable, Codable {
    package var id: String
    package var reason: String
    package var approvedBy: String
    package var expires: String
    /// in-force, expired, not-yet, unmatched
    package var state: String
    package var hits: [String]
    package init(
      id: String, reason: String, approvedBy: String, expires: String, state: String,
      hits: [String]
    ) {
      self.id = id
      self.reason = reason
      self.approvedBy = approvedBy
      self.expires = expires
      self.state = state
      self.hits = hits
    }
  }

  package struct GateSummary: Sendable, Hashable, Codable {
    /// default, complete or none
    package var kind: String
    package var exitCode: Int
    package var reason: Bilingual
    package init(kind: String, exitCode: Int, reason: Bilingual) {
      self.kind = kind
      self.exitCode = exitCode
      self.reason = reason
    }
  }

  package init(
    tool: Tool, system: Scope.System, run: Run, catalog: CatalogSummary, selection: Selection,
    authorisation: Scope.Authorisation?, objects: [AssessmentObject],
    requirements: [RequirementSummary], inspections: [InspectionSummary], findings: [Finding],
    score: FactValue, index: IndexSummary, highRisk: [HighRiskHit],
    compensations: [CompensationSummary], awaiting: [PendingQuestion], waivers: [WaiverSummary],
    gate: GateSummary
  ) {
    self.schema = "miping.result/1"
    self.tool = tool
    self.system = system
    self.run = run
    self.catalog = catalog
    self.selection = selection
    self.authorisation = authorisation
    self.objects = objects
    self.requirements = requirements
    self.inspections = inspections
    self.findings = findings
    self.score = score
    self.index = index
    self.highRisk = highRisk
    self.compensations = compensations
    self.awaiting = awaiting
    self.waivers = waivers
    self.gate = gate
  }
}
