extension NameReader {
  /// No name has more words.
  private static let maximumWords = 8

  /// What the name in front of the value says.
  mutating func meaning(_ value: FieldName.Value) -> FieldName? {
    let link = skipSeparator()
    guard place > start else { return nil }
    if value == .digits, place > start + 1, !mayEndName() { return nil }
    switch value {
    case .digits: return meaningOfDigits(link)
    case .bytes: return meaningOfBytes(link)
    }
  }

  /// A quick look at the last two letters: most numbers have names of other kinds.
  @inline(__always)
  private func mayEndName() -> Bool {
    let (first, second) = (bytes[place - 2], bytes[place - 1])
    guard isLetter(second) else { return true }
    // Behind another letter case and all are as good; behind a mark the word is one letter.
    return !isLetter(first) || NameVocabulary.digitEndings[NameVocabulary.ending(first, second)]
  }

  // MARK: Digits

  /// Whether the words in front name a PIN, from the last on: words that only say "the value", then the word.
  mutating func meaningOfDigits(_ link: Link) -> FieldName? {
    guard link != .listed || isListed() else { return nil }
    var isJoined = link == .joined || link == .listed
    var passed = 0
    for _ in 0..<NameReader.maximumWords {
      let wasFirst = passed == 0
      guard let (roles, word) = nextWord() else { return nil }
      if roles.contains(.pin) {
        if isJoined { return .pin }
        // Spoken: 密码 says it alone, pin does with another word that says so.
        if roles == .pin, word == .none { return .pin }
        if link == .none { return nil }
        if !wasFirst || ends(0x2D2D, 2, at: place) { return .pin }
        skipJoint(false)
        return nextWord()?.roles.contains(.spoken) == true ? .pin : nil
      }
      passed += 1
      if roles.contains(.value) {
        // `"value": "1234"`, `Optional(1234)`: the name stands in front of it.
        let inner = skipSeparator()
        if inner == .listed || inner == .joined {
          guard let byte = last, !isDigit(byte) else { return nil }
          isJoined = true
          continue
        }
      }
      guard !roles.isDisjoint(with: [.tail, .mark, .value]) || isIndex(word) else { return nil }
      if roles.contains(.link) { isJoined = true }
      skipJoint(false)
    }
    return nil
  }

