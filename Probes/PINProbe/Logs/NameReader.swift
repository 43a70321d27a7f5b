/// Reads a name backwards from its value.
struct NameReader {
  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  /// One past the byte to be read next.
  var place: Int

  init(bytes: UnsafeRawBufferPointer, start: Int, place: Int) {
    self.bytes = bytes
    self.start = start
    self.place = place
  }

  private var last: UInt8? { place > start ? bytes[place - 1] : nil }

  /// Moves over what stands between name and value: quotes, brackets, spaces and one separator.
  mutating func skipSeparator() -> Bool {
    var seen = false
    var steps = 0
    while let byte = last, steps < 12 {
      switch byte {
      case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ">"):
        seen = true
        place -= 1
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "<"):
        seen = true
        place -= 1
        if byte == UInt8(ascii: "["), ends(0x3C21_5B43_4441_5441, 8) {
          // `<![CDATA[`
          place -= 8
        }
      case UInt8(ascii: "-") where bytes[place] == UInt8(ascii: ">"): place -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: " "), 0x09,
        UInt8(ascii: "]"), UInt8(ascii: ")"):
        // `[52] …`: a number in brackets is a name of its own.
        if byte == UInt8(ascii: "]"), place > start + 1, NameReader.isDigit(bytes[place - 2]) {
          seen = true
        }
        place -= 1
      default:
        if byte | 0x20 == UInt8(ascii: "s"), bytes[place] == UInt8(ascii: " "), ends(0x20_6973, 3) {
          // "is" between two spaces.
          seen = true
          place -= 3
          break
        }
        guard byte >= 0x80 else { return seen && place > start }
        if ends(0xEF_BC9A, 3) || ends(0xE3_8090, 3) || ends(0xEF_BC9D, 3) {
          // The full-width colon, bracket and equals sign.
          seen = true
          place -= 3
        } else if ends(0xE3_8091, 3) {
          place -= 3
        } else if ends(0xA3BA, 2) || ends(0xA1BE, 2) || ends(0xA3BD, 2) {
          // The same in GB 18030.
          seen = true
          place -= 2
        } else if ends(0xE4_B8BA, 3) || ends(0xE6_98AF, 3) {
          // "is", in either of its two usual words.
          seen = true
          place -= 3
        } else {
          return seen
        }
      }
      steps += 1
    }
    return seen && place > start
  }

  /// Moves from the end of an XML tag with attributes in front of the value to the end of the tag's name.
  mutating func skipAttributes() -> Bool {
    let limit = max(start, place - 128)
    guard last == UInt8(ascii: ">") else { return false }
    place -= 1
    while place > limit, let byte = last, byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") {
      place -= 1
    }
    guard last == UInt8(ascii: "<") else { return false }
    let first = place
    while place < bytes.count, place - first < 64, bytes[place] != UInt8(ascii: " "),
      bytes[place] != UInt8(ascii: ">")
    {
      place += 1
    }
    return place > first && place < bytes.count && bytes[place] == UInt8(ascii: " ")
  }

  mutating func isPINItself() -> Bool {
    for _ in 0..<4 {
      let word = lastWord()
      if word.roles.contains(.pinItself) { return true }
      guard word.roles.contains(.tail) || word.isShortNumber else { return false }
    }
    return false
  }

  /// Whether the `count` bytes before `place` are those of `suffix`, the first highest.
  @inline(__always)
  private func ends(_ suffix: UInt64, _ count: Int) -> Bool {
    guard place - start >= count else { return false }
    var value: UInt64 = 0
    var index = place - count
    while index < place {
      value = value << 8 | UInt64(bytes[index])
      index += 1
    }
    return value == suffix
  }

  mutating func isSpokenPIN() -> Bool {
    let end = place
    while let byte = last, byte == UInt8(ascii: " "), end - place < 2 { place -= 1 }
    guard let byte = last else { return false }
    if byte >= 0x80 { return ends(0xE5AF_86E7_A081, 6) || ends(0xC3DC_C2EB, 4) }
    return place < end && lastWord().roles.contains(.pin)
  }

  mutating func isOtherNumber() -> Bool {
    _ = skipSeparator()
    for _ in 0..<3 {
      let word = lastWord()
      if word == NameWord.none { return false }
      if word.roles.contains(.otherNumber) { return true }
    }
    return false
  }

  /// `\\uHHHH\\uHHHH` in either case, the two characters of 密码 as JSON may escape them.
  private func endsEscaped() -> Bool {
    let escaped: StaticString = "\\u5bc6\\u7801"
    guard place - start >= 12 else { return false }
    return escaped.withUTF8Buffer { text in
      text.indices.allSatisfy { bytes[place - 12 + $0] | 0x20 == text[$0] | 0x20 }
    }
  }

  mutating func meaning() -> FieldName? {
    // 密码 in UTF-8, in GB 18030, and as JSON escapes it.
    guard let byte = last else { return nil }
    if byte >= 0x80 {
      if ends(0xE5AF_86E7_A081, 6) || ends(0xC3DC_C2EB, 4) { return .pin }
      if ends(0xE698_8EE6_9687, 6) { return clearMeaning() }
      if ends(0xE5AF_86E6_9687, 6) {
        // 密文, "enciphered": of a PIN.
        place -= 6
        if ends(0xE5AF_86E7_A081, 6) { return .pinBlock }
        return lastWord().roles.contains(.pinItself) ? .pinBlock : nil
      }
      if ends(0xE7A081, 3) {
        // 码 behind the word: a PIN code.
        place -= 3
        return lastWord().roles.contains(.pin) ? .pin : nil
      }
      if endsElement() { return NameReader.element(lastWord()) }
      guard ends(0xE5AF_86E9_92A5, 6) else { return nil }
      place -= 6
      return keyMeaning()
    }
    if byte == UInt8(ascii: "1"), endsEscaped() { return .pin }
    guard NameReader.isWordByte(byte) else { return nil }
    let end = place
    var word = lastWord()
    if word.isNumber {
      if let number = elementNumber(word, endingAt: end) { return number }
    } else if word.roles.isEmpty {
      return nil
    }
    if word.roles.contains(.value), let named = namedElsewhere() { return named }
    if word.roles.contains(.block) {
      return lastWord().roles.contains(.pinItself) ? .pinBlock : nil
    }
    if word.roles.contains(.pinBlock) { return .pinBlock }
    if word.roles.contains(.key) { return keyMeaning() }
    if word.roles.contains(.clear) {
      let isTail = word.roles.contains(.tail)
      word = lastWord()
      if word == NameWord.in { word = lastWord() }
      if word.roles.contains(.key) { return .clearKey }
      guard isTail else { return nil }
    }
    for _ in 0..<3 where word.roles.contains(.tail) || word.isShortNumber { word = lastWord() }
    return word.roles.contains(.pin) ? .pin : nil
  }

  /// `52` or `063` behind de, f, field, bit, p or alone as a whole name: quoted, in brackets, or between a mark
  /// that parts fields and an equals sign.
  private mutating func elementNumber(_ word: NameWord, endingAt end: Int) -> FieldName? {
    guard let found = NameReader.element(word) else { return nil }
    if endsElement() { return found }
    if last.map({ $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }) ?? false { return found }
    if end < bytes.count {
      if bytes[end] == UInt8(ascii: "]"), last == UInt8(ascii: "[") { return found }
      let marks = Array(" |,;{\u{1}".utf8)
      if bytes[end] == UInt8(ascii: "="), last.map({ marks.contains($0) }) ?? true { return found }
    }
    return lastWord().roles.contains(.element) ? found : nil
  }

  private static func element(_ word: NameWord) -> FieldName? {
    switch word.number {
    case 52: .pinBlock
    case 63: .privateData
    default: nil
    }
  }

  /// Takes 域, "field", in UTF-8 or GB 18030.
  private mutating func endsElement() -> Bool {
    let length = ends(0xE5_9F9F, 3) ? 3 : ends(0xD3F2, 2) ? 2 : 0
    place -= length
    return length > 0
  }

  /// Behind 明文, "in clear": of a PIN or a key.
  private mutating func clearMeaning() -> FieldName? {
    place -= 6
    if ends(0xE5AF_86E7_A081, 6) { return .pin }
    if ends(0xE5AF_86E9_92A5, 6) { return .clearKey }
    let word = lastWord()
    return word.roles.contains(.pin) ? .pin : word.roles.contains(.key) ? .clearKey : nil
  }

  /// A key in clear when a word in front says so.
  private mutating func keyMeaning() -> FieldName {
    if ends(0xE698_8EE6_9687, 6) { return .clearKey }
    for _ in 0..<3 where lastWord().roles.contains(.clear) { return .clearKey }
    return .key
  }

  /// `{"name": "pin", "value": "…"}` and `id="52" value="…"`: the name is the value before.
  private mutating func namedElsewhere() -> FieldName? {
    var steps = 0
    let isGap: (UInt8) -> Bool = {
      $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: ",")
        || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\\")
    }
    guard let first = last, isGap(first) else { return nil }
    while let byte = last, isGap(byte), steps < 8 {
      place -= 1
      steps += 1
    }
    let word = lastWord()
    if word.roles.contains(.pin) { return .pin }
    switch word.number {
    case 52: return .pinBlock
    case 63: return .privateData
    default: return nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isWordByte(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

  /// The word that ends here. Moves in front of it and of one character that joins words.
  private mutating func lastWord() -> NameWord {
    if let byte = last,
      byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "#")
    {
      place -= 1
    }
    guard let first = last, NameReader.isWordByte(first) else { return .none }
    let end = place
    let isNumber = NameReader.isDigit(first)
    while let byte = last, NameReader.isWordByte(byte), NameReader.isDigit(byte) == isNumber,
      end - place <= 16
    {
      if place < end, !isNumber {
        let next = bytes[place]
        // userPIN: the capitals end where a small letter stands in front of them.
        if !NameReader.isUpper(byte), NameReader.isUpper(next) { break }
        // PINCode: the capital in front of small letters belongs to them, the one before it does not.
        let isHead =
          place + 1 < end && NameReader.isUpper(next) && !NameReader.isUpper(bytes[place + 1])
        if isHead, NameReader.isUpper(byte) { break }
      }
      place -= 1
    }
    guard end - place <= 16 else { return .long }
    var packed: UInt64 = 0
    var index = place
    while index < end {
      packed = packed &<< 8 | UInt64(bytes[index] | 0x20)
      index &+= 1
    }
    return NameWord(packed: packed, isNumber: isNumber)
  }
}
