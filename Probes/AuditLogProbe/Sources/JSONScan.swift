/// Steps over the parts of a JSON text (RFC 8259). Offsets in faults count from the start of the text.
enum JSONScan {
  static func cut(_ at: Int) -> LogFault {
    LogFault(.badJSON, offset: at, "the text ends inside a value")
  }

  static func skipSpace(_ text: Span<UInt8>, _ at: inout Int) {
    while at < text.count {
      let byte = text[at]
      guard byte == 0x20 || byte == 0x0D || byte == 0x09 || byte == 0x0A else { return }
      at += 1
    }
  }

  static func expect(
    _ byte: UInt8, _ name: String, _ text: Span<UInt8>, _ at: inout Int
  ) throws(LogFault) {
    guard at < text.count else { throw cut(at) }
    guard text[at] == byte else { throw LogFault(.badJSON, offset: at, "\(name) is expected") }
    at += 1
  }

  /// Steps over a string; true when nothing in it is escaped.
  static func skipString(_ text: Span<UInt8>, _ at: inout Int) throws(LogFault) -> Bool {
    try expect(0x22, "a string", text, &at)
    var isPlain = true
    var index = at
    while true {
      index = text.withUnsafeBytes { special($0, from: index) }
      guard index < text.count else { throw cut(text.count) }
      switch text[index] {
      case 0x22:
        at = index + 1
        return isPlain
      case 0x5C:
        isPlain = false
        index += 2
      default:
        throw LogFault(.badJSON, offset: index, "a control character stands in a string")
      }
    }
  }

  /// The next quote, backslash or control character, or the end; eight bytes are looked at in one step.
  static func special(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while bytes.count - index >= 8 {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let escape = word ^ (ones &* 0x5C)
      // The lowest bit set belongs to the first byte that is zero, or below 0x20.
      let found =
        ((quote &- ones) & ~quote | (escape &- ones) & ~escape | (word &- ones &* 0x20) & ~word)
        & tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
      index += 1
    }
    return index
  }

  static func skipNumber(_ text: Span<UInt8>, _ at: inout Int) throws(LogFault) {
    let start = at
    func isDigit(_ index: Int) -> Bool {
      index < text.count && text[index] >= 0x30 && text[index] <= 0x39
    }
    func skipDigits(_ index: Int) throws(LogFault) -> Int {
      var index = index
      guard isDigit(index) else { throw LogFault(.badJSON, offset: start, "this is no number") }
      while isDigit(index) { index += 1 }
      return index
    }
    var index = at
    if text[index] == 0x2D { index += 1 }
    if isDigit(index), text[index] == 0x30 {
      index += 1
      if isDigit(index) { throw LogFault(.badJSON, offset: start, "a number begins with zero") }
    } else {
      index = try skipDigits(index)
    }
    if index < text.count, text[index] == 0x2E { index = try skipDigits(index + 1) }
    if index < text.count, text[index] | 0x20 == 0x65 {
      index += 1
      if index < text.count, text[index] == 0x2B || text[index] == 0x2D { index += 1 }
      index = try skipDigits(index)
    }
    at = index
  }

  static func skipWord(
    _ word: StaticString, _ text: Span<UInt8>, _ at: inout Int
  ) throws(LogFault) {
    let count = word.utf8CodeUnitCount
    guard text.count - at >= count else { throw cut(at) }
    for index in 0..<count where text[at + index] != word.utf8Start[index] {
      throw LogFault(.badJSON, offset: at, "a value is expected")
    }
    at += count
  }

  static func skipValue(_ text: Span<UInt8>, _ at: inout Int, depth: Int) throws(LogFault) {
    guard at < text.count else { throw cut(at) }
    switch text[at] {
    case 0x22: _ = try skipString(text, &at)
    case 0x2D, 0x30...0x39: try skipNumber(text, &at)
    case 0x74: try skipWord("true", text, &at)
    case 0x66: try skipWord("false", text, &at)
    case 0x6E: try skipWord("null", text, &at)
    case 0x7B, 0x5B: try skipContainer(text, &at, depth: depth)
    default: throw LogFault(.badJSON, offset: at, "a value is expected")
    }
  }

  private static func skipContainer(
    _ text: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(LogFault) {
    guard depth > 0 else {
      throw LogFault(.tooDeep, offset: at, "lists and objects lie too deep in one another")
    }
    let isObject = text[at] == 0x7B
    let close: UInt8 = isObject ? 0x7D : 0x5D
    at += 1
    skipSpace(text, &at)
    if at < text.count, text[at] == close {
      at += 1
      return
    }
    while true {
      if isObject {
        _ = try skipString(text, &at)
        skipSpace(text, &at)
        try expect(0x3A, ":", text, &at)
        skipSpace(text, &at)
      }
      try skipValue(text, &at, depth: depth - 1)
      skipSpace(text, &at)
      guard at < text.count else { throw cut(at) }
      if text[at] == close {
        at += 1
        return
      }
      try expect(0x2C, isObject ? ", or }" : ", or ]", text, &at)
      skipSpace(text, &at)
    }
  }

  /// Appends the text of the string whose inside is `range`.
  static func unescape(
    _ text: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]
  ) throws(LogFault) {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = text[index]
      guard byte == 0x5C else {
        output.append(byte)
        index += 1
        continue
      }
      guard index + 1 < range.upperBound else { throw cut(index) }
      switch text[index + 1] {
      case 0x22: output.append(0x22)
      case 0x5C: output.append(0x5C)
      case 0x2F: output.append(0x2F)
      case 0x62: output.append(0x08)
      case 0x66: output.append(0x0C)
      case 0x6E: output.append(0x0A)
      case 0x72: output.append(0x0D)
      case 0x74: output.append(0x09)
      case 0x75:
        let scalar = try self.scalar(text, range, &index)
        output.append(contentsOf: Unicode.UTF8.encode(scalar).map { Array($0) } ?? [])
        continue
      default: throw LogFault(.badJSON, offset: index, "no such escape")
      }
      index += 2
    }
  }

  /// The character that a `u` escape of four hexadecimal digits, or a pair of surrogates, stands for; `index`
  /// moves behind it.
  private static func scalar(
    _ text: Span<UInt8>, _ range: Range<Int>, _ index: inout Int
  ) throws(LogFault) -> Unicode.Scalar {
    let start = index
    guard let unit = codeUnit(text, range, index) else {
      throw LogFault(.badJSON, offset: start, "four hexadecimal digits are expected after \\u")
    }
    index += 6
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, let low = codeUnit(text, range, index), (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw LogFault(.badJSON, offset: start, "half of a surrogate pair") }
    index += 6
    return scalar
  }

  private static func codeUnit(
    _ text: Span<UInt8>, _ range: Range<Int>, _ index: Int
  ) -> UInt32? {
    guard range.upperBound - index >= 6, text[index] == 0x5C, text[index + 1] == 0x75 else {
      return nil
    }
    var unit: UInt32 = 0
    for offset in 2..<6 {
      let byte = text[index + offset]
      switch byte {
      case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    return unit
  }
}
