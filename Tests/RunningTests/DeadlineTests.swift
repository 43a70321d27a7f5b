import AssessmentModel
import Planning
import Running
import Synchronization
import Testing

@Suite("Deadlines of inspections", .timeLimit(.minutes(2)))
struct DeadlineTests {
  private let runner = Runner(concurrentInspections: 8, inspectionTimeout: .milliseconds(50))

  @Test("A probe that answers cancellation is stopped soon after its deadline")
  func stopsProbe() async {
    let handed = await runner.all(
      plan([
        Double { _ in
          await cancelled()
          return Observation(unavailable: Unavailability(.cancelled, "stopped"))
        }
      ]))
    #expect(handed.reasons == [0: .deadline])
    #expect(handed.observations[0]?.unavailable?.detail.contains("0.05") == true)
  }

  @Test(
    "A slow probe that ignores cancellation is late: its outcome is the deadline, what it saw stands"
  )
  func marksSlowProbe() async {
    let handed = await runner.all(
      plan([
        Double { _ in
          await stubborn(.milliseconds(400))
          return seen
        }
      ]))
    #expect(handed.reasons == [0: .deadline])
    #expect(handed.observations[0]?.facts == seen.facts)
    #expect(handed.observations[0]?.evidence == seen.evidence)
  }

  @Test("A probe that keeps its deadline itself says what it saw until then, in its own words")
  func keepsOwnReason() async {
    let handed = await runner.all(
      plan([
        Double { deadline in
          try? await Task.sleep(until: deadline + .milliseconds(20))
          return Observation(
            facts: ["endpoint.kind": "silent"],
            unavailable: Unavailability(.silent, "no byte before the deadline"))
        }
      ]))
    #expect(handed.reasons == [0: .silent])
    #expect(handed.observations[0]?.facts == ["endpoint.kind": "silent"])
  }

  @Test("The deadline handed to a probe is its own, counted from its own start")
  func countsFromStart() async {
    let timeout = Duration.seconds(60)
    let runner = Runner(concurrentInspections: 1, inspectionTimeout: timeout)
    let times = Mutex<[(deadline: ContinuousClock.Instant, end: ContinuousClock.Instant)]>([])
    let probe = Double { deadline in
      #expect(deadline <= .now + timeout)
      try? await Task.sleep(for: .milliseconds(20))
      times.withLock { $0.append((deadline, .now)) }
      return seen
    }
    let handed = await runner.all(plan(Array(repeating: probe, count: 4)))
    #expect(handed.count == 4)
    #expect(handed.reasons.isEmpty)
    let noted = times.withLock { $0 }
    for (earlier, later) in zip(noted, noted.dropFirst()) {
      #expect(later.deadline >= earlier.end + timeout)
    }
  }
}
