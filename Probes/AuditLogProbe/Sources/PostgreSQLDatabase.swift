internal import CPostgres
import Glibc
import NationalCrypto

/// A PostgreSQL database open for reading only, in one snapshot: a repeatable-read transaction that may not write.
///
/// Rows come as a binary COPY, whose values are text in UTF-8, so that the server sends them as fast as it can and
/// only one row at a time is held. Row security that would hide rows makes a query fail instead.
final class PostgreSQLDatabase: LogDatabase {
  /// Milliseconds a single statement may take on the server, and a lock be waited for.
  private static let statementLimit = 3_600_000
  private static let lockLimit = 10_000
  private static let connectSeconds = 10
  /// Seconds the server may say nothing before it counts as gone.
  static let silenceLimit = 300

  private let address: PostgreSQLAddress
  /// libpq's `PGconn`.
  let connection: OpaquePointer
  let isTimeUp: @Sendable () -> Bool

  init(
    _ address: PostgreSQLAddress, isTimeUp: @escaping @Sendable () -> Bool
  ) throws(FileFailure) {
    self.address = address
    self.isTimeUp = isTimeUp
    connection = try PostgreSQLDatabase.connect(address)
    // A server's remarks are not for the terminal, where libpq would write them.
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    try run("SET search_path = ''")
    try run("SET statement_timeout = \(Self.statementLimit)")
    try run("SET lock_timeout = \(Self.lockLimit)")
    try run("SET row_security = off")
    for (name, value) in address.session.sorted(by: { $0.key < $1.key }) {
      _ = try values("SELECT pg_catalog.set_config($1, $2, false)", [name, value])
    }
    try run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
  }

  deinit { PQfinish(connection) }

  static func connect(_ address: PostgreSQLAddress) throws(FileFailure) -> OpaquePointer {
    var parameters = [
      ("host", address.host), ("port", String(address.port)), ("dbname", address.database),
      ("user", address.user), ("connect_timeout", String(connectSeconds)),
      ("client_encoding", "UTF8"), ("application_name", "miping"), ("keepalives_idle", "30"),
    ]
    if let checked = address.checkedAddress { parameters.append(("hostaddr", checked)) }
    if let mode = address.tlsMode { parameters.append(("sslmode", mode)) }
    if let path = address.rootCertificatePath { parameters.append(("sslrootcert", path)) }
    var password: [UInt8] = []
    defer { wipe(&password) }
    if let reference = address.password {
      password = try SecretKey.read(reference).bytes
      while let last = password.last, last == 0x0A || last == 0x0D { password.removeLast() }
    }
    guard !password.contains(0), !parameters.contains(where: { $0.1.utf8.contains(0) }) else {
      throw FileFailure(path: address.description, reason: "a zero byte in a parameter")
    }
    let opened = PostgreSQLDatabase.open(parameters, password: password)
    guard let opened else {
      throw FileFailure(path: address.description, reason: "memory is short")
    }
    guard PQstatus(opened) == CONNECTION_OK else {
      defer { PQfinish(opened) }
      throw FileFailure(path: address.description, reason: message(opened))
    }
    return opened
  }

  private static func open(
    _ parameters: [(String, String)], password: [UInt8]
  ) -> OpaquePointer? {
    // Copies for C, of which those of the password are wiped.
    var keys: [UnsafePointer<CChar>?] = []
    var values: [UnsafePointer<CChar>?] = []
    var copies: [UnsafeMutablePointer<CChar>] = []
    func copy(_ text: String) -> UnsafePointer<CChar>? {
      guard let copied = strdup(text) else { return nil }
      copies.append(copied)
      return UnsafePointer(copied)
    }
    for (key, value) in parameters {
      keys.append(copy(key))
      values.append(copy(value))
    }
    var secret = password.map { CChar(bitPattern: $0) } + [0]
    defer {
      for index in secret.indices { secret[index] = 0 }
      for copied in copies { free(copied) }
    }
    if !password.isEmpty {
      keys.append(copy("password"))
      return secret.withUnsafeBufferPointer { secret in
        values.append(secret.baseAddress)
        return PQconnectdbParams(keys + [nil], values + [nil], 0)
      }
    }
    return PQconnectdbParams(keys + [nil], values + [nil], 0)
  }

  func columns(of table: String) throws(FileFailure) -> [String] {
    try types(of: table).map(\.name)
  }

  /// Names and kinds of the columns of a table or view, in their order.
  private func types(of table: String) throws(FileFailure) -> [(name: String, kind: CellKind)] {
    let sql = """
      SELECT a.attname, coalesce(nullif(t.typbasetype, 0), t.oid) FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """
    return try values(sql, [address.schema, table]).map { row in
      (row[0], PostgreSQLDatabase.kind(ofType: row[1]))
    }
  }

