import AssessmentModel
import FoundationEssentials
import Testing

@testable import AuditLogProbe

@Suite("events caused and looked for in the log")
struct CanaryTests {
  /// A log without protection to which the action's program writes.
  private func log(_ program: String, expect: FactValue, wait: String = "2s") throws -> AttackedLog
  {
    let folder = try TestFolder()
    let path = try folder.write("log.jsonl", "")
    var log = AttackedLog(
      folder,
      LogModelText([
        "name": "live", "source": ["kind": "jsonl", "path": .text(path)],
        "map": [
          "time": "ts", "type": "type", "subject": "who", "object": "what", "result": "result",
        ],
        "required": ["ts", "type", "who", "what", "result"], "protection": ["kind": "none"],
        "canonical": ["kind": "json-sorted", "fields": ["ts", "type", "who", "what", "result"]],
      ]))
    let script = try log.program("act.sh", program)
    log.model.fields["canary"] = [
      "wait": .text(wait), "timeout": "5s",
      "actions": [
        [
          "name": "failed-login", "command": [.text(script), "{token}", .text(path)],
          "ok-exit": [1], "expect": expect,
        ]
      ],
    ]
    return log
  }

  private static func record(_ time: String = "$(date -u +%Y-%m-%dT%H:%M:%SZ)") -> String {
    """
    printf '{"ts":"%s","type":"login","who":"%s","what":"console","result":"failure"}\\n' \
    "\(time)" "$1" >> "$2"; exit 1
    """
  }

  private func outcome(_ log: AttackedLog) async throws -> FactValue {
    let seen = try await log.inspected()
    return try #require(seen.facts["audit.canary"]?.list?.first)
  }

  @Test("are found with all they must say")
  func found() async throws {
    let seen = try await outcome(
      log(Self.record(), expect: ["type": "login", "subject": "{token}", "result": "failure"]))
    #expect(seen["state"] == "found")
    #expect(seen["record"] == 0)
    #expect(seen["findings"] == [])
    #expect(seen["token"]?.text?.hasPrefix("canary-") == true)
  }

  @Test("are found when the log is late")
  func late() async throws {
    let seen = try await outcome(
      log("(sleep 0.8; \(Self.record())) > /dev/null 2>&1 &\nsleep 1; exit 1", expect: [:]))
    #expect(seen["state"] == "found")
  }

  @Test("that leave no record are stated")
  func missing() async throws {
    let seen = try await outcome(log("exit 1", expect: [:], wait: "700ms"))
    #expect(seen["state"] == "not-found")
    #expect(seen["findings"] == ["event-not-logged"])
  }

  @Test("are not looked for when the action does not end as it should")
  func failed() async throws {
    let seen = try await outcome(log("exit 0", expect: [:]))
    #expect(seen["state"] == "action-failed")
    #expect(seen["reason"] == "exit code 0")
  }

  @Test("that the log tells wrongly are stated")
  func wrong() async throws {
    let seen = try await outcome(
      log(
        Self.record("2020-01-01T00:00:00Z"),
        expect: ["subject": "somebody", "result": "success"]))
    #expect(seen["findings"] == ["subject-differs", "result-differs", "time-differs"])
  }

  @Test("are not caused unless attacks are allowed")
  func permission() async throws {
    let log = try log(Self.record(), expect: [:])
    let seen = try await log.inspected(parameters: ["active": "none"])
    #expect(seen.facts["audit.canary"] == nil)
    #expect(seen.list("audit.not-run").contains("canary"))
    #expect(try Data(contentsOf: URL(filePath: log.folder.path + "/log.jsonl")).isEmpty)
  }
}
