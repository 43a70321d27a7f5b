import AssessmentModel
import FoundationEssentials
import Glibc
import Testing

@testable import AuditLogProbe

/// Tests against a real server run only where MIPING_PEERS is set: they need Debian's `postgresql`.
@Suite(
  "logs in a PostgreSQL server", .serialized, .enabled(if: getenv("MIPING_PEERS") != nil))
struct PostgreSQLTests {
  @Test("gives exactly what the manifest expects")
  func cases() async throws {
    let server = try await PostgreSQLServer()
    let cases = Manifest.all.filter { $0.files["jsonl"] != nil }
    var script = ""
    for one in cases { script += try load(CaseTables(one), schema: one.id) }
    try await server.sql(script)
    for one in cases {
      var model = try one.model(in: server.folder)
      model.fields["source"] = server.source(schema: one.id)
      if one.files["checkpoints"] != nil { model.checkpointTable() }
      try one.check(await inspect(try server.folder.write("log.yaml", model.text)), "PostgreSQL")
    }
    await server.stop()
  }

  private func load(_ tables: CaseTables, schema: String) -> String {
    let names = CaseTables.columns.map { "\"\($0)\"" }
    var script = """
      CREATE SCHEMA "\(schema)";
      SET search_path = "\(schema)";
      CREATE TABLE audit_log(id bigint PRIMARY KEY, \(names[0]) bigint, \
      \(names.dropFirst().map { "\($0) text" }.joined(separator: ", ")));
      CREATE TABLE audit_checkpoint(id bigint PRIMARY KEY, body text);

      """
    for (index, row) in tables.rows.enumerated() {
      let values = row.map(PostgreSQLServer.literal).joined(separator: ", ")
      script += "INSERT INTO audit_log VALUES (\(index), \(values));\n"
    }
    for (index, body) in tables.checkpoints.enumerated() {
      script +=
        "INSERT INTO audit_checkpoint VALUES (\(index), \(PostgreSQLServer.literal(.text(body))));\n"
    }
    return script
  }

  @Test("what cannot be read, is hidden or written to is said, and no password is repeated")
  func refusals() async throws {
    let server = try await PostgreSQLServer()
    let folder = server.folder
    try await server.sql(
      """
      CREATE TABLE log(id bigint, seq bigint, ts timestamptz, subject text, mac text, raw bytea);
      INSERT INTO log VALUES (1, 1, '2026-03-01 00:00:00Z', 'a', NULL, '\\x00ff'),
        (2, 2, '2026-03-01 00:00:01+08', 'b', '\(hexadecimalKey)', NULL);
      CREATE ROLE reader LOGIN PASSWORD 'reader';
      GRANT SELECT ON log TO reader;
      CREATE TABLE hidden(LIKE log);
      INSERT INTO hidden SELECT * FROM log;
      GRANT SELECT ON hidden TO reader;
      ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
      CREATE POLICY first_only ON hidden USING (id = 1);
      CREATE FUNCTION note() RETURNS text LANGUAGE sql AS
        $$ INSERT INTO public.log(id) VALUES (9) RETURNING 'x' $$;
      CREATE VIEW writing AS SELECT id, seq, ts, note() AS subject, mac FROM log;
      """)
    func seen(_ source: FactValue) async throws -> Observation {
      var model = try WrittenLog.model(in: folder, source: source)
      model.set("protection", "key", ["file": "key.bin", "format": "raw"])
      return try await inspect(try folder.write("log.yaml", model.text))
    }
    let reader = try folder.write("reader", "reader")
    let read = try await seen(
      server.source(schema: "public", table: "log", user: "reader", password: reader))
    #expect(read.unavailable == nil)
    #expect(read.facts["audit.records"] == 2)
    #expect(read.list("audit.value-failures") == [0, 1])
    // Text of a time with its zone, as the session writes it, and the same clock for both records.
    #expect(
      read.list("audit.structural") == [["kind": "time-backwards", "position": 1]])
    #expect(
      read.list("audit.pitfalls").first { $0["name"] == "key-beside-log" }?["why"]?.list?
        .contains("in-the-database") == true)

    let wrong = try folder.write("wrong", "not the password")
    for (source, reason) in [
      (server.source(schema: "public", table: "log", password: wrong), "password"),
      (server.source(schema: "public", table: "absent"), "no table absent"),
      (server.source(schema: "absent", table: "log"), "no table log"),
      (
        server.source(schema: "public", table: "hidden", user: "reader", password: reader),
        "row-level security"
      ),
      (server.source(schema: "public", table: "writing"), "read-only"),
    ] as [(FactValue, String)] {
      let seen = try await seen(source)
      let unavailable = try #require(seen.unavailable)
      #expect(unavailable.reason == .unreadable)
      #expect(unavailable.detail.contains(reason), "\(unavailable.detail)")
      #expect(!unavailable.detail.contains("not the password"))
      #expect(!unavailable.detail.contains(PostgreSQLServer.password))
      #expect(seen.facts["audit.anchor"] == nil)
    }
    #expect(try await server.sql("SELECT count(*) FROM log") == "2\n")
    await server.stop()
  }

  private var hexadecimalKey: String {
    WrittenLog.key.map { byte in
      let text = String(byte, radix: 16)
      return text.count < 2 ? "0" + text : text
    }.joined()
  }

  @Test("a server that goes away in the middle is an error with the record's number")
  func gone() async throws {
    let server = try await PostgreSQLServer()
    try await server.sql(
      """
      CREATE TABLE log AS SELECT n AS id, n AS seq, repeat('x', 200) AS subject
      FROM generate_series(1, 500000) n
      """)
    let address = PostgreSQLAddress(
      host: server.folder.path, database: "postgres", user: PostgreSQLServer.user,
      password: KeyReference(
        place: .file(path: server.folder.path + "/password"), format: .raw))
    let database = try PostgreSQLDatabase(address) { false }
    var source = try TableSource(
      database, form: TableForm(table: "log", order: "id"), names: ["seq", "subject"])
    var records = source.next()?.records.count ?? 0
    #expect(records > 0)
    let ended = try await server.sql(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'miping' AND backend_type = 'client backend'
      """)
    #expect(ended == "t\n")
    while let chunk = source.next() { records += chunk.records.count }
    #expect(records < 500_000)
    let fault = try #require(source.faults.first)
    #expect(fault.kind == .readFailed)
    #expect(fault.record == records)
    await server.stop()
  }

  @Test("a log that is still being written is read as it was when the reading began")
  func snapshot() async throws {
    let server = try await PostgreSQLServer()
    try await server.sql(
      "CREATE TABLE log AS SELECT n AS id, n AS seq FROM generate_series(1, 9000) n")
    let address = PostgreSQLAddress(
      host: server.folder.path, database: "postgres", user: PostgreSQLServer.user,
      password: KeyReference(
        place: .file(path: server.folder.path + "/password"), format: .raw))
    let database = try PostgreSQLDatabase(address) { false }
    let form = TableForm(table: "log", order: "id")
    #expect(try database.columns(of: "log") == ["id", "seq"])
    try await server.sql("INSERT INTO log VALUES (0, 0); DELETE FROM log WHERE id > 10")
    var source = try TableSource(database, form: form, names: ["seq"])
    var records = 0
    while let chunk = source.next() { records += chunk.records.count }
    #expect(records == 9000)
    #expect(source.faults == [])
    await server.stop()
  }
}
