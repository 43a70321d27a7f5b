import AssessmentModel
import FoundationEssentials
import GRDB
import Glibc
import Testing

@testable import AuditLogProbe

@Suite("damaged and hostile logs")
struct HostileInputTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Inspects the log of ten records whose lines `change` has changed.
  private func seen(
    _ change: (inout [String]) -> Void, end: String = "\n"
  ) async throws -> Observation {
    var log = WrittenLog(10)
    try log.protectWithCodes()
    log.records[1].subject = "changed"
    var lines = log.lines
    change(&lines)
    try folder.write("log.jsonl", lines.joined(separator: "\n") + end)
    return try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder).text))
  }

  @Test("a half-written last line is an error with its place, and the rest is verified")
  func halfWritten() async throws {
    var offset = 0
    let seen = try await seen(
      { lines in
        offset = lines.dropLast().reduce(0) { $0 + $1.utf8.count + 1 }
        lines[9] = String(lines[9].prefix(30))
      }, end: "")
    #expect(seen.unavailable?.reason == .unreadable)
    #expect(seen.list("audit.value-failures") == [1])
    #expect(seen.errorKinds == ["half-written"])
    let error = try #require(seen.list("audit.errors").first)
    #expect(error["record"] == 9)
    #expect(error["offset"] == .integer(offset + 30))
    #expect(seen.facts["audit.anchor"] == nil)
  }

  @Test("a last line without its end is a record like the others")
  func noLastLineEnd() async throws {
    let seen = try await seen({ _ in }, end: "")
    #expect(seen.unavailable == nil)
    #expect(seen.facts["audit.records"] == 10)
  }

  @Test(
    "a line that cannot be understood is an error, and the rest is verified",
    arguments: [
      ("{\"seq\": 5", "bad-json"), ("[1, 2]", "bad-json"), ("{\"seq\": 05}", "bad-json"),
      ("{} {}", "bad-json"), ("{\"seq\": 5, \"seq\": 5}", "repeated-field"),
      ("{\"a\": \"\\ud800\", \"subject\": \"\\ud800\"}", "bad-json"),
      ("{\"a\": " + String(repeating: "[", count: 5000), "too-deep"),
      ("{\"subject\": \"\u{1}\"}", "bad-json"),
    ])
  func badLines(_ line: String, _ kind: String) async throws {
    let seen = try await seen { $0[4] = line }
    #expect(seen.errorKinds == [kind])
    #expect(seen.list("audit.errors").first?["record"] == 4)
    #expect(seen.list("audit.value-failures") == [1])
    #expect(seen.facts["audit.records"] == 10)
    #expect(seen.list("audit.structural") == [])
    #expect(seen.unavailable != nil)
  }

  @Test("a line beyond the bound is an error, and reading goes on behind it", arguments: [1, 2, 5])
  func tooLong(_ mebibytes: Int) async throws {
    let seen = try await seen {
      $0[4] = "{\"a\": \"" + String(repeating: "x", count: mebibytes << 20) + "\"}"
    }
    #expect(seen.errorKinds == ["record-too-long"])
    #expect(seen.list("audit.errors").first?["record"] == 4)
    #expect(seen.list("audit.value-failures") == [1])
    #expect(seen.facts["audit.records"] == 10)
    #expect(seen.unavailable != nil)
  }

  @Test("bytes that are not UTF-8 are an error at their offset")
  func badUTF8() async throws {
    var log = WrittenLog(4)
    try log.protectWithCodes()
    var bytes = Array(log.jsonl.utf8)
    let at = try #require(bytes.firstIndex(of: 0x75))
    bytes[at] = 0xC0
    try folder.write("log.jsonl", bytes)
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder).text))
    #expect(seen.errorKinds == ["bad-utf-8"])
    #expect(seen.list("audit.errors").first?["offset"] == .integer(at))
    #expect(seen.list("audit.value-failures") == [])
    // Nothing proves that the log is clean.
    #expect(seen.evidence.isEmpty)
  }

  @Test("text where a number belongs, and a time that is none, are findings")
  func badNumbers() async throws {
    var log = WrittenLog(4)
    log.records[2].ts = "yesterday"
    try log.protectWithCodes()
    var lines = log.lines
    lines[1] = lines[1].split(separator: "\"seq\":2").joined(separator: "\"seq\":\"two\"")
    try folder.write("log.jsonl", lines.joined(separator: "\n"))
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder).text))
    #expect(
      seen.list("audit.structural") == [
        ["kind": "bad-number", "position": 1, "field": "seq"],
        ["kind": "bad-time", "position": 2, "field": "ts"],
      ])
    #expect(seen.list("audit.value-failures") == [1])
    #expect(seen.errorKinds == ["bad-number", "bad-time"])
  }

  @Test("a list in a protected field leaves that record unchecked, and says so")
  func unsupported() async throws {
    let seen = try await seen {
      $0[3] = $0[3].split(separator: "\"user3\"").joined(separator: "[\"user3\"]")
    }
    #expect(
      seen.list("audit.structural") == [
        ["kind": "unsupported-value", "position": 3, "field": "subject"]
      ])
    #expect(seen.list("audit.value-failures") == [1])
    #expect(seen.unavailable != nil)
  }

  @Test("blank lines, CRLF and a byte order mark change nothing")
  func variations() async throws {
    var log = WrittenLog(5)
    try log.protectWithCodes()
    let text = "\u{FEFF}\n" + log.lines.joined(separator: "\r\n\r\n \t\r\n") + "\r\n\n"
    try folder.write("log.jsonl", text)
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder).text))
    #expect(seen.unavailable == nil)
    #expect(seen.facts["audit.records"] == 5)
    #expect(seen.list("audit.value-failures") == [])
  }

  @Test("checkpoints that cannot be read are no empty list of checkpoints")
  func noCheckpoints() async throws {
    var model = LogModelText(construction: "sm2-checkpoint")
    model.source(jsonl: Fixtures.root + "/sm2-checkpoint/clean.jsonl")
    model.set("checkpoint", "path", "absent.jsonl")
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(seen.unavailable?.reason == .unreadable)
    #expect(seen.errorKinds == ["checkpoint-unreadable"])
    #expect(seen.facts["audit.covered-by-valid-checkpoint"] == 0)
  }

  @Test("no log, a folder in its place and a database that is none are unavailable with a reason")
  func noLog() async throws {
    try folder.write("text.db", "no database")
    for source in [
      ["kind": "jsonl", "path": "absent"], ["kind": "jsonl", "path": "/"],
      ["kind": "sqlite", "path": "text.db", "table": "t"],
      ["kind": "digest-folder", "path": "absent"],
    ] as [FactValue] {
      var model = try WrittenLog.model(in: folder, source: source)
      if source["kind"] == "digest-folder" {
        model = LogModelText(construction: "digest-folder")
        model.fields["source"] = source
      }
      let seen = try await inspect(try folder.write("log.yaml", model.text))
      #expect(seen.unavailable?.reason == .unreadable)
      #expect(seen.facts.isEmpty)
    }
  }

  @Test("a table without the column of the values is an error, and its values fail")
  func missingColumn() async throws {
    let path = folder.path + "/log.db"
    let queue = try DatabaseQueue(path: path)
    try await queue.write { db in
      try db.execute(
        sql: """
          PRAGMA user_version = 1;
          CREATE TABLE log(id INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, subject TEXT);
          INSERT INTO log VALUES (1, 1, '2026-03-01T00:00:00Z', 'a');
          """)
    }
    try queue.close()
    let source: FactValue = ["kind": "sqlite", "path": "log.db", "table": "log", "order-by": "id"]
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder, source: source).text))
    #expect(seen.errorKinds == ["missing-column"])
    #expect(seen.list("audit.value-failures") == [0])
    #expect(seen.pitfallNames.contains("value-missing"))
    #expect(seen.unavailable != nil)
  }

  @Test("a database in write-ahead mode is read without a file being made beside it")
  func writeAhead() async throws {
    let path = folder.path + "/log.db"
    let pool = try DatabasePool(path: path)
    try await pool.write { db in
      try db.execute(
        sql:
          "CREATE TABLE log(id INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, subject TEXT, mac TEXT)")
    }
    try pool.close()
    for side in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + side) }
    let before = try Fixtures.status(path)
    let source: FactValue = ["kind": "sqlite", "path": "log.db", "table": "log", "order-by": "id"]
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder, source: source).text))
    #expect(seen.unavailable == nil)
    #expect(seen.facts["audit.records"] == 0)
    #expect(OpenFile.status(ofPath: path + "-wal") == nil)
    #expect(OpenFile.status(ofPath: path + "-shm") == nil)
    #expect(try Fixtures.status(path) == before)
  }

  @Test(
    "a journal whose value says it is longer than the file, and a quote never closed, end the reading"
  )
  func endless() async throws {
    try folder.write(
      "log.export", "A=1\n\nMESSAGE\n\u{FF}".utf8 + [0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0])
    var model = try WrittenLog.model(
      in: folder, source: ["kind": "journald-export", "path": "log.export"],
      protection: ["kind": "none"])
    let journal = try await inspect(try folder.write("log.yaml", model.text))
    #expect(journal.errorKinds.contains("half-written"))
    try folder.write("log.csv", "seq,ts,subject,mac\n1,2026-03-01T00:00:00Z,\"a,b\n")
    model.fields["source"] = ["kind": "csv", "path": "log.csv"]
    let csv = try await inspect(try folder.write("log.yaml", model.text))
    #expect(csv.errorKinds.contains("half-written"))
    try folder.write(
      "log.csv",
      "seq,ts,subject,mac\n1,2026-03-01T00:00:00Z,\""
        + String(repeating: "x\n", count: 1_000_000))
    let long = try await inspect(try folder.write("log.yaml", model.text))
    #expect(long.errorKinds.contains("record-too-long"))
    #expect(long.errorKinds.contains("read-failed"))
  }

  @Test("a database that is damaged in the middle is an error with the record's number")
  func damagedDatabase() async throws {
    var log = WrittenLog(5000)
    try log.protectWithCodes()
    log.records[7].subject = "changed"
    let records = log.records
    let path = folder.path + "/log.db"
    let queue = try DatabaseQueue(path: path)
    try await queue.write { db in
      try db.execute(
        sql:
          "CREATE TABLE log(id INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, subject TEXT, mac TEXT)")
      for record in records {
        try db.execute(
          sql: "INSERT INTO log(seq, ts, subject, mac) VALUES (?, ?, ?, ?)",
          arguments: [record.seq, record.ts, record.subject, record.value])
      }
    }
    try queue.close()
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let middle = bytes.count / 2 / 4096 * 4096
    bytes.replaceSubrange(middle..<(middle + 4096), with: repeatElement(0xFF, count: 4096))
    try folder.write("log.db", bytes)
    let source: FactValue = ["kind": "sqlite", "path": "log.db", "table": "log", "order-by": "id"]
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder, source: source).text))
    #expect(seen.errorKinds == ["read-failed"])
    let record = try #require(seen.list("audit.errors").first?["record"]?.integer)
    #expect(seen.facts["audit.records"] == .integer(record))
    #expect(record > 1000 && record < 4000)
    // What was read stands.
    #expect(seen.list("audit.value-failures") == [7])
    #expect(seen.unavailable?.reason == .unreadable)
    #expect(seen.facts["audit.anchor"] == nil)
  }

  @Test("when the time is over the log is unavailable and what was read stands")
  func deadline() async throws {
    var log = WrittenLog(10)
    try log.protectWithCodes()
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder).text), seconds: -1)
    #expect(seen.unavailable?.reason == .deadline)
    #expect(seen.evidence.isEmpty)
  }

  @Test("failure lists hold their first ten thousand, and the count is stated")
  func boundedLists() async throws {
    try folder.write("log.jsonl", WrittenLog(12_000).jsonl)
    let seen = try await inspect(
      try folder.write("log.yaml", WrittenLog.model(in: folder).text))
    #expect(seen.list("audit.value-failures").count == 10_000)
    #expect(seen.facts["audit.failure-counts"]?["value"] == 12_000)
  }

  @Test("the log's bytes and times stay what they were")
  func untouched() async throws {
    var log = WrittenLog(10)
    try log.protectWithCodes()
    let path = try folder.write("log.jsonl", log.jsonl)
    let before = try Fixtures.status(path)
    _ = try await inspect(try folder.write("log.yaml", WrittenLog.model(in: folder).text))
    #expect(try Fixtures.status(path) == before)
  }

  @Test(
    "no damage to a log, whatever its form, stops the probe or goes unnoticed", arguments: 0..<4)
  func fuzz(_ form: Int) async throws {
    var log = WrittenLog(8)
    try log.protectWithCodes()
    let name = ["log.jsonl", "log.csv", "log.export", "log.gb.csv"][form]
    let source: FactValue =
      switch form {
      case 0: ["kind": "jsonl", "path": .text(name)]
      case 1: ["kind": "csv", "path": .text(name)]
      case 2: ["kind": "journald-export", "path": .text(name)]
      default: ["kind": "csv", "path": .text(name), "encoding": "gb18030"]
      }
    let text: String =
      switch form {
      case 0: log.jsonl
      case 2:
        log.records.map {
          "seq=\($0.seq)\nts=\($0.ts)\nsubject=\($0.subject)\nmac=\($0.value)\n\n"
        }.joined()
      default:
        "seq,ts,subject,mac\n"
          + log.records.map { "\($0.seq),\($0.ts),\($0.subject),\($0.value)\n" }.joined()
      }
    let model = try folder.write("log.yaml", WrittenLog.model(in: folder, source: source).text)
    try folder.write(name, text)
    let clean = try await inspect(model)
    #expect(clean.unavailable == nil)
    #expect(clean.list("audit.value-failures") == [])
    var random = Seeded(UInt64(form) + 1)
    let whole = Array(text.utf8)
    // Damage is put into the values of a record, which every form shows as a wrong value or an error.
    let start = try #require(text.firstRange(of: log.records[5].value)?.lowerBound)
    let at = text.utf8.distance(from: text.startIndex, to: start)
    for _ in 0..<40 {
      var bytes = whole
      let place = at + random.below(64)
      let old = bytes[place]
      bytes[place] = UInt8(random.below(256))
      if bytes[place] == old || bytes[place] | 0x20 == old | 0x20 { continue }
      try folder.write(name, bytes)
      let seen = try await inspect(model)
      #expect(seen.unavailable != nil || !seen.list("audit.value-failures").isEmpty)
      // Anything at all, anywhere: only that it comes back.
      for _ in 0..<3 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      bytes.removeLast(random.below(bytes.count))
      try folder.write(name, bytes)
      _ = try await inspect(model)
    }
  }
}

extension Fixtures {
  static func status(_ path: String) throws -> OpenFile.Status {
    try #require(OpenFile.status(ofPath: path))
  }
}
