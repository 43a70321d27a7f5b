/// Text that stands escaped in a record (转义文本): `%22pin%22`, `&quot;pin&quot;`, `\u0022pin\u0022`, bytes as `\x1D` or
/// `\035`, and the colours of a terminal, which are left out.
struct EscapedText {
  /// A longer record is looked through as it is only.
  static let maximum = 1 << 16

  private(set) var bytes: [UInt8] = []
  /// Where each byte begins in the record.
  private(set) var places: [Int] = []
  /// Which of the bytes were escaped.
  private var escaped: [Int] = []

  private static let entities: [(name: StaticString, byte: UInt8)] = [
    ("quot;", 0x22), ("apos;", 0x27), ("lt;", 0x3C), ("gt;", 0x3E), ("amp;", 0x26),
  ]

  /// `nil` when nothing in `start..<end` is escaped.
  init?(_ text: UnsafeRawBufferPointer, start: Int, end: Int) {
    guard end - start <= EscapedText.maximum else { return nil }
    var place = start
    var found = false
    while place < end {
      if let (byte, length) = EscapedText.escape(text, place, end) {
        if !found {
          found = true
          bytes.reserveCapacity(end - start)
          places.reserveCapacity(end - start)
          bytes += text[start..<place]
          places += start..<place
        }
        if let byte {
          escaped.append(bytes.count)
          bytes.append(byte)
          places.append(place)
        }
        place += length
      } else {
        if found {
          bytes.append(text[place])
          places.append(place)
        }
        place += 1
      }
    }
    guard found else { return nil }
  }

  /// Eight or more escapes one behind another: bytes written so.
  var values: [SpacedBytes] {
    var values: [SpacedBytes] = []
    var first = 0
    while first < escaped.count {
      var last = first
      while last + 1 < escaped.count, escaped[last + 1] == escaped[last] + 1 { last += 1 }
      let run = escaped[first]..<escaped[last] + 1
      if run.count >= SpacedBytes.minimum, values.count < RecordScanner.maximumSpaced {
        values.append(
          SpacedBytes(run: place(of: run), bytes: Array(bytes[run]), places: Array(places[run])))
      }
      first = last + 1
    }
    return values
  }

  /// From bytes to the places they were read from.
  func place(of range: Range<Int>) -> Range<Int> {
    guard range.lowerBound < places.count, let last = places.last else { return range }
    let lower = places[range.lowerBound]
    let upper = range.upperBound < places.count ? places[range.upperBound] : last + 1
    return lower..<max(lower + 1, upper)
  }

  /// The byte that an escape stands for, none for a colour, and how long the escape is.
  private static func escape(
    _ text: UnsafeRawBufferPointer, _ place: Int, _ end: Int
  ) -> (byte: UInt8?, length: Int)? {
    switch text[place] {
    case UInt8(ascii: "%"): return number(text, place + 1, 2, 16, end).map { ($0, 3) }
    case UInt8(ascii: "\\"):
      guard place + 1 < end else { return nil }
      switch text[place + 1] {
      case UInt8(ascii: "x"): return number(text, place + 2, 2, 16, end).map { ($0, 4) }
      case UInt8(ascii: "u"):
        guard number(text, place + 2, 2, 16, end) == 0 else { return nil }
        return number(text, place + 4, 2, 16, end).map { ($0, 6) }
      case 0x30...0x33: return number(text, place + 1, 3, 8, end).map { ($0, 4) }
      default: return nil
      }
    case UInt8(ascii: "&"):
      for entity in entities where place + 1 + entity.name.utf8CodeUnitCount <= end {
        let matches = entity.name.withUTF8Buffer { name in
          name.indices.allSatisfy { name[$0] == text[place + 1 + $0] }
        }
        if matches { return (entity.byte, 1 + entity.name.utf8CodeUnitCount) }
      }
      guard place + 3 < end, text[place + 1] == UInt8(ascii: "#") else { return nil }
      let isHexadecimal = text[place + 2] | 0x20 == UInt8(ascii: "x")
      let first = place + (isHexadecimal ? 3 : 2)
      for count in [2, 1, 3] where first + count < end && text[first + count] == UInt8(ascii: ";") {
        return number(text, first, count, isHexadecimal ? 16 : 10, end).map {
          ($0, first + count + 1 - place)
        }
      }
      return nil
    case 0x1B:
      guard place + 1 < end, text[place + 1] == UInt8(ascii: "[") else { return nil }
      let rest = text[(place + 2)..<min(end, place + 16)]
      guard let last = rest.firstIndex(where: { isLetter($0) }) else { return nil }
      return (nil, last + 1 - place)
    default: return nil
    }
  }

  private static func number(
    _ text: UnsafeRawBufferPointer, _ first: Int, _ count: Int, _ base: UInt16, _ end: Int
  ) -> UInt8? {
    guard first + count <= end else { return nil }
    var value: UInt16 = 0
    for byte in text[first..<first + count] {
      guard let digit = hexadecimalNibble(byte), digit < base else { return nil }
      value = value * base + UInt16(digit)
    }
    return UInt8(exactly: value)
  }
}
