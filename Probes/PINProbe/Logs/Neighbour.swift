/// Whether the digits right behind an account number read as a PIN when nothing else is known (相邻数字判别).
///
/// Behind a space, a slash or a colon only: a comma or a bar separates the columns of a table, and there any
/// number may follow. What reads as a date, a moment, an expiry or a padded amount is none.
enum Neighbour {
  /// A time stamp of 14 digits has a valid check digit once in ten; no account number here begins like one.
  static func mayBePAN(first: UInt8) -> Bool {
    first >= UInt8(ascii: "2") && first <= UInt8(ascii: "9")
  }

  static func isPIN(_ digits: UnsafeRawBufferPointer, behind separator: UInt8) -> Bool {
    guard
      separator == UInt8(ascii: " ") || separator == UInt8(ascii: "/")
        || separator == UInt8(ascii: ":")
    else { return false }
    switch digits.count {
    case 4:
      // An expiry, month and year in either order.
      let (first, second) = (number(digits, 0, 2), number(digits, 2, 2))
      return !(isMonth(first) && isYear(second)) && !(isYear(first) && isMonth(second))
        && first != 19 && first != 20
    case 6:
      return !(isYear(number(digits, 0, 2)) && isMonth(number(digits, 2, 2))
        && (1...31).contains(number(digits, 4, 2)))
    case 8: return !isDate(digits)
    case 10: return !(digits[0] == UInt8(ascii: "1") && (5...9).contains(number(digits, 1, 1)))
    case 11: return !(digits[0] == UInt8(ascii: "1") && number(digits, 1, 1) >= 3)
    case 12: return !isDate(digits) && number(digits, 0, 3) != 0
    default: return (4...12).contains(digits.count)
    }
  }

  private static func isDate(_ digits: UnsafeRawBufferPointer) -> Bool {
    (19...20).contains(number(digits, 0, 2)) && isMonth(number(digits, 4, 2))
  }

  private static func isMonth(_ value: Int) -> Bool { (1...12).contains(value) }
  private static func isYear(_ value: Int) -> Bool { (20...49).contains(value) }

  private static func number(_ digits: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int {
    digits[start..<start + count].reduce(0) { $0 * 10 + Int($1 & 15) }
  }
}
