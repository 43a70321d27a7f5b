/// What the name of a field says about its value (字段名判别).
///
/// Names are split into words at anything but letters and digits, and where the case changes: `userPin`,
/// `card_pin` and `PIN` end in the word pin; `spinning` and `pin-length` do not.
enum FieldName {
  /// A PIN: the last word is pin, pwd, passwd, mima or 密码, or such a word and then one that only says
  /// "the value".
  case pin
  /// A PIN block by the name of the data element.
  case pinBlock
  /// Data element 63.
  case privateData
  /// A key said to be clear.
  case clearKey
  /// Some key.
  case key

  /// The name in front of the value that begins at `value`; `nil` when there is none or it says nothing of
  /// this kind. Nothing before `start` is looked at.
  static func before(
    _ value: Int, from start: Int, in bytes: UnsafeRawBufferPointer
  ) -> FieldName? {
    var reader = NameReader(bytes: bytes, start: start, place: value)
    guard reader.skipSeparator() else { return nil }
    return reader.meaning()
  }

  /// Whether the word pin, pwd, passwd, mima or 密码 stands right in front of `value`, with nothing but a space
  /// between, as in a sentence.
  static func isPIN(
    spokenBefore value: Int, from start: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    var reader = NameReader(bytes: bytes, start: start, place: value)
    return reader.isSpokenPIN()
  }

  /// Whether the name in front of `value` is one of a number that is no account: of an order, a trace, a serial.
  static func isOtherNumber(
    before value: Int, from start: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    var reader = NameReader(bytes: bytes, start: start, place: value)
    return reader.isOtherNumber()
  }

  /// What a whole name says, such as that of a column.
  static func of(_ name: Range<Int>, in bytes: UnsafeRawBufferPointer) -> FieldName? {
    guard !name.isEmpty else { return nil }
    var reader = NameReader(bytes: bytes, start: name.lowerBound, place: name.upperBound)
    if bytes[name.upperBound - 1] == UInt8(ascii: ")") { reader.place -= 1 }
    return reader.meaning()
  }
}

/// Reads a name backwards from its value.
private struct NameReader {
  let bytes: UnsafeRawBufferPointer
  let start: Int
  /// One past the byte to be read next.
  var place: Int

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
      case UInt8(ascii: "["), UInt8(ascii: "("):
        seen = true
        place -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: " "), 0x09,
        UInt8(ascii: "]"), UInt8(ascii: ")"):
        place -= 1
      default:
        guard byte >= 0x80 else { return seen && place > start }
        if ends(0xEF_BC9A, 3) {
          // The full-width colon.
          seen = true
          place -= 3
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
      guard ends(0xE5AF_86E9_92A5, 6) else { return nil }
      place -= 6
      return keyMeaning()
    }
    if byte == UInt8(ascii: "1"), endsEscaped() { return .pin }
    guard NameReader.isWordByte(byte) else { return nil }
    var word = lastWord()
    if word.isNumber {
      if let number = elementNumber(word) { return number }
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
      if word.roles.contains(.key) { return .clearKey }
      guard isTail else { return nil }
    }
    for _ in 0..<3 where word.roles.contains(.tail) || word.isShortNumber { word = lastWord() }
    return word.roles.contains(.pin) ? .pin : nil
  }

  /// `52` or `063` behind de, f, field, bit, p or alone as a whole name.
  private mutating func elementNumber(_ word: NameWord) -> FieldName? {
    let found: FieldName
    switch word.number {
    case 52: found = .pinBlock
    case 63: found = .privateData
    default: return nil
    }
    if last.map({ $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }) ?? false { return found }
    return lastWord().roles.contains(.element) ? found : nil
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
        || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "(")
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
