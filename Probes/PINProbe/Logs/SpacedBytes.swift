/// Bytes written as hexadecimal pairs with the same mark between them (分隔的十六进制): `04 12 AC`, `04:12:AC`,
/// `04-12-AC`, `0x04 0x12`, `0x04,0x12`, `04h 12h`; or as groups of four or eight digits, `0412 AC07`.
struct SpacedBytes {
  /// Fewer are no value that is looked for.
  static let minimum = 8
  /// No message is longer.
  static let maximum = 1 << 13

  /// From the first digit, or the `0x` in front of it, to the last one.
  let run: Range<Int>
  let bytes: [UInt8]
  /// Where the digits of each byte begin.
  let places: [Int]

  init(run: Range<Int>, bytes: [UInt8], places: [Int]) {
    self.run = run
    self.bytes = bytes
    self.places = places
  }

  /// Groups of `digits` hexadecimal digits, four or eight, with the same space or hyphen between them, of which the
  /// first begins at `first`; `nil` for fewer than eight bytes.
  init?(_ text: UnsafeRawBufferPointer, at first: Int, digits: Int, start: Int, end: Int) {
    guard first == start || !SpacedBytes.isPart(text[first - 1]) else { return nil }
    var bytes: [UInt8] = []
    var places: [Int] = []
    var place = first
    let mark = first + digits < end ? text[first + digits] : 0
    guard mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else { return nil }
    while place + digits <= end, bytes.count < SpacedBytes.maximum,
      place + digits == end || !SpacedBytes.isPart(text[place + digits]),
      let group = hexadecimalValue(UnsafeRawBufferPointer(rebasing: text[place..<place + digits]))
    {
      bytes += group
      places += stride(from: place, to: place + digits, by: 2)
      place += digits
      guard place < end, text[place] == mark else { break }
      place += 1
    }
    guard bytes.count >= SpacedBytes.minimum, let last = places.last else { return nil }
    run = first..<last + 2
    self.bytes = bytes
    self.places = places
  }

  /// The bytes whose first pair of digits begins at `first`; `nil` for fewer than eight.
  ///
  /// - Parameter stride: 3, or 5 where `0x` stands in front of each pair.
  init?(_ text: UnsafeRawBufferPointer, at first: Int, stride: Int, start: Int, end: Int) {
    let prefix = stride - 3
    let head = first - prefix
    guard head >= start, prefix == 0 || SpacedBytes.isPrefix(text, head),
      head == start || !SpacedBytes.isPart(text[head - 1])
    else { return nil }
    var bytes: [UInt8] = []
    var places: [Int] = []
    var place = first
    var mark: UInt8?
    while bytes.count < SpacedBytes.maximum, let byte = SpacedBytes.pair(text, place, end) {
      bytes.append(byte)
      places.append(place)
      place += 2
      guard place + prefix < end, mark == nil || text[place] == mark else { break }
      mark = text[place]
      guard SpacedBytes.isMark(text[place]) else { break }
      // Dumps leave two spaces in the middle of a line.
      if bytes.count == 8, text[place] == UInt8(ascii: " "), text[place + 1] == text[place] {
        place += 1
      }
      guard prefix == 0 || SpacedBytes.isPrefix(text, place + 1) else { break }
      place += 1 + prefix
    }
    // The end of a time or of a date in front is no byte.
    if head > start + 1, prefix == 0, ":.-/".utf8.contains(text[head - 1]),
      isDigit(text[head - 2]), !bytes.isEmpty
    {
      bytes.removeFirst()
      places.removeFirst()
    }
    guard bytes.count >= SpacedBytes.minimum, let lower = places.first, let upper = places.last
    else { return nil }
    run = lower - prefix..<upper + 2
    self.bytes = bytes
    self.places = places
  }

  /// The bytes as assemblers write them, `04h 12h`, of which the first begins at `first`; `nil` for fewer than eight.
  init?(_ text: UnsafeRawBufferPointer, suffixedAt first: Int, start: Int, end: Int) {
    guard first == start || !SpacedBytes.isPart(text[first - 1]) else { return nil }
    var bytes: [UInt8] = []
    var places: [Int] = []
    var place = first
    let mark = first + 3 < end ? text[first + 3] : 0
    while bytes.count < SpacedBytes.maximum, place + 3 <= end,
      let high = hexadecimalNibble(text[place]), let low = hexadecimalNibble(text[place + 1]),
      text[place + 2] | 0x20 == UInt8(ascii: "h"),
      place + 3 == end || !SpacedBytes.isPart(text[place + 3])
    {
      bytes.append(high << 4 | low)
      places.append(place)
      place += 4
      guard place < end, text[place - 1] == mark, SpacedBytes.isMark(mark) else { break }
    }
    guard bytes.count >= SpacedBytes.minimum, let last = places.last else { return nil }
    run = first..<last + 3
    self.bytes = bytes
    self.places = places
  }

  /// From bytes to the digits they were read from.
  func place(of range: Range<Int>) -> Range<Int> { SpacedBytes.place(of: range, in: places) }

  static func place(of range: Range<Int>, in places: [Int]) -> Range<Int> {
    guard let first = places.first, let last = places.last else { return range }
    let lower = range.lowerBound < places.count ? places[range.lowerBound] : last
    let upper = (1...places.count).contains(range.upperBound) ? places[range.upperBound - 1] : first
    return lower..<max(lower, upper) + 2
  }

  /// The byte of two digits that no third one follows.
  static func pair(_ text: UnsafeRawBufferPointer, _ place: Int, _ end: Int) -> UInt8? {
    guard place + 2 <= end, let high = hexadecimalNibble(text[place]),
      let low = hexadecimalNibble(text[place + 1]),
      place + 2 == end || !(isDigit(text[place + 2]) || isLetter(text[place + 2]))
    else { return nil }
    return high << 4 | low
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: ","),
      UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "|"):
      true
    default: false
    }
  }

  private static func isPrefix(_ text: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    text[place] == UInt8(ascii: "0") && text[place + 1] | 0x20 == UInt8(ascii: "x")
  }

  private static func isPart(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
}
