import AssessmentModel
import FoundationEssentials
import GRDB
import Testing

@testable import AuditLogProbe

@Suite("the cases of the manifest")
struct ManifestTests {
  @Test("the manifest has its 121 cases")
  func count() { #expect(Manifest.all.count == 121) }

  @Test("gives exactly what the manifest expects, read as files", arguments: Manifest.all)
  func files(_ one: Manifest.Case) async throws {
    let folder = try TestFolder()
    var model = LogModelText(construction: one.construction)
    if let path = one.files["folder"] {
      model.fields["source"] = [
        "kind": "digest-folder", "path": .text(Fixtures.root + "/" + path),
      ]
    } else {
      model.source(jsonl: Fixtures.root + "/" + (try #require(one.files["jsonl"])))
    }
    if let path = one.files["checkpoints"] {
      model.set("checkpoint", "path", .text(Fixtures.root + "/" + path))
    }
    try addAnchor(of: one, to: &model, in: folder)
    try check(one, await inspect(try folder.write("log.yaml", model.text)))
  }

  @Test(
    "gives exactly what the manifest expects, read from SQLite",
    arguments: Manifest.all.filter { $0.files["jsonl"] != nil })
  func tables(_ one: Manifest.Case) async throws {
    let folder = try TestFolder()
    var model = LogModelText(construction: one.construction)
    let database = folder.path + "/log.db"
    try load(one, into: database)
    model.source(sqlite: database)
    if one.files["checkpoints"] != nil {
      model.set("checkpoint", "table", "audit_checkpoint")
      model.set("checkpoint", "column", "body")
      model.set("checkpoint", "order-by", "id")
    }
    try addAnchor(of: one, to: &model, in: folder)
    try check(one, await inspect(try folder.write("log.yaml", model.text)))
  }

  private func addAnchor(
    of one: Manifest.Case, to model: inout LogModelText, in folder: TestFolder
  ) throws {
    guard let anchor = one.anchor else { return }
    model.fields["anchor"] = [
      "file": .text(try folder.write("anchor.json", JSONText.pretty(anchor)))
    ]
  }

  private func check(_ one: Manifest.Case, _ seen: Observation) throws {
    #expect(seen.unavailable == nil)
    if let records = one.records { #expect(seen.facts["audit.records"] == .integer(records)) }
    for (key, expected) in try #require(one.expected.record) {
      #expect(seen.facts["audit.\(key)"] == expected, "\(one.id) \(key)")
    }
    let isClean =
      one.expected.leaves.allSatisfy { if case .integer = $0 { true } else { false } }
      && one.expected.record?.allSatisfy {
        $0.key == "covered-by-valid-checkpoint" || $0.value == .list([])
      } == true
    if isClean { #expect(seen.facts["audit.anchor"] != nil) }
  }

  /// Loads a log and its checkpoints into tables, as the bank would keep them.
  private func load(_ one: Manifest.Case, into path: String) throws {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    let lines = try Fixtures.bytes(try #require(one.files["jsonl"]))
    let columns = [
      "seq", "ts", "event_type", "subject_type", "subject", "object", "result", "src_ip", "detail",
      "mac", "hash", "prev_hash", "sig",
    ]
    var checkpoints: [String] = []
    if let name = one.files["checkpoints"] {
      let text = String(decoding: try Fixtures.bytes(name), as: UTF8.self)
      if name.hasSuffix(".jsonl") {
        checkpoints = text.split(whereSeparator: \.isNewline).map(String.init)
      } else {
        let parts = text.split(separator: "\n\n", omittingEmptySubsequences: true)
        for start in stride(from: 0, to: parts.count - 1, by: 2) {
          checkpoints.append(parts[start] + "\n\n" + parts[start + 1] + "\n")
        }
      }
    }
    let bodies = checkpoints
    try queue.write { db in
      try db.execute(
        sql: "CREATE TABLE audit_log(id INTEGER PRIMARY KEY, \"seq\" INTEGER, "
          + columns.dropFirst().map { "\"\($0)\" TEXT" }.joined(separator: ", ") + ")")
      for line in lines.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
        let record = try JSONDecoder().decode(FactValue.self, from: Data(line))
        let arguments = columns.map { column -> (any DatabaseValueConvertible)? in
          switch record[column] {
          case .text(let text): text
          case .integer(let integer): integer
          case nil, .null, .boolean, .list, .record: nil
          }
        }
        try db.execute(
          sql: "INSERT INTO audit_log(\(columns.map { "\"\($0)\"" }.joined(separator: ", "))) "
            + "VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))",
          arguments: StatementArguments(arguments))
      }
      try db.execute(sql: "CREATE TABLE audit_checkpoint(id INTEGER PRIMARY KEY, body TEXT)")
      for body in bodies {
        try db.execute(sql: "INSERT INTO audit_checkpoint(body) VALUES (?)", arguments: [body])
      }
    }
  }
}
