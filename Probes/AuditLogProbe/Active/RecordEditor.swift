/// What a field of a record becomes.
enum EditedValue: Sendable, Hashable {
  case text([UInt8])
  /// A number as its token.
  case number([UInt8])
  case null
  /// The field is taken out of the record.
  case absent

  /// The same kind of value with other bytes.
  init(_ bytes: [UInt8], like value: FieldValue) {
    self = value.kind == .number ? .number(bytes) : .text(bytes)
  }

  /// The bytes of a text or number, nil for nothing.
  var bytes: [UInt8]? {
    switch self {
    case .text(let bytes), .number(let bytes): bytes
    case .null, .absent: nil
    }
  }
}

/// Changes fields of one record of a file and leaves all its other bytes as they are.
struct RecordEditor: Sendable {
  enum Form: Sendable, Hashable {
    case json
    case csv(columns: [String], CSVForm)
    case journal
  }

  let form: Form
  /// Fields that stand inside the text of another one.
  let extraction: Extraction?

  /// - Throws: when the record cannot be taken apart, or has no place for a changed field.
  func edit(
    _ record: [UInt8], _ changes: [String: EditedValue]
  ) throws(LogFault) -> [UInt8] {
    switch form {
    case .json: try Self.json(record, changes)
    case .csv(let columns, let form): try Self.csv(record, changes, columns, form)
    case .journal: try Self.journal(record, changes)
    }
  }

  /// Replaces changes of fields that stand inside another one by a change of that one.
  ///
  /// - Parameter value: the value of a field before the change.
  func resolve(
    _ changes: [String: EditedValue], _ value: (String) -> FieldValue?
  ) throws(LogFault) -> [String: EditedValue] {
    guard let extraction else { return changes }
    var resolved = changes
    for (name, change) in changes where name != extraction.from && extraction.names.contains(name) {
      let outer = resolved[extraction.from]?.bytes ?? value(extraction.from)?.bytes
      guard let outer, let old = value(name)?.bytes, !old.isEmpty, let new = change.bytes,
        let place = Self.place(of: old, in: outer)
      else {
        throw LogFault(.unsupportedValue, field: name, "it cannot be changed inside its text")
      }
      resolved[name] = nil
      resolved[extraction.from] = .text(
        Array(outer[..<place.lowerBound]) + new + outer[place.upperBound...])
    }
    return resolved
  }

  private static func place(of part: [UInt8], in text: [UInt8]) -> Range<Int>? {
    guard part.count <= text.count else { return nil }
    for start in 0...(text.count - part.count) where text[start...].starts(with: part) {
      return start..<(start + part.count)
    }
    return nil
  }

  // MARK: - JSON

  private struct Member {
    var name: [UInt8]
    /// From the end of the value before, or the opening brace, to the key.
    var lead: Range<Int>
    var key: Range<Int>
    /// From the key's end to the value's end.
    var rest: Range<Int>
    var value: Range<Int>
  }

  private static func json(
    _ line: [UInt8], _ changes: [String: EditedValue]
  ) throws(LogFault) -> [UInt8] {
    let text = line.span
    var at = 0
    JSONScan.skipSpace(text, &at)
    try JSONScan.expect(0x7B, "{", text, &at)
    let head = 0..<at
    var members: [Member] = []
    var end = at
    JSONScan.skipSpace(text, &at)
    while at < text.count, text[at] != 0x7D {
      let key = at
      _ = try JSONScan.skipString(text, &at)
      let keyEnd = at
      var name: [UInt8] = []
      try JSONScan.unescape(text, (key + 1)..<(keyEnd - 1), into: &name)
      JSONScan.skipSpace(text, &at)
      try JSONScan.expect(0x3A, ":", text, &at)
      JSONScan.skipSpace(text, &at)
      let value = at
      try JSONScan.skipValue(text, &at, depth: 64)
      members.append(
        Member(
          name: name, lead: end..<key, key: key..<keyEnd, rest: keyEnd..<value, value: value..<at))
      end = at
      JSONScan.skipSpace(text, &at)
      guard at < text.count, text[at] == 0x2C else { break }
      at += 1
      JSONScan.skipSpace(text, &at)
    }
    var output = Array(line[head])
    var remaining = changes
    var isFirst = true
    for member in members {
      let change = remaining.removeValue(forKey: String(decoding: member.name, as: UTF8.self))
      if change == .absent { continue }
      let lead = isFirst ? members.first?.lead ?? member.lead : member.lead
      // The first member that stays has no comma before it.
      output += isFirst ? line[lead].filter { $0 != 0x2C } : Array(line[lead])
      if !isFirst, !line[lead].contains(0x2C) { output.append(0x2C) }
      isFirst = false
      output += line[member.key] + line[member.rest]
      output += change.map(token) ?? Array(line[member.value])
    }
    for (name, change) in remaining.sorted(by: { $0.key < $1.key }) where change != .absent {
      if !isFirst { output.append(0x2C) }
      isFirst = false
      output += quoted(Array(name.utf8)) + [0x3A] + token(change)
    }
    return output + line[end...]
  }

