package import AssessmentModel
import GRDB

/// The store of all runs (结果库): one SQLite file, by default beside the scope.
///
/// Every call is one transaction and durable on return. An inspection is recorded after its evidence is
/// durable in the run's folder, so a record never points at missing evidence.
package final class RunStore: Sendable {
  package let path: String
  private let wait: Int
  private let queue: DatabaseQueue

  /// Opens the store, or makes it where there is none.
  ///
  /// - Parameter waiting: how many seconds another process may keep it locked.
  /// - Throws: `damaged`, `foreign` and `newer` leave the file as it is.
  package init(path: String, waiting seconds: Int = 10) throws(StoreError) {
    self.path = path
    wait = seconds
    queue = try StoreFile.open(path, waiting: seconds)
  }

  // MARK: Runs

  /// Enters a run that begins.
  package func begin(_ run: RunRecord) throws(StoreError) {
    for text in [run.id, run.scopePath, run.folder] { try Self.check(text) }
    try write { db in
      guard try RunRow.fetch(db, id: run.id) == nil else { throw StoreError.runExists(run.id) }
      try RunRow.insert(run, db)
    }
  }

  /// The run to go on with: `id`, or the last unfinished one of this scope. It is `running` afterwards.
  ///
  /// - Throws: `scopeChanged` or `catalogChanged` when the plan would not be the one the run began with.
  package func resume(
    _ id: String? = nil, scopePath: String, scopeDigest: String, catalogDigest: String
  ) throws(StoreError) -> RunRecord {
    var run: RunRecord
    if let id {
      guard let stored = try self.run(id) else { throw .unknownRun(id) }
      run = stored
    } else {
      guard let stored = try lastUnfinishedRun(ofScope: scopePath) else {
        throw .noUnfinishedRun(scope: scopePath)
      }
      run = stored
    }
    guard run.state != .complete else { throw .alreadyComplete(run: run.id) }
    guard run.scopeDigest == scopeDigest else {
      throw .scopeChanged(run: run.id, was: run.scopeDigest, now: scopeDigest)
    }
    guard run.catalogDigest == catalogDigest else {
      throw .catalogChanged(run: run.id, was: run.catalogDigest, now: catalogDigest)
    }
    run.state = .running
    let resumed = run.id
    try write { db in
      try db.execute(
        sql: "UPDATE runs SET state = 'running', ended = NULL WHERE id = ?", arguments: [resumed])
    }
    return run
  }

  /// The run that began last of those of this scope that are running, killed or interrupted.
  package func lastUnfinishedRun(ofScope path: String) throws(StoreError) -> RunRecord? {
    try read { db in
      try RunRow.fetch(
        db,
        where: "scope_path = ? AND state <> 'complete' ORDER BY started DESC, rowid DESC LIMIT 1",
        [path]
      ).first
    }
  }

  package func run(_ id: String) throws(StoreError) -> RunRecord? {
    try read { db in try RunRow.fetch(db, id: id) }
  }

  /// Every run, oldest first; of one scope where it is given.
  package func runs(ofScope path: String? = nil) throws(StoreError) -> [RunRecord] {
    try read { db in
      try RunRow.fetch(
        db, where: "scope_path = coalesce(?, scope_path) ORDER BY started, rowid", [path])
    }
  }

  /// Enters how a run ended, with its findings and result; an earlier end of the same run is replaced.
  package func finish(_ id: String, _ outcome: RunOutcome) throws(StoreError) {
    try write { db in
      guard try RunRow.fetch(db, id: id) != nil else { throw StoreError.unknownRun(id) }
      try db.execute(
        sql: "UPDATE runs SET state = ?, ended = ?, gate_exit_code = ? WHERE id = ?",
        arguments: [outcome.state.rawValue, outcome.ended, outcome.gateExitCode, id])
      try db.execute(
        sql: "INSERT OR REPLACE INTO results (run, bytes) VALUES (?, ?)",
        arguments: [id, outcome.result.databaseBytes])
      try db.execute(sql: "DELETE FROM findings WHERE run = ?", arguments: [id])
      try FindingRow.insert(outcome.findings, run: id, db)
      let evidence = Set(outcome.findings.flatMap(\.evidence)).sorted { $0.id < $1.id }
      try EvidenceRow.insert(evidence, run: id, inspection: nil, db)
    }
  }

  /// The exact bytes of the run's `result.json`; nil while it is not finished.
  package func result(of id: String) throws(StoreError) -> [UInt8]? {
    try read { db in
      guard try RunRow.fetch(db, id: id) != nil else { throw StoreError.unknownRun(id) }
      return try [UInt8].fetchBytes(db, run: id)
    }
  }

  // MARK: Inspections

  /// Records a finished inspection; its evidence must be durable already.
  ///
  /// - Parameters:
  ///   - key: names the inspection in the plan of this run; recording it again replaces it.
  ///   - finished: UTC, `YYYY-MM-DDThh:mm:ssZ`.
  package func record(
    _ result: InspectionResult, key: String, place: Int, run id: String, finished: String
  ) throws(StoreError) {
    for text in [key, result.object, result.procedure.probe] { try Self.check(text) }
    try write { db in
      guard try RunRow.fetch(db, id: id) != nil else { throw StoreError.unknownRun(id) }
      let statement = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO inspections (run, key, place, object, probe, inspection, finished)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """)
      try statement.execute(arguments: [
        id, key, place, result.object, result.procedure.probe, InspectionForm.text(result),
        finished,
      ])
      try EvidenceRow.insert(result.evidence, run: id, inspection: key, db)
    }
  }

  /// Every inspection of the run that was recorded, by key: what a resumed run does not repeat.
  package func finishedInspections(
    of id: String
  ) throws(StoreError) -> [String: InspectionResult] {
    try read { db in
      guard try RunRow.fetch(db, id: id) != nil else { throw StoreError.unknownRun(id) }
      var finished: [String: InspectionResult] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT key, inspection FROM inspections WHERE run = ? ORDER BY place, key",
        arguments: [id])
      while let row = try rows.next() {
        let key: String = row["key"]
        guard let result = InspectionForm.result(row["inspection"]) else {
          throw StoreError.unreadable(run: id, what: "inspection \(key)")
        }
        finished[key] = result
      }
      return finished
    }
  }

  /// Every piece of evidence that inspections and findings of the run rest on, by id.
  package func evidence(of id: String) throws(StoreError) -> [EvidenceReference] {
    try read { db in try EvidenceRow.fetch(db, run: id) }
  }

  // MARK: History

  /// What every finished run of a scope said under one fingerprint, oldest first.
  package func history(
    of fingerprint: String, scopePath: String
  ) throws(StoreError) -> [FindingEntry] {
    try read { db in try FindingRow.history(db, fingerprint: fingerprint, scopePath: scopePath) }
  }

  /// When each finding of a scope was first partial or non-conforming (首见), by fingerprint: the start
  /// of that run, UTC.
  package func firstSeen(scopePath: String) throws(StoreError) -> [String: String] {
    try read { db in try FindingRow.firstSeen(db, scopePath: scopePath) }
  }

  // MARK: Transactions

  private func write(_ body: (Database) throws -> Void) throws(StoreError) {
    do { try queue.write(body) } catch { throw StoreError(error, path: path, waiting: wait) }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.read(body) } catch {
      throw StoreError(error, path: path, waiting: wait)
    }
  }

  /// SQLite's C strings end at a zero byte, so a name with one would be cut to another name.
  private static func check(_ text: String) throws(StoreError) {
    guard !text.isEmpty, !text.utf8.contains(0) else { throw .badKey(text) }
  }
}
