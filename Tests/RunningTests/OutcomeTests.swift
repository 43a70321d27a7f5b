import AssessmentModel
import Planning
import Running
import Testing

@Suite("Outcomes of a run", .timeLimit(.minutes(2)))
struct OutcomeTests {
  private let runner = Runner(concurrentInspections: 8, inspectionTimeout: .seconds(3600))

  @Test("Every inspection has an outcome, whatever fails in it")
  func isTotal() async {
    let reasons = Unavailability.Reason.allCases.filter { $0 != .cancelled }
    let probes =
      [Double { _ in seen }, Double { _ in Observation() }]
      + reasons.map { reason in
        Double { _ in
          Observation(facts: ["part": 1], unavailable: Unavailability(reason, "detail"))
        }
      }
    let handed = await runner.all(plan(probes))
    #expect(handed.count == probes.count)
    #expect(handed.observations[0] == seen)
    #expect(handed.observations[1] == Observation())
    for (index, reason) in reasons.enumerated() {
      #expect(handed.reasons[index + 2] == reason)
      #expect(handed.observations[index + 2]?.facts == ["part": 1])
    }
  }

  @Test("A probe that gives up although nobody stopped it has failed, with what it learnt")
  func unaskedCancellation() async {
    let probe = Double { _ in
      Observation(facts: ["part": 1], unavailable: Unavailability(.cancelled, "tired"))
    }
    let handed = await runner.all(plan([probe]))
    #expect(handed.reasons == [0: .failed])
    #expect(handed.observations[0]?.facts == ["part": 1])
  }

  @Test("Only the places asked for are run, each with its inspection")
  func runsPlaces() async {
    let probes = (0..<6).map { number in
      Double { _ in Observation(facts: ["number": .integer(number)]) }
    }
    let handed = await runner.all(plan(probes), places: [5, 1, 3])
    #expect(Set(handed.observations.keys) == [1, 3, 5])
    for (place, observation) in handed.observations {
      #expect(observation.facts["number"] == .integer(place))
    }
    #expect(await runner.all(plan(probes), places: []).count == 0)
  }

  @Test(
    "No more inspections run at once than allowed, and as many as that",
    arguments: [(1, 1), (4, 4), (17, 17), (0, 1)])
  func boundsConcurrency(limit: Int, most: Int) async {
    let gauge = Gauge()
    let probe = Double { _ in
      gauge.enter()
      // The first stay until as many are inside as may be.
      while gauge.total < most { try? await Task.sleep(for: .milliseconds(2)) }
      try? await Task.sleep(for: .milliseconds(5))
      gauge.leave()
      return seen
    }
    let count = limit * 3 + 2
    let handed = await Runner(concurrentInspections: limit, inspectionTimeout: .seconds(3600))
      .all(plan(Array(repeating: probe, count: count)))
    #expect(handed.count == count)
    #expect(gauge.most == most)
    #expect(gauge.total == count)
  }

  @Test("300 inspections, some failing, some late, all end with their own outcome")
  func runsMany() async {
    let gauge = Gauge()
    let probes = (0..<300).map { number in
      Double { _ in
        gauge.enter()
        defer { gauge.leave() }
        switch number % 3 {
        case 0: return Observation(facts: ["number": .integer(number)])
        case 1: return Observation(unavailable: Unavailability(.refused, "\(number)"))
        default:
          await cancelled()
          return Observation(unavailable: Unavailability(.cancelled, "\(number)"))
        }
      }
    }
    let runner = Runner(concurrentInspections: 64, inspectionTimeout: .milliseconds(50))
    let handed = await runner.all(plan(probes))
    #expect(handed.count == 300)
    #expect(gauge.most <= 64)
    for number in 0..<300 {
      switch number % 3 {
      case 0: #expect(handed.observations[number]?.facts["number"] == .integer(number))
      case 1: #expect(handed.observations[number]?.unavailable?.detail == "\(number)")
      default: #expect(handed.reasons[number] == .deadline)
      }
    }
  }

  @Test("What is handed on comes one at a time")
  func handsOnOneByOne() async {
    let gauge = Gauge()
    await runner.run(plan(Array(repeating: Double { _ in seen }, count: 40)), places: Array(0..<40))
    { _ in
      gauge.enter()
      await Task.yield()
      gauge.leave()
    }
    #expect(gauge.total == 40)
    #expect(gauge.most == 1)
  }
}
