import AssessmentModel
import Gating
import Testing

@Suite("Waivers")
struct WaiverTests {
  @Test(
    "First and last day count in full",
    arguments: [
      ("2026-11-30", "not-yet", 1), ("2026-12-01", "in-force", 0), ("2026-12-15", "in-force", 0),
      ("2026-12-31", "in-force", 0), ("2027-01-01", "expired", 1), ("2026-02-28", "not-yet", 1),
    ])
  func days(today: String, state: String, code: Int) {
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.2", state: .open)],
      waivers: [waiver("W-1", code: "7.2", from: "2026-12-01", to: "2026-12-31")], today: today)
    #expect(outcome.waivers.map(\.state) == [state])
    #expect(outcome.summary.exitCode == code)
    #expect(outcome.highRisk.map(\.waiver) == [code == 0 ? "W-1" : nil])
    #expect(outcome.summary.reason.en.contains("W-1") == (state == "expired"))
    #expect(outcome.summary.reason.zh.contains("W-1") == (state == "expired"))
  }

  @Test("A waiver of a single day holds on that day alone")
  func singleDay() {
    let states = ["2026-12-02", "2026-12-03", "2026-12-04"].map { today in
      gate(
        .default, findings: [], highRisk: [hit("7.2", state: .open)],
        waivers: [waiver("W-1", code: "7.2", from: "2026-12-03", to: "2026-12-03")], today: today
      ).waivers.map(\.state)
    }
    #expect(states == [["not-yet"], ["in-force"], ["expired"]])
  }

  @Test(
    "Every selector that is given must match",
    arguments: [
      (waiver("W", code: "7.2"), true), (waiver("W", unit: "net.conf"), true),
      (waiver("W", object: "gw-01"), true), (waiver("W", fingerprint: "f-7.2"), true),
      (waiver("W", code: "7.2", unit: "net.conf", object: "gw-01", fingerprint: "f-7.2"), true),
      (waiver("W", code: "7.1"), false), (waiver("W", unit: "net.int"), false),
      (waiver("W", object: "gw-02"), false), (waiver("W", fingerprint: "f-7.1"), false),
      (waiver("W", code: "7.2", object: "gw-02"), false),
      (waiver("W", code: "7.2", unit: "net.int"), false),
      (waiver("W", code: "7.2", fingerprint: "x"), false),
      (waiver("W", requirement: "L3-7.2.2.4-e"), false),
      (waiver("W", code: "7.2", requirement: "L3-7.2.2.4-e"), false),
    ] as [(Waiver, Bool)])
  func selectors(waiver: Waiver, matches: Bool) {
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.2", state: .open)], waivers: [waiver],
      today: "2026-12-03")
    #expect(outcome.waivers.map(\.state) == [matches ? "in-force" : "unmatched"])
    #expect(outcome.waivers.map(\.hits) == [matches ? ["f-7.2"] : []])
    #expect(outcome.summary.exitCode == (matches ? 0 : 1))
  }

  @Test("An expired waiver covers nothing, and is named while its hit is open")
  func expiredInUse() {
    let old = waiver("W-old", code: "7.2", to: "2026-12-02")
    let other = waiver("W-other", code: "9.9", to: "2026-12-02")
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.2", state: .open)], waivers: [old, other],
      today: "2026-12-03")
    #expect(outcome.summary.exitCode == 1)
    #expect(outcome.waivers.map(\.state) == ["expired", "expired"])
    #expect(outcome.summary.reason.en.hasSuffix("; expired waivers: W-old"))
    #expect(outcome.summary.reason.zh.hasSuffix("；已过期的豁免：W-old"))
  }

  @Test(
    "A renewed waiver takes the place of the expired one, in either order",
    arguments: [true, false])
  func renewed(isOldFirst: Bool) {
    let old = waiver("W-old", code: "7.2", to: "2026-12-02")
    let new = waiver("W-new", code: "7.2")
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.2", state: .open)],
      waivers: isOldFirst ? [old, new] : [new, old], today: "2026-12-03")
    #expect(outcome.summary.exitCode == 0)
    #expect(outcome.highRisk.map(\.waiver) == ["W-new"])
    #expect(outcome.summary.reason.en == "met")
  }

  @Test("An expired waiver of a hit that does not count is no cause for a warning")
  func expiredUnneeded() {
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.2", state: .rejected)],
      waivers: [waiver("W-old", code: "7.2", to: "2026-12-02")], today: "2026-12-03")
    #expect(outcome.summary.exitCode == 0)
    #expect(outcome.summary.reason.en == "met")
  }

  @Test("Of two waivers in force the first in the file is the one on record")
  func firstWins() {
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.2", state: .open)],
      waivers: [waiver("W-1", unit: "net.conf"), waiver("W-2", code: "7.2")], today: "2026-12-03")
    #expect(outcome.highRisk.map(\.waiver) == ["W-1"])
    #expect(outcome.waivers.map(\.state) == ["in-force", "in-force"])
  }
}
