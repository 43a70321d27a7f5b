/// The parts of a log, opened: the records' source, keys, checkpoints and anchor.
struct OpenedLog {
  let source: any RecordSource
  let format: VerificationPlan.Format
  let table: FieldTable
  private(set) var key: SecretKey?
  private(set) var publicKey: [UInt8]?
  private(set) var checkpoints: [Checkpoint] = []
  private(set) var anchor: Anchor?
  /// What could not be had; the rest is checked without it.
  private(set) var faults: [LogFault] = []

  /// Records a worker gets at a time where each of them takes long: few, so that no core waits for another.
  private static let slowChunk = 64

  /// - Parameter isTimeUp: asked while a server lets itself be waited for.
  init(
    _ model: LogModel, isTimeUp: @escaping @Sendable () -> Bool = { false }
  ) throws(FileFailure) {
    table = FieldTable(model)
    if let rule = model.canonical, rule.encoding == .gb18030, Transcoder(.fromUTF8) == nil {
      throw FileFailure(path: model.source.path, reason: "the C library does not know GB18030")
    }
    let database = try Self.database(model.source, isTimeUp: isTimeUp)
    // Checkpoints first: a log that grows meanwhile is then never shorter than they say.
    if let rule = model.checkpoint {
      do throws(FileFailure) {
        checkpoints = try CheckpointReader.read(
          rule, encoding: model.protection.valueEncoding, database: database)
      } catch {
        faults.append(LogFault(.checkpointUnreadable, error.description))
      }
    }
    let limit =
      model.protection.kind == .sm2Record ? Self.slowChunk : RecordChunk.recordLimit
    switch model.source {
    case .jsonLines(let path):
      source = try TextSource(path: path, framing: .lines, recordLimit: limit)
      format = .json
    case .journalExport(let path):
      source = try TextSource(path: path, framing: .journal, recordLimit: limit)
      format = .journal
    case .csv(let path, let form):
      if form.encoding == .gb18030, Transcoder(.toUTF8) == nil {
        throw FileFailure(path: path, reason: "the C library does not know GB18030")
      }
      var text = try TextSource(path: path, framing: .csv, recordLimit: limit)
      let columns = try OpenedLog.columns(&text, path, form)
      let extracted = model.extraction?.names ?? []
      for name in table.names where !columns.contains(name) && !extracted.contains(name) {
        faults.append(LogFault(.missingColumn, field: name, "the header has no such column"))
      }
      source = text
      format = .csv(columns: columns, form)
    case .sqlite(_, let form), .postgres(_, let form):
      guard let database else {
        throw FileFailure(path: model.source.path, reason: "not opened")
      }
      source = try TableSource(database, form: form, names: table.names, recordLimit: limit)
      format = .packed
    case .digestFolder(let path):
      throw FileFailure(path: path, reason: "a folder of digests has no records of its own")
    }
    readKeys(model)
    if let path = model.anchorPath {
      do throws(FileFailure) { anchor = try Anchor.read(path) } catch {
        faults.append(LogFault(.anchorUnreadable, error.description))
      }
    }
  }

  /// The database a log is in, in a snapshot of its own; nil for a log that is in none.
  static func database(
    _ source: LogSource, isTimeUp: @escaping @Sendable () -> Bool = { false }
  ) throws(FileFailure) -> (any LogDatabase)? {
    switch source {
    case .sqlite(let path, _): try SQLiteFile(path)
    case .postgres(let address, _): try PostgreSQLDatabase(address, isTimeUp: isTimeUp)
    case .jsonLines, .csv, .journalExport, .digestFolder: nil
    }
  }

  private static func columns(
    _ source: inout TextSource, _ path: String, _ form: CSVForm
  ) throws(FileFailure) -> [String] {
    if let columns = form.columns { return columns }
    guard let header = source.header() else {
      throw FileFailure(path: path, reason: "no header line in it")
    }
    do throws(LogFault) {
      let columns = try CSVRecordDecoder.columns(header, form: form)
      guard Set(columns).count == columns.count else {
        throw LogFault(.badCSV, "the header names a column twice")
      }
      return columns
    } catch {
      throw FileFailure(path: path, reason: "header: \(error.message)")
    }
  }

  private mutating func readKeys(_ model: LogModel) {
    let protection = model.protection
    do throws(FileFailure) {
      if protection.kind.usesKey, let reference = protection.key {
        key = try SecretKey.read(reference)
      }
      if protection.kind == .sm2Record, let path = protection.publicKeyPath {
        publicKey = try PublicKeyFile.subjectPublicKeyInfo(path)
      }
    } catch {
      faults.append(LogFault(.keyUnreadable, error.description))
    }
  }
}
