/// Bytes written as a list of numbers (字节列表), as programs print arrays: `[18, -52, 7]`, `{0x12,0xCC}`,
/// `(byte) 0x12, (byte) 0xCC`, `[18 204 7]`, `04, 12, AC`.
enum ByteList {
  /// The way in which every number of a list is written.
  private enum Writing { case decimal, prefixed, pair }

  /// The list whose first comma, or first space, stands at `mark`; `nil` for fewer than eight bytes. `next` is where
  /// the search may go on.
  static func find(
    _ text: UnsafeRawBufferPointer, mark: Int, start: Int, end: Int
  ) -> (list: SpacedBytes?, next: Int) {
    guard let first = firstNumber(text, before: mark, start: start) else { return (nil, mark + 1) }
    var next = mark + 1
    for writing in [Writing.prefixed, .decimal, .pair] {
      let (list, last) = read(text, first, writing, text[mark], end)
      next = max(next, last)
      if let list { return (list, max(next, list.run.upperBound)) }
    }
    return (nil, next)
  }

  /// Where the number that ends at `mark` begins, with the words in front of it.
  private static func firstNumber(
    _ text: UnsafeRawBufferPointer, before mark: Int, start: Int
  ) -> Int? {
    var place = mark
    while place > start, place > mark - 3, hexadecimalNibble(text[place - 1]) != nil { place -= 1 }
    guard place < mark else { return nil }
    if place > start + 1, text[place - 1] | 0x20 == UInt8(ascii: "x"), text[place - 2] == 0x30 {
      place -= 2
    } else if place > start, text[place - 1] == UInt8(ascii: "-") {
      place -= 1
    }
    // A longer number or a word is no byte.
    guard place == start || !(isDigit(text[place - 1]) || isLetter(text[place - 1])) else {
      return nil
    }
    return place
  }

  private static func read(
    _ text: UnsafeRawBufferPointer, _ first: Int, _ writing: Writing, _ mark: UInt8, _ end: Int
  ) -> (SpacedBytes?, Int) {
    var bytes: [UInt8] = []
    var places: [Int] = []
    var place = first
    var last = first
    while bytes.count < SpacedBytes.maximum {
      if bytes.count > 0 { skipCast(text, &place, end) }
      var begin = place
      guard let byte = number(text, &place, writing, end) else { break }
      if writing == .prefixed { begin += 2 }
      bytes.append(byte)
      places.append(begin)
      last = place
      guard place < end, text[place] == mark else { break }
      place += 1
      // A list of C goes on behind a line feed, which ends the record.
      if mark != UInt8(ascii: " ") {
        while place < end, text[place] == UInt8(ascii: " ") { place += 1 }
      }
    }
    guard bytes.count >= SpacedBytes.minimum else { return (nil, last) }
    return (SpacedBytes(run: first..<last, bytes: bytes, places: places), last)
  }

  /// `(byte)`
  private static func skipCast(_ text: UnsafeRawBufferPointer, _ place: inout Int, _ end: Int) {
    guard place + 6 < end, text[place] == UInt8(ascii: "("),
      text[place + 5] == UInt8(ascii: ")"), text[place + 1] == UInt8(ascii: "b")
    else { return }
    place += text[place + 6] == UInt8(ascii: " ") ? 7 : 6
  }

  private static func number(
    _ text: UnsafeRawBufferPointer, _ place: inout Int, _ writing: Writing, _ end: Int
  ) -> UInt8? {
    var next = place
    var isNegative = false
    switch writing {
    case .prefixed:
      guard place + 2 < end, text[place] == 0x30, text[place + 1] | 0x20 == UInt8(ascii: "x")
      else { return nil }
      next += 2
    case .decimal where text[place] == UInt8(ascii: "-"):
      isNegative = true
      next += 1
    case .decimal, .pair: break
    }
    let base: Int = writing == .decimal ? 10 : 16
    var value = 0
    let first = next
    while next < end, next - first < 4, let digit = hexadecimalNibble(text[next]), digit < base {
      value = value * base + Int(digit)
      next += 1
    }
    let count = next - first
    guard
      writing == .decimal
        ? (1...3).contains(count) : writing == .pair ? count == 2 : (1...2).contains(count),
      next >= end || !(isDigit(text[next]) || isLetter(text[next]))
    else { return nil }
    place = next
    return isNegative ? Int8(exactly: -value).map { UInt8(bitPattern: $0) } : UInt8(exactly: value)
  }
}
