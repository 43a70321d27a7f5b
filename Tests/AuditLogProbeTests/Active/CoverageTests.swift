import AssessmentModel
import Testing

@testable import AuditLogProbe

@Suite("whom and what a log covers")
struct CoverageTests {
  private func inspected(
    _ coverage: FactValue, _ change: (inout AttackedLog) throws -> Void = { _ in }
  ) async throws -> Observation {
    var log = try AttackedLog("hmac-record")
    log.model.fields["active"] = nil
    log.model.fields["coverage"] = coverage
    try change(&log)
    return try await log.inspected()
  }

  private func names(_ seen: Observation) -> [String] {
    seen.list("audit.coverage-findings").compactMap { $0["name"]?.text }
  }

  @Test("users without records are listed, exempt ones are not")
  func users() async throws {
    let folder = try TestFolder()
    let passwd = try folder.write(
      "passwd",
      """
      rescue:x:0:0:root:/:/bin/bash
      daemon:x:1:1::/:/usr/sbin/nologin
      backup:x:34:34:backup:/var:/bin/false
      ops-01:x:1001:1001::/srv/home/ops:/bin/sh
      not a line of this form
      empty:x:1002:1002::/:
      """)
    let seen = try await inspected([
      "users": [
        "passwd": .text(passwd), "exempt": ["rescue": "locked, console only"],
        "application": ["nobody-ever"],
      ]
    ])
    let users = try #require(seen.facts["audit.coverage"]?["users"]?.list)
    let states = users.map { [$0["name"]?.text ?? "", $0["state"]?.text ?? ""] }
    #expect(
      states == [
        ["rescue", "exempt"], ["ops-01", "not-covered"], ["empty", "not-covered"],
        ["nobody-ever", "not-covered"],
      ])
    #expect(names(seen).filter { $0 == "user-not-covered" }.count == 3)
  }

  @Test("event types never seen are listed, and the five items counted")
  func events() async throws {
    let seen = try await inspected(["event-types": ["login": ["login"], "clock": ["clock-change"]]])
    #expect(
      seen.list("audit.coverage-findings").contains(
        ["name": "event-type-never-seen", "type": "clock"]))
    let content = try #require(seen.facts["audit.coverage"]?["content"]?.list)
    #expect(content.map { $0["item"]?.text } == ["time", "type", "subject", "object", "result"])
    #expect(content.allSatisfy { $0["records"] == 50 && $0["of"] == 50 })
    #expect(!names(seen).contains("content-missing"))
    #expect(!seen.list("audit.not-run").contains("coverage"))
  }

  @Test("missing items, one shared account and results that are always the same are found")
  func content() async throws {
    let folder = try TestFolder()
    let lines = (0..<40).map { index in
      "{\"ts\":\"2026-03-0\(1 + index / 20) 10:00:0\(index % 10)\",\"who\":\"app\",\"what\":\"db\",\"result\":\"ok\"}\n"
    }
    let path = try folder.write("log.jsonl", lines.joined())
    let seen = try await inspected(["failures": ["denied"], "retention-days": 36_000]) { log in
      log.model.source(jsonl: path)
      log.model.fields["protection"] = ["kind": "none"]
      log.model.fields["map"] = [
        "time": "ts", "type": "type", "subject": "who", "object": "what", "result": "result",
      ]
      log.model.fields["required"] = ["ts"]
      log.model.fields["canonical"] = ["kind": "json-sorted", "fields": ["ts"]]
    }
    #expect(
      names(seen) == [
        "content-missing", "time-without-zone", "no-failure-logged", "shared-subject",
        "object-constant", "retention-short",
      ])
    #expect(seen.facts["audit.coverage"]?["longest-silence-seconds"] == 86_391)
  }

  private static let settings = """
    {"settings": {"shared_preload_libraries": "pg_stat_statements, pgaudit", "pgaudit.log": "all, -misc",
    "log_connections": "off", "log_disconnections": "on"},
    "roles": [{"name": "dba", "login": true, "superuser": true},
    {"name": "app", "login": true, "superuser": false, "settings": ["pgaudit.log=none"]},
    {"name": "ops", "login": true, "superuser": false, "may-set": true},
    {"name": "group", "login": false, "superuser": true}],
    "databases": {"core": ["pgaudit.log=ddl"]}}
    """

  @Test("who can switch auditing off, and for whom it is, is read from exported settings")
  func exported() async throws {
    let folder = try TestFolder()
    let path = try folder.write("settings.json", Self.settings)
    let seen = try await inspected(["audit-settings": ["file": .text(path)]])
    let findings = seen.list("audit.coverage-findings")
    #expect(
      findings.contains(["name": "audit-can-be-disabled", "user": "dba", "why": "superuser"]))
    #expect(findings.contains(["name": "audit-can-be-disabled", "user": "ops", "why": "granted"]))
    #expect(!findings.contains { $0["user"] == "group" })
    #expect(findings.contains(["name": "user-exempt", "user": "app", "setting": "none"]))
    #expect(findings.contains(["name": "database-exempt", "database": "core", "setting": "ddl"]))
    #expect(
      findings.contains(
        ["name": "classes-not-logged", "setting": "pgaudit.log", "missing": ["misc"]]))
    #expect(findings.contains(["name": "sessions-not-logged", "setting": "log_connections"]))
    let users = try #require(seen.facts["audit.coverage"]?["users"]?.list)
    #expect(
      users.map { [$0["name"]?.text ?? "", $0["state"]?.text ?? ""] } == [
        ["dba", "covered"], ["app", "not-covered"], ["ops", "covered"],
      ])
  }

  @Test("settings that cannot be read are no clean bill")
  func unreadable() async throws {
    let seen = try await inspected(
      [
        "audit-settings": ["file": "/nowhere/settings.json"],
        "users": ["database": ["nobody-ever"], "application": ["no-one-either"]],
      ]
    ) { log in
      log.model.fields["required"] = ["ts"]
    }
    // A rule for the account may stand in what could not be read.
    let states = seen.facts["audit.coverage"]?["users"]?.list?.map { $0["state"] }
    #expect(states == ["not-known", "not-covered"])
    let uncovered = seen.list("audit.coverage-findings").filter { $0["name"] == "user-not-covered" }
    #expect(uncovered.map { $0["user"] } == ["no-one-either"])
    #expect(seen.facts["audit.coverage"]?["not-read"]?.list?.count == 1)
    #expect(seen.list("audit.not-run").contains("coverage"))
  }

  @Test(
    "classes of statements add up as pgaudit reads them",
    arguments: [
      ("none", 0), ("all", 7), ("read, write", 2), ("ALL,-MISC", 6), ("", 0), ("nonsense", 0),
      ("ddl,all,-read", 6),
    ])
  func classes(_ value: String, _ count: Int) {
    #expect(AuditSettings.logged(value).count == count)
  }

  @Test(
    "moments are written in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
      (-1, "1969-12-31T23:59:59Z"), (1_772_294_400, "2026-02-28T16:00:00Z"),
    ])
  func utc(_ seconds: Int, _ text: String) {
    #expect(Instant(seconds: seconds, nanoseconds: 0).utcText == text)
    let bytes = Array(text.utf8)
    #expect(TimeText(iso: bytes.span)?.instant.seconds == seconds)
  }
}