  private static func token(_ value: EditedValue) -> [UInt8] {
    switch value {
    case .text(let bytes): quoted(bytes)
    case .number(let bytes): bytes
    case .null, .absent: Array("null".utf8)
    }
  }

  private static func quoted(_ text: [UInt8]) -> [UInt8] {
    var output: [UInt8] = [0x22]
    for byte in text {
      switch byte {
      case 0x22, 0x5C: output += [0x5C, byte]
      case 0x0A: output += [0x5C, 0x6E]
      case 0x0D: output += [0x5C, 0x72]
      case 0x09: output += [0x5C, 0x74]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        output += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: output.append(byte)
      }
    }
    return output + [0x22]
  }

  // MARK: - CSV

  private static func csv(
    _ record: [UInt8], _ changes: [String: EditedValue], _ columns: [String], _ form: CSVForm
  ) throws(LogFault) -> [UInt8] {
    var text = record
    if form.encoding == .gb18030 { text = try converted(record, .toUTF8) }
    let hasReturn = text.last == 0x0D
    if hasReturn { text.removeLast() }
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    for byte in text {
      if byte == 0x22 { isQuoted.toggle() }
      if byte == form.delimiter, !isQuoted {
        fields.append([])
      } else {
        fields[fields.count - 1].append(byte)
      }
    }
    guard fields.count == columns.count else {
      throw LogFault(.columnCount, "\(fields.count) columns, \(columns.count) are expected")
    }
    for (name, change) in changes {
      guard let column = columns.firstIndex(of: name) else {
        throw LogFault(.missingColumn, field: name, "the header has no such column")
      }
      fields[column] = csvField(change, form)
    }
    var output = Array(fields.joined(separator: [form.delimiter]))
    if hasReturn { output.append(0x0D) }
    return form.encoding == .gb18030 ? try converted(output, .fromUTF8) : output
  }

  private static func csvField(_ value: EditedValue, _ form: CSVForm) -> [UInt8] {
    let null = form.null.map { Array($0.utf8) }
    guard let bytes = value.bytes else { return null ?? [] }
    let needsQuotes =
      bytes == null || bytes.contains { $0 == 0x22 || $0 == form.delimiter || $0 < 0x20 }
    guard needsQuotes else { return bytes }
    return [0x22] + bytes.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
  }

  private static func converted(
    _ text: [UInt8], _ direction: Transcoder.Direction
  ) throws(LogFault) -> [UInt8] {
    var output: [UInt8] = []
    do throws(Transcoder.Failure) {
      guard let transcoder = Transcoder(direction) else { throw Transcoder.Failure(offset: 0) }
      try transcoder.convert(text.span, into: &output)
    } catch {
      throw LogFault(.badGB18030, offset: error.offset, "it has no form in GB18030 and UTF-8 both")
    }
    return output
  }

  // MARK: - Journal export

  private static func journal(
    _ entry: [UInt8], _ changes: [String: EditedValue]
  ) throws(LogFault) -> [UInt8] {
    var output: [UInt8] = []
    var remaining = changes
    var at = 0
    while at < entry.count {
      let start = at
      while at < entry.count, entry[at] != 0x3D, entry[at] != 0x0A { at += 1 }
      let name = String(decoding: entry[start..<at], as: UTF8.self)
      if at < entry.count, entry[at] == 0x3D {
        while at < entry.count, entry[at] != 0x0A { at += 1 }
      } else {
        guard entry.count - at > 8 else {
          throw LogFault(.badEntry, offset: start, "the entry ends inside a length")
        }
        let length = JournalRecordDecoder.length(entry.span, at + 1)
        guard length < entry.count - at - 9 else {
          throw LogFault(.badEntry, offset: start, "the value is not as long as it says")
        }
        at += 9 + length
      }
      at = min(at + 1, entry.count)
      if let change = remaining.removeValue(forKey: name) {
        output += journalField(name, change)
      } else {
        output += entry[start..<at]
      }
    }
    for (name, change) in remaining.sorted(by: { $0.key < $1.key }) {
      output += journalField(name, change)
    }
    return output
  }

  private static func journalField(_ name: String, _ value: EditedValue) -> [UInt8] {
    guard let bytes = value.bytes else { return [] }
    if bytes.allSatisfy({ $0 >= 0x20 }) { return Array(name.utf8) + [0x3D] + bytes + [0x0A] }
    let length = UInt64(bytes.count)
    let octets = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    return Array(name.utf8) + [0x0A] + octets + bytes + [0x0A]
  }
}
