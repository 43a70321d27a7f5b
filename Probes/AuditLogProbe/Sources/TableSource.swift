/// Reads the rows of a table in order, through one connection.
struct TableSource: RecordSource {
  private let rows: any TableRows
  private let recordLimit: Int
  /// Column of the query for each wanted field; -1: the table has none of that name.
  private let columns: [Int]
  private(set) var faults: [LogFault] = []
  private var isDone = false
  private var chunkCount = 0
  private var recordCount = 0
  private var last: [UInt8]?
  private var spare = SpareBytes()

  init(
    _ database: any LogDatabase, form: TableForm, names: [String],
    recordLimit: Int = RecordChunk.recordLimit
  ) throws(FileFailure) {
    let present = try database.columns(of: form.table)
    let wanted = names.filter { present.contains($0) }
    columns = names.map { wanted.firstIndex(of: $0) ?? -1 }
    rows = try database.rows(wanted, of: form.table, by: form.order)
    self.recordLimit = recordLimit
    for name in names where !present.contains(name) {
      faults.append(
        LogFault(.missingColumn, field: name, "the table \(form.table) has no such column"))
    }
  }

  mutating func next() -> RecordChunk? {
    guard !isDone else { return nil }
    var chunk = RecordChunk(index: chunkCount, first: recordCount)
    chunk.bytes = spare.take(RecordChunk.byteTarget + RecordChunk.byteTarget / 8)
    chunk.records.reserveCapacity(min(recordLimit, RecordChunk.usualRecords))
    if let last {
      chunk.bytes.append(contentsOf: last)
      chunk.before = RawRecord(start: 0, end: last.count)
    }
    do throws(FileFailure) {
      while chunk.records.count < recordLimit, chunk.bytes.count < RecordChunk.byteTarget {
        guard try rows.step() else {
          isDone = true
          break
        }
        pack(into: &chunk)
      }
    } catch {
      isDone = true
      faults.append(
        LogFault(
          .readFailed, record: recordCount + chunk.records.count, error.description))
    }
    guard let record = chunk.records.last else { return nil }
    last = Array(chunk.bytes[record.start..<record.end])
    chunkCount += 1
    recordCount += chunk.records.count
    return chunk
  }

  mutating func reuse(_ bytes: [UInt8]) { spare.put(bytes) }

  private func pack(into chunk: inout RecordChunk) {
    let start = chunk.bytes.count
    rows.pack(columns, into: &chunk.bytes)
    var record = RawRecord(start: start, end: chunk.bytes.count)
    if record.end - start > RecordChunk.recordSizeLimit {
      chunk.bytes.removeLast(record.end - start)
      record.end = start
      record.state = .tooLong
    }
    chunk.records.append(record)
  }
}
