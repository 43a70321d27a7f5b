import AssessmentModel
import Foundation
import GRDBSQLite
import TestSupport
import Testing

@testable import PINProbe

@Suite("PIN data in tables: CSV and database columns")
struct TableTests {
  @Test(
    "A column named for the PIN, the block or a clear key is searched by its header",
    arguments: [
      (
        "id,pan,pin\n1,\(Plant.pan),489571\n2,\(Plant.pan),******\n3,\(Plant.pan),0012.5\n", ["2 1"]
      ),
      ("id;交易密码;note\r\n1;489571;x\r\n", ["2 1"]),
      ("\u{FEFF}user_pin\tcard\n\"4895\"\t\"\(Plant.pan)\"\n", ["2 1"]),
      ("+----+------+\n| id | pwd  |\n+----+------+\n|  1 | 4895 |\n", ["4 1"]),
      ("id,pin_block,mac\n7,1A2B3C4D5E6F7081,00\n8,,\n9,****************,1\n", ["2 4"]),
      ("name,\"note, long\",pin\na,\"b, c, 1234\",4895\n", ["2 1"]),
      ("id,clear_zpk\n1,0123456789ABCDEF1123456789ABCDEF\n", ["2 5"]),
      // The header names nothing, or the line has another number of columns, or it is no header.
      ("id,pan,pin_length,pin_retry\n1,\(Plant.pan),0006,0003\n", []),
      ("id,pan,pin\n4895,\(Plant.pan)\n", []),
      ("2026-01-01 10:00:00,INFO,pin\n4895,4895,4895\n", []),
      ("id,order_no,amount\n1,2026030112345678,489571\n", []),
    ])
  func columns(text: String, expected: [String]) async throws {
    #expect(try await Plant.scan(text, name: "t.csv", canaries: nil) == expected, "\(text)")
  }

  @Test("A table across several pieces is searched by its header to the end")
  func longTable() async throws {
    var text = "stan,card,pin\n"
    let count = 90_000
    for number in 0..<count {
      text += "\(100_000 + number),622588******2942,\(number == count - 1 ? "4895" : "****")\n"
    }
    #expect(text.utf8.count > 2 * LogFile.chunk)
    #expect(try await Plant.scan(text, canaries: nil) == ["\(count + 1) 1"])
  }

