import AssessmentModel
import Foundation
import Settings
import Testing

@Suite("Authorisation")
struct AuthorisingTests {
  private static func authorisation(_ zone: String) -> Scope.Authorisation {
    Scope.Authorisation(
      document: "授权书", from: "2026-12-01", to: "2026-12-31", targets: [], timezone: zone)
  }

  /// Seconds since 1970 of a moment in UTC.
  private static func moment(_ text: String) throws -> Double {
    try Date(text, strategy: .iso8601).timeIntervalSince1970
  }

  @Test(
    "both days count in full in the authorisation's time zone",
    arguments: [
      ("Asia/Shanghai", "2026-11-30T16:00:00Z", "2026-12-31T16:00:00Z"),
      ("UTC", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
      ("America/New_York", "2026-12-01T05:00:00Z", "2027-01-01T05:00:00Z"),
      ("Asia/Kathmandu", "2026-11-30T18:15:00Z", "2026-12-31T18:15:00Z"),
      ("Pacific/Kiritimati", "2026-11-30T10:00:00Z", "2026-12-31T10:00:00Z"),
    ])
  func borders(zone: String, first: String, after: String) throws {
    let authorisation = Self.authorisation(zone)
    let begin = try Self.moment(first)
    let end = try Self.moment(after)
    #expect(AuthorisedPeriod.refusal(authorisation, now: begin - 1)?.contains("begins") == true)
    #expect(AuthorisedPeriod.refusal(authorisation, now: begin) == nil)
    #expect(AuthorisedPeriod.refusal(authorisation, now: end - 1) == nil)
    #expect(AuthorisedPeriod.refusal(authorisation, now: end)?.contains("ended") == true)
    #expect(AuthorisedPeriod.today(at: begin, timezone: zone).description == "2026-12-01")
    #expect(AuthorisedPeriod.today(at: end - 1, timezone: zone).description == "2026-12-31")
  }

  @Test("a day that changes its length is one day like any other")
  func summerTime() throws {
    var authorisation = Self.authorisation("Europe/Berlin")
    authorisation.from = "2026-03-29"
    authorisation.to = "2026-03-29"
    #expect(
      AuthorisedPeriod.refusal(authorisation, now: try Self.moment("2026-03-28T23:00:00Z")) == nil)
    #expect(
      AuthorisedPeriod.refusal(authorisation, now: try Self.moment("2026-03-29T21:59:59Z")) == nil)
    #expect(
      AuthorisedPeriod.refusal(authorisation, now: try Self.moment("2026-03-29T22:00:00Z")) != nil)
  }

  @Test("an authorisation that cannot be read permits nothing")
  func unreadable() {
    var authorisation = Self.authorisation("Mars/Olympus")
    #expect(AuthorisedPeriod.refusal(authorisation, now: 1_796_000_000) != nil)
    authorisation = Self.authorisation("UTC")
    authorisation.to = "later"
    #expect(AuthorisedPeriod.refusal(authorisation, now: 1_796_000_000) != nil)
  }

  @Test(
    "days are read strictly",
    arguments: [
      ("2026-12-01", true), ("2024-02-29", true), ("2000-02-29", true), ("1900-02-29", false),
      ("2026-02-29", false), ("2026-04-31", false), ("2026-00-10", false), ("2026-13-01", false),
      ("2026-12-00", false), ("0000-01-01", false), ("26-12-01", false), ("2026-1-01", false),
      ("2026-12-01T00:00", false), ("+026-12-01", false), ("٢٠٢٦-12-01", false), ("", false),
      ("--", false), ("2026-12--1", false),
    ])
  func days(text: String, isDay: Bool) {
    #expect((CalendarDay(text) != nil) == isDay)
    #expect(CalendarDay(text).map(\.description) == (isDay ? text : nil))
  }

  @Test("days are in the order of time")
  func order() throws {
    let days = try ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"].map {
      try #require(CalendarDay($0))
    }
    #expect(days.shuffled().sorted() == days)
  }

  @Test(
    "addresses are inside their block and nothing else is",
    arguments: [
      (
        "10.1.0.0/16", ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3"],
        ["10.2.0.0", "10.0.255.255", "::ffff:10.2.0.0", "::10.1.0.1"]
      ),
      ("10.1.2.3", ["10.1.2.3"], ["10.1.2.4", "10.1.2.30"]),
      ("10.1.2.3/31", ["10.1.2.2", "10.1.2.3"], ["10.1.2.1", "10.1.2.4"]),
      ("0.0.0.0/0", ["255.255.255.255"], ["::1", "2001:db8::1"]),
      (
        "fd00:1::/32", ["fd00:1::1", "fd00:1:ffff::"], ["fd00:2::", "10.0.0.1", "::ffff:10.0.0.1"]
      ),
      ("::1/128", ["::1", "0:0:0:0:0:0:0:1"], ["::2", "127.0.0.1"]),
      ("::ffff:10.1.0.0/112", ["10.1.0.0", "10.1.255.255"], ["10.2.0.0", "::1"]),
      ("::/0", ["::1", "2001:db8::1"], ["10.0.0.1", "::ffff:10.0.0.1"]),
    ] as [(String, [String], [String])])
  func blocks(block: String, inside: [String], outside: [String]) {
    let targets = AuthorisedTargets([block])
    for address in inside { #expect(targets.contains(address: address), "\(address)") }
    for address in outside { #expect(!targets.contains(address: address), "\(address)") }
    for noAddress in ["", "10.1", "010.1.2.3", "10.1.2.3 ", "10.1.2.3\u{0}x", "localhost"] {
      #expect(!targets.contains(address: noAddress), "\(noAddress)")
    }
  }

  @Test("names are exact, in either case, and say nothing about addresses")
  func names() {
    let targets = AuthorisedTargets(["Pay.Bank.Example", "10.1.0.0/16"])
    #expect(targets.names("pay.bank.example") && targets.names("PAY.bank.EXAMPLE"))
    #expect(!targets.names("bank.example") && !targets.names("x.pay.bank.example"))
    #expect(!targets.names("10.1.2.3") && !targets.contains(address: "pay.bank.example"))
    #expect(!AuthorisedTargets([]).contains(address: "127.0.0.1"))
    #expect(AuthorisedTargets.loopback.contains(address: "127.9.9.9"))
    #expect(AuthorisedTargets.loopback.contains(address: "::1"))
    #expect(!AuthorisedTargets.loopback.contains(address: "128.0.0.1"))
  }

  @Test(
    "what is neither a block nor a name is refused",
    arguments: [
      "", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/", "10.1.0.0/1x", "10.1.0", "1.2.3.4.5",
      "256.0.0.1",
      "fd00::/129", "fd00:::/8", "::g", "*.bank.example", "pay bank", "支付.example", "a_b",
      "http://x",
      "pay.bank.example:443", "10.0.0.1-10.0.0.9", "a\u{0}b", String(repeating: "a", count: 254),
    ])
  func refused(text: String) {
    guard case .failure(let refusal) = AuthorisedTarget.parse(text) else {
      Issue.record("\(text) was taken for a target")
      return
    }
    #expect(!refusal.reason.isEmpty)
    #expect(!AuthorisedTargets([text]).names(text))
  }
}
