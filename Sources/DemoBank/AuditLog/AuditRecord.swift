#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One record of an invented audit log (审计记录): when, what, who, on what, with which result.
struct AuditRecord: Sendable, Hashable {
  var number: Int
  var time: String
  var type: String
  var subject: String
  var object: String
  var result: String
  /// Hexadecimal.
  var value = ""

  /// The line of the log file. No text of a demo record needs an escape.
  var line: String {
    """
    {"seq":\(number),"ts":"\(time)","type":"\(type)","subject":"\(subject)","object":"\(object)",\
    "result":"\(result)","mac":"\(value)"}

    """
  }

  /// What the value is computed over: the fields with a bar between them.
  var canonical: String { "\(number)|\(time)|\(type)|\(subject)|\(object)|\(result)" }

  private static let count = 24
  private static let interval = 1800.0

  private static let events: [(type: String, subject: String, object: String, result: String)] = [
    ("login", "teller-01", "terminal-07", "success"),
    ("transfer", "teller-01", "account-1007", "success"),
    ("login", "teller-02", "terminal-03", "failure"),
    ("login", "teller-02", "terminal-03", "success"),
    ("user-change", "dba-01", "role-teller", "success"),
    ("enquiry", "teller-02", "account-2044", "success"),
    ("privilege-change", "ops-01", "schema-ledger", "failure"),
    ("logout", "teller-01", "terminal-07", "success"),
  ]

  /// The records of the last half day, the newest ten minutes old.
  static func all(before now: Double) -> [AuditRecord] {
    (0..<count).map { index in
      let event = events[index % events.count]
      let seconds = now - 600 - Double(count - 1 - index) * interval
      return AuditRecord(
        number: index + 1, time: time(seconds), type: event.type, subject: event.subject,
        object: event.object, result: event.result)
    }
  }

  /// In Asia/Shanghai, which has kept UTC+8 without summer time since 1992.
  private static func time(_ seconds: Double) -> String {
    var moment = DemoDays.whole(seconds + 8 * 3600)
    var parts = tm()
    guard gmtime_r(&moment, &parts) != nil else { return "1970-01-01T08:00:00+08:00" }
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-"
      + "\(digits(parts.tm_mday, 2))T\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):"
      + "\(digits(parts.tm_sec, 2))+08:00"
  }

  /// Makes a transfer one of another account, and a change of rights disappear.
  static func tamper(_ records: inout [AuditRecord]) {
    if records.indices.contains(9) { records[9].object = "account-9931" }
    if records.indices.contains(14) { records.remove(at: 14) }
  }
}
