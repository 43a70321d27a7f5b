internal import GRDBSQLite

/// A copy of a SQLite database, from which clones with a changed table are made.
struct TableClone: Sendable {
  let path: String
  let form: TableForm
  /// A model that reads the copy.
  let model: LogModel
  let count: Int

  /// Copies a database with SQLite's backup, so that a writer's open transaction is left out.
  static func back(
    up source: String, to target: String, limit: Int
  ) throws(FileFailure) {
    let reader = try SQLiteFile(source)
    let pages = try SQLiteQuery(
      reader, "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    if try pages.step(), let text = pages.text(0), let size = Int(String(decoding: text, as: UTF8.self)),
      size > limit
    {
      throw FileFailure(
        path: source, reason: "\(size) bytes, at most \(limit) are cloned (clone-limit)")
    }
    try OutputFile(target).write([])
    let writer = try SQLiteClone(target)
    try reader.backUp(to: writer.connection)
  }

  /// - Parameter model: a model whose source is the copy.
  init(_ model: LogModel) throws(FileFailure) {
    guard case .sqlite(let path, let form) = model.source else {
      throw FileFailure(path: model.source.path, reason: "not a SQLite database")
    }
    self.model = model
    self.path = path
    self.form = form
    let query = try SQLiteQuery(
      try SQLiteFile(path), "SELECT count(*) FROM \(SQLiteFile.quoted(form.table))")
    guard try query.step(), let text = query.text(0),
      let count = Int(String(decoding: text, as: UTF8.self))
    else { throw FileFailure(path: path, reason: "the records cannot be counted") }
    self.count = count
  }

  /// Writes the database with a changed table as a new file.
  func write(
    _ edit: CloneEdit, _ checkpoints: CheckpointEdit, to target: String
  ) throws(FileFailure) {
    try CloneFolder.copy(path, to: target)
    let database = try SQLiteClone(target)
    try database.run("BEGIN")
    if case .none = edit {} else {
      let table = try OpenTable(database, form)
      try change(table, edit)
    }
    if case .table(let name, let column, let order) = model.checkpoint?.place {
      let table = CheckpointTable(
        database: database, name: name, column: column, order: order)
      try table.change(checkpoints)
    }
    try database.run("COMMIT")
  }

  private func change(_ table: OpenTable, _ edit: CloneEdit) throws(FileFailure) {
    switch edit {
    case .none: break
    case .set(let record, let changes): try table.set(record, try resolve(changes, record, nil))
    case .remove(let range): try table.remove(range)
    case .swap(let first, let second): try table.swap(first, second)
    case .append(let range): for record in range { _ = try table.append(copyOf: record) }
    case .insert(let place, let record, let changes):
      let row = try table.append(copyOf: record)
      try table.set(row: row, try resolve(changes, record, nil))
      if place < count { try table.move(row, before: place) }
    case .rewrite(let rewrite):
      let changes = try rewrite.make()
      var scan = try LogScan(model)
      let reader = scan
      try scan.visit { record throws(FileFailure) in
        guard record.position >= rewrite.first else { return true }
        let wanted = try changes(reader, record)
        if !wanted.isEmpty {
          try table.set(
            record.position, try resolve(wanted, record.position, (reader, record.fields)))
        }
        return true
      }
    }
  }

  /// Changes of fields inside the text of another one, as a change of that one.
  private func resolve(
    _ changes: [String: EditedValue], _ record: Int, _ seen: (LogScan, RecordFields?)?
  ) throws(FileFailure) -> [String: EditedValue] {
    guard let extraction = model.extraction else { return changes }
    var scan = try LogScan(model)
    let reader = seen?.0 ?? scan
    var found = seen?.1
    if found == nil {
      try scan.visit { seen throws(FileFailure) in
        guard seen.position == record else { return true }
        found = seen.fields
        return false
      }
    }
    let fields = found
    do throws(LogFault) {
      return try RecordEditor(form: .json, extraction: extraction).resolve(changes) { name in
        fields.flatMap { reader.value(name, in: $0) }
      }
    } catch {
      throw FileFailure(path: path, reason: "record \(record): \(error.line)")
    }
  }
}

/// A table of a clone whose rows are changed by the number of their record.
private struct OpenTable {
  private let database: SQLiteClone
  private let name: String
  private let order: String
  /// Columns of a record's contents: all but those that order it.
  private let contents: [String]
  private let columns: [String]
  private let rows: [Int64]

  init(_ database: SQLiteClone, _ form: TableForm) throws(FileFailure) {
    self.database = database
    name = SQLiteFile.quoted(form.table)
    // Who can write the file can also take away what the database program would refuse.
    for kind in ["trigger", "index"] {
      let names = try database.texts(
        "SELECT name FROM sqlite_schema WHERE type = '\(kind)' AND tbl_name = ? AND sql IS NOT NULL",
        [.text(Array(form.table.utf8))])
      for name in names { try database.run("DROP \(kind) \(SQLiteFile.quoted(name))") }
    }
    let present = try database.texts(
      "SELECT name FROM pragma_table_info(?) ORDER BY cid", [.text(Array(form.table.utf8))])
    columns = present
    let isColumn = present.contains(form.order)
    order = isColumn ? SQLiteFile.quoted(form.order) : "rowid"
    let constraints = try database.texts(
      "SELECT name FROM pragma_index_list(?)", [.text(Array(form.table.utf8))])
    if !constraints.isEmpty {
      let old = SQLiteFile.quoted(form.table + "-old")
      try database.run("ALTER TABLE \(name) RENAME TO \(old)")
      try database.run("CREATE TABLE \(name) AS SELECT * FROM \(old) ORDER BY \(order)")
      try database.run("DROP TABLE \(old)")
    }
    let keys = try database.texts(
      "SELECT name FROM pragma_table_info(?) WHERE pk > 0", [.text(Array(form.table.utf8))])
    contents = present.filter { $0 != form.order && !keys.contains($0) }
    rows = try database.integers("SELECT rowid FROM \(name) ORDER BY \(order)")
  }

