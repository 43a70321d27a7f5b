internal import GRDBSQLite

/// A SQLite database (SQLite数据库) open for reading only.
///
/// It is opened as immutable: nothing is written, locked or made beside it. Rows that are only in a write-ahead
/// log are not seen therefore.
struct DatabaseFile: ~Copyable {
  struct Unreadable: Error { var reason: String }

  private let connection: OpaquePointer

  /// Opens the file behind `descriptor`, which stays open.
  init(_ descriptor: CInt) throws(Unreadable) {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      "file:/proc/self/fd/\(descriptor)?immutable=1&mode=ro", &opened,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close_v2(opened)
      throw Unreadable(reason: "the database cannot be opened, SQLite code \(code)")
    }
    sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, 64 << 20)
    // A foreign schema must not make SQLite do more than read.
    for setting in ["trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"] {
      guard sqlite3_exec(opened, "PRAGMA \(setting)", nil, nil, nil) == SQLITE_OK else {
        let reason = "the database cannot be read, SQLite code \(sqlite3_errcode(opened))"
        sqlite3_close_v2(opened)
        throw Unreadable(reason: reason)
      }
    }
    connection = opened
  }

  deinit { sqlite3_close_v2(connection) }

  /// The names of all tables in the order of their names.
  borrowing func tables() throws(Unreadable) -> [String] {
    try names("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 10000")
  }

  /// The names of a table's columns that are stored.
  borrowing func columns(of table: String) throws(Unreadable) -> [String] {
    try names(
      "SELECT name FROM pragma_table_info(\(DatabaseFile.quoted(table, by: "'"))) ORDER BY cid")
  }

  private borrowing func names(_ sql: String) throws(Unreadable) -> [String] {
    var names: [String] = []
    try read(sql) { cells in
      names.append(cells.value(0).map { String(decoding: $0, as: UTF8.self) } ?? "")
      return true
    }
    return names
  }

  /// Calls `body` with each row of a table, in the order they are stored, until it returns false.
  borrowing func rows(
    of table: String, columns: [String], _ body: (borrowing Cells) -> Bool
  ) throws(Unreadable) {
    let list = columns.map { DatabaseFile.quoted($0, by: "\"") }.joined(separator: ", ")
    try read("SELECT \(list) FROM \(DatabaseFile.quoted(table, by: "\""))", body)
  }

  private borrowing func read(
    _ sql: String, _ body: (borrowing Cells) -> Bool
  ) throws(Unreadable) {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &prepared, nil) == SQLITE_OK, let prepared else {
      throw failure
    }
    defer { sqlite3_finalize(prepared) }
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW: if !body(Cells(statement: prepared)) { return }
      case SQLITE_DONE: return
      default: throw failure
      }
    }
  }

  /// By its code only: the words of SQLite may quote what is in the file.
  private var failure: Unreadable {
    Unreadable(reason: "SQLite code \(sqlite3_extended_errcode(connection))")
  }

  private static func quoted(_ name: String, by mark: String) -> String {
    mark + name.replacing(mark, with: mark + mark) + mark
  }

  /// The values of one row, good until the next.
  struct Cells: ~Copyable {
    fileprivate let statement: OpaquePointer

    func isBlob(_ column: Int) -> Bool {
      sqlite3_column_type(statement, CInt(clamping: column)) == SQLITE_BLOB
    }

    /// The bytes of a value, of a number its decimal text; nil for null.
    func value(_ column: Int) -> UnsafeRawBufferPointer? {
      let index = CInt(clamping: column)
      let start =
        isBlob(column)
        ? sqlite3_column_blob(statement, index)
        : UnsafeRawPointer(sqlite3_column_text(statement, index))
      guard let start else { return nil }
      return UnsafeRawBufferPointer(
        start: start, count: Int(sqlite3_column_bytes(statement, index)))
    }
  }
}
