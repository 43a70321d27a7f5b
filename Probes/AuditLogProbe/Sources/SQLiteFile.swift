internal import GRDBSQLite

/// A SQLite database open for reading only, in one snapshot from the first query to the end.
///
/// A database in write-ahead mode that nobody has open is opened as immutable, so that no side file is made
/// beside it.
final class SQLiteFile: LogDatabase {
  let path: String
  let connection: OpaquePointer

  init(_ path: String) throws(FileFailure) {
    let file = try OpenFile(path)
    var header: [UInt8] = []
    _ = try file.read(upTo: 100, into: &header)
    guard header.count == 100, header.starts(with: "SQLite format 3\0".utf8) else {
      throw FileFailure(path: path, reason: "not a SQLite database")
    }
    let isWriteAhead = header[18] == 2
    let isImmutable = isWriteAhead && OpenFile.status(ofPath: path + "-wal") == nil
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      SQLiteFile.address(path, isImmutable: isImmutable), &opened,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      let reason = opened.map(SQLiteFile.message) ?? "memory is short"
      sqlite3_close(opened)
      throw FileFailure(path: path, reason: reason)
    }
    self.path = path
    connection = opened
    sqlite3_busy_timeout(connection, 5000)
    // The snapshot begins with the first query and ends with the connection.
    guard sqlite3_exec(connection, "BEGIN", nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  deinit { sqlite3_close_v2(connection) }

  /// The columns of a table, empty when there is no such table.
  func columns(of table: String) throws(FileFailure) -> [String] {
    let query = try SQLiteQuery(self, "SELECT name FROM pragma_table_info(?)", binding: table)
    var names: [String] = []
    while try query.step() {
      if let name = query.text(0) { names.append(String(decoding: name, as: UTF8.self)) }
    }
    return names
  }

  func samples(
    tableLimit: Int, rowLimit: Int, _ body: ([UInt8]) -> Void
  ) throws(FileFailure) {
    let tables = try SQLiteQuery(
      self, "SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT \(tableLimit)")
    while try tables.step() {
      guard let name = tables.text(0) else { continue }
      let table = SQLiteFile.quoted(String(decoding: name, as: UTF8.self))
      // A virtual table whose module is not there cannot be read; the others can.
      guard let query = try? SQLiteQuery(self, "SELECT * FROM \(table) LIMIT \(rowLimit)") else {
        continue
      }
      while (try? query.step()) == true {
        for column in 0..<query.columnCount { query.text(column).map(body) }
      }
    }
  }

  func rows(
    _ columns: [String], of table: String, by order: String
  ) throws(FileFailure) -> any TableRows {
    try SQLiteQuery(self, ordered(columns, of: table, by: order))
  }

  /// SQL that reads `columns` of `table` in the order of `order`, all of which exist.
  func ordered(
    _ columns: [String], of table: String, by order: String
  ) throws(FileFailure) -> String {
    let present = try self.columns(of: table)
    guard !present.isEmpty else { throw FileFailure(path: path, reason: "no table \(table) in it") }
    // A quoted name that is no column would be taken for a text, and order nothing.
    for name in columns + (order == "rowid" ? [] : [order]) where !present.contains(name) {
      throw FileFailure(path: path, reason: "no column \(name) of the table \(table) in it")
    }
    let list = columns.isEmpty ? "1" : columns.map(SQLiteFile.quoted).joined(separator: ", ")
    let term = present.contains(order) ? SQLiteFile.quoted(order) : "rowid"
    return "SELECT \(list) FROM \(SQLiteFile.quoted(table)) ORDER BY \(term)"
  }

  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// What SQLite says about its last failure.
  var failure: FileFailure { FileFailure(path: path, reason: SQLiteFile.message(connection)) }

  fileprivate func prepare(_ sql: String) -> OpaquePointer? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { return nil }
    return statement
  }

  private static func message(_ connection: OpaquePointer) -> String {
    sqlite3_errmsg(connection).map { String(cString: $0) } ?? "SQLite gave no reason"
  }

  /// The path as a `file:` address; what an address cannot hold is escaped.
  private static func address(_ path: String, isImmutable: Bool) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2F, 0x2D, 0x2E, 0x5F: text.append(byte)
      default: text += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return "file:" + String(decoding: text, as: UTF8.self) + (isImmutable ? "?immutable=1" : "")
  }
}

/// One running query.
final class SQLiteQuery: TableRows {
  private let file: SQLiteFile
  private let statement: OpaquePointer

  init(_ file: SQLiteFile, _ sql: String, binding text: String? = nil) throws(FileFailure) {
    guard let statement = file.prepare(sql) else { throw file.failure }
    self.file = file
    self.statement = statement
    if let text {
      let bytes = Array(text.utf8)
      // SQLITE_TRANSIENT, a cast that Swift does not see: SQLite makes its own copy.
      let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      let code = bytes.withUnsafeBytes {
        sqlite3_bind_text(
          statement, 1, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(clamping: $0.count), copied)
      }
      guard code == SQLITE_OK else { throw file.failure }
    }
  }

  deinit { sqlite3_finalize(statement) }

  /// Moves to the next row; false after the last one.
  func step() throws(FileFailure) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw file.failure
    }
  }

  var columnCount: Int { Int(sqlite3_column_count(statement)) }

  func pack(_ columns: [Int], into bytes: inout [UInt8]) { packValues(columns, into: &bytes) }

  /// Calls `body` with the kind and the bytes of a value of the present row: of a number its decimal text, of
  /// null none.
  ///
  /// The value is taken once: its parts are then had without the checks that each question about a column
  /// repeats. One thread uses the connection, which is what those checks are for.
  @inline(__always)
  func withValue<Result>(
    _ column: Int, _ body: (CellKind, UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let value = sqlite3_column_value(statement, Int32(clamping: column))
    let type = sqlite3_value_type(value)
    let kind: CellKind =
      switch type {
      case SQLITE_NULL: .null
      case SQLITE_INTEGER, SQLITE_FLOAT: .number
      case SQLITE_BLOB: .blob
      default: .text
      }
    guard kind != .null else { return body(kind, UnsafeRawBufferPointer(start: nil, count: 0)) }
    if type == SQLITE_INTEGER {
      return DecimalText.with(sqlite3_value_int64(value)) { body(kind, $0) }
    }
    let start =
      kind == .blob ? sqlite3_value_blob(value) : UnsafeRawPointer(sqlite3_value_text(value))
    let count = start == nil ? 0 : Int(sqlite3_value_bytes(value))
    return body(kind, UnsafeRawBufferPointer(start: start, count: count))
  }
}

/// Whole numbers in decimal digits, without the memory that SQLite takes and frees for each of them.
private enum DecimalText {
  /// A sign and 19 digits.
  private static let longest = 20

  @inline(__always)
  static func with<Result>(
    _ number: Int64, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(byteCount: longest, alignment: 1) { text in
      var start = longest
      var rest = number.magnitude
      repeat {
        start -= 1
        text[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        start -= 1
        text[start] = 0x2D
      }
      return body(UnsafeRawBufferPointer(rebasing: text[start...]))
    }
  }
}
