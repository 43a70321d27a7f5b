import AssessmentModel
import Judging
import Planning
import Scoring

/// The whole pipeline: Controls → Catalog → Plan → Probe → Evidence → Verdict → Score → Report.
///
/// - Parameter report: told of progress; called from the task of the run.
/// - Throws: nothing was contacted for `faults`, `noControls` and `unauthorised`.
package func assess(
  _ request: AssessmentRequest, report: @Sendable (AssessmentEvent) -> Void
) async throws(AssessmentError) -> AssessmentOutcome {
  let preparation = try Preparation(request)
  let plan = try await authorisedPlan(preparation, request)
  let run = try await RunKeeping.open(request, preparation, time: request.time)
  let results = try await inspect(plan, preparation, in: run, report: report)
  let statements = try await keepStatements(preparation, plan, in: run)
  let judged = judged(preparation, results, statements, request)
  report(.judged(findings: judged.findings.count))
  let scored = scored(judged, preparation, request)
  return try await conclude(scored, judged, preparation, results, run, request)
}

/// Every object's address checked against the authorisation, before the first packet to it.
private func authorisedPlan(
  _ preparation: Preparation, _ request: AssessmentRequest
) async throws(AssessmentError) -> Plan {
  let deadline = ContinuousClock.now + .milliseconds(preparation.scope.limits.deadlineMilliseconds)
  return try await Authorising(scope: preparation.scope, now: request.now(), deadline: deadline)
    .authorise(preparation.plan, objects: preparation.objects)
}

private func keepStatements(
  _ preparation: Preparation, _ plan: Plan, in run: RunKeeping
) async throws(AssessmentError) -> KeptStatements {
  try await Answering(
    folder: run.folder, questions: preparation.catalog.questions, time: run.time()
  ).keep(preparation.attestations, after: plan.inspections.count)
}
