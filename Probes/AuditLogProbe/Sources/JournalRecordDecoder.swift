/// Reads one entry of the journal export format: `NAME=value`, or `NAME`, a length of 8 bytes (little-endian) and
/// that many bytes. Of a repeated name the first value counts.
struct JournalRecordDecoder: RecordDecoder {
  private let names: [[UInt8]]

  init(names: [String]) { self.names = names.map { Array($0.utf8) } }

  /// The length of a binary value at `at`, where 8 bytes must be; what exceeds `Int` counts as its largest.
  static func length(_ bytes: Span<UInt8>, _ at: Int) -> Int {
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(bytes[at + index]) << (8 * UInt64(index)) }
    return Int(clamping: length)
  }

  mutating func decode(_ record: Span<UInt8>, into fields: inout RecordFields) throws(LogFault) {
    fields.begin(record)
    var at = 0
    while at < record.count {
      let start = at
      while at < record.count, record[at] != 0x3D, record[at] != 0x0A { at += 1 }
      let name = record.extracting(start..<at)
      guard at < record.count, !name.isEmpty else {
        throw LogFault(.badEntry, offset: start, "NAME=value is expected")
      }
      let value: Range<Int>
      if record[at] == 0x3D {
        let begin = at + 1
        at = begin
        while at < record.count, record[at] != 0x0A { at += 1 }
        guard at < record.count else {
          throw LogFault(.badEntry, offset: start, "the entry ends inside a value")
        }
        value = begin..<at
        at += 1
      } else {
        guard record.count - at > 8 else {
          throw LogFault(.badEntry, offset: start, "the entry ends inside a length")
        }
        let length = Self.length(record, at + 1)
        let begin = at + 9
        guard length < record.count - begin, record[begin + length] == 0x0A else {
          throw LogFault(
            .badEntry, offset: start, "the value is not as long as it says, \(length) bytes")
        }
        value = begin..<(begin + length)
        at = begin + length + 1
      }
      keep(name, value, of: record, &fields)
    }
  }

  private func keep(
    _ name: Span<UInt8>, _ value: Range<Int>, of record: Span<UInt8>,
    _ fields: inout RecordFields
  ) {
    let slot = names.firstIndex { wanted in
      guard wanted.count == name.count else { return false }
      for index in wanted.indices where wanted[index] != name[index] { return false }
      return true
    }
    guard let slot, fields.cells[slot].kind == .absent else { return }
    let isText = (try? UTF8Span(validating: record.extracting(value))) != nil
    fields.set(slot, isText ? .text : .blob, value)
  }
}
