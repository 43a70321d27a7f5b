import Foundation
import TestSupport
import Testing

/// A signal while clones of a log are attacked: whatever was made for it is gone afterwards.
@Suite("interrupted attacks", .enabled(if: peersAreWanted))
struct InterruptedAttackTests {
  /// A log whose verifier sleeps, and the tool at work on it.
  private struct Attacked {
    let folder: Folder
    /// A number of seconds that no other process of this machine sleeps.
    let seconds: String

    init(_ mark: Int32) throws {
      folder = try Folder()
      seconds = "59.\(getpid())\(mark)"
      try folder.write(
        #"{"seq": 1, "ts": "2026-03-01T08:00:00Z", "subject": "teller"}"# + "\n", to: "log.jsonl")
      try folder.write("", to: "temporary/.keep")
      try folder.write(
        """
        name: log
        source: {kind: jsonl, path: log.jsonl}
        map: {seq: seq, time: ts, subject: subject}
        required: [ts, subject]
        protection: {kind: none}
        active: clone
        verifier: {command: [/bin/sh, -c, "exec sleep \(seconds)", verify, "{copy}"], timeout: 100s}
        """, to: "log.yaml")
    }

    /// Starts the tool, and waits until the verifier runs `count` times.
    func started(_ count: Int = 1) async throws -> Program {
      let tool = try Program(
        Miping.binary, ["probe", "run", "audit.log", "log.yaml", "--deadline", "100s"],
        in: folder.path,
        environment: Miping.environment.merging(["TMPDIR": folder.path("temporary")]) { $1 })
      let end = ContinuousClock.now + .seconds(30)
      while processes(holding: seconds).count < count {
        guard tool.isRunning, ContinuousClock.now < end else {
          throw SupportError("the verifier did not start: \(tool.errSoFar)")
        }
        try await Task.sleep(for: .milliseconds(10))
      }
      return tool
    }

    var clones: [String] {
      folder.names(in: "temporary").filter { $0.hasPrefix("miping-clone-") }
    }
  }

  @Test(
    "a signal in the middle of an attack leaves neither a clone nor the verifier behind",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func leavesNothing(_ signal: Int32) async throws {
    let attacked = try Attacked(signal)
    let tool = try await attacked.started()
    #expect(!attacked.clones.isEmpty)
    tool.signal(signal)
    // A terminal that goes is told of by the system and by the shell.
    if signal == SIGHUP {
      try await Task.sleep(for: .milliseconds(20))
      tool.signal(signal)
    }
    let ended = try await tool.end(within: .seconds(20))
    #expect(!ended.wasSignalled)
    #expect(ended.code == 130, "\(ended.errText)")
    #expect(attacked.clones.isEmpty)
    #expect(processes(holding: attacked.seconds).isEmpty)
  }

  @Test("clones of a killed run are removed by the next one, those of a run at work are not")
  func killed() async throws {
    let attacked = try Attacked(0)
    let killed = try await attacked.started()
    killed.signal(SIGKILL)
    _ = try await killed.end(within: .seconds(20))
    for number in processes(holding: attacked.seconds) {
      if let number = pid_t(number) { kill(number, SIGKILL) }
    }
    let left = Set(attacked.clones)
    #expect(!left.isEmpty)
    let first = try await attacked.started()
    let held = Set(attacked.clones)
    #expect(held.isDisjoint(with: left))
    let second = try await attacked.started(2)
    #expect(held.isSubset(of: attacked.clones))
    for tool in [first, second] {
      tool.signal(SIGTERM)
      _ = try await tool.end(within: .seconds(20))
    }
    #expect(attacked.clones.isEmpty)
  }
}

/// Process ids whose command line holds a text.
private func processes(holding text: String) -> [String] {
  let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return all.filter { name in
    guard Int(name) != nil,
      let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
    else { return false }
    return line.starts(with: Data("sleep\0\(text)".utf8))
  }
}
