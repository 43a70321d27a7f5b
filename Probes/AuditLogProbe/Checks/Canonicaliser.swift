/// Writes records in their canonical form (规范化), the bytes their protection is computed over.
struct Canonicaliser {
  /// What was noticed while a record was written.
  struct Notes {
    /// An unescaped separator or the null text stands in a value.
    var isAmbiguous = false
  }

  private let kind: CanonicalRule.Kind
  private let slots: [Int]
  private let names: [String]
  private let joined: JoinedForm
  /// For json-sorted: the text before each value, in the order of the keys, and the slot of that value.
  private let sorted: [(key: [UInt8], slot: Int)]
  /// For the joined form in GB18030, whose parts are converted one by one.
  private let rule: CanonicalRule
  private let null: [UInt8]
  private let transcoder: Transcoder?
  private var scratch: [UInt8] = []

  /// nil where GB18030 is asked for and the C library does not know it.
  init?(_ rule: CanonicalRule, table: FieldTable) {
    self.rule = rule
    kind = rule.kind
    joined = JoinedForm(rule)
    null = Array(rule.null.utf8)
    slots = table.canonical
    names = rule.fields
    transcoder = rule.encoding == .gb18030 ? Transcoder(.fromUTF8) : nil
    if rule.encoding == .gb18030, transcoder == nil { return nil }
    let order = rule.fields.indices.sorted {
      rule.fields[$0].utf8.lexicographicallyPrecedes(rule.fields[$1].utf8)
    }
    sorted = order.enumerated().map { position, index in
      var key: [UInt8] = [position == 0 ? 0x7B : 0x2C]
      Array(rule.fields[index].utf8).withUnsafeBufferPointer {
        Canonicaliser.quote($0, into: &key)
      }
      return (key + [0x3A], table.canonical[index])
    }
  }

