import AssessmentModel
import Judging
import Testing

@Suite("Objects, relations and exclusions")
struct RelationTests {
  private static let database = AssessmentObject(id: "db", kind: .device)
  private static let module = AssessmentObject(id: "hsm", kind: .cryptoDevice)
  private static let log = AssessmentObject(id: "log", kind: .auditLog, serves: ["acct"])
  private static let data = AssessmentObject(
    id: "acct", kind: .data, travels: ["gw"], restsIn: ["db"], protectedBy: ["hsm"])
  private static let all = [Bench.gateway, database, module, log, data]

  private static func requirement(_ kind: ObjectKind) -> Requirement {
    Bench.requirement(
      [Bench.probe(used: [Bench.expect("d")], kind: kind)], id: "L3-app.sconf", kind: .data,
      feeds: ["app.sconf"])
  }

  @Test(
    "facts of a serving object count for the one it serves",
    arguments: [(ObjectKind.device, "db"), (.cryptoDevice, "hsm"), (.auditLog, "log")])
  func serving(kind: ObjectKind, server: String) throws {
    let judged = judge(
      Bench.input(
        [Self.requirement(kind)], objects: Self.all,
        results: [Bench.result(["d": false], on: server)]))
    let finding = try #require(judged.findings.first)
    #expect(finding.object == "acct" && finding.verdict == .nonConforming)
    #expect(finding.observed.map(\.object) == [server])
  }

  @Test("what data travels never feeds its letters; without a serving object nothing is said")
  func travelling() throws {
    let judged = judge(
      Bench.input(
        [Self.requirement(.channel)], objects: Self.all,
        results: [Bench.result(["d": false], on: "gw")]))
    let finding = try #require(judged.findings.first)
    #expect(finding.verdict == .untested && finding.observed.isEmpty && finding.d == .undetermined)
  }

  @Test("every serving object must meet what is expected")
  func several() throws {
    var second = Self.database
    second.id = "db2"
    var data = Self.data
    data.restsIn = ["db", "db2", "db"]
    second.serves = ["acct", "acct"]
    let objects = [Self.database, second, data]
    for (one, other, letter) in [
      (true, true, Letter.met), (true, false, .notMet), (false, true, .notMet),
    ] as [(FactValue, FactValue, Letter)] {
      let judged = judge(
        Bench.input(
          [Self.requirement(.device)], objects: objects,
          results: [Bench.result(["d": one], on: "db"), Bench.result(["d": other], on: "db2")]))
      let finding = try #require(judged.findings.first)
      #expect(finding.d == letter)
      #expect(finding.observed.count == 2)
    }
  }

  @Test("a planned entry contributes nothing, and a person may answer in its place")
  func planned() throws {
    let requirement = Bench.requirement([
      Bench.probe(used: [Bench.expect("d")], isPlanned: true), Bench.ask("d", .D),
    ])
    let judged = judge(
      Bench.input(
        [requirement], results: [Bench.result(["d": true])],
        answers: [Bench.answer("d", .letter(met: false))]))
    let finding = try #require(judged.findings.first)
    #expect(finding.verdict == .nonConforming && finding.observed.count == 1)
  }

  @Test("a kind the scope does not list is untested: no object named")
  func noObject() throws {
    let judged = judge(Bench.input([Self.requirement(.device)], objects: [Bench.gateway]))
    let finding = try #require(judged.findings.first)
    #expect(finding.object == nil && finding.verdict == .untested)
    #expect(finding.reasons.map(\.en).joined().contains("no object named"))
  }

  @Test(
    "not applicable by unit, by row id and by object",
    arguments: [
      ("net.conf", nil, [Verdict.notApplicable, .notApplicable]),
      ("L3-net.conf", nil, [.notApplicable, .notApplicable]),
      ("net.conf", "gw", [.notApplicable, .nonConforming]),
      ("L3-net.conf", "gw2", [.nonConforming, .notApplicable]),
      ("net.int", nil, [.nonConforming, .nonConforming]),
      ("net.conf", "other", [.nonConforming, .nonConforming]),
    ] as [(String, String?, [Verdict])])
  func exclusion(unit: String, object: String?, verdicts: [Verdict]) {
    var second = Bench.gateway
    second.id = "gw2"
    let judged = judge(
      Bench.input(
        [Bench.requirement([Bench.probe(used: [Bench.expect("d")])])],
        objects: [Bench.gateway, second],
        results: ["gw", "gw2"].map { Bench.result(["d": false], on: $0) },
        notApplicable: [
          Scope.NotApplicable(unit: unit, object: object, reason: "无", approvedBy: nil)
        ]))
    #expect(judged.findings.map(\.verdict) == verdicts)
    for finding in judged.findings where finding.verdict == .notApplicable {
      #expect(finding.reasons.map(\.zh) == ["无"] && finding.d == nil && finding.evidence.isEmpty)
    }
  }

