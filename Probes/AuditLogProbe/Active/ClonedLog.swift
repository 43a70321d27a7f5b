/// A frozen copy of a log with its side files (日志克隆), from which every attack's clone is made. The log itself is
/// read once, when the copy is made, and never again.
struct ClonedLog {
  enum Store {
    case text(TextClone)
    case table(TableClone)
    case folder(FolderClone)
  }

  /// A model that reads the copy.
  private(set) var model: LogModel
  private(set) var store: Store
  /// Checkpoints of a file; nil where they stand in a table or there are none.
  private(set) var checkpoints: CheckpointUnits?
  /// What each checkpoint says it covers; nil: not readable.
  private(set) var checkpointCounts: [Int?]
  let isExcerpt: Bool
  /// Held so that the copy stays.
  private let folder: CloneFolder

  /// Records that attacks can choose from.
  var count: Int {
    switch store {
    case .text(let clone): clone.count
    case .table(let clone): clone.count
    case .folder(let clone): clone.log.count
    }
  }

  init(_ original: LogModel) throws(FileFailure) {
    folder = try CloneFolder()
    var model = original
    let target = "\(folder.path)/\(Self.name(original.source.path))"
    let limit = original.activity.cloneLimit
    var wasCut = false
    var server: TableClone?
    switch original.source {
    case .jsonLines(let path), .journalExport(let path), .csv(let path, _):
      // Checkpoints are copied first: a log that grows meanwhile is then never shorter than they say.
      try Self.copyCheckpoints(original, &model, folder)
      let size = OpenFile.status(ofPath: path)?.size ?? 0
      try CloneFolder.copy(path, to: target, limit: min(size, limit))
      model.source = original.source.moved(to: target)
      wasCut = size > limit
    case .sqlite(let path, _):
      try Self.copyCheckpoints(original, &model, folder)
      try SQLiteClone.backUp(path, to: target, limit: limit)
      model.source = original.source.moved(to: target)
    case .postgres:
      try Self.copyCheckpoints(original, &model, folder)
      let clone = try TableClone(server: model, limit: limit)
      model = clone.model
      server = clone
    case .digestFolder(let path):
      try CloneFolder.make(target)
      try FolderClone.copy(path, original.protection.digestFolder, to: target, limit: limit)
      model.source = .digestFolder(path: target)
    }
    var units: CheckpointUnits?
    if let rule = model.checkpoint, case .file(let path) = rule.place {
      units = CheckpointUnits(try SmallFile.read(path, limit: 64 << 20), kind: rule.kind)
    }
    checkpoints = units
    switch model.source {
    case .jsonLines, .journalExport, .csv: store = .text(try TextClone(model))
    case .sqlite: store = .table(try TableClone(file: model))
    case .postgres:
      guard let server else { throw FileFailure(path: model.source.path, reason: "not copied") }
      store = .table(server)
    case .digestFolder: store = .folder(try FolderClone(model))
    }
    checkpointCounts = try Self.counts(model)
    isExcerpt = wasCut
    self.model = model
    if wasCut { try cutToWholeRecords() }
  }

  private static func counts(_ model: LogModel) throws(FileFailure) -> [Int?] {
    guard let rule = model.checkpoint else { return [] }
    return try CheckpointReader.read(
      rule, encoding: model.protection.valueEncoding,
      database: try OpenedLog.database(model.source)
    ).map(\.count)
  }

  /// Takes away the last record, which the limit may have cut through, and what speaks of records that are not in
  /// the excerpt.
  private mutating func cutToWholeRecords() throws(FileFailure) {
    guard case .text(let clone) = store, clone.count > 1 else {
      throw FileFailure(
        path: model.source.path, reason: "the first records are larger than clone-limit")
    }
    let count = clone.count - 1
    let target = "\(folder.path)/excerpt-\(Self.name(model.source.path))"
    try clone.write(.remove(count..<clone.count), to: target)
    model.source = model.source.moved(to: target)
    store = .text(try TextClone(model))
    if let path = model.anchorPath, let anchor = try? Anchor.read(path), anchor.count > count {
      model.anchorPath = nil
    }
    let kept = checkpoints(covering: count)
    if let rule = model.checkpoint, case .file(let path) = rule.place,
      let bytes = try checkpoints?.file(.keep(kept))
    {
      try OutputFile(path).write(bytes[...])
      checkpoints = CheckpointUnits(bytes, kind: rule.kind)
    }
    checkpointCounts = Array(checkpointCounts.prefix(kept))
  }

  private static func copyCheckpoints(
    _ original: LogModel, _ model: inout LogModel, _ folder: CloneFolder
  ) throws(FileFailure) {
    guard let rule = original.checkpoint, case .file(let path) = rule.place else { return }
    let target = "\(folder.path)/checkpoints-\(name(path))"
    try CloneFolder.copy(path, to: target, limit: 64 << 20)
    model.checkpoint?.place = .file(path: target)
  }

  /// The last part of a path.
  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? "log"
  }

  /// How many of the first checkpoints speak of at most `records` records.
  func checkpoints(covering records: Int) -> Int {
    checkpointCounts.prefix { $0.map { $0 <= records } ?? false }.count
  }

  /// Writes a changed clone into an empty folder.
  ///
  /// - Returns: a model that reads the clone.
  func write(_ change: AttackChange, to folder: String) throws(FileFailure) -> LogModel {
    var changed = model
    let target = "\(folder)/\(Self.name(model.source.path))"
    switch store {
    case .text(let clone):
      try clone.write(change.records, to: target)
      changed.source = model.source.moved(to: target)
    case .table(let clone):
      changed.source = try clone.write(change.records, change.checkpoints, to: target)
    case .folder(let clone):
      try CloneFolder.make(target)
      try clone.write(change.files ?? .records(change.records), to: target)
      changed.source = .digestFolder(path: target)
    }
    if let checkpoints, let rule = model.checkpoint, case .file(let path) = rule.place {
      let side = "\(folder)/\(Self.name(path))"
      if let bytes = try checkpoints.file(change.checkpoints) {
        try OutputFile(side).write(bytes[...])
      }
      changed.checkpoint?.place = .file(path: side)
    }
    return changed
  }
}

/// All that an attack changes in a clone.
struct AttackChange: Sendable {
  var records = CloneEdit.none
  var checkpoints = CheckpointEdit.none
  /// For folders of digests, in place of `records`.
  var files: FolderClone.Edit?
}

extension LogSource {
  /// The same source at another path.
  func moved(to path: String) -> LogSource {
    switch self {
    case .jsonLines: .jsonLines(path: path)
    case .csv(_, let form): .csv(path: path, form)
    case .sqlite(_, let form): .sqlite(path: path, form)
    case .journalExport: .journalExport(path: path)
    case .digestFolder: .digestFolder(path: path)
    case .postgres: self
    }
  }
}