  /// By the numbers of the server's own types, which never change.
  private static func kind(ofType number: String) -> CellKind {
    switch number {
    // int8, int2, int4, oid, float4, float8, numeric
    case "20", "21", "23", "26", "700", "701", "1700": .number
    // bytea
    case "17": .blob
    default: .text
    }
  }

  func rows(
    _ columns: [String], of table: String, by order: String
  ) throws(FileFailure) -> any TableRows {
    let types = try types(of: table)
    guard !types.isEmpty else {
      throw failure("no table \(table) in the schema \(address.schema)")
    }
    var kinds: [CellKind] = []
    for name in columns + [order] {
      guard let type = types.first(where: { $0.name == name }) else {
        throw failure("no column \(name) of the table \(table)")
      }
      kinds.append(type.kind)
    }
    kinds.removeLast()
    return try select(
      zip(columns, kinds).map { ($0, $1) }, "\(qualified(address.schema, table)) t",
      "ORDER BY t.\(Self.quoted(order))")
  }

  func samples(
    tableLimit: Int, rowLimit: Int, _ body: ([UInt8]) -> Void
  ) throws(FileFailure) {
    let tables = try values(
      """
      SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_%' AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
      ORDER BY 1, 2 LIMIT $1::int
      """, [String(tableLimit)])
    for table in tables {
      let name = qualified(table[0], table[1])
      // A table that cannot be read must not end the transaction for the others.
      try run("SAVEPOINT sample")
      do throws(FileFailure) {
        try sample(name, rowLimit: rowLimit, body)
      } catch {
        try run("ROLLBACK TO SAVEPOINT sample")
      }
      try run("RELEASE SAVEPOINT sample")
    }
  }

  private func sample(
    _ table: String, rowLimit: Int, _ body: ([UInt8]) -> Void
  ) throws(FileFailure) {
    let types = try values(
      "SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 "
        + "AND NOT a.attisdropped AND a.attrelid = $1::pg_catalog.regclass", [table])
    guard !types.isEmpty else { return }
    let rows = try select(
      types.map { ($0[0], PostgreSQLDatabase.kind(ofType: $0[1])) }, "\(table) t",
      "LIMIT \(rowLimit)")
    while try rows.step() {
      for column in types.indices { rows.text(column).map(body) }
    }
  }

  private func select(
    _ columns: [(name: String, kind: CellKind)], _ table: String, _ rest: String
  ) throws(FileFailure) -> PostgreSQLRows {
    let list = columns.map { column in
      let name = "t." + PostgreSQLDatabase.quoted(column.name)
      return column.kind == .blob ? name : name + "::pg_catalog.text"
    }
    let what = list.isEmpty ? "NULL::pg_catalog.text" : list.joined(separator: ", ")
    let sql = "COPY (SELECT \(what) FROM \(table) \(rest)) TO STDOUT (FORMAT binary)"
    try expect(PQexec(connection, sql), PGRES_COPY_OUT)
    return PostgreSQLRows(self, kinds: list.isEmpty ? [.text] : columns.map(\.kind))
  }

  private func qualified(_ schema: String, _ table: String) -> String {
    "\(PostgreSQLDatabase.quoted(schema)).\(PostgreSQLDatabase.quoted(table))"
  }

  private static func quoted(_ name: String) -> String { SQLiteFile.quoted(name) }

  private func run(_ sql: String) throws(FileFailure) {
    try expect(PQexec(connection, sql), PGRES_COMMAND_OK)
  }

  private func expect(_ result: OpaquePointer?, _ status: ExecStatusType) throws(FileFailure) {
    defer { PQclear(result) }
    guard PQresultStatus(result) == status else { throw failure }
  }

  /// The rows of a small query with its parameters; null is the empty text.
  private func values(
    _ sql: String, _ parameters: [String]
  ) throws(FileFailure) -> [[String]] {
    guard !parameters.contains(where: { $0.utf8.contains(0) }) else {
      throw failure("a zero byte in a name")
    }
    let copies = parameters.map { strdup($0) }
    defer { for copied in copies { free(copied) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) }
    let result = PQexecParams(
      connection, sql, Int32(clamping: pointers.count), nil, pointers, nil, nil, 0)
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_TUPLES_OK else { throw failure }
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { column in
        PQgetvalue(result, row, column).map { String(cString: $0) } ?? ""
      }
    }
  }

  /// A failure that names the database.
  func failure(_ reason: String) -> FileFailure {
    FileFailure(path: address.description, reason: reason)
  }

  /// What the server or libpq says about the last failure.
  var failure: FileFailure {
    failure(PostgreSQLDatabase.message(connection))
  }

  /// The first line of the connection's message.
  static func message(_ connection: OpaquePointer) -> String {
    let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init)
    return line ?? "PostgreSQL gave no reason"
  }
}