  /// Appends the canonical form of the record.
  ///
  /// - Throws: `unsupported-value` for a value the form does not know.
  mutating func write(
    _ fields: borrowing RecordFields, into output: inout [UInt8]
  ) throws(LogFault) -> Notes {
    var notes = Notes()
    switch kind {
    case .joined:
      if transcoder == nil {
        var length = 0
        for slot in slots {
          let cell = fields.cells[slot]
          // Null and absent have no bytes.
          if cell.kind == .blob || cell.kind == .other {
            throw unsupported(slots.firstIndex(of: slot) ?? 0)
          }
          length += cell.count
        }
        notes.isAmbiguous = joined.write(fields, slots, length: length, into: &output)
      } else {
        for position in slots.indices {
          if position > 0 { output.append(contentsOf: rule.separator) }
          if let cell = try cell(fields, position) {
            try join(fields.bytes, cell, into: &output, &notes)
          } else {
            output.append(contentsOf: null)
          }
        }
      }
    case .lengthPrefixed:
      for position in slots.indices {
        guard let cell = try cell(fields, position) else {
          output.append(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF])
          continue
        }
        let start = output.count
        output.append(contentsOf: [0, 0, 0, 0])
        try encode(fields.bytes, cell.start..<cell.end, into: &output)
        let length = UInt32(clamping: output.count - start - 4)
        for index in 0..<4 {
          output[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(index)))
        }
      }
    case .rawField:
      guard let slot = slots.first else { return notes }
      let cell = fields.cells[slot]
      if cell.kind == .other { throw unsupported(0) }
      if cell.kind == .blob {
        output.append(contentsOf: fields.bytes[cell.start..<cell.end])
      } else {
        try encode(fields.bytes, cell.start..<cell.end, into: &output)
      }
    case .jsonSorted:
      if transcoder == nil {
        try writeJSON(fields, into: &output)
      } else {
        var text: [UInt8] = []
        try writeJSON(fields, into: &text)
        try encode(text, 0..<text.count, into: &output)
      }
    }
    return notes
  }

  /// nil for null.
  private func cell(
    _ fields: borrowing RecordFields, _ position: Int
  ) throws(LogFault) -> Cell? {
    let cell = fields.cells[slots[position]]
    switch cell.kind {
    case .text, .number: return cell
    case .absent, .null: return nil
    case .blob, .other: throw unsupported(position)
    }
  }

  private func unsupported(_ position: Int) -> LogFault {
    LogFault(
      .unsupportedValue, field: names[position],
      "a value of this type has no form in the canonical text")
  }

  /// The joined form of one value in GB18030.
  private mutating func join(
    _ bytes: [UInt8], _ cell: Cell, into output: inout [UInt8], _ notes: inout Notes
  ) throws(LogFault) {
    switch rule.escape {
    case .none:
      let first = output.count
      try encode(bytes, cell.start..<cell.end, into: &output)
      if output[first...] == null[...], !null.isEmpty { notes.isAmbiguous = true }
      if Self.holds(bytes, cell.start..<cell.end, rule.separator) { notes.isAmbiguous = true }
    case .backslash:
      scratch.removeAll(keepingCapacity: true)
      var index = cell.start
      while index < cell.end {
        let byte = bytes[index]
        switch byte {
        case 0x5C: scratch.append(contentsOf: [0x5C, 0x5C])
        case _ where Self.starts(bytes, index..<cell.end, rule.separator):
          scratch.append(0x5C)
          scratch.append(contentsOf: rule.separator)
          index += rule.separator.count
          continue
        case 0x0A: scratch.append(contentsOf: [0x5C, 0x6E])
        case 0x0D: scratch.append(contentsOf: [0x5C, 0x72])
        default: scratch.append(byte)
        }
        index += 1
      }
      if !null.isEmpty, scratch == null { notes.isAmbiguous = true }
      try encode(scratch, 0..<scratch.count, into: &output)
    }
  }

  private static func starts(
    _ bytes: [UInt8], _ range: Range<Int>, _ separator: [UInt8]
  ) -> Bool {
    guard !separator.isEmpty, range.count >= separator.count else { return false }
    for index in separator.indices where bytes[range.lowerBound + index] != separator[index] {
      return false
    }
    return true
  }

  private static func holds(
    _ bytes: [UInt8], _ range: Range<Int>, _ separator: [UInt8]
  ) -> Bool {
    guard let first = separator.first else { return !range.isEmpty }
    for index in range where bytes[index] == first {
      if starts(bytes, index..<range.upperBound, separator) { return true }
    }
    return false
  }

  /// Appends UTF-8 text in the encoding of the form.
  private func encode(
    _ bytes: [UInt8], _ range: Range<Int>, into output: inout [UInt8]
  ) throws(LogFault) {
    guard let transcoder else {
      bytes.withUnsafeBufferPointer {
        output.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
      }
      return
    }
    do throws(Transcoder.Failure) {
      try transcoder.convert(bytes.span.extracting(range), into: &output)
    } catch {
      throw LogFault(.unsupportedValue, "a character has no place in GB18030")
    }
  }

  private func writeJSON(
    _ fields: borrowing RecordFields, into output: inout [UInt8]
  ) throws(LogFault) {
    for (key, slot) in sorted {
      output.append(contentsOf: key)
      let cell = fields.cells[slot]
      switch cell.kind {
      case .absent, .null: output.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
      case .text:
        fields.bytes.withUnsafeBufferPointer {
          Self.quote(UnsafeBufferPointer(rebasing: $0[cell.start..<cell.end]), into: &output)
        }
      case .number:
        let token = fields.bytes[cell.start..<cell.end]
        let isInteger = token.allSatisfy { $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) }
        guard isInteger else { throw unsupported(slots.firstIndex(of: slot) ?? 0) }
        if token.elementsEqual([0x2D, 0x30]) {
          output.append(0x30)
        } else {
          output.append(contentsOf: token)
        }
      case .blob, .other: throw unsupported(slots.firstIndex(of: slot) ?? 0)
      }
    }
    if sorted.isEmpty { output.append(0x7B) }
    output.append(0x7D)
  }

  /// A JSON string as RFC 8785 writes it.
  private static func quote(_ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
    output.append(0x22)
    var start = 0
    while true {
      let index = JSONScan.special(UnsafeRawBufferPointer(text), from: start)
      output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
      guard index < text.count else { break }
      start = index + 1
      let byte = text[index]
      switch byte {
      case 0x22, 0x5C: output.append(contentsOf: [0x5C, byte])
      case 0x08: output.append(contentsOf: [0x5C, 0x62])
      case 0x09: output.append(contentsOf: [0x5C, 0x74])
      case 0x0A: output.append(contentsOf: [0x5C, 0x6E])
      case 0x0C: output.append(contentsOf: [0x5C, 0x66])
      case 0x0D: output.append(contentsOf: [0x5C, 0x72])
      default:
        output.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, byte < 0x10 ? 0x30 : 0x31])
        let low = byte & 15
        output.append(low < 10 ? 0x30 + low : 0x57 + low)
      }
    }
    output.append(0x22)
  }
}
