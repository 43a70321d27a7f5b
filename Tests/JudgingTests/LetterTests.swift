import AssessmentModel
import Judging
import Testing

/// The three letters as they are wanted: `+` met, `-` not met, `?` unknown to a probe, `a` waits for a
/// person, `0` nothing expected.
@Suite("From letters to verdicts")
struct LetterTests {
  private static let table: [(String, Verdict, [Letter])] = [
    ("+++", .conforming, [.met, .met, .met]),
    ("-++", .nonConforming, [.notMet, .notEvaluated, .notEvaluated]),
    ("---", .nonConforming, [.notMet, .notEvaluated, .notEvaluated]),
    ("-??", .nonConforming, [.notMet, .notEvaluated, .notEvaluated]),
    ("-00", .nonConforming, [.notMet, .notEvaluated, .notEvaluated]),
    ("+-+", .partial, [.met, .notMet, .met]),
    ("++-", .partial, [.met, .met, .notMet]),
    ("+--", .partial, [.met, .notMet, .notMet]),
    ("+-?", .partial, [.met, .notMet, .undetermined]),
    ("+a-", .partial, [.met, .undetermined, .notMet]),
    ("+-0", .partial, [.met, .notMet, .undetermined]),
    ("?++", .untested, [.undetermined, .met, .met]),
    ("?--", .untested, [.undetermined, .notMet, .notMet]),
    ("a++", .awaiting, [.undetermined, .met, .met]),
    ("aaa", .awaiting, [.undetermined, .undetermined, .undetermined]),
    ("++a", .awaiting, [.met, .met, .undetermined]),
    ("++?", .untested, [.met, .met, .undetermined]),
    ("+a?", .untested, [.met, .undetermined, .undetermined]),
    ("++0", .untested, [.met, .met, .undetermined]),
    ("+0a", .untested, [.met, .undetermined, .undetermined]),
    ("000", .untested, [.undetermined, .undetermined, .undetermined]),
    ("0++", .untested, [.undetermined, .met, .met]),
    ("a-+", .awaiting, [.undetermined, .notMet, .met]),
  ]

