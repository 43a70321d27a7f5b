import Foundation
import TestSupport
import Testing

/// A signal while clones of a log are attacked: whatever was made for it is gone afterwards.
@Suite("interrupted attacks", .enabled(if: peersAreWanted))
struct InterruptedAttackTests {
  @Test(
    "a signal in the middle of an attack leaves neither a clone nor the verifier behind",
    arguments: [SIGINT, SIGTERM])
  func leavesNothing(_ signal: Int32) async throws {
    let folder = try Folder()
    try folder.write(
      #"{"seq": 1, "ts": "2026-03-01T08:00:00Z", "subject": "teller"}"# + "\n", to: "log.jsonl")
    try folder.write("", to: "temporary/.keep")
    // A number of seconds that no other process of this machine sleeps.
    let seconds = "59.\(getpid())\(signal)"
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
    let tool = try Program(
      Miping.binary, ["probe", "run", "audit.log", "log.yaml", "--deadline", "100s"],
      in: folder.path,
      environment: Miping.environment.merging(["TMPDIR": folder.path("temporary")]) { $1 })
    let end = ContinuousClock.now + .seconds(30)
    while Self.processes(holding: seconds).isEmpty {
      guard tool.isRunning, ContinuousClock.now < end else {
        throw SupportError("the verifier did not start: \(tool.errSoFar)")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(!Self.clones(in: folder).isEmpty)
    tool.signal(signal)
    let ended = try await tool.end(within: .seconds(20))
    #expect(!ended.wasSignalled)
    #expect(ended.code == 130, "\(ended.errText)")
    #expect(Self.clones(in: folder).isEmpty)
    #expect(Self.processes(holding: seconds).isEmpty)
  }

  private static func clones(in folder: Folder) -> [String] {
    folder.names(in: "temporary").filter { $0.hasPrefix("miping-clone-") }
  }

  /// Process ids whose command line holds a text.
  private static func processes(holding text: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { name in
      guard Int(name) != nil,
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else { return false }
      return line.starts(with: Data("sleep\0\(text)".utf8))
    }
  }
}
