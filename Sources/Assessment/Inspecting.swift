import AssessmentModel
import Planning
import Running

/// Runs what an earlier start did not finish; results are in plan order, whatever finished first.
func inspect(
  _ plan: Plan, _ preparation: Preparation, in run: RunKeeping,
  report: (AssessmentEvent) -> Void
) async throws(AssessmentError) -> [InspectionResult] {
  let total = plan.inspections.count
  var results: [Int: InspectionResult] = [:]
  for (place, inspection) in plan.inspections.enumerated() {
    if let earlier = run.finished[inspection.key] { results[place] = earlier }
  }
  report(
    .planned(inspections: total, finished: results.count, asks: preparation.plan.asks.count))
  let limits = preparation.scope.limits
  let runner = Runner(
    concurrentInspections: limits.inspections,
    inspectionTimeout: .milliseconds(limits.deadlineMilliseconds))
  try await runner.run(plan, places: plan.inspections.indices.filter { results[$0] == nil }) {
    (one) async throws(AssessmentError) in
    results[one.place] = try await run.keep(one)
    report(
      .inspected(
        done: results.count, total: total, object: one.inspection.object.id,
        probe: one.inspection.procedure.probe, reason: one.observation.unavailable))
  }
  return plan.inspections.enumerated().map { place, inspection in
    results[place]
      ?? InspectionResult(
        object: inspection.object.id, procedure: inspection.procedure,
        unavailable: Unavailability(.notRun, "the run was interrupted before this inspection"))
  }
}
