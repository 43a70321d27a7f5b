import Glibc

/// Reads one record of a table in the form ``TableSource`` packs it: for every wanted field the kind (1 byte),
/// the length (4 bytes, big-endian) and the bytes.
struct PackedRecordDecoder: RecordDecoder {
  static func pack(
    _ kind: CellKind, _ text: UnsafeRawBufferPointer, _ bytes: inout [UInt8]
  ) {
    let length = UInt32(clamping: text.count)
    bytes.append(addingCapacity: 5 + text.count) { span in
      span.withUnsafeMutableBufferPointer { target, count in
        let target = UnsafeMutableRawBufferPointer(target)
        target[count] = kind.rawValue
        target.storeBytes(of: length.bigEndian, toByteOffset: count + 1, as: UInt32.self)
        count += 5
        if let base = target.baseAddress, let source = text.baseAddress {
          memcpy(base + count, source, text.count)
          count += text.count
        }
      }
    }
  }

  /// Eight bytes a step: most texts of a log are ASCII, and need no more to be known as UTF-8.
  private static func isASCII(_ record: Span<UInt8>, _ range: Range<Int>) -> Bool {
    record.withUnsafeBytes { bytes in
      var seen: UInt64 = 0
      var at = range.lowerBound
      while range.upperBound - at >= 8 {
        seen |= bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        at += 8
      }
      while at < range.upperBound {
        seen |= UInt64(bytes[at])
        at += 1
      }
      return seen & 0x8080_8080_8080_8080 == 0
    }
  }

  mutating func decode(_ record: Span<UInt8>, into fields: inout RecordFields) throws(LogFault) {
    fields.begin(record)
    var at = 0
    var slot = 0
    while at < record.count {
      guard record.count - at >= 5, slot < fields.cells.count,
        let kind = CellKind(rawValue: record[at])
      else { throw LogFault(.badEntry, offset: at, "a packed record is damaged") }
      let length = Int(
        UInt32(
          bigEndian: record.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: at + 1, as: UInt32.self)
          }))
      let start = at + 5
      guard length <= record.count - start else {
        throw LogFault(.badEntry, offset: at, "a packed record is damaged")
      }
      let range = start..<(start + length)
      if kind == .text, !Self.isASCII(record, range),
        (try? UTF8Span(validating: record.extracting(range))) == nil
      {
        throw LogFault(.badUTF8, offset: nil, "a text of the row is not UTF-8")
      }
      fields.set(slot, kind, range)
      at = start + length
      slot += 1
    }
  }
}
