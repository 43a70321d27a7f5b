import AssessmentModel
import FoundationEssentials
import GRDB

/// Runs as rows.
enum RunRow {
  static func insert(_ run: RunRecord, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO runs (id, scope_path, scope_digest, catalog_digest, tool_version, settings,
          started, ended, folder, state, gate_exit_code)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.id, run.scopePath, run.scopeDigest, run.catalogDigest, run.toolVersion,
        JSONText.compact(run.settings), run.started, run.ended, run.folder, run.state.rawValue,
        run.gateExitCode,
      ])
  }

  static func fetch(_ db: Database, id: String) throws -> RunRecord? {
    try fetch(db, where: "id = ?", [id]).first
  }

  static func fetch(
    _ db: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [RunRecord] {
    let statement = try db.cachedStatement(sql: "SELECT * FROM runs WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map(record)
  }

  private static func record(_ row: Row) throws -> RunRecord {
    let id: String = row["id"]
    guard let state = RunRecord.State(rawValue: row["state"]),
      let settings = InspectionForm.value(row["settings"])
    else { throw StoreError.unreadable(run: id, what: "run") }
    return RunRecord(
      id: id, scopePath: row["scope_path"], scopeDigest: row["scope_digest"],
      catalogDigest: row["catalog_digest"], toolVersion: row["tool_version"],
      settings: settings, started: row["started"], ended: row["ended"], folder: row["folder"],
      state: state, gateExitCode: row["gate_exit_code"])
  }
}

/// Evidence references as rows.
enum EvidenceRow {
  /// Evidence of an inspection is entered with it; evidence only findings name, as people's answers, keeps
  /// no inspection. An id that is known stays with its inspection.
  static func insert(
    _ references: [EvidenceReference], run: String, inspection: String?, _ db: Database
  ) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO evidence (run, id, inspection, sm3, class) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
          inspection = coalesce(excluded.inspection, inspection), sm3 = excluded.sm3,
          class = excluded.class
        """)
    for reference in references {
      try statement.execute(arguments: [
        run, reference.id, inspection, reference.sm3, reference.strength,
      ])
    }
  }

  static func fetch(_ db: Database, run: String) throws -> [EvidenceReference] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT id, sm3, class FROM evidence WHERE run = ? ORDER BY id", arguments: [run])
    return rows.map { EvidenceReference(id: $0["id"], sm3: $0["sm3"], strength: $0["class"]) }
  }
}

/// Findings as rows: what history and trend ask for. All of a finding is in the result.
enum FindingRow {
  static func insert(_ findings: [Finding], run: String, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO findings (run, fingerprint, requirement, object, verdict, d, a, k)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for finding in findings {
      try statement.execute(arguments: [
        run, finding.fingerprint, finding.requirement, finding.object, finding.verdict.rawValue,
        finding.d?.rawValue, finding.a?.rawValue, finding.k?.rawValue,
      ])
    }
  }

  static func history(
    _ db: Database, fingerprint: String, scopePath: String
  ) throws -> [FindingEntry] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT run, started, verdict, d, a, k FROM findings JOIN runs ON runs.id = run
        WHERE fingerprint = ? AND scope_path = ? ORDER BY started, runs.rowid
        """, arguments: [fingerprint, scopePath])
    return try rows.map { row in
      let run: String = row["run"]
      guard let verdict = Verdict(rawValue: row["verdict"]) else {
        throw StoreError.unreadable(run: run, what: "finding \(fingerprint)")
      }
      func letter(_ column: String) -> Letter? {
        (row[column] as String?).flatMap(Letter.init)
      }
      return FindingEntry(
        run: run, started: row["started"], verdict: verdict, d: letter("d"), a: letter("a"),
        k: letter("k"))
    }
  }

  static func firstSeen(_ db: Database, scopePath: String) throws -> [String: String] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT fingerprint, min(started) AS first FROM findings JOIN runs ON runs.id = run
        WHERE scope_path = ? AND verdict IN ('partial', 'non-conforming') GROUP BY fingerprint
        """, arguments: [scopePath])
    return Dictionary(rows.map { ($0["fingerprint"], $0["first"]) }) { first, _ in first }
  }
}

extension [UInt8] {
  var databaseBytes: Data { Data(self) }

  /// The stored `result.json` of a run.
  static func fetchBytes(_ db: Database, run: String) throws -> [UInt8]? {
    try Data.fetchOne(db, sql: "SELECT bytes FROM results WHERE run = ?", arguments: [run])
      .map { Array($0) }
  }
}
