/// The header line of a table in text (表头), such as CSV: which columns hold PINs, blocks or keys by their names.
///
/// Columns are separated by commas, semicolons, tabs or bars; a separator within double quotes is none.
struct ColumnHeader {
  /// Lines in front of a header that say nothing: frames, comments, empty ones.
  static let maximumLead = 8
  private static let maximumColumns = 1024

  private let separator: UInt8
  private let count: Int
  private let meanings: [Meaning]

  /// What a column holds, by its name.
  private struct Meaning {
    var column: Int
    /// Of digits, and of bytes.
    var digits: FieldName?
    var bytes: FieldName?
  }

  /// What a line is for a reader that looks for a header.
  enum Line {
    case header(ColumnHeader)
    /// A frame, a comment or an empty line: the header may follow.
    case lead
    case other
  }

  /// Reads the line in `start..<end`.
  static func read(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Line {
    guard end - start <= 1 << 14 else { return .other }
    var start = start
    if bytes[start..<end].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
    let frame = Array("+-=| \t\r\n".utf8)
    if bytes[start..<end].allSatisfy({ frame.contains($0) }) || bytes[start] == UInt8(ascii: "#") {
      return .lead
    }
    for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")] {
      let fields = fields(bytes, start, end, separator)
      guard (2...maximumColumns).contains(fields.count), fields.allSatisfy({ isName(bytes, $0) })
      else { continue }
      let meanings: [Meaning] = fields.enumerated().compactMap { column, run in
        let meaning = Meaning(
          column: column, digits: FieldName.of(run, .digits, in: bytes),
          bytes: FieldName.of(run, .bytes, in: bytes))
        return meaning.digits == nil && meaning.bytes == nil ? nil : meaning
      }
      return meanings.isEmpty
        ? .other
        : .header(ColumnHeader(separator: separator, count: fields.count, meanings: meanings))
    }
    return .other
  }

  private init(separator: UInt8, count: Int, meanings: [Meaning]) {
    self.separator = separator
    self.count = count
    self.meanings = meanings
  }

  /// The values of the columns that mean something; none when the line has another number of columns.
  func values(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> [(meaning: FieldName, run: Range<Int>)] {
    let fields = ColumnHeader.fields(bytes, start, end, separator)
    guard fields.count == count else { return [] }
    return meanings.compactMap { meaning in
      let run = fields[meaning.column]
      let isDigits = run.count <= 12 && bytes[run].allSatisfy { isDigit($0) }
      return (isDigits ? meaning.digits : meaning.bytes).map { ($0, run) }
    }
  }

  /// The fields without spaces and quotes around them.
  private static func fields(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ separator: UInt8
  ) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var isQuoted = false
    var first = start
    for place in start..<end {
      if bytes[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard bytes[place] == separator, !isQuoted else { continue }
      fields.append(trimmed(bytes, first..<place))
      guard fields.count <= maximumColumns else { return [] }
      first = place + 1
    }
    fields.append(trimmed(bytes, first..<end))
    return fields
  }

  private static func trimmed(_ bytes: UnsafeRawBufferPointer, _ run: Range<Int>) -> Range<Int> {
    let blank = Array(" \t\r\n\"'`".utf8)
    var (start, end) = (run.lowerBound, run.upperBound)
    while start < end, blank.contains(bytes[start]) { start += 1 }
    while start < end, blank.contains(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Letters first, no marks but those that join words; empty at the edges of a frame.
  private static func isName(_ bytes: UnsafeRawBufferPointer, _ run: Range<Int>) -> Bool {
    guard !run.isEmpty else { return true }
    guard run.count <= 64, isLetter(bytes[run.lowerBound]) || bytes[run.lowerBound] >= 0x80 else {
      return false
    }
    let joints = Array("_-. (),".utf8)
    return bytes[run].allSatisfy {
      isLetter($0) || isDigit($0) || $0 >= 0x80 || joints.contains($0)
    }
  }
}
