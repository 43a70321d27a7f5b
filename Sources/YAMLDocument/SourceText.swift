import AssessmentModel

/// The bytes of a file, and the way between byte offsets and places in them.
///
/// Lines end with LF, CR or CR LF. Columns count characters (Unicode scalars), from 1.
struct SourceText {
  let file: String
  private(set) var bytes: [UInt8]
  private lazy var lineStarts = Self.lineStarts(in: bytes)

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  /// Why the text cannot be read, and where.
  struct Defect {
    var offset: Int
    var message: String
  }

  /// The first byte that is not UTF-8, or the first character that may not stand in a file as such.
  var firstDefect: Defect? {
    var offset = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte < 0x80 {
        if (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D) || byte == 0x7F {
          return Self.forbidden(UInt32(byte), at: offset)
        }
        offset += 1
      } else if let scalar = UTF8Scalar(in: bytes, at: offset) {
        if Self.isForbidden(scalar.value) { return Self.forbidden(scalar.value, at: offset) }
        offset += scalar.length
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        return Defect(
          offset: offset, message: "the byte 0x\(hex) is not UTF-8 here, but UTF-8 is expected")
      }
    }
    return nil
  }

  /// Characters beyond ASCII that are seldom meant and never seen: further control characters, line
  /// separators (which libyaml takes for the end of a line and YAML 1.2 does not), the byte-order
  /// mark away from the beginning, and two that are no characters.
  static func isForbidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static func forbidden(_ scalar: UInt32, at offset: Int) -> Defect {
    let digits = String(scalar, radix: 16, uppercase: true)
    let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return Defect(
      offset: offset,
      message: "the unprintable character U+\(code) may not stand here; "
        + "write \"\\u\(code)\" in double quotes if it is meant")
  }

  func place(atOffset offset: Int) -> SourcePlace {
    var line = 1
    var column = 1
    var previous: UInt8 = 0
    for byte in bytes.prefix(offset) {
      if byte == 0x0A && previous == 0x0D {
        column = 1
      } else if Self.isBreak(byte) {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      previous = byte
    }
    return SourcePlace(file: file, line: line, column: column)
  }

  /// The byte offset of a line and column, both from 1; the end of the text when it has no such place.
  mutating func offset(line: Int, column: Int) -> Int {
    guard lineStarts.indices.contains(line - 1) else { return bytes.count }
    var offset = lineStarts[line - 1]
    var left = column - 1
    while left > 0 && offset < bytes.count {
      offset += 1
      while offset < bytes.count && bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The offset of the next byte that is neither white space nor part of a comment, from `offset` on.
  func nextToken(from offset: Int) -> Int {
    var offset = offset
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x09, 0x0A, 0x0D, 0x20: offset += 1
      case UInt8(ascii: "#"):
        while offset < bytes.count && !Self.isBreak(bytes[offset]) { offset += 1 }
      default: return offset
      }
    }
    return offset
  }

  /// The offset after the run of bytes other than white space at `offset`.
  func endOfWord(from offset: Int) -> Int {
    bytes[min(offset, bytes.count)...].firstIndex { Self.isBreak($0) || $0 == 0x20 || $0 == 0x09 }
      ?? bytes.count
  }

  /// Refuses directives (`%YAML`, `%TAG`) before the document and overwrites them with spaces.
  ///
  /// They never reach libyaml: it compares every `%TAG` with all earlier ones, which takes minutes on
  /// a file made of them.
  mutating func blankDirectives(faults: Faults) {
    var offset = 0
    var line = 1
    while offset < bytes.count {
      let end = bytes[offset...].firstIndex(where: Self.isBreak) ?? bytes.count
      let text = bytes[offset..<end].drop { $0 == 0x20 || $0 == 0x09 }
      let isDirective = bytes[offset] == UInt8(ascii: "%")
      guard isDirective || text.isEmpty || text.first == UInt8(ascii: "#") else { return }
      if isDirective {
        if line <= YAMLDocument.refusalLimit {
          let word = String(decoding: bytes[offset..<endOfWord(from: offset)], as: UTF8.self)
          faults.report(
            SourcePlace(file: file, line: line, column: 1),
            "found the directive \(Wording.quoted(word)), but directives are not accepted; "
              + "remove the line")
        }
        for index in offset..<end { bytes[index] = 0x20 }
      }
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      offset = end + (isPair ? 2 : 1)
      line += 1
    }
  }

  private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private static func lineStarts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    var previous: UInt8 = 0
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A && previous == 0x0D {
        starts[starts.count - 1] = index + 1
      } else if isBreak(byte) {
        starts.append(index + 1)
      }
      previous = byte
    }
    return starts
  }
}

/// One well-formed character of several bytes.
struct UTF8Scalar {
  let value: UInt32
  let length: Int

  /// nil unless a whole, shortest-form character from U+0080 on begins at `offset`.
  init?(in bytes: [UInt8], at offset: Int) {
    guard offset < bytes.count else { return nil }
    let lead = bytes[offset]
    let (length, least, first): (Int, UInt32, UInt8) =
      switch lead {
      case 0xC2...0xDF: (2, 0x80, lead & 0x1F)
      case 0xE0...0xEF: (3, 0x800, lead & 0x0F)
      case 0xF0...0xF4: (4, 0x10000, lead & 0x07)
      default: (0, 0, 0)
      }
    guard length > 0, bytes.count - offset >= length else { return nil }
    var value = UInt32(first)
    for byte in bytes[(offset + 1)..<(offset + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    self.value = value
    self.length = length
  }
}
