import Bytes
internal import CPostgres
import Glibc

/// Schemas of our own in the database of a log (临时模式), dropped with everything in them when nobody holds them any
/// more. The log's tables are only read.
final class PostgreSQLScratch {
  /// The schema with the untouched copies.
  let base: PostgreSQLAddress
  private let session: PostgreSQLSession
  private let tables: [String]
  private let prefix: String

  /// - Throws: when the tables are larger than `limit` bytes, or the account may not make a schema.
  init(
    _ address: PostgreSQLAddress, copying tables: [String], limit: Int
  ) throws(FileFailure) {
    session = try PostgreSQLSession(address)
    self.tables = tables
    var generator = SystemRandomNumberGenerator()
    let digits = (0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) }
    prefix = "miping-clone-" + hexadecimal(digits)
    var base = address
    base.schema = prefix
    self.base = base
    for table in tables {
      let size = try session.texts(
        "SELECT pg_catalog.pg_table_size($1::pg_catalog.regclass)::pg_catalog.text",
        [.text(Array(Self.qualified(address.schema, table).utf8))])
      guard let bytes = size.first.flatMap({ Int($0) }), bytes <= limit else {
        throw FileFailure(
          path: address.description,
          reason: "\(table) has more than \(limit) bytes, the most that are cloned (clone-limit)")
      }
    }
    try session.run("BEGIN ISOLATION LEVEL REPEATABLE READ", [])
    try Self.copy(tables, from: address.schema, to: prefix, session)
    try session.run("COMMIT", [])
  }

  deinit {
    for schema in [prefix, prefix + "-run"] {
      try? session.run("DROP SCHEMA IF EXISTS \(SQLiteFile.quoted(schema)) CASCADE", [])
    }
  }

  private static func qualified(_ schema: String, _ table: String) -> String {
    "\(SQLiteFile.quoted(schema)).\(SQLiteFile.quoted(table))"
  }

  private static func copy(
    _ tables: [String], from source: String, to target: String, _ session: PostgreSQLSession
  ) throws(FileFailure) {
    try session.run("CREATE SCHEMA \(SQLiteFile.quoted(target))", [])
    for table in tables {
      try session.run(
        "CREATE TABLE \(qualified(target, table)) AS TABLE \(qualified(source, table))", [])
    }
  }

  /// A fresh clone, which takes the place of the one before.
  func clone() throws(FileFailure) -> PostgreSQLClone {
    let schema = prefix + "-run"
    try? session.run("ROLLBACK", [])
    try session.run("DROP SCHEMA IF EXISTS \(SQLiteFile.quoted(schema)) CASCADE", [])
    try Self.copy(tables, from: prefix, to: schema, session)
    var address = base
    address.schema = schema
    return PostgreSQLClone(address, session)
  }
}

/// A clone in a scratch schema.
final class PostgreSQLClone: CloneDatabase {
  let address: PostgreSQLAddress
  private let session: PostgreSQLSession

  fileprivate init(_ address: PostgreSQLAddress, _ session: PostgreSQLSession) {
    self.address = address
    self.session = session
  }

  var place: String { address.description }
  /// The place of a row's present version; every row is changed once at most.
  var rowName: String { "ctid" }

  func name(of table: String) -> String {
    "\(SQLiteFile.quoted(address.schema)).\(SQLiteFile.quoted(table))"
  }

  func condition(_ row: String) -> String { "ctid = '\(row)'" }

  func run(_ sql: String, _ values: [EditedValue]) throws(FileFailure) {
    try session.run(sql, values)
  }

  func texts(_ sql: String, _ values: [EditedValue]) throws(FileFailure) -> [String] {
    try session.texts(sql, values)
  }

  /// Copies have neither triggers nor constraints.
  func open(_ table: String, orderedBy order: String) {}

  func columns(of table: String) throws(FileFailure) -> [String] {
    try texts(
      "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = $1::pg_catalog.regclass "
        + "AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      [.text(Array(name(of: table).utf8))])
  }

  func keys(of table: String) -> [String] { [] }

  func isInteger(_ column: String, of table: String) throws(FileFailure) -> Bool {
    // int8, int2, int4, numeric
    try !texts(
      "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = $1::pg_catalog.regclass "
        + "AND attname = $2 AND atttypid IN (20, 21, 23, 1700)",
      [.text(Array(name(of: table).utf8)), .text(Array(column.utf8))]
    ).isEmpty
  }

  func insert(_ sql: String) throws(FileFailure) -> String {
    try texts(sql + " RETURNING ctid", []).first ?? ""
  }
}

/// A connection that may write.
final class PostgreSQLSession {
  private let address: PostgreSQLAddress
  private let connection: OpaquePointer

  init(_ address: PostgreSQLAddress) throws(FileFailure) {
    self.address = address
    connection = try PostgreSQLDatabase.connect(address)
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    try run("SET search_path = ''", [])
    try run("SET statement_timeout = 60000", [])
    try run("SET lock_timeout = 10000", [])
    try run("SET row_security = off", [])
    for (name, value) in address.session.sorted(by: { $0.key < $1.key }) {
      _ = try texts(
        "SELECT pg_catalog.set_config($1, $2, false)",
        [.text(Array(name.utf8)), .text(Array(value.utf8))])
    }
  }

  deinit { PQfinish(connection) }

  func run(_ sql: String, _ values: [EditedValue]) throws(FileFailure) {
    let result = execute(sql, values)
    defer { PQclear(result) }
    let status = PQresultStatus(result)
    guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw failure }
  }

  /// The first column of every row.
  func texts(_ sql: String, _ values: [EditedValue]) throws(FileFailure) -> [String] {
    try rows(sql, values).map { $0.first ?? "" }
  }

  /// All rows, null as an empty text.
  func rows(_ sql: String, _ values: [EditedValue] = []) throws(FileFailure) -> [[String]] {
    let result = execute(sql, values)
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_TUPLES_OK else { throw failure }
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { column in
        PQgetvalue(result, row, column).map { String(cString: $0) } ?? ""
      }
    }
  }

  private var failure: FileFailure {
    FileFailure(path: address.description, reason: PostgreSQLDatabase.message(connection))
  }

  /// Texts are sent as they are; a zero byte, which PostgreSQL has no text for, ends one.
  private func execute(_ sql: String, _ values: [EditedValue]) -> OpaquePointer? {
    let copies = values.map { value in
      value.bytes.map { strdup(String(decoding: $0, as: UTF8.self)) } ?? nil
    }
    defer { for copied in copies { free(copied) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) }
    return PQexecParams(
      connection, sql, Int32(clamping: pointers.count), nil, pointers, nil, nil, 0)
  }
}
