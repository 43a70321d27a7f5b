import AssessmentModel
import Gating
import Testing

@Suite("The gate")
struct GateTests {
  @Test(
    "Kind, open hits and open questions give the exit code; a certain failure outranks a gap",
    arguments: [
      (GateKind.default, 0, 0, 0), (.default, 0, 5, 0), (.default, 1, 0, 1), (.default, 2, 5, 1),
      (.complete, 0, 0, 0), (.complete, 0, 1, 3), (.complete, 1, 0, 1), (.complete, 1, 5, 1),
      (.none, 0, 0, 0), (.none, 3, 0, 0), (.none, 3, 5, 0),
    ])
  func codes(kind: GateKind, open: Int, missing: Int, code: Int) throws {
    let hits = (0..<open).map { hit("7.\($0)", state: .open) }
    let outcome = gate(
      kind, findings: findings(untested: missing), highRisk: hits, waivers: [], today: "2026-12-03")
    #expect(outcome.summary.exitCode == code)
    #expect(outcome.summary.kind == kind.rawValue)
    if code == 1 { #expect(outcome.summary.reason.en.contains("\(open) open high-risk hits")) }
    if code == 3 { #expect(outcome.summary.reason.zh.contains("\(missing) 项")) }
    #expect(outcome.highRisk == hits)
  }

  @Test(
    "Untested and awaiting count as gaps; every other verdict is an answer",
    arguments: Verdict.allCases)
  func gaps(verdict: Verdict) throws {
    let outcome = gate(
      .complete, findings: [try finding(verdict)], highRisk: [], waivers: [], today: "2026-12-03")
    #expect(outcome.summary.exitCode == (verdict == .untested || verdict == .awaiting ? 3 : 0))
  }

  @Test(
    "Open hits and proposals of high confidence fail the gate; all others are listed only",
    arguments: [
      (AssessmentResult.HighRiskHit.State.open, nil, 1), (.proposed, .high, 1),
      (.proposed, .medium, 0), (.proposed, .low, 0), (.mitigated, nil, 0), (.rejected, nil, 0),
    ] as [(AssessmentResult.HighRiskHit.State, HighRiskRules.Confidence?, Int)])
  func confidence(
    state: AssessmentResult.HighRiskHit.State, confidence: HighRiskRules.Confidence?, code: Int
  ) {
    let one = hit("7.2", state: state, confidence: confidence)
    let outcome = gate(.default, findings: [], highRisk: [one], waivers: [], today: "2026-12-03")
    #expect(outcome.summary.exitCode == code)
    #expect(outcome.highRisk == [one])
  }

  @Test("A waiver in force takes its hit out of the gate and changes nothing else in it")
  func waives() {
    let one = hit("7.2", state: .open)
    let outcome = gate(
      .default, findings: [], highRisk: [one], waivers: [waiver("W-1", code: "7.2")],
      today: "2026-12-03")
    var waived = one
    waived.waiver = "W-1"
    #expect(outcome.summary.exitCode == 0)
    #expect(outcome.highRisk == [waived])
    #expect(outcome.waivers.map(\.state) == ["in-force"])
    #expect(outcome.waivers.map(\.hits) == [[one.fingerprint]])
  }

  @Test("One waived hit of two leaves the gate unmet")
  func waivesOneOfTwo() {
    let outcome = gate(
      .default, findings: [], highRisk: [hit("7.1", state: .open), hit("7.2", state: .open)],
      waivers: [waiver("W-1", code: "7.2")], today: "2026-12-03")
    #expect(outcome.summary.exitCode == 1)
    #expect(outcome.summary.reason.en == "not met: 1 open high-risk hits without a waiver")
    #expect(outcome.highRisk.map(\.waiver) == [nil, "W-1"])
  }

  @Test("A waived hit does not hide that something is missing")
  func waivedIsNotComplete() {
    let outcome = gate(
      .complete, findings: findings(untested: 1), highRisk: [hit("7.2", state: .open)],
      waivers: [waiver("W-1", code: "7.2")], today: "2026-12-03")
    #expect(outcome.summary.exitCode == 3)
  }
}
