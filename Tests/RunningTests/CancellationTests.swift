import AssessmentModel
import Planning
import Running
import Synchronization
import Testing

@Suite("Cancelling a run", .timeLimit(.minutes(2)))
struct CancellationTests {
  private struct Stop: Error, Equatable { var place: Int }

  private let runner = Runner(concurrentInspections: 4, inspectionTimeout: .seconds(3600))

  /// Runs `probes` in a task that is cancelled once `isReady`.
  private func handed(
    _ probes: [Double], cancelWhen isReady: @escaping @Sendable () -> Bool
  ) async -> Handed {
    let runner = runner
    let work = Task { await runner.all(plan(probes)) }
    while !isReady() { try? await Task.sleep(for: .milliseconds(2)) }
    work.cancel()
    return await work.value
  }

  @Test("Running inspections end promptly, finished ones were handed on, cancelled ones never are")
  func endsPromptly() async {
    let gauge = Gauge()
    let quick = Double { _ in seen }
    let endless = Double { _ in
      gauge.enter()
      await cancelled()
      return Observation(unavailable: Unavailability(.cancelled, "stopped"))
    }
    let probes = [quick, quick, quick] + Array(repeating: endless, count: 10)
    let handed = await handed(probes) { gauge.total == 4 }
    #expect(Set(handed.observations.keys) == [0, 1, 2])
    #expect(handed.observations.values.allSatisfy { $0 == seen })
    #expect(gauge.total == 4, "no inspection starts after the cancellation")
  }

  @Test("Whatever reason a cut-off probe gives, a resumed run makes the inspection again")
  func dropsCutOff() async {
    let gauge = Gauge()
    let probe = Double { _ in
      gauge.enter()
      await cancelled()
      return Observation(
        facts: ["part": 1], unavailable: Unavailability(.closed, "the socket went away"))
    }
    let handed = await handed([probe]) { gauge.total == 1 }
    #expect(handed.count == 0)
  }

  @Test("A probe that has its whole result when the cancellation comes keeps it")
  func keepsRealResult() async {
    let gauge = Gauge()
    let probe = Double { _ in
      gauge.enter()
      await cancelled()
      await stubborn(.milliseconds(30))
      return seen
    }
    let handed = await handed([probe, probe]) { gauge.total == 2 }
    #expect(handed.observations == [0: seen, 1: seen])
  }

  @Test("A task cancelled before it begins runs nothing and returns")
  func cancelledFromTheStart() async {
    let gauge = Gauge()
    let runner = runner
    let work = Task {
      await cancelled()
      return await runner.all(
        plan([
          Double { _ in
            gauge.enter()
            return seen
          }
        ]))
    }
    work.cancel()
    #expect(await work.value.count == 0)
    #expect(gauge.total == 0)
  }

  @Test("What `finished` throws stops the run and is thrown again")
  func stopsOnFailure() async {
    let started = Gauge()
    let ended = Gauge()
    let endless = Double { _ in
      started.enter()
      await cancelled()
      ended.enter()
      return Observation(unavailable: Unavailability(.cancelled, "stopped"))
    }
    let probes = [Double { _ in seen }] + Array(repeating: endless, count: 20)
    let calls = Gauge()
    await #expect(throws: Stop(place: 0)) {
      try await runner.run(plan(probes), places: Array(probes.indices)) {
        (one) async throws(Stop) in
        calls.enter()
        while started.total < 3 { try? await Task.sleep(for: .milliseconds(2)) }
        throw Stop(place: one.place)
      }
    }
    #expect(calls.total == 1, "nothing is handed on after a failure")
    #expect(started.total <= 4, "nothing starts after a failure")
    #expect(ended.total == started.total, "running ones have ended before it is thrown")
  }

  @Test("Results that end after a failure are not handed on either")
  func dropsAfterFailure() async {
    let calls = Gauge()
    await #expect(throws: Stop.self) {
      try await runner.run(
        plan(Array(repeating: Double { _ in seen }, count: 50)), places: Array(0..<50)
      ) { (one) async throws(Stop) in
        calls.enter()
        if calls.total == 7 { throw Stop(place: one.place) }
      }
    }
    #expect(calls.total == 7)
  }
}
