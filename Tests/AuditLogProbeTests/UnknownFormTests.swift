import AssessmentModel
import FoundationEssentials
import GRDB
import NationalCrypto
import Testing

@testable import AuditLogProbe

/// A model whose form does not fit the log as a whole: nothing can be recomputed, and nothing is called altered.
@Suite("logs that lack a field of the model as a whole")
struct UnknownFormTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Three ways in which the same records are kept.
  enum Kept: String, CaseIterable { case jsonLines, csv, sqlite }

  private func source(_ kept: Kept, _ log: WrittenLog) async throws -> FactValue {
    let rows = log.records.map { [String($0.seq), $0.ts, $0.subject, $0.value] }
    switch kept {
    case .jsonLines:
      try folder.write("log.jsonl", log.jsonl)
      return ["kind": "jsonl", "path": "log.jsonl"]
    case .csv:
      let lines = [["seq", "ts", "subject", "mac"]] + rows
      try folder.write("log.csv", lines.map { $0.joined(separator: ",") + "\n" }.joined())
      return ["kind": "csv", "path": "log.csv"]
    case .sqlite:
      let path = folder.path + "/log.db"
      try? FileManager.default.removeItem(atPath: path)
      let queue = try DatabaseQueue(path: path)
      try await queue.write { db in
        try db.execute(
          sql:
            "CREATE TABLE log(id INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, subject TEXT, mac TEXT)"
        )
        for row in rows {
          try db.execute(
            sql: "INSERT INTO log(seq, ts, subject, mac) VALUES (?, ?, ?, ?)",
            arguments: StatementArguments(row))
        }
      }
      try queue.close()
      return ["kind": "sqlite", "path": "log.db", "table": "log", "order-by": "id"]
    }
  }

  private func model(
    _ kept: Kept, _ log: WrittenLog, fields: [FactValue], protection: [String: FactValue] = [:]
  ) async throws -> LogModelText {
    var model = try WrittenLog.model(
      in: folder, source: try await source(kept, log), protection: protection)
    model.set("canonical", "fields", .list(fields))
    model.set("canonical", "null", "")
    return model
  }

  private func inspected(_ model: LogModelText) async throws -> Observation {
    try await inspect(try folder.write("log.yaml", model.text))
  }

  @Test(
    "a wrong name in the canonical form is a missing column, and no value fails",
    arguments: Kept.allCases)
  func wrongName(_ kept: Kept) async throws {
    var log = WrittenLog(5000)
    try log.protectWithCodes()
    let seen = try await inspected(try await model(kept, log, fields: ["seq", "ts", "subjct"]))
    #expect(seen.errorKinds == ["missing-column"])
    #expect(seen.list("audit.errors").first?["field"] == "subjct")
    #expect(seen.unavailable?.reason == .unreadable)
    #expect(seen.list("audit.value-failures") == [])
    #expect(seen.facts["audit.failure-counts"]?["value"] == 0)
    #expect(seen.evidence.isEmpty)
    #expect(seen.facts["audit.anchor"] == nil)
  }

  @Test("values that are no values fail all the same", arguments: Kept.allCases)
  func noValues(_ kept: Kept) async throws {
    var log = WrittenLog(6)
    try log.protectWithCodes()
    log.records[1].value = ""
    log.records[3].value = "no value"
    log.records[4].value.removeLast(2)
    let seen = try await inspected(try await model(kept, log, fields: ["seq", "ts", "subjct"]))
    #expect(seen.errorKinds == ["missing-column"])
    #expect(seen.list("audit.value-failures") == [1, 3, 4])
  }

  @Test("a field that no record of a text has, and without which values are right, is null")
  func nullThroughout() async throws {
    var log = WrittenLog(6)
    let hash = try RecordHash(.sm3, key: WrittenLog.key)
    try log.protect { canonical, _, _ in
      try hash.compute(canonical + Array("|".utf8))
      return Array(hash.result)
    }
    log.records[2].subject = "changed"
    let fields: [FactValue] = ["seq", "ts", "subject", "detail"]
    let seen = try await inspected(try await model(.jsonLines, log, fields: fields))
    #expect(seen.errorKinds == [])
    #expect(seen.unavailable == nil)
    #expect(seen.list("audit.value-failures") == [2])
  }

  @Test(
    "an attack after which no value fits any more is noticed, though a field is null throughout")
  func attacks() async throws {
    var log = WrittenLog(40)
    let hash = try RecordHash(.sm3, key: WrittenLog.key)
    try log.protect { canonical, _, _ in
      try hash.compute(canonical + Array("|".utf8))
      return Array(hash.result)
    }
    let fields: [FactValue] = ["seq", "ts", "subject", "detail"]
    var model = try await model(.jsonLines, log, fields: fields)
    model.fields["active"] = "clone"
    let seen = try await inspected(model)
    #expect(seen.unavailable == nil)
    #expect(seen.variant("T13", "eight-hours")?["result"] == "noticed-by-probe-only")
    #expect(seen.attack("T1") == "noticed-by-probe-only")
  }

  @Test("a field that single records lack leaves their values wrong")
  func singleRecord() async throws {
    var log = WrittenLog(6)
    try log.protectWithCodes()
    var lines = log.lines
    lines[2] = lines[2].replacing("\"subject\"", with: "\"subjct\"")
    let model = try await model(.jsonLines, log, fields: ["seq", "ts", "subject"])
    try folder.write("log.jsonl", lines.joined(separator: "\n") + "\n")
    let seen = try await inspected(model)
    #expect(seen.errorKinds == [])
    #expect(seen.list("audit.value-failures") == [2])
  }

  @Test("a wrong name of the stored link breaks no link", arguments: Kept.allCases)
  func wrongLink(_ kept: Kept) async throws {
    var log = WrittenLog(8)
    let hash = try RecordHash(.sm3)
    try log.protect { canonical, _, previous in
      try hash.compute(previous + canonical)
      return Array(hash.result)
    }
    let model = try await model(
      kept, log, fields: ["seq", "ts", "subject"],
      protection: [
        "kind": "hash-chain", "key": nil, "prev-field": "no_such",
        "genesis": ["hex": .text(String(repeating: "00", count: 32))],
      ].compactMapValues(\.self))
    let seen = try await inspected(model)
    #expect(seen.errorKinds == ["missing-column"])
    #expect(seen.list("audit.value-failures") == [])
    #expect(seen.list("audit.link-failures") == [])
  }

  @Test("a tree over another form than the model's contradicts no checkpoint")
  func tree() async throws {
    let one = try Manifest.named("merkle/clean")
    var model = LogModelText(construction: one.construction)
    model.source(jsonl: Fixtures.root + "/" + (try #require(one.files["jsonl"])))
    let path = try #require(one.files["checkpoints"])
    model.set("checkpoint", "path", .text(Fixtures.root + "/" + path))
    let clean = try await inspected(model)
    #expect(clean.unavailable == nil)
    let fields = model.fields["canonical"]?["fields"]?.list ?? []
    model.set("canonical", "fields", .list(fields.map { $0 == "object" ? "objct" : $0 }))
    let seen = try await inspected(model)
    #expect(seen.errorKinds == ["missing-column"])
    #expect(seen.list("audit.checkpoint-failures") == [])
    #expect(seen.facts["audit.covered-by-valid-checkpoint"] == 0)
    #expect(seen.unavailable?.reason == .unreadable)
  }
}
