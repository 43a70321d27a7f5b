package import AssessmentModel
package import Planning
import ProbeKit

/// Runs a plan's inspections: bounded, cancellable, and total: a failed inspection has an outcome too.
package struct Runner: Sendable {
  /// One inspection that ended, with its place in the plan.
  package struct Finished: Sendable {
    package var place: Int
    package var inspection: Plan.Inspection
    package var observation: Observation
  }

  package var concurrentInspections: Int
  package var inspectionTimeout: Duration

  package init(concurrentInspections: Int, inspectionTimeout: Duration) {
    self.concurrentInspections = concurrentInspections
    self.inspectionTimeout = inspectionTimeout
  }

  /// Runs the inspections at `places` of the plan and hands each outcome to `finished` as it ends, one at a
  /// time. Stops starting new ones when the task is cancelled or `finished` throws; what `finished`
  /// threw is thrown again once the running ones have ended.
  package func run<Failure: Error>(
    _ plan: Plan, places: [Int],
    finished: (Finished) async throws(Failure) -> Void
  ) async throws(Failure) {
    var failure: Failure?
    await withTaskGroup(of: Finished.self) { group in
      var running = 0
      var next = places.makeIterator()
      var waiting = next.next()
      while running > 0 || waiting != nil {
        while let place = waiting, running < concurrentInspections, failure == nil {
          let inspection = plan.inspections[place]
          guard
            group.addTaskUnlessCancelled(operation: {
              Finished(
                place: place, inspection: inspection, observation: await inspect(inspection))
            })
          else {
            waiting = nil
            break
          }
          running += 1
          waiting = next.next()
        }
        if failure != nil { waiting = nil }
        guard running > 0, let one = await group.next() else { break }
        running -= 1
        // What was cut off by a cancellation was not inspected: it is not handed on, so that a resumed
        // run makes it again.
        if one.observation.unavailable?.reason == .cancelled { continue }
        if failure == nil {
          do throws(Failure) { try await finished(one) } catch {
            failure = error
            group.cancelAll()
          }
        }
      }
    }
    if let failure { throw failure }
  }

  private func inspect(_ inspection: Plan.Inspection) async -> Observation {
    let deadline = ContinuousClock.now + inspectionTimeout
    let observation = await withDeadline(deadline) {
      await inspection.probe.inspect(inspection.object, until: deadline)
    }
    if let observation {
      return Task.isCancelled && observation.unavailable != nil
        ? Observation(unavailable: Unavailability(.cancelled, "the run was interrupted"))
        : observation
    }
    return Observation(
      unavailable: Task.isCancelled
        ? Unavailability(.cancelled, "the run was interrupted")
        : Unavailability(.deadline, "no result within \(inspectionTimeout)"))
  }
}
