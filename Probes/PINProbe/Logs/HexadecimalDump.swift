/// Bytes dumped over several lines (多行十六进制转储), each with its offset in front, as `hexdump -C`, `xxd`, packet
/// sniffers and network libraries write them.
///
/// A line goes on with a dump only when its offset is that of the first line and the number of bytes so far. A very
/// long dump is taken in pieces.
struct HexadecimalDump {
  /// No message is longer.
  static let maximum = 1 << 13
  private static let maximumLine = 64

  private(set) var bytes: [UInt8] = []
  /// Where the digits of each byte begin.
  private(set) var places: [Int] = []
  private var base = 0

  /// Takes a line when it continues this dump or begins one; says whether it did.
  mutating func take(_ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
    guard let (offset, first) = HexadecimalDump.offset(text, start, end),
      bytes.isEmpty || offset == base + bytes.count, bytes.count < HexadecimalDump.maximum
    else { return false }
    if bytes.isEmpty { base = offset }
    let before = bytes.count
    var place = first
    while bytes.count - before < HexadecimalDump.maximumLine {
      let digits = HexadecimalDump.digits(text, place, end)
      guard digits == 2 || digits == 4 else { break }
      for pair in stride(from: place, to: place + digits, by: 2) {
        guard let high = hexadecimalNibble(text[pair]), let low = hexadecimalNibble(text[pair + 1])
        else { break }
        bytes.append(high << 4 | low)
        places.append(pair)
      }
      place += digits
      let count = bytes.count - before
      let gap = text[place..<min(end, place + 3)].prefix { $0 == UInt8(ascii: " ") }.count
      guard gap == 1 || (gap == 2 && count == 8) else { break }
      place += gap
    }
    return bytes.count > before
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  /// The text was moved `count` bytes towards its beginning.
  mutating func move(by count: Int) {
    for index in places.indices { places[index] = max(0, places[index] - count) }
  }

  /// The offset of a line and where its bytes begin.
  private static func offset(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> (offset: Int, first: Int)? {
    let isGap: (UInt8) -> Bool = {
      $0 == UInt8(ascii: " ") || $0 == 0x09 || $0 == UInt8(ascii: "|")
    }
    var place = start
    while place < end, place - start < 64, isGap(text[place]) { place += 1 }
    if place + 2 < end, text[place] == UInt8(ascii: "0"), text[place + 1] == UInt8(ascii: "x") {
      place += 2
    }
    let count = digits(text, place, end)
    guard (4...8).contains(count), place + count < end else { return nil }
    var offset = 0
    for digit in text[place..<place + count] {
      offset = offset << 4 | Int(hexadecimalNibble(digit) ?? 0)
    }
    place += count
    let mark = text[place]
    guard isGap(mark) || mark == UInt8(ascii: ":") || mark == UInt8(ascii: "h") else { return nil }
    if !isGap(mark) { place += 1 }
    let first = place
    while place < end, place - first < 8, isGap(text[place]) { place += 1 }
    return place > first ? (offset, place) : nil
  }

  /// How many hexadecimal digits begin here; 0 where a letter follows them.
  private static func digits(_ text: UnsafeRawBufferPointer, _ place: Int, _ end: Int) -> Int {
    guard place < end else { return 0 }
    let count = text[place..<min(end, place + 9)].prefix { hexadecimalNibble($0) != nil }.count
    return count
  }
}
