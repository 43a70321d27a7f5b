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
        while let place = waiting, running < max(concurrentInspections, 1), failure == nil {
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

  /// What a probe that keeps its own deadline needs to hand over what it saw until then.
  private static let grace = Duration.milliseconds(100)

  /// The probe's observation. A probe that overruns its deadline is cancelled and still waited for: what it
  /// learnt counts, and a complete result that a cancellation comes too late for is kept.
  private func inspect(_ inspection: Plan.Inspection) async -> Observation {
    let deadline = ContinuousClock.now + inspectionTimeout
    let end = deadline + Self.grace
    var observation = Observation()
    var isLate = false
    var isIn = false
    await withTaskGroup(of: Observation?.self) { group in
      group.addTask { await inspection.probe.inspect(inspection.object, until: deadline) }
      group.addTask {
        try? await Task.sleep(until: end)
        return nil
      }
      for await one in group {
        if let one {
          observation = one
          isIn = true
        } else if !isIn {
          // A cancelled run ends this wait too, and the probe has been told already.
          isLate = ContinuousClock.now >= end
        }
        group.cancelAll()
      }
    }
    return settled(observation, isLate: isLate)
  }

  /// Why a result is not complete, as the run sees it; facts that are known stand all the same.
  private func settled(_ observation: Observation, isLate: Bool) -> Observation {
    var observation = observation
    if Task.isCancelled, observation.unavailable != nil {
      observation.unavailable = Unavailability(.cancelled, "the run was interrupted")
    } else if Task.isCancelled {
      return observation
    } else if isLate, observation.unavailable.map({ $0.reason == .cancelled }) ?? true {
      observation.unavailable = Unavailability(.deadline, "no result within \(inspectionTimeout)")
    } else if observation.unavailable?.reason == .cancelled {
      observation.unavailable = Unavailability(
        .failed, "the probe gave up although nobody stopped it")
    }
    return observation
  }
}