  private func row(_ record: Int) throws(FileFailure) -> Int64 {
    guard rows.indices.contains(record) else {
      throw FileFailure(path: database.path, reason: "there is no record \(record)")
    }
    return rows[record]
  }

  func set(_ record: Int, _ changes: [String: EditedValue]) throws(FileFailure) {
    try set(row: try row(record), changes)
  }

  func set(row: Int64, _ changes: [String: EditedValue]) throws(FileFailure) {
    guard !changes.isEmpty else { return }
    let sorted = changes.sorted { $0.key < $1.key }
    for (column, _) in sorted where !columns.contains(column) {
      throw FileFailure(path: database.path, reason: "no column \(column) of the table \(name)")
    }
    let list = sorted.map { "\(SQLiteFile.quoted($0.key)) = ?" }.joined(separator: ", ")
    try database.run(
      "UPDATE \(name) SET \(list) WHERE rowid = \(row)", sorted.map(\.value))
  }

  func remove(_ range: Range<Int>) throws(FileFailure) {
    for record in range { try database.run("DELETE FROM \(name) WHERE rowid = \(try row(record))") }
  }

  func swap(_ first: Int, _ second: Int) throws(FileFailure) {
    let first = try row(first)
    let second = try row(second)
    guard !contents.isEmpty else { return }
    let list = contents.map(SQLiteFile.quoted).joined(separator: ", ")
    try database.run("CREATE TEMP TABLE kept AS SELECT \(list) FROM \(name) WHERE rowid = \(first)")
    for (row, source) in [
      (first, "\(name) WHERE rowid = \(second)"), (second, "temp.kept"),
    ] {
      try database.run(
        "UPDATE \(name) SET (\(list)) = (SELECT \(list) FROM \(source)) WHERE rowid = \(row)")
    }
    try database.run("DROP TABLE temp.kept")
  }

  /// Gives a new row the place of a record; that one and those behind it move on by one.
  func move(_ row: Int64, before record: Int) throws(FileFailure) {
    let next = try self.row(record)
    let places = try database.integers(
      "SELECT \(order) FROM \(name) WHERE rowid = \(next) AND typeof(\(order)) = 'integer'")
    guard let place = places.first, place < .max else {
      throw FileFailure(
        path: database.path, reason: "the column that orders the records holds no integers")
    }
    // Numbers are made negative on the way, so that no two rows have the same one at any time.
    try database.run(
      "UPDATE \(name) SET \(order) = -(\(order) + 1) WHERE \(order) >= \(place) "
        + "AND rowid <> \(row)")
    try database.run("UPDATE \(name) SET \(order) = \(place) WHERE rowid = \(row)")
    try database.run("UPDATE \(name) SET \(order) = -\(order) WHERE \(order) < 0")
  }

  /// Puts a copy of a record behind the last one; returns its row.
  func append(copyOf record: Int) throws(FileFailure) -> Int64 {
    let source = try row(record)
    var names = contents.map(SQLiteFile.quoted)
    var values = names
    if order != "rowid" {
      names.append(order)
      values.append(
        "(SELECT CASE typeof(max(\(order))) WHEN 'integer' THEN max(\(order)) + 1 "
          + "ELSE max(\(order)) END FROM \(name))")
    }
    try database.run(
      "INSERT INTO \(name) (\(names.joined(separator: ", "))) "
        + "SELECT \(values.joined(separator: ", ")) FROM \(name) WHERE rowid = \(source)")
    return database.lastRow
  }
}

/// The checkpoints of a clone that stand in a table.
private struct CheckpointTable {
  let database: SQLiteClone
  let name: String
  let column: String
  let order: String

  func change(_ edit: CheckpointEdit) throws(FileFailure) {
    let table = SQLiteFile.quoted(name)
    let isColumn = try !database.texts(
      "SELECT name FROM pragma_table_info(?) WHERE name = ?",
      [.text(Array(name.utf8)), .text(Array(order.utf8))]
    ).isEmpty
    let rows = try database.integers(
      "SELECT rowid FROM \(table) ORDER BY \(isColumn ? SQLiteFile.quoted(order) : "rowid")")
    switch edit {
    case .none: break
    case .remove: try database.run("DELETE FROM \(table)")
    case .keep(let count):
      for row in rows.dropFirst(count) {
        try database.run("DELETE FROM \(table) WHERE rowid = \(row)")
      }
    case .heads(let heads):
      for (index, head) in heads.sorted(by: { $0.key < $1.key }) where rows.indices.contains(index) {
        let body = try database.texts(
          "SELECT \(SQLiteFile.quoted(column)) FROM \(table) WHERE rowid = \(rows[index])", [])
        guard let body = body.first else { continue }
        let changed = try CheckpointUnits.with(head: head, in: Array(body.utf8))
        try database.run(
          "UPDATE \(table) SET \(SQLiteFile.quoted(column)) = ? WHERE rowid = \(rows[index])",
          [.text(changed)])
      }
    }
  }
}
