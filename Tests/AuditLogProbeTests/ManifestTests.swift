import AssessmentModel
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
    var model = try one.model(in: folder)
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
    try one.check(await inspect(try folder.write("log.yaml", model.text)), "files")
  }

  @Test(
    "gives exactly what the manifest expects, read from SQLite",
    arguments: Manifest.all.filter { $0.files["jsonl"] != nil })
  func tables(_ one: Manifest.Case) async throws {
    let folder = try TestFolder()
    var model = try one.model(in: folder)
    let database = folder.path + "/log.db"
    try load(CaseTables(one), into: database)
    model.source(sqlite: database)
    if one.files["checkpoints"] != nil { model.checkpointTable() }
    try one.check(await inspect(try folder.write("log.yaml", model.text)), "SQLite")
  }

  /// The fields of a record as columns of CSV: texts in quotes, null as a word of its own.
  @Test(
    "gives exactly what the manifest expects, read from CSV",
    arguments: Manifest.all.filter { $0.files["jsonl"] != nil })
  func commaSeparated(_ one: Manifest.Case) async throws {
    let folder = try TestFolder()
    var model = try one.model(in: folder)
    var text = CaseTables.columns.joined(separator: ",") + "\r\n"
    for row in try CaseTables(one).rows {
      let fields = row.map { value in
        switch value {
        case .text(let text):
          "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
        case .integer(let number): String(number)
        case .null, .boolean, .list, .record: "NULL"
        }
      }
      text += fields.joined(separator: ",") + "\r\n"
    }
    model.fields["source"] = [
      "kind": "csv", "path": .text(try folder.write("log.csv", text)), "null": "NULL",
    ]
    if let path = one.files["checkpoints"] {
      model.set("checkpoint", "path", .text(Fixtures.root + "/" + path))
    }
    try one.check(await inspect(try folder.write("log.yaml", model.text)), "CSV")
  }

  private func load(_ tables: CaseTables, into path: String) throws {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    try queue.write { db in
      let names = CaseTables.columns.map { "\"\($0)\"" }
      try db.execute(
        sql: "CREATE TABLE audit_log(id INTEGER PRIMARY KEY, \(names[0]) INTEGER, "
          + names.dropFirst().map { "\($0) TEXT" }.joined(separator: ", ") + ")")
      for row in tables.rows {
        let arguments = row.map { value -> (any DatabaseValueConvertible)? in
          switch value {
          case .text(let text): text
          case .integer(let integer): integer
          case .null, .boolean, .list, .record: nil
          }
        }
        try db.execute(
          sql: "INSERT INTO audit_log(\(names.joined(separator: ", "))) "
            + "VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
          arguments: StatementArguments(arguments))
      }
      try db.execute(sql: "CREATE TABLE audit_checkpoint(id INTEGER PRIMARY KEY, body TEXT)")
      for body in tables.checkpoints {
        try db.execute(sql: "INSERT INTO audit_checkpoint(body) VALUES (?)", arguments: [body])
      }
    }
  }
}
