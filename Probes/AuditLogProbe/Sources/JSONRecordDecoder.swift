import Glibc

/// Reads one line of JSON Lines: one object (RFC 8259) and nothing after it. Strict; nothing is guessed.
struct JSONRecordDecoder: RecordDecoder {
  /// Lists and objects inside one another.
  private static let depthLimit = 64

  private let names: [[UInt8]]
  /// The n-th key of an earlier record, quotes included, and its slot: writers keep their order. -1: nobody
  /// wants it.
  private var guesses: [(text: [UInt8], slot: Int)] = []

  init(names: [String]) { self.names = names.map { Array($0.utf8) } }

  mutating func decode(_ line: Span<UInt8>, into fields: inout RecordFields) throws(LogFault) {
    do {
      _ = try UTF8Span(validating: line)
    } catch {
      throw LogFault(
        .badUTF8, offset: error.byteOffsets.lowerBound, "these bytes are not UTF-8")
    }
    fields.begin(line)
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
    if ordinal < guesses.count {
      if Self.holds(line, at, guesses[ordinal].text) {
        at += guesses[ordinal].text.count
        return guesses[ordinal].slot
      }
    }
    let start = at
    let isPlain = try JSONScan.skipString(line, &at)
    var text = line.extracting(start..<at).withUnsafeBufferPointer { Array($0) }
    guard isPlain else {
      text.removeAll(keepingCapacity: true)
      try JSONScan.unescape(line, (start + 1)..<(at - 1), into: &text)
      return names.firstIndex(of: text) ?? -1
    }
    let slot = names.firstIndex { text.dropFirst().dropLast().elementsEqual($0) } ?? -1
    if ordinal < guesses.count {
      guesses[ordinal] = (text, slot)
    } else if guesses.count < 256 {
      guesses.append((text, slot))
    }
    return slot
  }

  /// Whether `text`, a key with its quotes, stands at `at`.
  private static func holds(_ line: Span<UInt8>, _ at: Int, _ text: [UInt8]) -> Bool {
    guard line.count - at >= text.count else { return false }
    return line.withUnsafeBytes { line in
      guard let base = line.baseAddress else { return false }
      return memcmp(base + at, text, text.count) == 0
    }
  }

  private func value(
    _ line: Span<UInt8>, _ at: inout Int, slot: Int, _ fields: inout RecordFields
  ) throws(LogFault) {
    guard at < line.count else { throw JSONScan.cut(at) }
    let start = at
    switch line[at] {
    case 0x22:
      if try JSONScan.skipString(line, &at) {
        fields.set(slot, .text, (start + 1)..<(at - 1))
      } else {
        let inside = (start + 1)..<(at - 1)
        try fields.set(slot, .text) { text throws(LogFault) in
          try JSONScan.unescape(line, inside, into: &text)
        }
      }
    case 0x2D, 0x30...0x39:
      try JSONScan.skipNumber(line, &at)
      fields.set(slot, .number, start..<at)
    case 0x6E:
      try JSONScan.skipWord("null", line, &at)
      fields.cells[slot].kind = .null
    default:
      try JSONScan.skipValue(line, &at, depth: Self.depthLimit)
      fields.cells[slot].kind = .other
    }
  }
}
