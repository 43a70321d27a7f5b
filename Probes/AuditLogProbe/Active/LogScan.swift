/// A field of a record as it was read.
struct FieldValue: Sendable, Hashable {
  var kind: CellKind
  var bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }
  /// A text with something in it.
  var isFilled: Bool { kind == .text && !bytes.isEmpty }
}

/// Reads every record of a log with the fields that attacks, canaries and coverage look at: those the model's
/// checks need, and all that the model maps.
struct LogScan {
  struct Record {
    var position: Int
    /// Where it begins in a file, and how many bytes it has there without its end; nil for tables.
    var offset: Int?
    var length: Int
    /// Its bytes as the source holds them; of a table the wanted columns.
    var raw: ArraySlice<UInt8>
    /// nil when it could not be understood.
    var fields: RecordFields?
  }

  let table: FieldTable
  private var source: any RecordSource
  private var decoder: any RecordDecoder
  private let extractor: FieldExtractor?
  private let extracted: [String]

  /// - Throws: when there is no log to read.
  init(_ model: LogModel) throws(FileFailure) {
    var wide = model
    // Only reading is wanted: neither keys nor checkpoints have to be there.
    wide.required += [
      model.map.type, model.map.subject, model.map.object, model.map.result,
    ].compactMap(\.self).filter { !model.required.contains($0) }
    wide.checkpoint = nil
    wide.anchorPath = nil
    wide.protection.key = nil
    wide.protection.publicKeyPath = nil
    let opened = try OpenedLog(wide)
    table = opened.table
    source = opened.source
    decoder =
      switch opened.format {
      case .json: JSONRecordDecoder(names: table.names)
      case .csv(let columns, let form):
        CSVRecordDecoder(columns: columns, form: form, table: table)
      case .journal: JournalRecordDecoder(names: table.names)
      case .packed: PackedRecordDecoder()
      }
    extractor = model.extraction.flatMap { FieldExtractor(pattern: $0.pattern) }
    extracted = model.extraction?.names ?? []
  }

  /// Calls `body` with each record until it answers false or the log ends.
  ///
  /// - Throws: when the log cannot be read to its end.
  mutating func visit(_ body: (Record) throws(FileFailure) -> Bool) throws(FileFailure) {
    var fields = RecordFields(count: table.names.count)
    while let chunk = source.next() {
      for (index, record) in chunk.records.enumerated() {
        var seen = Record(
          position: chunk.first + index, offset: record.offset, length: record.end - record.start,
          raw: chunk.bytes[record.start..<record.end])
        if record.state != .tooLong {
          do throws(LogFault) {
            try decoder.decode(
              chunk.bytes.span.extracting(record.start..<record.end), into: &fields)
            extract(&fields)
            seen.fields = fields
          } catch {
            seen.fields = nil
          }
        }
        guard try body(seen) else { return }
      }
    }
    let unread = source.faults.first { $0.kind == .readFailed || $0.kind == .logShrank }
    if let unread { throw FileFailure(path: "log", reason: unread.line) }
  }

  /// The value of a field in fields of this log; nil when no check needs a field of this name.
  func value(_ name: String, in fields: RecordFields) -> FieldValue? {
    guard let slot = table.names.firstIndex(of: name) else { return nil }
    let cell = fields.cells[slot]
    return FieldValue(kind: cell.kind, bytes: Array(fields.bytes[cell.start..<cell.end]))
  }

  private func extract(_ fields: inout RecordFields) {
    guard let extractor, let slot = table.extractedFrom, fields.cells[slot].kind == .text else {
      return
    }
    let cell = fields.cells[slot]
    let text = String(decoding: fields.bytes[cell.start..<cell.end], as: UTF8.self)
    for (target, found) in zip(table.extracted, extractor.values(of: extracted, in: text)) {
      if let found, target != slot { fields.set(target, .text, Array(found.utf8).span) }
    }
  }
}