  /// A database with `statements` run in it; how many leaks there are by `table.column row form`.
  private func scan(
    _ statements: [String], canaries: String? = nil
  ) async throws -> (leaks: [String], observation: Observation) {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("switch.db").path
      try makeDatabase(path, statements)
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      var list: String?
      if let canaries {
        list = folder.appendingPathComponent("canaries.yaml").path
        try Data(canaries.utf8).write(to: URL(fileURLWithPath: list ?? ""))
      }
      let observation = try await Fixture.inspectLogs(path, canaries: list)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(names).subtracting(["canaries.yaml"]) == ["switch.db"])
      let leaks = (observation.facts["pin.leaks"]?.list ?? []).map { leak in
        let place = leak["place"]
        return "\(place?["table"]?.text ?? "-").\(place?["column"]?.text ?? "-") "
          + "\(place?["row"]?.integer ?? -1) \(leak["form"]?.integer ?? 0)"
      }
      return (leaks, observation)
    }
  }

  @Test("Database columns are searched by name and by value, texts, numbers and bytes alike")
  func database() async throws {
    let plant = try Plant()
    let result = try await scan([
      "CREATE TABLE clean (id INTEGER PRIMARY KEY, pan TEXT, amount INTEGER, pin_length INTEGER)",
      "INSERT INTO clean VALUES (1, '\(Plant.pan)', 489571, 6), (2, '\(Plant.otherPAN)', 4895, 6)",
      "CREATE TABLE cards (id INTEGER, pan TEXT, pin TEXT, \"user mima\" INTEGER)",
      "INSERT INTO cards VALUES (1, '\(Plant.pan)', NULL, NULL), (2, '\(Plant.pan)', '489571', 4895)",
      "CREATE TABLE messages (at TEXT, card TEXT, pin_block BLOB, dump TEXT, raw BLOB)",
      """
      INSERT INTO messages VALUES
        ('2026-03-01 10:00:00', '\(Plant.pan)', x'1A2B3C4D5E6F7081', NULL, NULL),
        ('2026-03-01 10:00:01', '\(Plant.pan)', NULL, 'blk \(hexadecimal(plant.clear0))', NULL),
        ('2026-03-01 10:00:02', NULL, NULL, '{"pin":"4895"}', NULL),
        ('2026-03-01 10:00:03', NULL, NULL, NULL, x'\(hexadecimal(framed(MessageTests.composer(true, false).bytes)))')
      """,
    ])
    #expect(
      Set(result.leaks) == [
        "cards.pin 1 1", "cards.user mima 1 1", "messages.pin_block 0 4", "messages.dump 1 3",
        "messages.dump 2 1", "messages.raw 3 4",
      ])
    #expect(result.leaks.count == 6)
    #expect(result.observation.facts["pin.log-problems"] == [])
    let offset = result.observation.facts["pin.leaks"]?.list?.first { $0["form"] == 3 }
    #expect(offset?["place"]?["offset"] == 4)
    let output = PINBlocksTests.output(result.observation).uppercased()
    for secret in plant.secrets { #expect(!output.contains(secret.uppercased())) }
  }

  @Test("Canary values are found in any column, also raw")
  func canaries() async throws {
    let plant = try Plant()
    let result = try await scan(
      [
        "CREATE TABLE t (a TEXT, b BLOB, c TEXT)",
        """
        INSERT INTO t VALUES ('\(Data(plant.b).base64EncodedString())', NULL, NULL),
          (NULL, x'00\(hexadecimal(plant.sealed0))FF', NULL), ('\(Plant.pan)', NULL, '\(Plant.pin)'),
          (NULL, NULL, '\(Plant.sm4)')
        """,
      ], canaries: Plant.canaries)
    #expect(result.leaks == ["t.a 0 2", "t.b 1 2", "t.c 2 1", "t.c 3 5"])
  }

  @Test("A damaged database is searched as bytes and named; so is one with changes beside it")
  func damaged() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.db").path
      try makeDatabase(path, ["CREATE TABLE t (pin TEXT)", "INSERT INTO t VALUES ('pin=4895')"])
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      for place in 20..<200 { bytes[place] = 0xFF }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let observation = try await Fixture.inspectLogs(path)
      #expect(observation.facts["pin.leaks"]?.list?.count == 1)
      let problem = observation.facts["pin.log-problems"]?.list?.first?["problem"]?.text
      #expect(problem?.hasPrefix("searched as bytes, not by its columns") == true)
    }
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.db").path
      try makeDatabase(path, ["CREATE TABLE t (pin TEXT)", "INSERT INTO t VALUES ('4895')"])
      try Data("pin=489571\n".utf8).write(to: URL(fileURLWithPath: path + "-wal"))
      let observation = try await Fixture.inspectLogs(folder.path)
      #expect(observation.facts["pin.leaks"]?.list?.count == 2)
      let problem = observation.facts["pin.log-problems"]?.list?.first?["problem"]?.text
      #expect(problem?.contains("write-ahead log") == true)
    }
  }

  @Test("Databases with any bytes changed never crash the search")
  func hostile() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.db").path
      try makeDatabase(
        path,
        ["CREATE TABLE t (pin TEXT, b BLOB)"]
          + (0..<60).map { "INSERT INTO t VALUES ('48\($0)95', randomblob(900))" })
      let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      var generator = SeededGenerator(seed: 4242)
      for _ in 0..<60 {
        var bytes = original
        for _ in 0..<12 {
          bytes[Int.random(in: 16..<bytes.count, using: &generator)] = UInt8.random(
            in: 0...255, using: &generator)
        }
        if Bool.random(using: &generator) {
          bytes.removeLast(Int.random(in: 1..<bytes.count - 16, using: &generator))
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let observation = try await Fixture.inspectLogs(path)
        #expect(observation.unavailable == nil)
      }
    }
  }
}

/// Runs `statements` in a new database.
func makeDatabase(_ path: String, _ statements: [String]) throws {
  var opened: OpaquePointer?
  let code = sqlite3_open(path, &opened)
  defer { sqlite3_close(opened) }
  guard code == SQLITE_OK else { throw CocoaError(.fileWriteUnknown) }
  for statement in statements {
    guard sqlite3_exec(opened, statement, nil, nil, nil) == SQLITE_OK else {
      Issue.record("\(sqlite3_errmsg(opened).map { String(cString: $0) } ?? "") in \(statement)")
      throw CocoaError(.fileWriteUnknown)
    }
  }
}
