/// A moment in time, to the nanosecond.
struct Instant: Sendable, Hashable, Comparable {
  /// Since 1970-01-01T00:00:00Z.
  var seconds: Int
  /// 0 to 999 999 999.
  var nanoseconds: Int

  static func < (first: Instant, second: Instant) -> Bool {
    first.seconds != second.seconds
      ? first.seconds < second.seconds : first.nanoseconds < second.nanoseconds
  }

  /// The moment `milliseconds` (not negative) later.
  func later(byMilliseconds milliseconds: Int) -> Instant {
    let nanoseconds = nanoseconds + milliseconds % 1000 * 1_000_000
    return Instant(
      seconds: seconds + milliseconds / 1000 + nanoseconds / 1_000_000_000,
      nanoseconds: nanoseconds % 1_000_000_000)
  }
}

/// A time text as read: the moment, and whether the text itself said its zone.
struct TimeText: Sendable, Hashable {
  /// As if the text were UTC when it names no zone.
  var instant: Instant
  var hasZone: Bool
}

extension TimeText {
  /// ISO 8601 date and time, `YYYY-MM-DDThh:mm:ss[.f][Z|±hh[:mm]]`, a blank for the T allowed; nil for
  /// anything else. A leap second counts as the first second after it.
  init?(iso text: Span<UInt8>) {
    guard text.count >= 19, text.count <= 64, text[4] == 0x2D, text[7] == 0x2D,
      text[10] == 0x54 || text[10] == 0x20 || text[10] == 0x74, text[13] == 0x3A,
      text[16] == 0x3A,
      let high = TimeText.pair(text, 0), let low = TimeText.pair(text, 2),
      let month = TimeText.pair(text, 5), let day = TimeText.pair(text, 8),
      let hour = TimeText.pair(text, 11), let minute = TimeText.pair(text, 14),
      let second = TimeText.pair(text, 17)
    else { return nil }
    let year = high * 100 + low
    guard (1...12).contains(month), day >= 1, day <= TimeText.days(month, of: year), hour <= 23,
      minute <= 59, second <= 60
    else { return nil }
    var at = 19
    var nanoseconds = 0
    if at < text.count, text[at] == 0x2E || text[at] == 0x2C {
      at += 1
      let start = at
      var scale = 100_000_000
      while at < text.count, let digit = TimeText.digit(text[at]) {
        nanoseconds += digit * scale
        scale /= 10
        at += 1
      }
      guard at > start else { return nil }
    }
    guard let zone = TimeText.zone(text, from: at) else { return nil }
    let dayNumber = TimeText.dayNumber(year: year, month: month, day: day)
    instant = Instant(
      seconds: dayNumber * 86_400 + hour * 3600 + minute * 60 + second - (zone.offset ?? 0),
      nanoseconds: nanoseconds)
    hasZone = zone.offset != nil
  }

  /// A decimal count since 1970, `perSecond` of them a second; seconds may have a fraction.
  init?(epoch text: Span<UInt8>, perSecond: Int) {
    var at = 0
    let isNegative = text.count > 0 && text[0] == 0x2D
    if isNegative { at = 1 }
    let start = at
    var count = 0
    while at < text.count, let digit = TimeText.digit(text[at]) {
      guard at - start < 17 else { return nil }
      count = count * 10 + digit
      at += 1
    }
    guard at > start else { return nil }
    var nanoseconds = 0
    if at < text.count, text[at] == 0x2E, perSecond == 1, !isNegative {
      at += 1
      var scale = 100_000_000
      while at < text.count, let digit = TimeText.digit(text[at]) {
        nanoseconds += digit * scale
        scale /= 10
        at += 1
      }
    }
    guard at == text.count else { return nil }
    if isNegative { count = -count }
    let seconds = count >= 0 ? count / perSecond : -((perSecond - 1 - count) / perSecond)
    instant = Instant(
      seconds: seconds,
      nanoseconds: nanoseconds + (count - seconds * perSecond) * (1_000_000_000 / perSecond))
    hasZone = true
  }

  /// Seconds east of UTC of a zone as a model writes it: `Z`, `UTC`, `+08:00`, `Asia/Shanghai`.
  static func zoneOffset(_ name: String) -> Int? {
    switch name {
    case "UTC": return 0
    case "Asia/Shanghai": return 8 * 3600
    default:
      let bytes = Array(name.utf8)
      return zone(bytes.span, from: 0)?.offset
    }
  }

  /// nil when what stands there is no zone; an offset of nil when nothing stands there.
  private static func zone(_ text: Span<UInt8>, from start: Int) -> (offset: Int?, Void)? {
    guard start < text.count else { return (nil, ()) }
    let sign = text[start]
    if sign == 0x5A || sign == 0x7A { return text.count == start + 1 ? (0, ()) : nil }
    guard sign == 0x2B || sign == 0x2D, let hours = pair(text, start + 1), hours <= 23 else {
      return nil
    }
    var minutes = 0
    let next = start + 3
    if next < text.count {
      let digits = text[next] == 0x3A ? next + 1 : next
      guard let value = pair(text, digits), value <= 59, text.count == digits + 2 else {
        return nil
      }
      minutes = value
    }
    let offset = hours * 3600 + minutes * 60
    return (sign == 0x2D ? -offset : offset, ())
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
  }

  private static func pair(_ text: Span<UInt8>, _ at: Int) -> Int? {
    guard at + 1 < text.count, let high = digit(text[at]), let low = digit(text[at + 1]) else {
      return nil
    }
    return high * 10 + low
  }

  private static func days(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// Days since 1970-01-01. Years are counted from March, so that the leap day is their last.
  private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
