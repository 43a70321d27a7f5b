/// A database of our own, or a schema of our own in one, that is written to; never a table of the log's owner.
protocol CloneDatabase: AnyObject {
  /// Where it is, for messages.
  var place: String { get }
  /// How a table is named in statements.
  func name(of table: String) -> String
  /// Runs a statement whose parameters are written `$1`, `$2`, …
  func run(_ sql: String, _ values: [EditedValue]) throws(FileFailure)
  /// The first column of every row, null as an empty text.
  func texts(_ sql: String, _ values: [EditedValue]) throws(FileFailure) -> [String]
  /// Takes away what the database program would refuse changes by; who can write the store can do so too.
  func open(_ table: String, orderedBy order: String) throws(FileFailure)
  func columns(of table: String) throws(FileFailure) -> [String]
  /// Columns that tell rows apart for the database.
  func keys(of table: String) throws(FileFailure) -> [String]
  /// The column, or another name, that says in which row something stands.
  var rowName: String { get }
  /// What is true of one row only, the one that `row` names.
  func condition(_ row: String) -> String
  /// Whether a column of an order holds whole numbers.
  func isInteger(_ column: String, of table: String) throws(FileFailure) -> Bool
  /// Inserts what a query gives, and names its row.
  func insert(_ sql: String) throws(FileFailure) -> String
}

/// A table of a clone whose rows are changed by the number of their record.
struct OpenTable {
  private let database: any CloneDatabase
  private let form: TableForm
  private let name: String
  private let order: String
  private let columns: [String]
  /// Columns of a record's contents: all but those that order it.
  private let contents: [String]
  private let rows: [String]

  init(_ database: any CloneDatabase, _ form: TableForm) throws(FileFailure) {
    self.database = database
    self.form = form
    name = database.name(of: form.table)
    columns = try database.columns(of: form.table)
    order = columns.contains(form.order) ? SQLiteFile.quoted(form.order) : database.rowName
    try database.open(form.table, orderedBy: order)
    let keys = try database.keys(of: form.table)
    contents = columns.filter { $0 != form.order && !keys.contains($0) }
    rows = try database.texts("SELECT \(database.rowName) FROM \(name) ORDER BY \(order)", [])
  }

  private func row(_ record: Int) throws(FileFailure) -> String {
    guard rows.indices.contains(record) else {
      throw FileFailure(path: database.place, reason: "there is no record \(record)")
    }
    return rows[record]
  }

  func set(_ record: Int, _ changes: [String: EditedValue]) throws(FileFailure) {
    try set(row: try row(record), changes)
  }

  func set(row: String, _ changes: [String: EditedValue]) throws(FileFailure) {
    guard !changes.isEmpty else { return }
    let sorted = changes.sorted { $0.key < $1.key }
    for (column, _) in sorted where !columns.contains(column) {
      throw FileFailure(path: database.place, reason: "no column \(column) of the table \(name)")
    }
    let list = sorted.enumerated().map { index, change in
      "\(SQLiteFile.quoted(change.key)) = $\(index + 1)"
    }.joined(separator: ", ")
    try database.run(
      "UPDATE \(name) SET \(list) WHERE \(database.condition(row))", sorted.map(\.value))
  }

  func remove(_ range: Range<Int>) throws(FileFailure) {
    for record in range {
      try database.run("DELETE FROM \(name) WHERE \(database.condition(try row(record)))", [])
    }
  }

  func swap(_ first: Int, _ second: Int) throws(FileFailure) {
    let first = database.condition(try row(first))
    let second = database.condition(try row(second))
    guard !contents.isEmpty else { return }
    let list = contents.map(SQLiteFile.quoted).joined(separator: ", ")
    for (kept, row) in [("kept_1", first), ("kept_2", second)] {
      try database.run(
        "CREATE TEMP TABLE \(kept) AS SELECT \(list) FROM \(name) WHERE \(row)", [])
    }
    for (kept, row) in [("kept_2", first), ("kept_1", second)] {
      try database.run(
        "UPDATE \(name) SET (\(list)) = (SELECT \(list) FROM \(kept)) WHERE \(row)", [])
    }
    try database.run("DROP TABLE kept_1", [])
    try database.run("DROP TABLE kept_2", [])
  }

  /// Gives a new row the place of a record; that one and those behind it move on by one.
  ///
  /// - Returns: how the row is named afterwards.
  func append(copyOf record: Int, before next: Int? = nil) throws(FileFailure) -> String {
    let source = database.condition(try row(record))
    var names = contents.map(SQLiteFile.quoted)
    var values = names
    let isColumn = order != database.rowName
    let isInteger = isColumn ? try database.isInteger(form.order, of: form.table) : true
    var place: String?
    if let next {
      guard isInteger else {
        throw FileFailure(
          path: database.place, reason: "the column that orders the records holds no whole numbers")
      }
      let condition = database.condition(try row(next))
      place = try database.texts("SELECT \(order) FROM \(name) WHERE \(condition)", []).first
    }
    if let place {
      names.append(order)
      values.append("-1 - (\(place))")
    } else if isColumn {
      names.append(order)
      values.append(
        isInteger
          ? "(SELECT max(\(order)) + 1 FROM \(name))" : "(SELECT max(\(order)) FROM \(name))")
    }
    // The new row takes a negative number, and those behind it on their way too, so that no two have the same.
    let row = try database.insert(
      "INSERT INTO \(name) (\(names.joined(separator: ", "))) "
        + "SELECT \(values.joined(separator: ", ")) FROM \(name) WHERE \(source)")
    return row
  }

  /// Moves a row that ``append(copyOf:before:)`` put in front of `next` to its place, and the others on.
  func settle(before next: Int) throws(FileFailure) {
    let condition = database.condition(try row(next))
    guard
      let place = try database.texts("SELECT \(order) FROM \(name) WHERE \(condition)", []).first
    else { return }
    try database.run(
      "UPDATE \(name) SET \(order) = -2 - \(order) WHERE \(order) >= \(place)", [])
    try database.run("UPDATE \(name) SET \(order) = -1 - \(order) WHERE \(order) < 0", [])
  }
}

/// The checkpoints of a clone that stand in a table.
struct CheckpointTable {
  let database: any CloneDatabase
  let name: String
  let column: String
  let order: String

  func change(_ edit: CheckpointEdit) throws(FileFailure) {
    let table = database.name(of: name)
    let isColumn = try database.columns(of: name).contains(order)
    let rows = try database.texts(
      "SELECT \(database.rowName) FROM \(table) "
        + "ORDER BY \(isColumn ? SQLiteFile.quoted(order) : database.rowName)", [])
    switch edit {
    case .none: break
    case .remove: try database.run("DELETE FROM \(table)", [])
    case .keep(let count):
      for row in rows.dropFirst(count) {
        try database.run("DELETE FROM \(table) WHERE \(database.condition(row))", [])
      }
    case .heads(let heads):
      for (index, head) in heads.sorted(by: { $0.key < $1.key }) where rows.indices.contains(index)
      {
        let row = database.condition(rows[index])
        let text = SQLiteFile.quoted(column)
        let body = try database.texts("SELECT \(text) FROM \(table) WHERE \(row)", []).first
        guard let body else { continue }
        let changed = try CheckpointUnits.with(head: head, in: Array(body.utf8))
        try database.run("UPDATE \(table) SET \(text) = $1 WHERE \(row)", [.text(changed)])
      }
    }
  }
}
