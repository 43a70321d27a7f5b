import AssessmentModel
import FoundationEssentials
import Glibc
import Testing

@testable import AuditLogProbe

/// Tests against a real server run only where MIPING_PEERS is set: they need Debian's `postgresql`.
@Suite(
  "clones and settings of a PostgreSQL server", .serialized,
  .enabled(if: getenv("MIPING_PEERS") != nil))
struct PostgreSQLCloneTests {
  private func load(_ construction: String, _ server: PostgreSQLServer) async throws {
    let tables = try CaseTables(try Manifest.named("\(construction)/clean"))
    let names = CaseTables.columns.map { "\"\($0)\"" }
    var script = """
      CREATE TABLE audit_log(id bigint PRIMARY KEY, \(names[0]) bigint UNIQUE, \
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
    try await server.sql(script)
  }

  @Test("clones in a scratch schema give what clones of a file give, and nothing is left behind")
  func sameAsFile() async throws {
    let server = try await PostgreSQLServer()
    let file = try await AttackedLog("sm2-checkpoint").inspected()
    try await load("sm2-checkpoint", server)
    var log = try AttackedLog("sm2-checkpoint")
    log.model.fields["source"] = server.source(schema: "public")
    log.model.set("checkpoint", "path", nil)
    log.model.set("checkpoint", "table", "audit_checkpoint")
    log.model.set("checkpoint", "order-by", "id")
    let digest =
      "SELECT md5(string_agg(t::text || xmin::text || ctid::text, ',' ORDER BY id)) FROM audit_log t"
    let before = try await server.sql(digest)
    try log.verify(
      with: "echo \"$1\" >> '\(server.folder.path)/copies'; exit 0", arguments: ["{copy}"])
    let seen = try await log.inspected()
    #expect(seen.unavailable == nil)
    #expect(
      seen.attackResults.filter { $0.key != "T14" } == file.attackResults.filter { $0.key != "T14" }
    )
    #expect(try await server.sql(digest) == before)
    let schemas = try await server.sql(
      "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'miping%'")
    #expect(schemas.split(separator: "\n") == ["0"])
    let copies = String(
      decoding: try Data(contentsOf: URL(filePath: server.folder.path + "/copies")),
      as: UTF8.self)
    #expect(
      copies.split(separator: "\n").allSatisfy {
        $0.hasPrefix("miping-clone-") && $0.hasSuffix("-run.audit_log")
      })
    await server.stop()
  }

  @Test("an account that may make no schema leads to attacks that could not run")
  func refused() async throws {
    let server = try await PostgreSQLServer()
    try await load("hmac-record", server)
    try await server.sql(
      "CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT SELECT ON audit_log TO reader;")
    var log = try AttackedLog("hmac-record")
    let password = try server.folder.write("reader", "reader")
    log.model.fields["source"] = server.source(
      schema: "public", user: "reader", password: password)
    let seen = try await log.inspected()
    #expect(seen.attackResults.values.allSatisfy { $0 == "could-not-run" })
    #expect(seen.variants("T1").first?["reason"]?.text?.contains("permission denied") == true)
    #expect(seen.facts["audit.value-failures"] == [])
    await server.stop()
  }

  @Test(
    "with pgaudit loaded it is told who is exempt, what is not logged, and who can switch it off")
  func pgaudit() async throws {
    let server = try await PostgreSQLServer(settings: [
      "shared_preload_libraries=pgaudit", "pgaudit.log=ddl,read,role,write",
      "log_connections=on", "log_disconnections=on",
    ])
    try await server.sql(
      """
      CREATE EXTENSION pgaudit;
      CREATE ROLE app LOGIN; ALTER ROLE app SET pgaudit.log = 'none';
      CREATE ROLE teller LOGIN; CREATE ROLE ops LOGIN; GRANT SET ON PARAMETER pgaudit.log TO ops;
      """)
    var log = try AttackedLog("hmac-record")
    log.model.fields["active"] = nil
    log.model.fields["coverage"] = [
      "audit-settings": ["connection": server.source(schema: "public")["connection"] ?? .null]
    ]
    let findings = try await log.inspected().list("audit.coverage-findings")
    #expect(!findings.contains { $0["name"] == "audit-not-loaded" })
    #expect(findings.contains(["name": "user-exempt", "user": "app", "setting": "none"]))
    #expect(
      findings.contains([
        "name": "classes-not-logged", "setting": "pgaudit.log",
        "missing": ["function", "misc", "misc_set"],
      ]))
    let able = findings.filter { $0["name"] == "audit-can-be-disabled" }
    #expect(
      able == [
        [
          "name": "audit-can-be-disabled", "user": .text(PostgreSQLServer.user), "why": "superuser",
        ],
        ["name": "audit-can-be-disabled", "user": "ops", "why": "granted"],
      ])
    // That it can is no guess: after it, a statement leaves no trace.
    let trace = try await server.sql("SET pgaudit.log = 'none'; SHOW pgaudit.log;")
    #expect(trace.contains("none"))
    await server.stop()
  }

  @Test("a superuser who can switch auditing off is found, and who can become one")
  func settings() async throws {
    let server = try await PostgreSQLServer()
    try await server.sql(
      """
      CREATE ROLE app LOGIN; ALTER ROLE app SET pgaudit.log = 'none';
      CREATE ROLE helper LOGIN; GRANT bank TO helper;
      CREATE ROLE ops LOGIN; CREATE ROLE reader LOGIN PASSWORD 'reader';
      """)
    var log = try AttackedLog("hmac-record")
    log.model.fields["active"] = nil
    let source = server.source(schema: "public")
    log.model.fields["coverage"] = [
      "audit-settings": ["connection": source["connection"] ?? .null]
    ]
    let seen = try await log.inspected()
    let findings = seen.list("audit.coverage-findings")
    #expect(
      findings.contains(["name": "audit-not-loaded", "setting": "shared_preload_libraries"]))
    let able = findings.filter { $0["name"] == "audit-can-be-disabled" }.compactMap {
      $0["user"]?.text
    }
    #expect(able == [PostgreSQLServer.user, "helper"])
    let users = seen.facts["audit.coverage"]?["users"]?.list ?? []
    #expect(users.compactMap { $0["name"]?.text } == ["app", "bank", "helper", "ops", "reader"])

    let password = try server.folder.write("reader", "reader")
    log.model.fields["coverage"] = [
      "audit-settings": [
        "connection": server.source(schema: "public", user: "reader", password: password)[
          "connection"] ?? .null
      ]
    ]
    let unseen = try await log.inspected()
    #expect(unseen.facts["audit.coverage"]?["not-read"]?.list?.count == 1)
    #expect(unseen.list("audit.not-run").contains("coverage"))
    await server.stop()
  }
}
