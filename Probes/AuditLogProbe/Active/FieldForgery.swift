/// Small changes of field values that a reader may overlook (字段篡改).
enum FieldForgery {
  /// One character changed: a digit or letter into the next one, anything else into an `x`.
  static func oneCharacter(_ bytes: [UInt8], isTime: Bool) -> [UInt8] {
    var changed = bytes
    // The last digit of the seconds of an ISO text; elsewhere the last digit or letter.
    if isTime, bytes.count >= 19, isDigit(bytes[18]) {
      changed[18] = next(bytes[18])
      return changed
    }
    if let place = bytes.lastIndex(where: { isDigit($0) || isLetter($0) }) {
      changed[place] = next(bytes[place])
      return changed
    }
    return Array((String(decoding: bytes, as: UTF8.self).dropLast() + "x").utf8)
  }

  private static func next(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x39: 0x30
    case 0x5A: 0x41
    case 0x7A: 0x61
    default: byte + 1
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// The ASCII letters in the other case; nil when there are none.
  static func otherCase(_ bytes: [UInt8]) -> [UInt8]? {
    let changed = bytes.map { isLetter($0) ? $0 ^ 0x20 : $0 }
    return changed == bytes ? nil : changed
  }

  /// A letter with its mark as two characters (NFD) in place of one (NFC); nil when there is none of Latin-1.
  static func decomposed(_ text: String) -> [UInt8]? {
    var scalars = String.UnicodeScalarView()
    var isChanged = false
    for scalar in text.unicodeScalars {
      if !isChanged, let (base, mark) = parts(scalar) {
        scalars.append(base)
        scalars.append(mark)
        isChanged = true
      } else {
        scalars.append(scalar)
      }
    }
    return isChanged ? Array(String(scalars).utf8) : nil
  }

  /// U+00C0 to U+00FF: the base letter and the place of its mark in `marks`; a blank where nothing decomposes.
  private static let bases = Array(
    "AAAAAA CEEEEIIII NOOOOO  UUUUY  aaaaaa ceeeeiiii nooooo  uuuuy y".unicodeScalars)
  private static let places = Array(
    "012345 601240124 301234  01241  012345 601240124 301234  01241 4".utf8)
  private static let marks: [Unicode.Scalar] = [
    "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{308}", "\u{30A}", "\u{327}",
  ]

  private static func parts(_ scalar: Unicode.Scalar) -> (Unicode.Scalar, Unicode.Scalar)? {
    guard (0xC0...0xFF).contains(scalar.value) else { return nil }
    let index = Int(scalar.value - 0xC0)
    guard index < bases.count, index < places.count, bases[index] != " " else { return nil }
    let place = Int(places[index]) - 0x30
    return marks.indices.contains(place) ? (bases[index], marks[place]) : nil
  }

  /// The last character of the first text moved to the front of the second.
  static func shifted(_ first: [UInt8], _ second: [UInt8]) -> ([UInt8], [UInt8]) {
    let text = String(decoding: first, as: UTF8.self)
    let moved = text.unicodeScalars.suffix(1)
    return (
      Array(String(text.unicodeScalars.dropLast(1)).utf8),
      Array(String(moved).utf8) + second
    )
  }

  /// Two texts divided at another separator, so that both joined are the same bytes as before; nil when neither
  /// holds one.
  static func moved(
    _ first: [UInt8], _ second: [UInt8], separator: [UInt8]
  ) -> ([UInt8], [UInt8])? {
    if separator.isEmpty { return first.isEmpty ? nil : shifted(first, second) }
    let joined = first + separator + second
    for start in joined.indices
    where start != first.count && joined[start...].starts(with: separator) {
      return (Array(joined[..<start]), Array(joined[(start + separator.count)...]))
    }
    return nil
  }

  /// A time eight hours later in the same form; nil when it is not a time of the model's form.
  static func eightHoursLater(_ value: FieldValue, _ form: ClockRule.Form) -> EditedValue? {
    let perSecond =
      switch form {
      case .iso: 0
      case .seconds: 1
      case .milliseconds: 1000
      case .microseconds: 1_000_000
      }
    if perSecond > 0 {
      let parts = value.text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard let whole = parts.first.flatMap({ Int($0) }), abs(whole) < 1 << 60 else { return nil }
      let later = ([String(whole + 8 * 3600 * perSecond)] + parts.dropFirst().map(String.init))
        .joined(separator: ".")
      return EditedValue(Array(later.utf8), like: value)
    }
    guard TimeText(iso: value.bytes.span) != nil else { return nil }
    var bytes = value.bytes
    func number(_ range: Range<Int>) -> Int {
      range.reduce(0) { $0 * 10 + Int(bytes[$1]) - 0x30 }
    }
    func write(_ number: Int, _ range: Range<Int>) {
      var rest = number
      for index in range.reversed() {
        bytes[index] = UInt8(0x30 + rest % 10)
        rest /= 10
      }
    }
    var day = number(8..<10)
    var month = number(5..<7)
    var year = number(0..<4)
    var hour = number(11..<13) + 8
    if hour >= 24 {
      hour -= 24
      day += 1
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      if day > lengths[month - 1] { (day, month) = (1, month + 1) }
      if month > 12 { (month, year) = (1, year + 1) }
    }
    write(year % 10_000, 0..<4)
    write(month, 5..<7)
    write(day, 8..<10)
    write(hour, 11..<13)
    return .text(bytes)
  }

  /// The same time of day under another zone; nil when the text names none.
  static func otherZone(_ value: FieldValue) -> EditedValue? {
    guard value.kind == .text, let time = TimeText(iso: value.bytes.span), time.hasZone else {
      return nil
    }
    if let last = value.bytes.last, last == 0x5A || last == 0x7A {
      return .text(value.bytes.dropLast() + Array("+08:00".utf8))
    }
    guard let sign = value.bytes.lastIndex(where: { $0 == 0x2B || $0 == 0x2D }), sign >= 19 else {
      return nil
    }
    return .text(Array(value.bytes[..<sign]) + [0x5A])
  }
}
