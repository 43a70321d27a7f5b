/// Reads one record of a CSV file (RFC 4180): fields between delimiters, quotes doubled inside quotes.
struct CSVRecordDecoder: RecordDecoder {
  /// Slot of each column; -1: nobody wants it.
  private let slots: [Int]
  /// Fields that are numbers where they look like integers.
  private let numberSlots: [Int]
  private let delimiter: UInt8
  private let null: [UInt8]?
  private let transcoder: Transcoder?
  private var converted: [UInt8] = []

  init(columns: [String], form: CSVForm, table: FieldTable) {
    slots = columns.map { table.names.firstIndex(of: $0) ?? -1 }
    numberSlots = table.numbers
    delimiter = form.delimiter
    null = form.null.map { Array($0.utf8) }
    transcoder = form.encoding == .gb18030 ? Transcoder(.toUTF8) : nil
  }

  /// The columns a header names.
  static func columns(_ header: [UInt8], form: CSVForm) throws(LogFault) -> [String] {
    var columns: [String] = []
    try visit(header.span, form.encoding == .gb18030 ? Transcoder(.toUTF8) : nil, form.delimiter) {
      text, _, _ in columns.append(String(decoding: text, as: UTF8.self))
    }
    return columns
  }

  mutating func decode(_ record: Span<UInt8>, into fields: inout RecordFields) throws(LogFault) {
    fields.begin(Span())
    var column = 0
    try Self.visit(record, transcoder, delimiter) { text, isQuoted, _ in
      defer { column += 1 }
      guard column < slots.count, slots[column] >= 0 else { return }
      let slot = slots[column]
      if !isQuoted, let null, text == null {
        fields.cells[slot].kind = .null
      } else {
        let kind: CellKind =
          numberSlots.contains(slot) && Self.isInteger(text) ? .number : .text
        fields.set(slot, kind, text.span)
      }
    }
    guard column == slots.count else {
      throw LogFault(.columnCount, "\(column) columns, \(slots.count) are expected")
    }
  }

  private static func isInteger(_ text: [UInt8]) -> Bool {
    let digits = text.first == 0x2D ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.count <= 20
      && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      && (digits.count == 1 || digits.first != 0x30)
  }

  /// Calls `body` with every field, whether it stood in quotes, and its place in the decoded record.
  private static func visit(
    _ record: Span<UInt8>, _ transcoder: Transcoder?, _ delimiter: UInt8,
    _ body: ([UInt8], Bool, Int) -> Void
  ) throws(LogFault) {
    var text: [UInt8] = []
    if let transcoder {
      do throws(Transcoder.Failure) {
        try transcoder.convert(record, into: &text)
      } catch {
        throw LogFault(.badGB18030, offset: error.offset, "these bytes are not GB18030")
      }
    } else {
      do {
        _ = try UTF8Span(validating: record)
      } catch {
        throw LogFault(
          .badUTF8, offset: error.byteOffsets.lowerBound, "these bytes are not UTF-8")
      }
      record.withUnsafeBufferPointer { text.append(contentsOf: $0) }
    }
    if text.last == 0x0D { text.removeLast() }
    var at = 0
    while true {
      let start = at
      var field: [UInt8] = []
      let isQuoted = at < text.count && text[at] == 0x22
      if isQuoted {
        at += 1
        while true {
          guard at < text.count else {
            throw LogFault(.badCSV, offset: start, "a quote is not closed")
          }
          if text[at] == 0x22 {
            guard at + 1 < text.count, text[at + 1] == 0x22 else { break }
            at += 1
          }
          field.append(text[at])
          at += 1
        }
        at += 1
      } else {
        while at < text.count, text[at] != delimiter {
          field.append(text[at])
          at += 1
        }
        if field.contains(0x22) {
          throw LogFault(.badCSV, offset: start, "a quote stands inside a field without quotes")
        }
      }
      body(field, isQuoted, start)
      guard at < text.count else { return }
      guard text[at] == delimiter else {
        throw LogFault(.badCSV, offset: at, "something stands after a closing quote")
      }
      at += 1
    }
  }
}
