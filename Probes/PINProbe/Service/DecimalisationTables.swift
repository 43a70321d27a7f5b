/// Decimalisation tables no service may use (小数化表), each with a PIN that verifies under it if it is used all the
/// same: fewer than eight different digits, or one more than four times.
struct DecimalisationTables {
  struct Open {
    var name: String
    var text: String
    var pin: PIN
    /// Whether the PIN verifies for certain where the table is used.
    var isCertain: Bool
  }

  private let table: [UInt8]
  private let pin: PIN
  /// The digits of the offset; none where it is not known.
  private let offset: [UInt8]

  /// - Parameters:
  ///   - table: 16 digits, under which `pin` verifies with `offset`.
  ///   - offset: digits, then F.
  init(table: String, pin: PIN, offset: String?) {
    self.table = Self.digits(table)
    self.pin = pin
    let digits = (offset ?? "").utf8.prefix { 0x30...0x39 ~= $0 }.map { $0 & 15 }
    self.offset = digits.count >= 4 ? Array(digits.prefix(pin.length)) : []
  }

  var open: [Open] {
    let few = fewDigits
    let many = oneDigitOften
    return [
      Open(
        name: "all entries zero", text: "0000000000000000", pin: pinUnderZeros,
        isCertain: !offset.isEmpty),
      Open(
        name: "seven different digits", text: Self.text(few ?? Self.digits("0123456012345601")),
        pin: pin, isCertain: few != nil),
      Open(
        name: "a digit five times", text: Self.text(many ?? Self.digits("0000012345678901")),
        pin: pin,
        isCertain: many != nil),
    ]
  }

  private static func digits(_ text: String) -> [UInt8] { text.utf8.map { $0 & 15 } }

  private static func text(_ digits: [UInt8]) -> String {
    String(decoding: digits.map { 0x30 | $0 }, as: UTF8.self)
  }

  /// Under zeros every natural PIN is zero, and the PIN is the offset.
  private var pinUnderZeros: PIN {
    let digits = offset + pin.digits.dropFirst(offset.count).map { $0 & 15 }
    return offset.isEmpty ? pin : PIN(Self.text(digits)) ?? pin
  }

  /// The digits of the account's natural PIN: entries with another digit may change without changing it.
  private var natural: Set<UInt8>? {
    guard !offset.isEmpty, table.count == 16 else { return nil }
    return Set(zip(pin.digits, offset).map { (($0 & 15) + 10 - $1) % 10 })
  }

  private var counts: [UInt8: Int] { Dictionary(table.map { ($0, 1) }, uniquingKeysWith: +) }

  /// Digits outside the natural PIN give way to others, none of which comes to stand five times.
  private var fewDigits: [UInt8]? {
    guard let natural else { return nil }
    var counts = counts
    let spare = counts.keys.filter { !natural.contains($0) }
      .sorted { (counts[$0] ?? 0, $0) < (counts[$1] ?? 0, $1) }
    var result = table
    for digit in spare where counts.count > 7 {
      counts[digit] = nil
      for place in result.indices where result[place] == digit {
        guard let least = counts.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
          return nil
        }
        result[place] = least.key
        counts[least.key] = least.value + 1
      }
    }
    return counts.count == 7 && counts.values.allSatisfy { $0 <= 4 } ? result : nil
  }

  /// One digit takes the places of others outside the natural PIN, at least eight of which stay.
  private var oneDigitOften: [UInt8]? {
    guard let natural else { return nil }
    var counts = counts
    var result = table
    guard let often = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
      return nil
    }
    while counts[often, default: 0] < 5 {
      let place = result.indices.filter { result[$0] != often && !natural.contains(result[$0]) }
        .max { (counts[result[$0]] ?? 0, $1) < (counts[result[$1]] ?? 0, $0) }
      guard let place else { return nil }
      let digit = result[place]
      counts[digit] = counts[digit, default: 1] > 1 ? counts[digit, default: 1] - 1 : nil
      result[place] = often
      counts[often, default: 0] += 1
    }
    return counts.count >= 8 ? result : nil
  }
}
