/// Reads a name backwards from its value, word by word (字段名反向读取).
struct NameReader {
  let bytes: UnsafeRawBufferPointer
  let start: Int
  /// One past the byte to be read next.
  var place: Int

  init(bytes: UnsafeRawBufferPointer, start: Int, place: Int) {
    self.bytes = bytes
    self.start = start
    self.place = place
  }

  var last: UInt8? { place > start ? bytes[place - 1] : nil }

  /// How a name and its value are joined.
  enum Link {
    /// By nothing at all.
    case none
    /// By spaces, as in a sentence.
    case spoken
    /// By a comma, as in a list.
    case listed
    /// By a mark that parts names from values, or by quotes around either.
    case joined
  }

  /// What a mark does between a name and its value.
  private enum Mark { case other, blank, comma, quote, closing, joining, dash, dot, wide }

  @inline(__always)
  private static func mark(_ byte: UInt8) -> Mark {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\\"), UInt8(ascii: "$"), 0x0D, 0x0A:
      .blank
    case UInt8(ascii: ","): .comma
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): .quote
    case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"): .closing
    case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ">"), UInt8(ascii: "["),
      UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: "|"), UInt8(ascii: "{"),
      UInt8(ascii: ";"), UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "#"), 0x09, 0x01:
      .joining
    case UInt8(ascii: "-"): .dash
    case UInt8(ascii: "."): .dot
    case 0x80...: .wide
    default: .other
    }
  }

  /// Moves over what stands between name and value: quotes, brackets, spaces and marks.
  mutating func skipSeparator() -> Link {
    var link = Link.none
    let limit = max(start, place - 64)
    while place > limit {
      let byte = bytes[place - 1]
      switch NameReader.mark(byte) {
      case .blank: if link == .none { link = .spoken }
      case .comma: if link != .joined { link = .listed }
      case .quote, .joining:
        link = .joined
        if byte == UInt8(ascii: "["), ends(0x3C21_5B43_4441_5441, 8, at: place - 1) {
          // `<![CDATA[`
          place -= 8
        }
      case .closing:
        // `[52] …`: a number in brackets is a name of its own.
        if byte != UInt8(ascii: "}"), place > start + 1, isDigit(bytes[place - 2]) {
          link = .joined
        }
      case .dash:
        // An arrow, or a dash between two spaces.
        guard place < bytes.count, NameReader.isGap(bytes[place]) else { return link }
        if bytes[place] == UInt8(ascii: " ") {
          guard place > start + 1, bytes[place - 2] == UInt8(ascii: " ") else { return link }
          link = .joined
        }
      case .dot:
        // Leaders: `PIN ..... 1234`.
        guard place > start + 1,
          bytes[place - 2] == byte || (place < bytes.count && bytes[place] == byte)
        else { return link }
        link = .joined
      case .wide:
        let (roles, count) = wideWord()
        guard roles.contains(.mark) else { return link }
        if roles.contains(.link) { link = .joined }
        place -= count - 1
      case .other:
        // `N'1234'`: the letter of a text in SQL.
        guard place < bytes.count, bytes[place] == UInt8(ascii: "'"),
          place > start + 1, !isWordByte(bytes[place - 2])
        else { return link }
      }
      place -= 1
    }
    return link
  }

  private static func isGap(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ">") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
  }

  /// Moves over what may stand between two words of one name.
  ///
  /// - Parameter isWide: whether marks between fields may, too.
  mutating func skipJoint(_ isWide: Bool) {
    let limit = max(start, place - 24)
    while place > limit {
      let byte = bytes[place - 1]
      switch NameReader.mark(byte) {
      case .blank where !isWide && byte == 0x0A: return
      case .blank, .closing, .dot, .dash: break
      case .quote, .comma: guard isWide else { return }
      case .joining:
        guard
          isWide || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "#")
        else { return }
      case .other:
        guard byte == UInt8(ascii: "_") || (isWide && byte == UInt8(ascii: "/")) else { return }
      case .wide:
        let (roles, count) = wideWord()
        guard roles.contains(.mark) else { return }
        place -= count - 1
      }
      place -= 1
    }
  }

  /// Whether the `count` bytes before `end` are those of `suffix`, the first highest.
  @inline(__always)
  func ends(_ suffix: UInt64, _ count: Int, at end: Int) -> Bool {
    end - start >= count && packed(count, before: end) == suffix
  }

  @inline(__always)
  private func packed(_ count: Int, before end: Int) -> UInt64 {
    var value: UInt64 = 0
    var index = end - count
    while index < end {
      value = value << 8 | UInt64(bytes[index])
      index += 1
    }
    return value
  }

  /// The Chinese word or mark that ends here; no roles and no bytes for any other.
  func wideWord() -> (roles: NameRoles, count: Int) {
    let endings = NameVocabulary.endings[Int(bytes[place - 1])]
    guard !endings.isEmpty else { return ([], 0) }
    let text = packed(min(8, place - start), before: place)
    for word in endings
    where word.count <= place - start && text & word.mask == word.value & word.mask
      && (word.count <= 8 || bytes[place - word.count..<place].elementsEqual(word.bytes))
    {
      return (word.roles, word.count)
    }
    return ([], 0)
  }

  /// The roles of the word that ends here, and its number; moves in front of it. `nil` where there is none.
  mutating func nextWord() -> (roles: NameRoles, word: NameWord)? {
    guard let byte = last else { return nil }
    if byte >= 0x80 {
      let (roles, count) = wideWord()
      guard count > 0 else { return nil }
      place -= count
      return (roles, .none)
    }
    if byte == UInt8(ascii: "1"), endsEscaped() {
      place -= 12
      return (.pin, .none)
    }
    guard isDigit(byte) || isLetter(byte) else { return nil }
    let word = asciiWord()
    return (word.roles, word)
  }

  /// `\\uHHHH\\uHHHH` in either case, the two characters of 密码 as JSON may escape them.
  private func endsEscaped() -> Bool {
    let escaped: StaticString = "\\u5bc6\\u7801"
    guard place - start >= 12 else { return false }
    return escaped.withUTF8Buffer { text in
      text.indices.allSatisfy { bytes[place - 12 + $0] | 0x20 == text[$0] | 0x20 }
    }
  }

  /// The word of letters, or the number, that ends here. Moves in front of it.
  private mutating func asciiWord() -> NameWord {
    let end = place
    let isNumber = isDigit(bytes[end - 1])
    while let byte = last, isNumber ? isDigit(byte) : isLetter(byte), end - place <= 16 {
      if place < end, !isNumber {
        let next = bytes[place]
        // userPIN: the capitals end where a small letter stands in front of them.
        if !NameReader.isUpper(byte), NameReader.isUpper(next) { break }
        // PINCode: the capital in front of small letters belongs to them, the one before it does not.
        let isHead =
          place + 1 < end && NameReader.isUpper(next) && isLetter(bytes[place + 1])
          && !NameReader.isUpper(bytes[place + 1])
        if isHead, NameReader.isUpper(byte) { break }
      }
      place -= 1
    }
    guard end - place <= 16 else { return .long }
    var packed: UInt64 = 0
    // `\npin`: the letter of an escaped line feed is no part of the word.
    var index = place
    if !isNumber, last == UInt8(ascii: "\\"), end - place > 1,
      bytes[place] == UInt8(ascii: "n") || bytes[place] == UInt8(ascii: "t")
        || bytes[place] == UInt8(ascii: "r")
    {
      index += 1
    }
    while index < end {
      packed = packed &<< 8 | UInt64(bytes[index] | 0x20)
      index &+= 1
    }
    return NameWord(packed: packed, isNumber: isNumber)
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}
