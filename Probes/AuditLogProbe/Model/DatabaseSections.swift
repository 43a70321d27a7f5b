import AssessmentModel
import YAMLDocument

extension ModelSections {
  private enum TLSMode: String, CaseIterable {
    case disable, prefer, require
    case verifyCA = "verify-ca"
    case verifyFull = "verify-full"
  }

  /// Settings of a session that decide how values become text, and nothing else.
  private static let settings = [
    "DateStyle", "IntervalStyle", "TimeZone", "bytea_output", "extra_float_digits",
  ]

  /// `{kind: postgres, table, order-by, schema, connection: {…}, session: {…}}`.
  func postgres(_ reader: MappingReader) -> LogSource? {
    let table = reader.requiredText("table")
    let order = reader.requiredText("order-by")
    let address = reader.required("connection").flatMap { connection($0) }
    guard let table, let order, var address else { return nil }
    if let schema = reader.text("schema") { address.schema = schema }
    if let node = reader.node("session"),
      let session = MappingReader(node, of: "session", keys: Self.settings, faults: faults)
    {
      for name in Self.settings {
        if let value = session.text(name) { address.session[name] = value }
      }
    }
    return .postgres(address, TableForm(table: table, order: order))
  }

  func connection(_ node: YAMLNode) -> PostgreSQLAddress? {
    let keys = ["host", "port", "database", "user", "password", "tls-mode", "root-certificate"]
    guard let reader = MappingReader(node, of: "connection", keys: keys, faults: faults) else {
      return nil
    }
    let host = reader.requiredText("host")
    let database = reader.requiredText("database")
    let user = reader.requiredText("user")
    guard let host, let database, let user else { return nil }
    var address = PostgreSQLAddress(host: host, database: database, user: user)
    if let port = reader.integer("port") {
      guard (1...65_535).contains(port) else {
        faults.report(
          reader.node("port")?.place ?? reader.place,
          "\"port\" in connection must be from 1 to 65535")
        return nil
      }
      address.port = port
    }
    if let text = reader.text("password") {
      guard var reference = Self.reference(text, path) else {
        faults.report(
          reader.node("password")?.place ?? reader.place,
          "\"password\" in connection must be file:PATH or env:NAME, never a password")
        return nil
      }
      reference.format = .raw
      address.password = reference
    }
    address.tlsMode = reader.choice("tls-mode", as: TLSMode.self)?.rawValue
    address.rootCertificatePath = reader.text("root-certificate").map(path)
    return address
  }
}
