internal import GRDBSQLite

/// A SQLite database of our own that is written to; never one of the log's owner.
final class SQLiteClone: CloneDatabase {
  private let path: String
  let connection: OpaquePointer

  /// Opens the database, or makes it.
  init(_ path: String) throws(FileFailure) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close(opened)
      throw FileFailure(path: path, reason: "the clone cannot be opened")
    }
    self.path = path
    connection = opened
    // Hostile schemas: functions of the program are not for views and triggers of the file.
    try run("PRAGMA trusted_schema = OFF", [])
    // The clone is thrown away: nothing has to survive a crash.
    try run("PRAGMA synchronous = OFF", [])
  }

  deinit { sqlite3_close_v2(connection) }

  private var failure: FileFailure {
    let reason = sqlite3_errmsg(connection).map { String(cString: $0) }
    return FileFailure(path: path, reason: reason ?? "SQLite gave no reason")
  }

  /// Copies a database with SQLite's backup, so that a writer's open transaction is left out.
  static func backUp(_ source: String, to target: String, limit: Int) throws(FileFailure) {
    let reader = try SQLiteFile(source)
    let size = OpenFile.status(ofPath: source)?.size ?? 0
    guard size <= limit else {
      throw FileFailure(
        path: source, reason: "\(size) bytes, at most \(limit) are cloned (clone-limit)")
    }
    try OutputFile(target).write([])
    try reader.backUp(to: try SQLiteClone(target))
  }

  var place: String { path }
  var rowName: String { "rowid" }

  func name(of table: String) -> String { SQLiteFile.quoted(table) }
  func condition(_ row: String) -> String { "rowid = \(row)" }

  func columns(of table: String) throws(FileFailure) -> [String] {
    try texts("SELECT name FROM pragma_table_info($1) ORDER BY cid", [.text(Array(table.utf8))])
  }

  func keys(of table: String) throws(FileFailure) -> [String] {
    try texts("SELECT name FROM pragma_table_info($1) WHERE pk > 0", [.text(Array(table.utf8))])
  }

  func isInteger(_ column: String, of table: String) throws(FileFailure) -> Bool {
    let others = try texts(
      "SELECT 1 FROM \(name(of: table)) WHERE typeof(\(SQLiteFile.quoted(column))) <> 'integer' "
        + "LIMIT 1", [])
    return others.isEmpty
  }

  func insert(_ sql: String) throws(FileFailure) -> String {
    try run(sql, [])
    return String(sqlite3_last_insert_rowid(connection))
  }

  func open(_ table: String, orderedBy order: String) throws(FileFailure) {
    let parameter = EditedValue.text(Array(table.utf8))
    for kind in ["trigger", "index"] {
      let names = try texts(
        "SELECT name FROM sqlite_schema WHERE type = '\(kind)' AND tbl_name = $1 "
          + "AND sql IS NOT NULL", [parameter])
      for name in names { try run("DROP \(kind) \(SQLiteFile.quoted(name))", []) }
    }
    guard try !texts("SELECT name FROM pragma_index_list($1)", [parameter]).isEmpty else { return }
    let name = SQLiteFile.quoted(table)
    let old = SQLiteFile.quoted(table + "-old")
    try run("ALTER TABLE \(name) RENAME TO \(old)", [])
    try run("CREATE TABLE \(name) AS SELECT * FROM \(old) ORDER BY \(order)", [])
    try run("DROP TABLE \(old)", [])
  }

  func run(_ sql: String, _ values: [EditedValue]) throws(FileFailure) {
    try visit(sql, values) { _ in }
  }

  func texts(_ sql: String, _ values: [EditedValue]) throws(FileFailure) -> [String] {
    var texts: [String] = []
    try visit(sql, values) { statement in
      texts.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
    }
    return texts
  }

  private func visit(
    _ sql: String, _ values: [EditedValue], _ body: (OpaquePointer) -> Void
  ) throws(FileFailure) {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &prepared, nil) == SQLITE_OK,
      let statement = prepared
    else { throw failure }
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() {
      guard bind(value, to: Int32(index + 1), of: statement) == SQLITE_OK else { throw failure }
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: body(statement)
      case SQLITE_DONE: return
      default: throw failure
      }
    }
  }

  private func bind(_ value: EditedValue, to index: Int32, of statement: OpaquePointer) -> Int32 {
    switch value {
    case .null, .absent: return sqlite3_bind_null(statement, index)
    case .number(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      if let integer = Int64(text) { return sqlite3_bind_int64(statement, index, integer) }
      return sqlite3_bind_double(statement, index, Double(text) ?? 0)
    case .text(let bytes):
      // SQLITE_TRANSIENT, a cast that Swift does not see: SQLite makes its own copy.
      let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      var text = bytes
      text.append(0)
      return text.withUnsafeBytes {
        sqlite3_bind_text(
          statement, index, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(clamping: bytes.count), copied)
      }
    }
  }
}

extension SQLiteFile {
  /// Copies this database, as its snapshot shows it, into an open one.
  func backUp(to target: SQLiteClone) throws(FileFailure) {
    func failed(_ code: Int32) -> FileFailure {
      let reason = sqlite3_errstr(code).map { String(cString: $0) } ?? "SQLite gave no reason"
      return FileFailure(path: path, reason: "the database could not be copied: \(reason)")
    }
    guard let backup = sqlite3_backup_init(target.connection, "main", connection, "main") else {
      throw failed(sqlite3_errcode(target.connection))
    }
    let code = sqlite3_backup_step(backup, -1)
    let end = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, end == SQLITE_OK else { throw failed(code) }
  }
}
