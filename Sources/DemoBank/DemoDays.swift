#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The days that the bank's papers name, counted from one instant, so that the demo is valid whenever it runs.
struct DemoDays: Sendable {
  /// Seconds since 1970.
  let now: Double

  static let day = 86_400.0

  /// The day `offset` days from now in Asia/Shanghai, where the bank is, `YYYY-MM-DD`.
  func day(_ offset: Int) -> String {
    // China has kept UTC+8 without summer time since 1992.
    var seconds = Self.whole(now + Double(offset) * Self.day + 8 * 3600)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "1970-01-01" }
    return digits(Int(parts.tm_year) + 1900, 4) + "-" + digits(Int(parts.tm_mon) + 1, 2) + "-"
      + digits(Int(parts.tm_mday), 2)
  }

  /// Whole seconds, kept between the years 1970 and 9999.
  static func whole(_ seconds: Double) -> Int {
    seconds.isFinite ? Int(min(max(seconds, 0), 253_402_300_799)) : 0
  }

  private func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
