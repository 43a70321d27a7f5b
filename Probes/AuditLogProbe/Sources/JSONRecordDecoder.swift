/// Reads one line of JSON Lines: one object (RFC 8259) and nothing after it. Strict; nothing is guessed.
struct JSONRecordDecoder: RecordDecoder {
  /// Lists and objects inside one another.
  private static let depthLimit = 64

  private let names: [[UInt8]]
  /// Which slot the n-th key of the last record had: writers keep their order. -1: none was wanted.
  private var guesses: [Int] = []
  private var scratch: [UInt8] = []

  init(names: [String]) { self.names = names.map { Array($0.utf8) } }

  mutating func decode(_ line: Span<UInt8>, into fields: inout RecordFields) throws(LogFault) {
    do {
      _ = try UTF8Span(validating: line)
    } catch {
      throw LogFault(
        .badUTF8, offset: error.byteOffsets.lowerBound, "these bytes are not UTF-8")
    }
    fields.clear()
    var at = 0
    JSONScan.skipSpace(line, &at)
    try JSONScan.expect(0x7B, "{", line, &at)
    JSONScan.skipSpace(line, &at)
    var ordinal = 0
    if at < line.count, line[at] == 0x7D {
      at += 1
    } else {
      while true {
        let slot = try key(line, &at, ordinal: ordinal)
        JSONScan.skipSpace(line, &at)
        try JSONScan.expect(0x3A, ":", line, &at)
        JSONScan.skipSpace(line, &at)
        if slot >= 0 {
          guard fields.cells[slot].kind == .absent else {
            throw LogFault(
              .repeatedField, offset: at,
              field: String(decoding: names[slot], as: UTF8.self), "the record has it twice")
          }
          try value(line, &at, slot: slot, &fields)
        } else {
          try JSONScan.skipValue(line, &at, depth: Self.depthLimit)
        }
        ordinal += 1
        JSONScan.skipSpace(line, &at)
        guard at < line.count, line[at] == 0x2C else { break }
        at += 1
        JSONScan.skipSpace(line, &at)
      }
      try JSONScan.expect(0x7D, ", or }", line, &at)
    }
    JSONScan.skipSpace(line, &at)
    guard at == line.count else {
      throw LogFault(.badJSON, offset: at, "something stands after the object")
    }
  }

  /// The slot of the key at `at`, -1 when nobody wants it.
  private mutating func key(
    _ line: Span<UInt8>, _ at: inout Int, ordinal: Int
  ) throws(LogFault) -> Int {
    let start = at + 1
    let isPlain = try JSONScan.skipString(line, &at)
    let slot: Int
    if isPlain {
      let range = start..<(at - 1)
      if ordinal < guesses.count, guesses[ordinal] >= 0,
        Self.isEqual(line, range, names[guesses[ordinal]])
      {
        return guesses[ordinal]
      }
      slot = names.firstIndex { Self.isEqual(line, range, $0) } ?? -1
    } else {
      scratch.removeAll(keepingCapacity: true)
      try JSONScan.unescape(line, start..<(at - 1), into: &scratch)
      slot = names.firstIndex { $0 == scratch } ?? -1
    }
    if ordinal < guesses.count {
      guesses[ordinal] = slot
    } else if guesses.count < 256 {
      guesses.append(slot)
    }
    return slot
  }

  private func value(
    _ line: Span<UInt8>, _ at: inout Int, slot: Int, _ fields: inout RecordFields
  ) throws(LogFault) {
    guard at < line.count else { throw JSONScan.cut(at) }
    let start = at
    switch line[at] {
    case 0x22:
      if try JSONScan.skipString(line, &at) {
        fields.set(slot, .text, line.extracting((start + 1)..<(at - 1)))
      } else {
        let first = fields.bytes.count
        try JSONScan.unescape(line, (start + 1)..<(at - 1), into: &fields.bytes)
        fields.cells[slot] = Cell(kind: .text, start: first, end: fields.bytes.count)
      }
    case 0x2D, 0x30...0x39:
      try JSONScan.skipNumber(line, &at)
      fields.set(slot, .number, line.extracting(start..<at))
    case 0x6E:
      try JSONScan.skipWord("null", line, &at)
      fields.cells[slot].kind = .null
    default:
      try JSONScan.skipValue(line, &at, depth: Self.depthLimit)
      fields.cells[slot].kind = .other
    }
  }

  private static func isEqual(_ line: Span<UInt8>, _ range: Range<Int>, _ name: [UInt8]) -> Bool {
    guard range.count == name.count else { return false }
    var index = range.lowerBound
    for byte in name {
      if line[index] != byte { return false }
      index += 1
    }
    return true
  }
}
