import AssessmentModel
import Planning
import ProbeKit
import Running
import Synchronization

/// A probe that does what the test says.
struct Double: Probe {
  static let description = ProbeDescription(
    name: "double", title: Bilingual(zh: "替身", en: "Double"), objectKinds: [.channel], facts: [:],
    target: "any", contactsNetwork: false)

  let body: @Sendable (ContinuousClock.Instant) async -> Observation

  init(_ body: @escaping @Sendable (ContinuousClock.Instant) async -> Observation) {
    self.body = body
  }

  init(parameters: [String: FactValue]) throws(ParameterError) {
    body = { _ in Observation() }
  }

  func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation { await body(deadline) }
}

/// A plan of one inspection for each probe, on objects `o-0`, `o-1`…
func plan(_ probes: [Double]) -> Plan {
  Plan(
    inspections: probes.enumerated().map { index, probe in
      Plan.Inspection(
        object: AssessmentObject(id: "o-\(index)", kind: .channel),
        procedure: Procedure(probe: "double"), probe: probe, requirements: ["R"],
        contactsNetwork: false)
    }, asks: [], judged: [], listed: [])
}

/// What was handed on, by place.
struct Handed {
  var observations: [Int: Observation] = [:]
  var count = 0

  mutating func add(_ one: Runner.Finished) {
    observations[one.place] = one.observation
    count += 1
  }

  var reasons: [Int: Unavailability.Reason] {
    observations.compactMapValues { $0.unavailable?.reason }
  }
}

extension Runner {
  /// Everything that was handed on.
  func all(_ plan: Plan, places: [Int]? = nil) async -> Handed {
    var handed = Handed()
    await run(plan, places: places ?? Array(plan.inspections.indices)) { handed.add($0) }
    return handed
  }
}

/// Counts how many are inside at once, and how many ever were. A mutex, since probes run side by side.
final class Gauge: Sendable {
  private struct State {
    var inside = 0
    var most = 0
    var total = 0
  }
  private let state = Mutex(State())

  func enter() {
    state.withLock {
      $0.inside += 1
      $0.total += 1
      $0.most = max($0.most, $0.inside)
    }
  }
  func leave() { state.withLock { $0.inside -= 1 } }
  var most: Int { state.withLock { $0.most } }
  var total: Int { state.withLock { $0.total } }
  var inside: Int { state.withLock { $0.inside } }
}

let seen = Observation(
  facts: ["seen": true],
  evidence: [Evidence(name: "a.bin", mediaType: "application/octet-stream", bytes: [1])])

/// Waits without noticing a cancellation.
func stubborn(_ duration: Duration) async {
  await Task.detached { try? await Task.sleep(for: duration) }.value
}

/// Waits until somebody cancels: for longer than any test may take.
func cancelled() async { try? await Task.sleep(for: .seconds(3600)) }
