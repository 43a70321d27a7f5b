/// Whether the digits right behind an account number read as a PIN when nothing else is known (相邻数字判别).
///
/// Behind spaces, a slash or a colon only: a comma or a bar separates the columns of a table, and there any
/// number may follow. What reads as a date, an expiry, a telephone, a padded number or an amount is none.
enum Neighbour {
  /// Whether `account` is one by its range, and its name does not say that it is another number.
  static func mayBePAN(
    _ pan: PAN, _ account: Range<Int>, from start: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    AccountRange.contains(pan)
      && !FieldName.isOtherNumber(before: account.lowerBound, from: start, in: bytes)
  }

  static func isPIN(
    _ run: Range<Int>, behind account: Range<Int>, end: Int, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    let marks = bytes[account.upperBound..<run.lowerBound]
    let isMark: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
    guard marks.allSatisfy({ $0 == UInt8(ascii: " ") || isMark($0) }),
      marks.count(where: isMark) < 2,
      !isFollowedByUnit(run.upperBound, end, bytes)
    else { return false }
    let digits = UnsafeRawBufferPointer(rebasing: bytes[run])
    // Counters and amounts are padded.
    if digits.count > 6, number(digits, 0, 3) == 0 { return false }
    switch digits.count {
    case 4:
      // An expiry, month and year in either order, or a year.
      let (first, second) = (number(digits, 0, 2), number(digits, 2, 2))
      return !(isMonth(first) && isYear(second)) && !(isYear(first) && isMonth(second))
        && first != 19 && first != 20
    case 6:
      let isDay =
        isYear(number(digits, 0, 2)) && isMonth(number(digits, 2, 2))
        && (1...31).contains(number(digits, 4, 2))
      return !isDay && !isMonthOfYear(digits) && number(digits, 0, 3) != 0
    case 8: return !isDate(digits)
    case 10: return !(digits[0] == UInt8(ascii: "1") && (5...9).contains(number(digits, 1, 1)))
    case 11: return !(digits[0] == UInt8(ascii: "1") && number(digits, 1, 1) >= 3)
    case 12: return !isDate(digits)
    default: return PIN.lengths.contains(digits.count)
    }
  }

  /// Units of amounts, times and counts: what stands in front of them is no PIN.
  private static let units: Set<String> = [
    "cny", "rmb", "usd", "eur", "hkd", "ms", "us", "ns", "s", "sec", "secs", "seconds", "minutes",
    "min",
    "days", "bytes", "times", "tps", "entries", "rows", "lines", "items", "records", "users",
    "pins",
    "requests", "calls",
  ]
  private static let wideUnits = ["元", "分", "次", "条", "个", "位", "秒", "毫", "天", "笔"]

  /// A currency or a unit of time: an amount or a duration; not the name of a field.
  static func isFollowedByUnit(
    _ place: Int, _ end: Int, _ bytes: UnsafeRawBufferPointer
  ) -> Bool {
    guard place < end, bytes[place] == UInt8(ascii: " ") || bytes[place] >= 0x80 else {
      return false
    }
    let rest = bytes[place..<min(place + 16, end)].drop { $0 == UInt8(ascii: " ") }
    guard let first = rest.first else { return false }
    if first >= 0x80 { return wideUnits.contains { rest.starts(with: $0.utf8) } }
    let word = rest.prefix { isLetter($0) }
    guard (1...8).contains(word.count), case let behind = rest.dropFirst(word.count).first ?? 0x20,
      behind != UInt8(ascii: "="), behind != UInt8(ascii: ":")
    else { return false }
    return units.contains(String(decoding: word.map { $0 | 0x20 }, as: UTF8.self))
  }

  private static func isDate(_ digits: UnsafeRawBufferPointer) -> Bool {
    (19...20).contains(number(digits, 0, 2)) && isMonth(number(digits, 4, 2))
  }

  /// `202612`.
  private static func isMonthOfYear(_ digits: UnsafeRawBufferPointer) -> Bool {
    number(digits, 0, 2) == 20 && isYear(number(digits, 2, 2)) && isMonth(number(digits, 4, 2))
  }

  private static func isMonth(_ value: Int) -> Bool { (1...12).contains(value) }
  private static func isYear(_ value: Int) -> Bool { (20...49).contains(value) }

  private static func number(_ digits: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int {
    digits[start..<start + count].reduce(0) { $0 * 10 + Int($1 & 15) }
  }
}
