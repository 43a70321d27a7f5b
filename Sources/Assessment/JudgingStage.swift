import AssessmentModel
import Bytes
import Judging
import NationalCrypto
import Scoring
import Settings

/// What judging gave, with what scoring reads beside it.
struct Judged {
  var findings: [Finding]
  var pending: [AssessmentResult.PendingQuestion]
  var highRisk: [AssessmentResult.HighRiskHit]
  var unitOfRequirement: [String: String]
  var today: String
}

/// What scoring gave.
struct Scored {
  var score: FactValue
  var index: AssessmentResult.IndexSummary
}

func judged(
  _ preparation: Preparation, _ results: [InspectionResult], _ statements: KeptStatements,
  _ request: AssessmentRequest
) -> Judged {
  let zone = preparation.scope.authorisation?.timezone ?? "Asia/Shanghai"
  let today = AuthorisedPeriod.today(at: request.now(), timezone: zone).description
  let input = JudgingInput(
    requirements: preparation.unitRequirements + preparation.requirements,
    algorithms: preparation.catalog.algorithms, objects: preparation.objects, results: results,
    answers: statements.answers, notApplicable: preparation.scope.notApplicable, today: today,
    digest: fingerprint)
  let judgements = judge(input)
  let byUnit = Dictionary(
    preparation.unitRequirements.compactMap { requirement in
      requirement.feeds.first.map { ($0, requirement) }
    }
  ) { first, _ in first }
  let highRisk = judgeHighRisk(
    HighRiskInput(
      rules: preparation.catalog.highRisk, units: preparation.catalog.units,
      level: preparation.scope.system.level, judging: input, findings: judgements.findings,
      unitRequirements: byUnit, decisions: preparation.attestations.decisions)
  ).map { hit in
    var hit = hit
    hit.evidence += statements.evidence(of: hit).map(\.id)
    return hit
  }
  return Judged(
    findings: judgements.findings, pending: judgements.pending, highRisk: highRisk,
    unitOfRequirement: Dictionary(byUnit.map { ($1.id, $0) }) { first, _ in first }, today: today)
}

func scored(
  _ judged: Judged, _ preparation: Preparation, _ request: AssessmentRequest
) -> Scored {
  let level = preparation.scope.system.level
  guard let rules = preparation.catalog.rules[request.edition] else {
    return Scored(
      score: .record([:]),
      index: AssessmentResult.IndexSummary(value: nil, judged: 0, known: 0, expected: 0))
  }
  let sheet = sheet(
    of: SheetInput(
      edition: request.edition, level: level, units: preparation.catalog.units,
      unitOfRequirement: judged.unitOfRequirement, findings: judged.findings,
      objects: preparation.objects, compensations: preparation.attestations.compensations,
      highRisk: judged.highRisk))
  var score = Scoring.score(sheet, rules: rules, units: preparation.catalog.units).fact
  if request.isReduced, case .record(var fields) = score {
    // A part of the system has no conclusion, whatever its numbers say.
    fields["conclusion"] = nil
    fields["why-none"] = "untested"
    score = .record(fields)
  }
  let result = index(
    of: indexEntries(
      of: preparation.requirements, findings: judged.findings, rules: rules, level: level,
      objects: preparation.objects))
  return Scored(
    score: score,
    index: AssessmentResult.IndexSummary(
      value: result.value?.text(places: 2), judged: result.judged, known: result.known,
      expected: result.expected))
}

/// SM3 of a finding's name, lower-case hexadecimal.
private let fingerprint: @Sendable (String) -> String = { name in
  (try? digest(Array(name.utf8), .sm3)).map { hexadecimal($0) } ?? name
}
