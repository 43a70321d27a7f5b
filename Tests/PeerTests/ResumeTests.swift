import Foundation
import TestSupport
import Testing

/// Runs that are killed or interrupted: what was finished survives, and is not done again.
@Suite("A run that ends early", .timeLimit(.minutes(3)))
struct ResumeTests {
  /// Objects that take their whole deadline, looked at one after the other.
  private struct Queue {
    let folder: Folder
    let listeners: [Loopback.Listener]

    init(_ count: Int) throws {
      folder = try Folder()
      listeners = try (0..<count).map { _ in try Loopback.Listener(.silent) }
      let channels = listeners.enumerated().map { ("slow-\($0.offset)", $0.element.port) }
      try folder.write(scope(channels, deadline: "1s", inspections: 1), to: "scope.yaml")
    }

    var counts: [Int] { listeners.map(\.count) }

    /// Signals the program as soon as `count` objects have been contacted. A thread of its own does so: the
    /// tests' threads may be busy for longer than the program needs.
    func signal(_ program: Program, _ number: Int32, whenContacted count: Int) {
      let listeners = listeners
      let id = program.id
      Thread.detachNewThread {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
          if listeners.count(where: { $0.count > 0 }) >= count {
            kill(id, number)
            return
          }
          usleep(2_000)
        }
      }
    }
  }

  /// Objects in the order of their evidence in the chain; an object's evidence is kept when it is finished.
  private func finished(_ run: String, in folder: Folder) throws -> Set<String> {
    Set(
      try folder.text("\(run)/evidence.jsonl").split(separator: "\n").compactMap {
        try? JSON(reading: Array($0.utf8))["object"].string
      })
  }

  @Test("kill -9 loses no finished inspection, and --resume contacts none of those again")
  func killed() async throws {
    let queue = try Queue(6)
    let folder = queue.folder
    let first = try Miping.start(["assess", "scope.yaml", "-q"], in: folder)
    queue.signal(first, SIGKILL, whenContacted: 4)
    let ended = try await first.end()
    #expect(ended.wasSignalled && ended.code == SIGKILL)
    let before = queue.counts
    let run = try folder.onlyRun()
    let done = try finished(run, in: folder)
    #expect(done.count >= 3 && done.count < 6, "\(done)")

    let resumed = try await Miping.assess(["--resume"], in: folder)
    #expect(resumed.finished.code == 0, "\(resumed.finished.errText)")
    #expect(try folder.onlyRun() == run)
    for (place, count) in queue.counts.enumerated() {
      if done.contains("slow-\(place)") {
        #expect(count == before[place], "slow-\(place) was contacted again")
      } else {
        #expect(count > before[place], "slow-\(place) was not contacted")
      }
      let inspection = resumed.result.inspection("slow-\(place)")
      #expect(inspection["reason"]["reason"] == "silent")
      #expect(!inspection["evidence"].items.isEmpty)
    }
    #expect(resumed.result["run"]["state"] == "complete")
    #expect(try await Miping.run(["verify", run], in: folder).code == 0)
    let again = try await Miping.run(["assess", "scope.yaml", "-q", "--resume"], in: folder)
    #expect(again.code == 2, "nothing is left to resume: \(again.errText)")
  }

  @Test("kill -9 at any moment leaves a run that can be resumed", arguments: [20, 60, 150, 400])
  func killedAnywhere(milliseconds: Int) async throws {
    let folder = try Folder()
    let closing = try (0..<20).map { _ in try Loopback.Listener(.closes) }
    try folder.write(
      scope(closing.enumerated().map { ("quick-\($0.offset)", $0.element.port) }, inspections: 2),
      to: "scope.yaml")
    let first = try Miping.start(["assess", "scope.yaml", "-q"], in: folder)
    let end = ContinuousClock.now + .seconds(20)
    while folder.names(in: "out").isEmpty, first.isRunning, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(1))
    }
    try await Task.sleep(for: .milliseconds(milliseconds))
    first.signal(SIGKILL)
    // A fast machine may have finished by then: nothing is left to resume, and that is said.
    let ended = try await first.end()
    let resumed = try await Miping.run(
      ["assess", "scope.yaml", "-q", "--resume", "-f", "json"], in: folder)
    guard ended.wasSignalled, resumed.code != 2 else {
      #expect(try await Miping.run(["verify", try folder.onlyRun()], in: folder).code == 0)
      return
    }
    #expect(resumed.code == 0, "\(resumed.errText)")
    let result = try JSON(reading: resumed.out)
    #expect(result["inspections"].items.count == 20)
    #expect(result["inspections"].items.allSatisfy { $0["reason"]["reason"] == "closed" })
    #expect(try await Miping.run(["verify", try folder.onlyRun()], in: folder).code == 0)
  }

  @Test("Ctrl-C ends with 130, keeps what was gathered, and the run can be resumed")
  func interrupted() async throws {
    let queue = try Queue(5)
    let folder = queue.folder
    let first = try Miping.start(["assess", "scope.yaml", "-q"], in: folder)
    queue.signal(first, SIGINT, whenContacted: 3)
    let ended = try await first.end()
    #expect(!ended.wasSignalled)
    #expect(ended.code == 130, "\(ended.errText)")
    let run = try folder.onlyRun()
    let result = try JSON(reading: try folder.bytes("\(run)/result.json"))
    #expect(result["run"]["state"] == "interrupted")
    for place in 0..<2 {
      #expect(result.inspection("slow-\(place)")["reason"]["reason"] == "silent")
    }
    #expect(result.inspection("slow-4")["outcome"] != "observed")
    #expect(result.finding("L3-net.conf", "slow-4")["verdict"] == "untested")
    #expect(folder.names(in: run).contains("report.html"))
    let before = queue.counts
    let resumed = try await Miping.assess(["--resume"], in: folder)
    #expect(resumed.finished.code == 0, "\(resumed.finished.errText)")
    #expect(resumed.result["run"]["state"] == "complete")
    #expect(Array(queue.counts[0..<2]) == Array(before[0..<2]))
    #expect(queue.counts[4] > 0)
    #expect(try await Miping.run(["verify", run], in: folder).code == 0)
  }
}
