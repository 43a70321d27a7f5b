import Glibc

/// A copy of a log that is a file, and where its records begin and end, from which changed clones are written.
struct TextClone: Sendable {
  let path: String
  let editor: RecordEditor
  /// A model that reads the copy.
  let model: LogModel
  /// Offsets of the records' first bytes, and of the byte behind their last.
  private(set) var starts: [Int] = []
  private(set) var ends: [Int] = []
  private let size: Int

  var count: Int { starts.count }

  /// - Parameter model: a model whose source is the copy.
  init(_ model: LogModel) throws(FileFailure) {
    self.model = model
    path = model.source.path
    let form: RecordEditor.Form
    switch model.source {
    case .jsonLines: form = .json
    case .journalExport: form = .journal
    case .csv(let path, let csv):
      form = .csv(columns: try Self.columns(path, csv), csv)
    default:
      throw FileFailure(path: model.source.path, reason: "not a log in one file")
    }
    editor = RecordEditor(form: form, extraction: model.extraction)
    guard let status = OpenFile.status(ofPath: path) else {
      throw FileFailure(path: path, reason: "the copy is not there")
    }
    size = status.size
    var places: [(Int, Int)] = []
    var scan = try LogScan(model)
    try scan.visit { record throws(FileFailure) in
      if let offset = record.offset { places.append((offset, offset + record.length)) }
      return true
    }
    starts = places.map(\.0)
    ends = places.map(\.1)
  }

  private static func columns(_ path: String, _ form: CSVForm) throws(FileFailure) -> [String] {
    if let columns = form.columns { return columns }
    var source = try TextSource(path: path, framing: .csv)
    guard let header = source.header() else {
      throw FileFailure(path: path, reason: "no header line in it")
    }
    do throws(LogFault) { return try CSVRecordDecoder.columns(header, form: form) } catch {
      throw FileFailure(path: path, reason: error.line)
    }
  }

  /// Writes the changed log as a new file.
  func write(_ edit: CloneEdit, to target: String) throws(FileFailure) {
    let source = try PlacedFile(path)
    let output = try OutputFile(target)
    let writer = Writer(clone: self, source: source, output: output)
    switch edit {
    case .none: try writer.copy(0..<size)
    case .set(let record, let changes):
      try writer.copy(0..<start(record))
      try writer.edited(record, changes)
      try writer.copy(start(record + 1)..<size)
    case .remove(let range):
      try writer.copy(0..<start(range.lowerBound))
      try writer.copy(start(range.upperBound)..<size)
    case .swap(let first, let second):
      try writer.copy(0..<start(first))
      try writer.whole(second)
      try writer.copy(start(first + 1)..<start(second))
      try writer.whole(first)
      try writer.copy(start(second + 1)..<size)
    case .append(let range):
      try writer.all()
      for record in range { try writer.whole(record) }
    case .insert(let place, let record, let changes):
      if place < count {
        try writer.copy(0..<start(place))
        try writer.edited(record, changes)
        try writer.copy(start(place)..<size)
      } else {
        try writer.all()
        try writer.edited(record, changes)
      }
    case .rewrite(let rewrite):
      try writer.copy(0..<start(rewrite.first))
      try rewritten(rewrite, writer)
    }
  }

  private func rewritten(_ rewrite: RecordRewrite, _ writer: Writer) throws(FileFailure) {
    let changes = try rewrite.make()
    var scan = try LogScan(model)
    let reader = scan
    try scan.visit { record throws(FileFailure) in
      guard record.position >= rewrite.first else { return true }
      try writer.edited(record.position, try changes(reader, record), record.fields)
      return true
    }
  }

  /// Offset of a record's first byte; behind the last record, the size.
  private func start(_ record: Int) -> Int {
    starts.indices.contains(record) ? starts[record] : size
  }

  /// What stands between a record and the next one.
  private func separator(_ record: Int) -> Range<Int> {
    guard ends.indices.contains(record) else { return size..<size }
    return ends[record]..<max(ends[record], start(record + 1))
  }

  private struct Writer {
    let clone: TextClone
    let source: PlacedFile
    let output: OutputFile

    func copy(_ range: Range<Int>) throws(FileFailure) {
      var at = range.lowerBound
      while at < range.upperBound {
        let piece = try source.read(at..<min(range.upperBound, at + (1 << 20)))
        try output.write(piece[...])
        at += piece.count
      }
    }

    /// The whole log, with an end behind its last record.
    func all() throws(FileFailure) {
      try copy(0..<clone.size)
      if clone.separator(clone.count - 1).isEmpty, clone.count > 0 { try output.write([0x0A]) }
    }

    func whole(_ record: Int) throws(FileFailure) { try edited(record, [:]) }

    func edited(
      _ record: Int, _ changes: [String: EditedValue], _ fields: RecordFields? = nil
    ) throws(FileFailure) {
      guard clone.starts.indices.contains(record) else {
        throw FileFailure(path: clone.path, reason: "there is no record \(record)")
      }
      var bytes = try source.read(clone.starts[record]..<clone.ends[record])
      if !changes.isEmpty {
        do throws(LogFault) {
          let values = try clone.values(of: record, fields)
          let resolved = try clone.editor.resolve(changes, values)
          bytes = try clone.editor.edit(bytes, resolved)
        } catch {
          throw FileFailure(path: clone.path, reason: "record \(record): \(error.line)")
        }
      }
      try output.write(bytes[...])
      let separator = clone.separator(record)
      if separator.isEmpty { try output.write([0x0A]) } else { try copy(separator) }
    }
  }

  /// Looks up the values of a record, for fields that stand inside the text of another one.
  private func values(
    of record: Int, _ fields: RecordFields?
  ) throws(LogFault) -> (String) -> FieldValue? {
    guard editor.extraction != nil else { return { _ in nil } }
    do throws(FileFailure) {
      var scan = try LogScan(model)
      let reader = scan
      var found = fields
      if found == nil {
        try scan.visit { seen throws(FileFailure) in
          guard seen.position == record else { return true }
          found = seen.fields
          return false
        }
      }
      guard let found else { return { _ in nil } }
      return { reader.value($0, in: found) }
    } catch {
      throw LogFault(.readFailed, error.description)
    }
  }
}

/// An open file that is read at any place.
final class PlacedFile {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(FileFailure) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
    self.path = path
  }

  deinit { close(descriptor) }

  func read(_ range: Range<Int>) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < range.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress?.advanced(by: done), range.count - done,
          range.lowerBound + done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FileFailure(path: path, reason: "it ends before offset \(range.upperBound)")
      }
      done += count
    }
    return bytes
  }
}
