import Glibc

/// Where the records of a log end (记录切分): at each line feed, and in a JSON document of many lines where one of
/// its elements is complete.
struct RecordEnds {
  /// A JSON element of more bytes is cut at the next line.
  static let maximumElement = 1 << 16

  /// Whether the file is one JSON document over many lines; set after its first line.
  private(set) var isDocument = false
  /// How many line feeds the records so far have.
  private(set) var lineFeeds = 0
  private var isFirst = true
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  /// The end of the record that begins at `start`, behind its line feed; nil when `end` comes first.
  mutating func next(
    in bytes: UnsafeRawBufferPointer, from start: Int, end: Int
  ) -> Int? {
    var place = start
    let before = (depth, isInString, isEscaped, lineFeeds)
    while place < end, let base = bytes.baseAddress {
      guard let found = memchr(base + place, 0x0A, end - place) else { break }
      let lineEnd = UnsafeRawPointer(found) - base + 1
      lineFeeds += 1
      if isFirst {
        isFirst = false
        isDocument = beginsDocument(bytes, place, lineEnd)
      }
      guard isDocument else { return lineEnd }
      follow(bytes, place, lineEnd)
      place = lineEnd
      // The outermost list or object, and one around the list, are not records but hold them.
      let size = place - start
      if depth <= 1 || (depth == 2 && size > 1 << 12) || size > RecordEnds.maximumElement {
        return place
      }
    }
    // The rest is looked at again when more of it is there.
    (depth, isInString, isEscaped, lineFeeds) = before
    return nil
  }

  /// Takes a record that ends elsewhere, with the line feeds in it.
  mutating func cut(lineFeeds count: Int) { lineFeeds += count }

  /// A first line that opens more than it closes.
  private mutating func beginsDocument(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Bool {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
    guard let first = bytes[start..<end].first(where: { !isSpace($0) }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    follow(bytes, start, end)
    let isOpen = depth > 0
    (depth, isInString, isEscaped) = (0, false, false)
    return isOpen
  }

  /// Counts brackets outside strings.
  private mutating func follow(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    for byte in bytes[start..<end] {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") || byte == 0x0A {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = max(0, depth - 1)
      default: break
      }
    }
  }
}
