/// Names that stand elsewhere than right in front of the value (标签中的字段名).
extension NameReader {
  /// The name in an XML tag, or of the braces, in front of the value.
  mutating func meaningOfTag(_ value: FieldName.Value) -> FieldName? {
    guard let byte = last else { return nil }
    if byte == UInt8(ascii: ">") {
      place -= 1
    } else {
      guard value == .bytes else { return nil }
      _ = skipSeparator()
      guard let (roles, word) = nextWord(), word != .none,
        !roles.isDisjoint(with: [.value, .blockTail, .clear])
      else { return nil }
      if let opening = openBracket(), bytes[opening] != UInt8(ascii: "<") {
        place = opening
        let isClear = roles.contains(.clear)
        let meaning = meaningOfBytes(.joined)
        return meaning == .key && isClear ? .clearKey : meaning
      }
    }
    return meaningOfAttributes(value)
  }

  /// In an XML tag, with the name behind the value: `<field value="…" id="52"/>`.
  func meaningOfTag(behind value: FieldName.Value) -> FieldName? {
    guard let quote = last, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return nil
    }
    var front = self
    _ = front.skipSeparator()
    guard let (roles, _) = front.nextWord(), roles.contains(.value),
      let opening = front.openBracket(), bytes[opening] == UInt8(ascii: "<")
    else { return nil }
    let limit = min(bytes.count, place + 192)
    guard let first = bytes[place..<limit].firstIndex(of: quote) else { return nil }
    var equals: Int?
    for index in first + 1..<max(first + 1, limit) {
      switch bytes[index] {
      case UInt8(ascii: ">"), UInt8(ascii: "<"), 0x0A: return nil
      case UInt8(ascii: "="): equals = index
      case quote:
        guard let sign = equals, index > sign + 1 else { continue }
        equals = nil
        var attribute = NameReader(bytes: bytes, start: first + 1, place: sign)
        guard attribute.nextWord()?.roles.contains(.identifier) == true else { continue }
        var name = NameReader(bytes: bytes, start: sign + 1, place: index)
        let found = value == .digits ? name.meaningOfDigits(.joined) : name.meaningOfBytes(.joined)
        if let found { return found }
      default: break
      }
    }
    return nil
  }

  /// The bracket around the value that is still open, at most 128 bytes in front.
  private func openBracket() -> Int? {
    var depth = 0
    var index = place
    let limit = max(start, place - 128)
    while index > limit {
      index -= 1
      switch bytes[index] {
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ">"): depth += 1
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "<"):
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  /// Within a tag: its name, or `id="52"`, `name="pin"` among its attributes.
  private mutating func meaningOfAttributes(_ value: FieldName.Value) -> FieldName? {
    let end = place
    let limit = max(start, place - 128)
    while place > limit, let byte = last, byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") {
      place -= 1
    }
    guard last == UInt8(ascii: "<") else { return nil }
    let first = place
    while place < end, place - first < 64, bytes[place] != UInt8(ascii: " ") { place += 1 }
    guard place > first, place < end else { return nil }
    // The ends of the tag's name and of the attributes' values.
    for index in place..<end
    where index == place || bytes[index] == UInt8(ascii: "\"") || bytes[index] == 0x27 {
      guard isDigit(bytes[index - 1]) || isLetter(bytes[index - 1]) else { continue }
      var name = NameReader(bytes: bytes, start: first, place: index)
      let found = value == .digits ? name.meaningOfDigits(.joined) : name.meaningOfBytes(.joined)
      if let found { return found }
    }
    return nil
  }
}
