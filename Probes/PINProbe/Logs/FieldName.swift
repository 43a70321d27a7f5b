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

  /// What stands behind the name. A few decimal digits are easily a number of another kind, so that their name must
  /// be close; a block or a key may stand further from it.
  enum Value { case digits, bytes }

  /// The name in front of the value that begins at `place`; `nil` when there is none or it says nothing of
  /// this kind. Nothing before `start` is looked at.
  static func before(
    _ place: Int, _ value: Value, from start: Int, in bytes: UnsafeRawBufferPointer
  ) -> FieldName? {
    var reader = NameReader(bytes: bytes, start: start, place: place)
    if let meaning = reader.meaning(value) { return meaning }
    var tag = NameReader(bytes: bytes, start: start, place: place)
    let isInside = value == .digits && place > start && bytes[place - 1] != UInt8(ascii: ">")
    // `<tag a="b">`, or `<field id="52" type="x" value="`.
    if !isInside, let meaning = tag.meaningOfTag(value) { return meaning }
    return NameReader(bytes: bytes, start: start, place: place).meaningOfTag(behind: value)
  }

  /// Whether a name in front of `value` that says it is a PIN does so by the word pin, under which blocks stand
  /// too; the other words are also used for what is derived from passwords.
  static func isPINItself(
    before value: Int, from start: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    var reader = NameReader(bytes: bytes, start: start, place: value)
    return reader.isPINItself()
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
  static func of(
    _ name: Range<Int>, _ value: Value, in bytes: UnsafeRawBufferPointer
  ) -> FieldName? {
    guard !name.isEmpty else { return nil }
    var reader = NameReader(bytes: bytes, start: name.lowerBound, place: name.upperBound)
    if bytes[name.upperBound - 1] == UInt8(ascii: ")") { reader.place -= 1 }
    return value == .digits ? reader.meaningOfDigits(.joined) : reader.meaningOfBytes(.joined)
  }
}
