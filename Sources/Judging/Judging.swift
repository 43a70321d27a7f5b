package import AssessmentModel

/// Everything judging reads. The same input always gives the same findings.
package struct JudgingInput: Sendable {
  package var requirements: [Requirement]
  package var algorithms: AlgorithmList
  package var objects: [AssessmentObject]
  package var results: [InspectionResult]
  package var answers: [Attestations.Answer]
  package var notApplicable: [Scope.NotApplicable]
  /// `YYYY-MM-DD`: answers whose validity ended before it count no more.
  package var today: String
  /// Digest behind fingerprints.
  package var digest: @Sendable (String) -> String

  package init(
    requirements: [Requirement], algorithms: AlgorithmList, objects: [AssessmentObject],
    results: [InspectionResult], answers: [Attestations.Answer],
    notApplicable: [Scope.NotApplicable], today: String,
    digest: @escaping @Sendable (String) -> String
  ) {
    self.requirements = requirements
    self.algorithms = algorithms
    self.objects = objects
    self.results = results
    self.answers = answers
    self.notApplicable = notApplicable
    self.today = today
    self.digest = digest
  }
}

/// Findings, and what still waits for a person.
package struct Judgements: Sendable {
  package var findings: [Finding]
  package var pending: [AssessmentResult.PendingQuestion]
}

/// Judges every requirement on every object of its kind (单元测评). Rows that are unread or pointers give no
/// finding: what was not read is never judged.
package func judge(_ input: JudgingInput) -> Judgements {
  let index = JudgingIndex(input)
  var judging = RequirementJudging(index: index, facts: FactJudging(algorithms: input.algorithms))
  for requirement in input.requirements where requirement.isJudged {
    judging.judge(requirement)
  }
  return Judgements(findings: judging.findings, pending: judging.pending.sorted)
}

/// The input arranged for look-up.
struct JudgingIndex {
  private let objectsByKind: [ObjectKind: [AssessmentObject]]
  private let servers: [String: [AssessmentObject]]
  private let results: [ResultKey: InspectionResult]
  private let resultsByObject: [String: [InspectionResult]]
  private let answers: [Attestations.Answer.Target: Attestations.Answer]
  private let organisationAnswers: [String: Attestations.Answer]
  private let exclusions: [String: [Scope.NotApplicable]]
  let today: String
  let digest: @Sendable (String) -> String

  private struct ResultKey: Hashable {
    var object: String
    var procedure: Procedure
  }

  init(_ input: JudgingInput) {
    objectsByKind = Dictionary(grouping: input.objects, by: \.kind)
    var servers: [String: [AssessmentObject]] = [:]
    let byID = Dictionary(input.objects.map { ($0.id, $0) }) { first, _ in first }
    for object in input.objects {
      for served in Set(object.serves) { servers[served, default: []].append(object) }
    }
    for object in input.objects {
      for id in object.restsIn + object.protectedBy {
        guard let server = byID[id], servers[object.id]?.contains(server) != true else { continue }
        servers[object.id, default: []].append(server)
      }
    }
    self.servers = servers
    results = Dictionary(
      input.results.map { (ResultKey(object: $0.object, procedure: $0.procedure), $0) }
    ) { first, _ in first }
    resultsByObject = Dictionary(grouping: input.results, by: \.object)
    answers = Dictionary(input.answers.map { ($0.target, $0) }) { first, _ in first }
    var organisation: [String: Attestations.Answer] = [:]
    for answer in input.answers {
      // An answer that names no object goes before one that does.
      if case .question(let id, let object) = answer.target,
        object == nil || organisation[id] == nil
      {
        organisation[id] = answer
      }
    }
    organisationAnswers = organisation
    exclusions = Dictionary(grouping: input.notApplicable, by: \.unit)
    today = input.today
    digest = input.digest
  }

  func objects(of kind: ObjectKind) -> [AssessmentObject] { objectsByKind[kind] ?? [] }

  /// The objects an entry about `kind` looks at for `object`: itself, or those of the kind that serve it.
  func lookedAt(_ kind: ObjectKind, for object: AssessmentObject) -> [AssessmentObject] {
    object.kind == kind ? [object] : (servers[object.id] ?? []).filter { $0.kind == kind }
  }

  func result(_ object: AssessmentObject, _ procedure: Procedure) -> InspectionResult? {
    results[ResultKey(object: object.id, procedure: procedure)]
  }

  /// Every inspection of an object by a probe.
  func results(_ object: AssessmentObject, probe: String) -> [InspectionResult] {
    (resultsByObject[object.id] ?? []).filter { $0.procedure.probe == probe }
  }

  /// The answer to a question about an object; questions to the organisation are answered once.
  func answer(_ question: Question, on object: String?) -> Attestations.Answer? {
    if question.objectKind == .organisation { return organisationAnswers[question.id] }
    return answers[.question(id: question.id, object: object)]
  }

  func answer(unit code: String) -> Attestations.Answer? { answers[.unit(code: code)] }

  func isValid(_ answer: Attestations.Answer) -> Bool {
    guard !answer.evidence.isEmpty else { return false }
    return answer.validUntil.map { $0 >= today } ?? true
  }

  /// The entry that takes the requirement, or one object of it, out of the assessment.
  func exclusion(_ requirement: Requirement, object: String?) -> Scope.NotApplicable? {
    let names =
      requirement.standard == .gbt39786 ? requirement.feeds + [requirement.id] : [requirement.id]
    let entries = names.flatMap { exclusions[$0] ?? [] }
    return entries.first { $0.object == nil } ?? entries.first { $0.object == object }
  }
}

/// Questions without an answer, each once with all that waits for it.
struct PendingQuestions {
  private var questions: [Key: AssessmentResult.PendingQuestion] = [:]

  private struct Key: Hashable {
    var ask: String
    var object: String?
  }

  mutating func add(_ question: Question, object: String?, requirement: String) {
    let object = question.objectKind == .organisation ? nil : object
    let key = Key(ask: question.id, object: object)
    var pending =
      questions[key]
      ?? AssessmentResult.PendingQuestion(
        ask: question.id, object: object, letter: question.letter, method: question.method,
        text: question.text, requirements: [])
    // Requirements are judged one after the other: a repeated one is the last.
    if pending.requirements.last != requirement { pending.requirements.append(requirement) }
    questions[key] = pending
  }

  var sorted: [AssessmentResult.PendingQuestion] {
    questions.values.sorted { ($0.ask, $0.object ?? "") < ($1.ask, $1.object ?? "") }
  }
}
