import AssessmentModel
import Testing

@testable import Judging

@Suite("Conditions on facts")
struct ConditionTests {
  private let facts = FactJudging(algorithms: Bench.algorithms)

  private func letter(_ value: FactValue?, _ condition: Condition, field: String? = nil) -> Letter?
  {
    let stated: [String: FactValue] = value.map { ["f": $0] } ?? [:]
    return facts.judge(Bench.expect("f", condition, field: field), Bench.result(stated)).letter
  }

  private static let set = ValueSet.values(["a", "b", 3])

  private static let table: [(FactValue?, Condition, Letter)] = [
    (true, .equals(true), .met), (false, .equals(true), .notMet), ("true", .equals(true), .notMet),
    (nil, .equals(true), .undetermined), (.null, .equals(true), .undetermined),
    (["a"], .equals(["a"]), .met), (["a"], .equals("a"), .notMet),
    ("a", .differs("b"), .met), ("b", .differs("b"), .notMet), (nil, .differs("b"), .undetermined),
    (["a", "b", 3], .within(set), .met), (["a", "c"], .within(set), .notMet),
    ("a", .within(set), .met), ([], .within(set), .undetermined),
    (["x": ["a"]], .within(set), .met),
    (["x": ["a"], "y": ["c"]], .within(set), .notMet), ([.null], .within(set), .undetermined),
    ([.null, "c"], .within(set), .notMet), (nil, .within(set), .undetermined),
    (["E013"], .within(.named("approved.suites")), .met),
    (["E013", "C02F"], .within(.named("approved.suites")), .notMet),
    (["E013"], .within(.named("approved.nothing")), .undetermined),
    ([1301], .within(.named("approved.suites")), .notMet),
    (["c"], .noneOf(set), .met), (["c", 3], .noneOf(set), .notMet), ([], .noneOf(set), .met),
    (nil, .noneOf(set), .undetermined), (["C02F"], .noneOf(.named("unsafe.suites")), .met),
    (["000A"], .noneOf(.named("unsafe.suites")), .notMet),
    (["c", "a"], .includes(set), .met), (["c"], .includes(set), .notMet),
    ([], .includes(set), .notMet),
    (nil, .includes(set), .undetermined), (["FFFF"], .includes(.named("known.suites")), .met),
    (3, .atLeast(3), .met), (2, .atLeast(3), .notMet), ([3, 2], .atLeast(3), .notMet),
    ("3", .atLeast(3), .undetermined), ([], .atLeast(3), .undetermined), (0, .atMost(0), .met),
    (1, .atMost(0), .notMet), ([0, "x"], .atMost(0), .undetermined),
    ([], .empty, .met), ([:], .empty, .met), ("", .empty, .met), (["a"], .empty, .notMet),
    (0, .empty, .undetermined), (false, .empty, .undetermined), (nil, .empty, .undetermined),
    (true, .present(true), .met), (false, .present(true), .met), (nil, .present(true), .notMet),
    (nil, .present(false), .met), (true, .present(false), .notMet),
  ]

  @Test("each condition on each kind of value", arguments: table)
  func conditions(value: FactValue?, condition: Condition, expected: Letter) {
    #expect(letter(value, condition) == expected)
  }

  @Test("a field leads into records and through lists; what leads nowhere says nothing")
  func fields() {
    let chains: FactValue = [
      ["chain": [["bits": 2048, "name": "a"], ["bits": 4096, "name": .null]]],
      ["chain": [["bits": 1024]]],
    ]
    #expect(letter(chains, .atLeast(1024), field: "chain.bits") == .met)
    #expect(letter(chains, .atLeast(2048), field: "chain.bits") == .notMet)
    #expect(letter(chains, .equals("a"), field: "chain.name") == .met)
    #expect(letter(chains, .equals("a"), field: "chain.nothing") == .undetermined)
    #expect(letter(chains, .equals("a"), field: "nothing.name") == .undetermined)
    #expect(letter("text", .equals("a"), field: "chain") == .undetermined)
    let unwanted = Condition.noneOf(.values(["a"]))
    #expect(letter([], unwanted, field: "name") == .met)
    #expect(letter([["name": "b"]], unwanted, field: "name") == .met)
    #expect(letter([["name": "a"]], unwanted, field: "name") == .notMet)
    #expect(letter([["title": "a"]], unwanted, field: "name") == .undetermined)
    #expect(letter([], .equals("a"), field: "name") == .undetermined)
    #expect(letter(nil, unwanted, field: "name") == .undetermined)
  }

  @Test("an absence proves something only when the inspection succeeded")
  func absence() {
    let result = Bench.result([:], unavailable: Unavailability(.reset, "reset"))
    for wanted in [true, false] {
      #expect(facts.judge(Bench.expect("f", .present(wanted)), result).letter == .undetermined)
    }
    let known = Bench.result(["f": true], unavailable: Unavailability(.reset, "reset"))
    #expect(facts.judge(Bench.expect("f"), known).letter == .met)
  }

  @Test("guards: any not met skips, else any unknown leaves it open")
  func guards() {
    func letter(_ guards: [String], _ stated: [String: FactValue]) -> Letter? {
      let expectation = Bench.expect("f", onlyIf: guards.map { Bench.expect($0) })
      return facts.judge(expectation, Bench.result(stated)).letter
    }
    #expect(letter(["yes"], ["f": false, "yes": true]) == .notMet)
    #expect(letter(["no"], ["f": false, "no": false]) == nil)
    #expect(letter(["absent"], ["f": false]) == .undetermined)
    #expect(letter(["absent", "no"], ["f": false, "no": false]) == nil)
    #expect(letter(["no", "absent"], ["f": false, "no": false]) == nil)
    #expect(letter(["yes", "absent"], ["f": true, "yes": true]) == .undetermined)
    let nested = Bench.expect("f", onlyIf: [Bench.expect("g", onlyIf: [Bench.expect("no")])])
    // The inner guard does not apply: it asks nothing, so the expectation stands.
    #expect(facts.judge(nested, Bench.result(["f": true, "no": false])).letter == .met)
  }

  @Test("a skipped expectation leaves a letter without any undetermined, never met")
  func skipped() throws {
    let requirement = Bench.requirement([
      Bench.probe(
        used: [Bench.expect("d")], approved: [Bench.expect("a", onlyIf: [Bench.expect("no")])],
        keys: [Bench.expect("d")])
    ])
    let judged = judge(
      Bench.input([requirement], results: [Bench.result(["d": true, "a": true, "no": false])]))
    let finding = try #require(judged.findings.first)
    #expect(finding.a == .undetermined && finding.verdict == .untested)
  }

  @Test("every condition is said in both languages, with nothing that could act")
  func words() {
    for (_, condition, _) in Self.table {
      let text = ConditionText.text(Bench.expect("f", condition, field: "x"))
      #expect(text.zh.hasPrefix("f · x ") && text.en.hasPrefix("f · x "))
      #expect(text.zh.count > 6 && text.en.count > 6)
    }
  }
}
