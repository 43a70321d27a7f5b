/// A copy of a table with a log, and of the one with its checkpoints, from which clones are made (数据表克隆): in a
/// SQLite file of our own, or in a scratch schema of the same PostgreSQL database.
struct TableClone {
  private enum Store {
    case file(path: String)
    case schema(PostgreSQLScratch)
  }

  private let store: Store
  let form: TableForm
  /// A model that reads the copy.
  let model: LogModel
  let count: Int

  /// - Parameter model: a model whose source is a copy in a file of our own.
  init(file model: LogModel) throws(FileFailure) {
    guard case .sqlite(let path, let form) = model.source else {
      throw FileFailure(path: model.source.path, reason: "not a SQLite database")
    }
    try self.init(.file(path: path), model, form)
  }

  /// Copies the tables of a log in PostgreSQL into a scratch schema.
  init(server model: LogModel, limit: Int) throws(FileFailure) {
    guard case .postgres(let address, let form) = model.source else {
      throw FileFailure(path: model.source.path, reason: "not a PostgreSQL database")
    }
    var tables = [form.table]
    if case .table(let name, _, _) = model.checkpoint?.place { tables.append(name) }
    let scratch = try PostgreSQLScratch(address, copying: tables, limit: limit)
    var moved = model
    moved.source = .postgres(scratch.base, form)
    try self.init(.schema(scratch), moved, form)
  }

  private init(
    _ store: Store, _ model: LogModel, _ form: TableForm
  ) throws(FileFailure) {
    self.store = store
    self.model = model
    self.form = form
    var count = 0
    var scan = try LogScan(model)
    try scan.visit { _ throws(FileFailure) in
      count += 1
      return true
    }
    self.count = count
  }

  /// Makes a clone with a changed table; in a file it is `target`.
  ///
  /// - Returns: where the clone is.
  func write(
    _ edit: CloneEdit, _ checkpoints: CheckpointEdit, to target: String
  ) throws(FileFailure) -> LogSource {
    let database: any CloneDatabase
    let source: LogSource
    switch store {
    case .file(let path):
      try CloneFolder.copy(path, to: target)
      database = try SQLiteClone(target)
      source = .sqlite(path: target, form)
    case .schema(let scratch):
      let clone = try scratch.clone()
      database = clone
      source = .postgres(clone.address, form)
    }
    try database.run("BEGIN", [])
    if case .none = edit {
    } else {
      try change(try OpenTable(database, form), edit)
    }
    if case .table(let name, let column, let order) = model.checkpoint?.place,
      checkpoints != .none
    {
      try CheckpointTable(database: database, name: name, column: column, order: order)
        .change(checkpoints)
    }
    try database.run("COMMIT", [])
    return source
  }

  private func change(_ table: OpenTable, _ edit: CloneEdit) throws(FileFailure) {
    switch edit {
    case .none: break
    case .set(let record, let changes): try table.set(record, try resolve(changes, record, nil))
    case .remove(let range): try table.remove(range)
    case .swap(let first, let second): try table.swap(first, second)
    case .append(let range):
      for record in range { _ = try table.append(copyOf: record) }
    case .insert(let place, let record, let changes):
      let next = place < count ? place : nil
      let row = try table.append(copyOf: record, before: next)
      try table.set(row: row, try resolve(changes, record, nil))
      if let next { try table.settle(before: next) }
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
      throw FileFailure(path: model.source.path, reason: "record \(record): \(error.line)")
    }
  }
}
