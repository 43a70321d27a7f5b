/// One record as its source holds it: a range of the chunk's bytes.
struct RawRecord: Sendable, Hashable {
  enum State: Sendable, Hashable {
    case whole
    /// The last text of the source, without the end that every record has.
    case unfinished
    /// Longer than a record may be; its bytes are not kept.
    case tooLong
  }
  var start: Int
  var end: Int
  /// Place in the source in bytes; nil for tables.
  var offset: Int?
  var state = State.whole
}

/// A few thousand records in a row, as a reader hands them to a worker.
struct RecordChunk: Sendable {
  /// Number of the chunk, from 0.
  var index: Int
  /// Number of the first record, from 0.
  var first: Int
  var bytes: [UInt8] = []
  /// The record before the first, so that links over the chunk's border can be checked; nil at the start.
  var before: RawRecord?
  var records: [RawRecord] = []

  /// Records a chunk holds at most.
  static let recordLimit = 4096
  /// Records for which room is set aside beforehand.
  static let usualRecords = 1024
  /// Bytes after which a chunk is full: little enough that a core's own cache holds it.
  static let byteTarget = 1 << 18
  /// Bytes a single record may have.
  static let recordSizeLimit = 1 << 20
}

/// Gives the records of a log in order, chunk by chunk, and never writes to the log.
protocol RecordSource {
  /// The next chunk; nil after the last one. What could not be read is in ``faults``.
  mutating func next() -> RecordChunk?
  /// What was met that concerns the source as a whole. Complete once `next` has given nil.
  var faults: [LogFault] { get }
  /// Takes back the bytes of a chunk nobody needs any more, so that their memory serves another one.
  mutating func reuse(_ bytes: [UInt8])
}

extension RecordSource {
  mutating func reuse(_ bytes: [UInt8]) {}
}

/// Memory of chunks that are done with.
struct SpareBytes {
  private static let limit = 16
  /// Room for a chunk and what was read beyond it, so that a buffer that served once is large enough ever after.
  private static let usualCapacity = RecordChunk.byteTarget * 7 / 4
  private var buffers: [[UInt8]] = []

  mutating func put(_ bytes: [UInt8]) {
    guard buffers.count < Self.limit, bytes.capacity <= 4 * RecordChunk.byteTarget else { return }
    buffers.append(bytes)
  }

  /// An empty array with room for `count` bytes.
  mutating func take(_ count: Int) -> [UInt8] {
    var bytes = buffers.popLast() ?? []
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(max(count, Self.usualCapacity))
    return bytes
  }
}

/// The kinds of value a field can have.
enum CellKind: UInt8, Sendable, Hashable {
  /// The record does not have the field.
  case absent
  case null
  case text
  /// A number, as its source token.
  case number
  /// Bytes that are no text.
  case blob
  /// A list, a record, true or false: nothing a canonical form knows.
  case other
}

struct Cell: Sendable, Hashable {
  var kind: CellKind
  var start: Int
  var end: Int

  static let absent = Cell(kind: .absent, start: 0, end: 0)
  var count: Int { end - start }
}

/// The wanted fields of one record, decoded, in the order of ``FieldTable/names``.
struct RecordFields {
  /// The record as it was read, and behind it the texts that do not stand there as they are: those with escapes,
  /// those taken out of others.
  private(set) var bytes: [UInt8] = []
  var cells: [Cell]

  init(count: Int) { cells = Array(repeating: .absent, count: count) }

  /// Forgets the last record, and takes in the bytes of this one.
  mutating func begin(_ record: Span<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    record.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    for index in cells.indices { cells[index] = .absent }
  }

  /// A field whose text stands in the record as it is.
  mutating func set(_ slot: Int, _ kind: CellKind, _ range: Range<Int>) {
    cells[slot] = Cell(kind: kind, start: range.lowerBound, end: range.upperBound)
  }

  /// A field with a text of its own.
  mutating func set(_ slot: Int, _ kind: CellKind, _ text: Span<UInt8>) {
    let start = bytes.count
    text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    cells[slot] = Cell(kind: kind, start: start, end: bytes.count)
  }

  /// A field with the text that `write` appends.
  mutating func set(
    _ slot: Int, _ kind: CellKind, writing write: (inout [UInt8]) throws(LogFault) -> Void
  ) throws(LogFault) {
    let start = bytes.count
    try write(&bytes)
    cells[slot] = Cell(kind: kind, start: start, end: bytes.count)
  }
}

/// Turns one raw record into fields.
protocol RecordDecoder {
  /// - Throws: why the record cannot be understood, with the offset inside it.
  mutating func decode(_ record: Span<UInt8>, into fields: inout RecordFields) throws(LogFault)
}