  @Test(
    "what holds for certified products is asked only where the scope names one, and says its judgement",
    arguments: [("GM-0000-EXAMPLE", .partial), (nil, .conforming)] as [(String?, Verdict)])
  func certified(certificate: String?, verdict: Verdict) throws {
    let expect = [Bench.expect("good")]
    let judged = judge(
      Bench.input(
        [
          Bench.requirement([
            Bench.probe(used: expect, approved: expect, keys: expect),
            Bench.probe(
              keys: [Bench.expect("bad")], judgement: "13.2", isForCertifiedProducts: true),
          ])
        ],
        objects: [
          AssessmentObject(
            id: "gw", kind: .channel, locator: "tls://127.0.0.1:1",
            product: .init(certificate: certificate, moduleGrade: 2))
        ],
        results: [Bench.result(["good": true, "bad": false])]))
    let finding = try #require(judged.findings.first)
    #expect(finding.verdict == verdict)
    #expect(
      finding.expected.contains { $0.condition.en.contains("published judgement 13.2") }
        == (certificate != nil))
  }

  @Test("each case of D, A and K", arguments: table)
  func verdicts(signs: String, verdict: Verdict, letters: [Letter]) throws {
    var assessments: [Assessment] = []
    var facts: [String: FactValue] = [:]
    for (letter, sign) in zip(JudgedLetter.allCases, signs) {
      let name = "fact.\(letter.rawValue)"
      let expectations = [Bench.expect(name)]
      switch sign {
      case "+": facts[name] = true
      case "-": facts[name] = false
      default: break
      }
      if sign == "a" {
        assessments.append(Bench.ask("ask.\(letter.rawValue)", letter))
      } else if sign != "0" {
        switch letter {
        case .D: assessments.append(Bench.probe(used: expectations))
        case .A: assessments.append(Bench.probe(approved: expectations))
        case .K: assessments.append(Bench.probe(keys: expectations))
        }
      }
    }
    let judged = judge(
      Bench.input([Bench.requirement(assessments)], results: [Bench.result(facts)]))
    let finding = try #require(judged.findings.first)
    #expect(judged.findings.count == 1)
    #expect(finding.verdict == verdict)
    #expect([finding.d, finding.a, finding.k] == letters)
    #expect(finding.gates == ["7.2"] && !finding.reasons.isEmpty)
    let isJudged = [Verdict.conforming, .partial, .nonConforming].contains(verdict)
    #expect(!isJudged || !finding.evidence.isEmpty)
    let open = zip(signs, finding.d == .notMet ? "" : signs).filter { $0.0 == "a" }.count
    #expect(judged.pending.count == open)
  }

  @Test("one letter rests on all its expectations and answers together")
  func conjunction() throws {
    let requirement = Bench.requirement([
      Bench.probe(used: [Bench.expect("d1"), Bench.expect("d2")]), Bench.ask("d3", .D),
    ])
    func letter(_ facts: [String: FactValue], _ met: Bool?) throws -> Letter? {
      let answers = met.map { [Bench.answer("d3", .letter(met: $0))] } ?? []
      let judged = judge(
        Bench.input([requirement], results: [Bench.result(facts)], answers: answers))
      return try #require(judged.findings.first).d
    }
    #expect(try letter(["d1": true, "d2": true], true) == .met)
    #expect(try letter(["d1": true, "d2": true], nil) == .undetermined)
    #expect(try letter(["d1": true], true) == .undetermined)
    #expect(try letter(["d1": true], false) == .notMet)
    #expect(try letter(["d1": false], nil) == .notMet)
  }

  @Test("a not-met answer alone needs its own evidence; without it nothing is decided")
  func answerWithoutEvidence() throws {
    let requirement = Bench.requirement([Bench.ask("d", .D)])
    for (answer, verdict) in [
      (Bench.answer("d", .letter(met: false)), Verdict.nonConforming),
      (Bench.answer("d", .letter(met: false), evidence: false), .awaiting),
      (Bench.answer("d", .letter(met: false), until: "2026-12-03"), .nonConforming),
      (Bench.answer("d", .letter(met: false), until: "2026-12-02"), .awaiting),
      (Bench.answer("d", .letter(met: false), on: "other"), .awaiting),
      (Bench.answer("d", .verdict(.nonConforming)), .awaiting),
    ] {
      let judged = judge(Bench.input([requirement], answers: [answer]))
      // A and K are asked of nobody: what is not decided by D is untested rather than awaiting.
      let expected = verdict == .awaiting ? Verdict.untested : verdict
      #expect(judged.findings.map(\.verdict) == [expected])
      #expect(judged.pending.map(\.ask) == (verdict == .awaiting ? ["d"] : []))
    }
  }

  @Test("an expired answer is asked again and says so")
  func expired() throws {
    let requirement = Bench.requirement([
      Bench.ask("d", .D), Bench.ask("a", .A), Bench.ask("k", .K),
    ])
    let answers = ["d", "a", "k"].map {
      Bench.answer($0, .letter(met: true), until: $0 == "k" ? "2026-12-02" : "2026-12-03")
    }
    let judged = judge(Bench.input([requirement], answers: answers))
    let finding = try #require(judged.findings.first)
    #expect(finding.verdict == .awaiting && finding.k == .undetermined)
    #expect(finding.reasons.map(\.en).joined().contains("expired on 2026-12-02"))
    #expect(judged.pending.map(\.ask) == ["k"])
  }

  @Test("an unavailable inspection is untested and says why")
  func unavailable() throws {
    let requirement = Bench.requirement([Bench.probe(used: [Bench.expect("d")])])
    let result = Bench.result(
      [:], evidence: true, unavailable: Unavailability(.refused, "refused by 127.0.0.1:443\u{1B}["))
    let finding = try #require(judge(Bench.input([requirement], results: [result])).findings.first)
    #expect(finding.verdict == .untested)
    let reasons = finding.reasons.map(\.en).joined()
    #expect(reasons.contains("(refused)") && reasons.contains("127.0.0.1:443"))
    #expect(!reasons.unicodeScalars.contains { ActiveScalar.contains($0) })
    let none = try #require(judge(Bench.input([requirement])).findings.first)
    #expect(none.verdict == .untested && none.reasons.map(\.en).joined().contains("not inspected"))
  }

  @Test("facts without evidence decide nothing, for or against")
  func hearsay() throws {
    for value in [true, false] as [FactValue] {
      let requirement = Bench.requirement([Bench.probe(used: [Bench.expect("d")])])
      let result = Bench.result(["d": value], evidence: false)
      let finding = try #require(
        judge(Bench.input([requirement], results: [result])).findings.first)
      #expect(finding.d == .undetermined && finding.verdict == .untested)
    }
  }

  @Test("a stand-in is asked only about an object without a place, instead of its probe")
  func standIn() throws {
    let requirement = Bench.requirement([
      Bench.probe(used: [Bench.expect("d")]), Bench.ask("d-by-person", .D, standsIn: true),
    ])
    let placed = judge(Bench.input([requirement]))
    #expect(placed.pending.isEmpty)
    let tunnel = AssessmentObject(id: "gw", kind: .channel)
    let unplaced = judge(Bench.input([requirement], objects: [tunnel]))
    #expect(unplaced.pending.map(\.ask) == ["d-by-person"])
    let answered = judge(
      Bench.input(
        [requirement], objects: [tunnel],
        answers: [Bench.answer("d-by-person", .letter(met: false))]))
    #expect(answered.findings.map(\.verdict) == [.nonConforming])
  }

  @Test("the weakest known strength of what failed approval is kept")
  func strength() throws {
    func bits(_ suites: FactValue, _ answered: Int? = nil) throws -> Int? {
      let requirement = Bench.requirement([
        Bench.probe(
          used: [Bench.expect("d")],
          approved: [Bench.expect("suites", .within(.named("approved.suites")))]),
        Bench.ask("a", .A),
      ])
      let judged = judge(
        Bench.input(
          [requirement], results: [Bench.result(["d": true, "suites": suites])],
          answers: [Bench.answer("a", .letter(met: answered == nil), strengthBits: answered)]))
      return try #require(judged.findings.first).strengthBits
    }
    #expect(try bits(["E013"]) == nil)
    #expect(try bits(["E013", "C02F"]) == 112)
    #expect(try bits(["C02F", "000A"]) == 80)
    #expect(try bits(["C02F", "FFFF"]) == nil)
    #expect(try bits(["C02F", "ABCD"]) == nil)
    #expect(try bits(["C02F"], 64) == 64)
  }
}
