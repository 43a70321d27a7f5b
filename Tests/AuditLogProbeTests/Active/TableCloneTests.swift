import AssessmentModel
import FoundationEssentials
import Glibc
import Testing

@testable import AuditLogProbe

@Suite("clones of SQLite tables")
struct TableCloneTests {
  private static let columns = [
    "seq", "ts", "event_type", "subject_type", "subject", "object", "result", "src_ip", "detail",
    "mac", "hash", "prev_hash", "sig",
  ]

  /// Loads the clean log of a construction into a database of the test.
  private func table(
    _ construction: String, _ schema: String, order: String = "id"
  ) throws -> AttackedLog {
    let source = try AttackedLog(construction)
    let path = source.folder.path + "/log.db"
    let database = try SQLiteClone(path)
    try database.run("CREATE TABLE audit_log(\(schema))", [])
    let names = Self.columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let places = Self.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    for line in try Fixtures.bytes("\(construction)/clean.jsonl").split(separator: 0x0A) {
      let record = try JSONDecoder().decode(FactValue.self, from: Data(line))
      let values = Self.columns.map { column -> EditedValue in
        switch record[column] {
        case .text(let text): .text(Array(text.utf8))
        case .integer(let integer): .number(Array(String(integer).utf8))
        case nil, .null, .boolean, .list, .record: .null
        }
      }
      try database.run("INSERT INTO audit_log(\(names)) VALUES (\(places))", values)
    }
    var log = source
    log.model.fields["source"] = [
      "kind": "sqlite", "path": .text(path), "table": "audit_log", "order-by": .text(order),
    ]
    if log.model.fields["checkpoint"] != nil {
      try database.run("CREATE TABLE audit_checkpoint(id INTEGER PRIMARY KEY, body TEXT)", [])
      for line in try Fixtures.bytes("\(construction)/clean.checkpoints.jsonl").split(
        separator: 0x0A)
      {
        try database.run(
          "INSERT INTO audit_checkpoint(body) VALUES ($1)", [.text(Array(line))])
      }
      log.model.set("checkpoint", "path", nil)
      log.model.set("checkpoint", "table", "audit_checkpoint")
      log.model.set("checkpoint", "order-by", "id")
    }
    return log
  }

  private static let plain = (["seq INTEGER"] + columns.dropFirst().map { "\"\($0)\" TEXT" })
    .joined(separator: ", ")

  @Test(
    "give what clones of the same log in a file give",
    arguments: ["hmac-record", "hash-chain", "sm2-checkpoint", "hmac-chain"])
  func sameAsFile(_ construction: String) async throws {
    let file = try await AttackedLog(construction).inspected()
    let log = try table(construction, "id INTEGER PRIMARY KEY, \(Self.plain)")
    let seen = try await log.inspected()
    #expect(seen.unavailable == nil)
    #expect(seen.variants("T0").first?["reason"] == nil)
    #expect(seen.attackResults == file.attackResults)
    #expect(seen.variants("T8").allSatisfy { $0["result"] == "noticed-by-probe-only" })
  }

  @Test("what the database would refuse, an attacker who has the file need not mind")
  func constraints() async throws {
    let schema =
      "id INTEGER PRIMARY KEY AUTOINCREMENT, "
      + Self.plain.replacing("seq INTEGER", with: "seq INTEGER UNIQUE NOT NULL")
    let log = try table("hmac-record", schema)
    let database = try SQLiteClone(log.folder.path + "/log.db")
    try database.run("CREATE UNIQUE INDEX by_time ON audit_log(ts, seq)", [])
    for verb in ["UPDATE", "DELETE"] {
      try database.run(
        "CREATE TRIGGER no_\(verb) BEFORE \(verb) ON audit_log BEGIN "
          + "SELECT RAISE(ABORT, 'append only'); END", [])
    }
    let seen = try await log.inspected()
    let file = try await AttackedLog("hmac-record").inspected()
    #expect(seen.attackResults == file.attackResults)
  }

  @Test("an order that is no number can be attacked, but not put into")
  func textOrder() async throws {
    let seen = try await table("hmac-record", Self.plain, order: "ts").inspected()
    #expect(seen.variant("T8", "in-the-middle")?["result"] == "could-not-run")
    #expect(seen.variant("T3", "middle")?["result"] == "noticed-by-probe-only")
    #expect(seen.attack("T5") == "not-noticed")
  }

  @Test(
    "the database, also with a journal of its own, is left as it was", arguments: ["DELETE", "WAL"])
  func untouched(_ mode: String) async throws {
    var log = try table("hmac-record", "id INTEGER PRIMARY KEY, \(Self.plain)")
    let path = log.folder.path + "/log.db"
    do {
      let database = try SQLiteClone(path)
      _ = try database.texts("PRAGMA journal_mode = \(mode)", [])
    }
    try log.verify(with: "exit 0")
    let before = try Listing(path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    let changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_nsec]
    let names = try FileManager.default.contentsOfDirectory(atPath: log.folder.path).sorted()
    let seen = try await log.inspected()
    #expect(seen.attack("T1") == "noticed-by-probe-only")
    #expect(try Listing(path) == before)
    #expect(stat(path, &status) == 0)
    #expect(
      [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_nsec] == changed)
    let after = try FileManager.default.contentsOfDirectory(atPath: log.folder.path)
      .filter { $0 != "log.yaml" }.sorted()
    #expect(after == names)
  }

  @Test("a larger database than the limit is not cloned")
  func limit() async throws {
    var log = try table("hmac-record", "id INTEGER PRIMARY KEY, \(Self.plain)")
    log.model.fields["clone-limit"] = "4KiB"
    let seen = try await log.inspected()
    #expect(seen.attackResults.values.allSatisfy { $0 == "could-not-run" })
    #expect(seen.variants("T1").first?["reason"]?.text?.contains("clone-limit") == true)
    #expect(seen.facts["audit.value-failures"] == [])
  }
}