  /// `pin2`, `pin_2`, `pin[12]`.
  private func isIndex(_ word: NameWord) -> Bool {
    guard let number = word.number, number < 100, let byte = last else { return false }
    return isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "[")
      || byte == UInt8(ascii: "(")
  }

  /// A list of two: both in quotes, or the name first in brackets.
  private func isListed() -> Bool {
    guard let byte = last, isLetter(byte) || byte >= 0x80 else { return false }
    if place < bytes.count, "\"'".utf8.contains(bytes[place]) { return true }
    let head = bytes[start..<place].lastIndex { !(isLetter($0) || isDigit($0) || $0 == 0x5F) }
    return head.map { bytes[$0] == UInt8(ascii: "(") } ?? false
  }

  mutating func isSpokenPIN() -> Bool {
    let link = skipSeparator()
    guard link == .none || link == .spoken, let (roles, word) = nextWord() else { return false }
    return roles.contains(.pin) && (link == .spoken || word == .none)
  }

  mutating func isPINItself() -> Bool {
    _ = skipSeparator()
    for _ in 0..<4 {
      guard let (roles, word) = nextWord() else { return false }
      if roles.contains(.pinItself) { return true }
      guard roles.contains(.tail) || (word.number ?? 100) < 100 else { return false }
      skipJoint(false)
    }
    return false
  }

  mutating func isOtherNumber() -> Bool {
    _ = skipSeparator()
    for _ in 0..<3 {
      guard let (roles, _) = nextWord() else { return false }
      if roles.contains(.otherNumber) { return true }
      skipJoint(false)
    }
    return false
  }

  // MARK: Bytes

  /// Whether the words in front name a PIN block or a key, from the last on.
  mutating func meaningOfBytes(_ link: Link) -> FieldName? {
    var seen: NameRoles = []
    var number: (value: FieldName, isSure: Bool)?
    // Whether the number of a data element stands right behind.
    var isPending = false
    var isFirst = true
    var isBehindLength = false
    for _ in 0..<NameReader.maximumWords {
      let end = place
      guard let (roles, word) = nextWord() else { break }
      if roles.contains(.pinBlock) || (roles.contains(.pin) && !seen.isDisjoint(with: .ofBlock)) {
        if !seen.contains(.key) { return .pinBlock }
      } else if roles.contains(.pin), !seen.contains(.key) {
        return link == .none && word != .none ? nil : .pin
      }
      // One letter behind a digit is half of a byte.
      if isLetterOfByte(end) { break }
      if isPending, let number {
        if roles.contains(.element) { return number.value }
        isPending = roles.contains(.identifier)
        if isPending, seen.contains(.value) { return number.value }
        if isPending {
          skipJoint(true)
          continue
        }
      }
      if roles.contains(.under) { seen.remove(.key) }
      if word.isNumber {
        guard let digits = word.number else { break }
        if number == nil, let element = NameReader.element(digits) {
          // `52域`
          if seen.contains(.wideElement) { return element }
          let isSure =
            (isBehindLength && isListHead(endingAt: end))
            || isElement(word, endingAt: end, link, isFirst: isFirst)
          number = (element, isSure)
          isPending = true
        }
        // `52,8,…`: the length of the value in bytes or digits.
        isBehindLength = isFirst && (digits == 8 || digits == 16)
      } else if roles.isDisjoint(with: .inBytes) {
        break
      }
      seen.formUnion(roles)
      isFirst = false
      skipJoint(true)
    }
    if let number, number.isSure { return number.value }
    if seen.contains(.key) {
      return seen.isDisjoint(with: [.clear, .component]) ? .key : .clearKey
    }
    if seen.contains(.component) {
      return seen.isDisjoint(with: [.clear, .wideComponent]) ? .key : .clearKey
    }
    return nil
  }

  private func isLetterOfByte(_ end: Int) -> Bool {
    end - place == 1 && isLetter(bytes[place]) && last.map { isDigit($0) } == true
  }

  private static func element(_ number: Int) -> FieldName? {
    switch number {
    case 52: .pinBlock
    case 63: .privateData
    default: nil
    }
  }

  /// Whether `52` or `063` alone is the name of a field: written with three digits, in quotes or brackets, or in front
  /// of an equals sign; not the end of a time or of another number.
  private func isElement(
    _ word: NameWord, endingAt end: Int, _ link: Link, isFirst: Bool
  ) -> Bool {
    guard let before = last else { return word.isPadded || link == .joined }
    let behind = end < bytes.count ? bytes[end] : 0
    switch before {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "["), UInt8(ascii: "("),
      UInt8(ascii: "{"), UInt8(ascii: "<"):
      return true
    case UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, 0x01:
      return word.isPadded || behind == UInt8(ascii: "=") || place - start < 4
    case UInt8(ascii: " "), UInt8(ascii: "#"), 0x0A:
      return word.isPadded || behind == UInt8(ascii: "=")
        || (isFirst && link == .joined && isAlone())
    case 0x80...: return wideWord().roles.contains(.mark)
    default: return false
    }
  }

  /// Whether the number that was just read stands in front of a comma or a bar, and is no part of a word or a number.
  private func isListHead(endingAt end: Int) -> Bool {
    guard end < bytes.count, bytes[end] == UInt8(ascii: ",") || bytes[end] == UInt8(ascii: "|")
    else { return false }
    return last.map { " ,|[(\"".utf8.contains($0) } ?? true
  }

  /// Whether nothing but a mark stands in front of the spaces here, or a number: no word that the number belongs to.
  private func isAlone() -> Bool {
    guard let byte = bytes[start..<place].last(where: { $0 != UInt8(ascii: " ") }) else {
      return true
    }
    return !isLetter(byte) && byte < 0x80
  }
}

extension NameRoles {
  /// Make a PIN block of what they stand behind the word pin of.
  fileprivate static let ofBlock: NameRoles = [.block, .cipher, .element]
  /// May be in the name of a block or a key.
  fileprivate static let inBytes: NameRoles = [
    .block, .cipher, .key, .clear, .component, .under, .element, .blockTail, .value, .mark, .link,
    .pin, .pinBlock,
  ]
}