  @Test("a unit that is not applicable does not excuse a row of GM/T 0077 that feeds it")
  func rowsStand() {
    let row = Bench.requirement(
      [Bench.probe(used: [Bench.expect("d")])], id: "L4-8.2.2.2-f", standard: .gmt0077)
    for (unit, verdict) in [("net.conf", Verdict.nonConforming), ("L4-8.2.2.2-f", .notApplicable)] {
      let judged = judge(
        Bench.input(
          [row], results: [Bench.result(["d": false])],
          notApplicable: [
            Scope.NotApplicable(unit: unit, object: nil, reason: "无", approvedBy: nil)
          ]))
      #expect(judged.findings.map(\.verdict) == [verdict])
    }
  }

  @Test("unread rows and pointers give no finding")
  func unjudged() {
    let assessments = [Bench.probe(used: [Bench.expect("d")])]
    let rows = [
      Bench.requirement(assessments, state: .unread),
      Bench.requirement(assessments, obligation: .pointer),
      Bench.requirement(assessments, kind: nil),
    ]
    let judged = judge(Bench.input(rows, results: [Bench.result(["d": false])]))
    #expect(judged.findings.isEmpty && judged.pending.isEmpty)
  }

  @Test("one question about one object is asked once for all that wait for it")
  func pending() {
    let rows = ["L3-a", "L3-b"].map {
      Bench.requirement([Bench.ask("q", .D), Bench.ask("o", .K, kind: .organisation)], id: $0)
    }
    var second = Bench.gateway
    second.id = "gw2"
    let judged = judge(Bench.input(rows, objects: [Bench.gateway, second]))
    #expect(judged.pending.map { "\($0.ask) \($0.object ?? "-")" } == ["o -", "q gw", "q gw2"])
    #expect(judged.pending.map(\.requirements) == Array(repeating: ["L3-a", "L3-b"], count: 3))
  }
}

@Suite("Whole answers")
struct WholeAnswerTests {
  private static let requirement = Bench.requirement(
    [Bench.ask("one", nil, kind: .organisation), Bench.ask("two", nil, kind: .organisation)],
    id: "L3-pol.system", kind: .organisation, feeds: ["pol.system"])

  private func finding(_ answers: [Attestations.Answer]) throws -> Finding {
    try #require(
      judge(Bench.input([Self.requirement], objects: [], answers: answers)).findings.first)
  }

  @Test(
    "all, none, some and not yet",
    arguments: [
      ([.conforming, .conforming], Verdict.conforming),
      ([.nonConforming, .nonConforming], .nonConforming),
      ([.conforming, .nonConforming], .partial), ([.partial, .partial], .partial),
      ([.conforming, .partial], .partial), ([.conforming], .awaiting),
      ([.nonConforming], .awaiting),
      ([], .awaiting),
    ] as [([Verdict], Verdict)])
  func verdicts(answers: [Verdict], verdict: Verdict) throws {
    let given = zip(["one", "two"], answers).map { Bench.answer($0, .verdict($1), on: nil) }
    let finding = try finding(given)
    #expect(finding.verdict == verdict && finding.d == nil)
    #expect(finding.evidence.count == answers.count)
  }

  @Test("the answer to the unit itself goes before its questions")
  func unit() throws {
    let questions = ["one", "two"].map { Bench.answer($0, .verdict(.conforming), on: nil) }
    let direct = Bench.answer(.unit(code: "pol.system"), .verdict(.nonConforming))
    #expect(try finding(questions + [direct]).verdict == .nonConforming)
    var expired = direct
    expired.validUntil = "2026-12-02"
    #expect(try finding(questions + [expired]).verdict == .conforming)
    #expect(try finding([expired]).verdict == .awaiting)
    var bare = direct
    bare.evidence = []
    #expect(try finding([bare]).verdict == .awaiting)
  }

  @Test("a letter is no answer to a whole question")
  func letter() throws {
    let answers = ["one", "two"].map { Bench.answer($0, .letter(met: true), on: nil) }
    #expect(try finding(answers).verdict == .awaiting)
  }

  @Test("management can be not applicable with a reason")
  func notApplicable() {
    let judged = judge(
      Bench.input(
        [Self.requirement],
        notApplicable: [
          Scope.NotApplicable(unit: "pol.system", object: nil, reason: "无", approvedBy: nil)
        ]))
    #expect(judged.findings.map(\.verdict) == [.notApplicable] && judged.pending.isEmpty)
  }
}
