/// Bytes dumped over several lines (多行十六进制转储), as `hexdump -C`, `xxd`, packet sniffers, network libraries and
/// programs of C write them: with an offset in front or without one, also behind what a logger puts in front of a line.
///
/// A line goes on with a dump when its bytes stand in the same column and its offset, if there is one, is that of the
/// first line and the number of bytes so far. A very long dump is taken in pieces.
struct HexadecimalDump {
  /// No message is longer.
  static let maximum = 1 << 13
  private static let maximumLine = 64

  private(set) var bytes: [UInt8] = []
  /// Where the digits of each byte begin.
  private(set) var places: [Int] = []
  private(set) var lines = 0
  /// Where in a line the bytes begin.
  private var column = 0
  /// How many bytes were in front of the last line.
  private var lastLine = 0
  /// The offset of the first line; nil where lines have none.
  private var base: Int?

  /// Takes a line when it continues this dump or begins one; says whether it did.
  ///
  /// - Parameter first: where the first bytes of the line begin, as far as that is known.
  mutating func take(
    _ text: UnsafeRawBufferPointer, _ first: Int?, _ start: Int, _ end: Int
  ) -> Bool {
    guard bytes.count < HexadecimalDump.maximum else { return false }
    if bytes.isEmpty {
      guard let first else { return false }
      column = first - start
      base = HexadecimalDump.offset(text, before: first, start)?.hexadecimal
    } else {
      guard column < end - start else { return false }
      if let base {
        let offset = HexadecimalDump.offset(text, before: start + column, start)
        guard let offset, isNext(offset.hexadecimal - base) || isNext((offset.decimal ?? -1) - base)
        else { return false }
      } else if let first, first != start + column {
        return false
      } else if column > 0, !HexadecimalDump.isGap(text[start + column - 1]),
        text[start + column - 1] != UInt8(ascii: "x")
      {
        return false
      }
    }
    let before = bytes.count
    readBytes(text, start + column, end)
    guard bytes.count > before else { return false }
    lines += 1
    lastLine = before
    return true
  }

  /// Whether a line may begin after `count` bytes. Characters beside eight bytes may have been taken for more of them.
  private mutating func isNext(_ count: Int) -> Bool {
    if count == bytes.count { return true }
    guard count == lastLine + 8, count < bytes.count else { return false }
    bytes.removeLast(bytes.count - count)
    places.removeLast(places.count - count)
    return true
  }

  private mutating func readBytes(_ text: UnsafeRawBufferPointer, _ first: Int, _ end: Int) {
    let before = bytes.count
    var place = first
    var width = 0
    while bytes.count - before < HexadecimalDump.maximumLine {
      let digits = HexadecimalDump.digits(text, place, end)
      if width == 0 { width = digits }
      // Only the last group may be shorter.
      guard digits >= 2, digits.isMultiple(of: 2), digits <= width, digits <= 128 else { return }
      for pair in stride(from: place, to: place + digits, by: 2) {
        guard let high = hexadecimalNibble(text[pair]), let low = hexadecimalNibble(text[pair + 1])
        else { return }
        bytes.append(high << 4 | low)
        places.append(pair)
      }
      place += digits
      let gap = HexadecimalDump.gap(text, place, end, atHalf: bytes.count - before == 8)
      guard gap > 0 else { return }
      place += gap
    }
  }

  /// The bytes between two groups: a space, two or ` - ` in the middle of a line, or `, 0x`.
  private static func gap(
    _ text: UnsafeRawBufferPointer, _ place: Int, _ end: Int, atHalf: Bool
  ) -> Int {
    let rest = text[place..<min(end, place + 5)]
    for (gap, inMiddle) in gaps where (!inMiddle || atHalf) && rest.starts(with: gap) {
      let next = place + gap.count
      if next < end, hexadecimalNibble(text[next]) != nil { return gap.count }
    }
    return 0
  }

  private static let gaps: [(gap: [UInt8], inMiddle: Bool)] = [
    (Array(" ".utf8), false), (Array("  ".utf8), true), (Array(" - ".utf8), true),
    (Array("-".utf8), true), (Array(", 0x".utf8), false), (Array(",0x".utf8), false),
    (Array(" 0x".utf8), false),
  ]

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    lines = 0
    lastLine = 0
  }

  /// The text was moved `count` bytes towards its beginning.
  mutating func move(by count: Int) {
    for index in places.indices { places[index] = max(0, places[index] - count) }
  }

  /// The offset in front of the bytes of a line: four to eight digits, then a mark or spaces.
  private static func offset(
    _ text: UnsafeRawBufferPointer, before first: Int, _ start: Int
  ) -> (hexadecimal: Int, decimal: Int?)? {
    var place = first
    while place > start, first - place < 8,
      isGap(text[place - 1]) || ":h]".utf8.contains(text[place - 1])
    {
      place -= 1
    }
    guard place < first else { return nil }
    let last = place
    while place > start, last - place < 9, hexadecimalNibble(text[place - 1]) != nil { place -= 1 }
    guard (4...8).contains(last - place) else { return nil }
    var hexadecimal = 0
    var decimal: Int? = 0
    for digit in text[place..<last] {
      let value = Int(hexadecimalNibble(digit) ?? 0)
      hexadecimal = hexadecimal << 4 | value
      decimal = value < 10 ? decimal.map { $0 * 10 + value } : nil
    }
    return (hexadecimal, decimal)
  }

  private static func isGap(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == 0x09 || byte == UInt8(ascii: "|")
  }

  /// How many hexadecimal digits begin here; 0 where a letter follows them.
  private static func digits(_ text: UnsafeRawBufferPointer, _ place: Int, _ end: Int) -> Int {
    guard place < end else { return 0 }
    return text[place..<min(end, place + 130)].prefix { hexadecimalNibble($0) != nil }.count
  }
}
