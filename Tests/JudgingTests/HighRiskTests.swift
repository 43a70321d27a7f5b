import AssessmentModel
import Judging
import Testing

@Suite("High-risk hits")
struct HighRiskTests {
  private typealias Confidence = HighRiskRules.Confidence

  private static func item(_ code: String, _ units: [String], levels: [Int] = [3, 4])
    -> HighRiskRules.Item
  {
    HighRiskRules.Item(
      code: code, title: Bench.text("item \(code)"), units: units, levels: levels,
      problems: [1: Bench.text("one"), 2: Bench.text("two")], mitigations: [])
  }

  private static func signal(
    _ code: String, _ confidence: HighRiskRules.Confidence, _ trigger: HighRiskRules.Signal.Trigger,
    units: [String] = ["net.conf"], problem: Int = 2
  ) -> HighRiskRules.Signal {
    HighRiskRules.Signal(
      id: "s", code: code, problem: problem, units: units, confidence: confidence,
      trigger: trigger, text: Bench.text("why \(code)"))
  }

  private static let onFact = HighRiskRules.Signal.Trigger.facts(
    objectKind: .channel, probe: "p", [Bench.expect("bad")])

  private static func unit(_ code: String) -> ScoringUnit {
    ScoringUnit(
      code: code, layer: "net", title: Bench.text(code), weights: [3: .one], obligations: [:],
      gbt39786: [:], gbt43206: "")
  }

  private static let items = [
    item("5.1", []), item("5.2", []), item("7.2", ["net.conf"]),
    item("7.3", ["net.access"], levels: [4]),
  ]

  /// Judges `net.conf` and `net.int` on the gateway and asks for hits.
  private func hits(
    _ signals: [HighRiskRules.Signal], facts: [String: FactValue] = ["d": true, "bad": true],
    evidence: Bool = true, decisions: [Attestations.HighRiskDecision] = [], level: Int = 3,
    notApplicable: [Scope.NotApplicable] = [], approved: [AssessmentModel.Expectation] = []
  ) -> [AssessmentResult.HighRiskHit] {
    let rows = ["net.conf", "net.int"].map {
      Bench.requirement(
        [Bench.probe(used: [Bench.expect("d")], approved: approved)], id: "L3-\($0)", feeds: [$0])
    }
    let input = Bench.input(
      rows, results: [Bench.result(facts, evidence: evidence)], notApplicable: notApplicable)
    return judgeHighRisk(
      HighRiskInput(
        rules: HighRiskRules(
          edition: "2021", items: Self.items, signals: signals, keyDangers: []),
        units: [Self.unit("net.conf"), Self.unit("net.int")], level: level, judging: input,
        findings: judge(input).findings,
        unitRequirements: ["net.conf": rows[0], "net.int": rows[1]], decisions: decisions))
  }

  private func decision(
    _ decision: Attestations.HighRiskDecision.Decision, code: String = "7.2",
    object: String? = "gw",
    by assessor: String = "甲"
  ) -> Attestations.HighRiskDecision {
    Attestations.HighRiskDecision(
      code: code, unit: "net.conf", object: object, decision: decision, why: "因为",
      assessor: assessor, place: Bench.place)
  }

  @Test("facts propose a hit with its evidence; only high confidence counts")
  func proposed() {
    for confidence in HighRiskRules.Confidence.allCases {
      let hits = hits([Self.signal("7.2", confidence, Self.onFact)])
      #expect(hits.map(\.state) == [.proposed] && hits.map(\.confidence) == [confidence])
      #expect(hits.map(\.counts) == [confidence == .high])
      #expect(hits.map(\.object) == ["gw"] && hits.map(\.evidence) == [["i-gw"]])
      #expect(hits.map(\.problem) == [2] && hits.map(\.why.en) == ["why 7.2"])
    }
  }

  @Test("no fact, another value, or no evidence: no hit")
  func notProposed() {
    let signal = [Self.signal("7.2", .high, Self.onFact)]
    #expect(hits(signal, facts: ["d": true]).isEmpty)
    #expect(hits(signal, facts: ["d": true, "bad": false]).isEmpty)
    #expect(hits(signal, evidence: false).isEmpty)
    let excluded = [
      Scope.NotApplicable(unit: "net.conf", object: nil, reason: "无", approvedBy: nil)
    ]
    #expect(hits(signal, notApplicable: excluded).isEmpty)
    let access = [Self.signal("7.3", .high, Self.onFact)]
    #expect(hits(access).isEmpty && hits(access, level: 4).count == 1)
  }

  @Test("a chapter 5 problem on a unit without an item of its own is at most of medium confidence")
  func chapterFive() {
    for (confidence, capped) in [
      (Confidence.high, Confidence.medium), (.medium, .medium), (.low, .low),
    ] {
      let hits = hits([Self.signal("5.2", confidence, Self.onFact, units: [])])
      #expect(hits.map(\.unit) == ["net.conf", "net.int"])
      #expect(hits.map(\.confidence) == [confidence, capped])
      #expect(hits.last?.counts == false)
    }
  }

  @Test("a letter that is not met proposes, one that is open does not")
  func letters() {
    let signal = [Self.signal("7.2", .high, .letterNotMet(.D))]
    #expect(hits(signal, facts: ["d": false]).map(\.object) == ["gw"])
    #expect(hits(signal, facts: ["d": true]).isEmpty)
    #expect(hits(signal, facts: [:]).isEmpty)
  }

  @Test("of several signals for one object the surest stands, once")
  func surest() {
    let signals = [Confidence.low, .high, .medium].enumerated().map {
      Self.signal("7.2", $0.element, Self.onFact, problem: $0.offset + 1)
    }
    let hits = hits(signals)
    #expect(hits.map(\.confidence) == [.high] && hits.map(\.problem) == [2])
  }

  @Test("what is not approved and of unknown strength is 5.1 of low confidence")
  func unknownStrength() {
    let within = [Bench.expect("suites", .within(.named("approved.suites")))]
    func codes(_ suites: FactValue) -> [String] {
      hits([], facts: ["d": true, "suites": suites], approved: within).map {
        "\($0.code) \($0.unit) \($0.confidence?.rawValue ?? "-") \($0.counts)"
      }
    }
    #expect(codes(["FFFF"]) == ["5.1 net.conf low false", "5.1 net.int low false"])
    #expect(codes(["ABCD"]).count == 2)
    #expect(codes(["C02F"]).isEmpty && codes(["E013"]).isEmpty)
  }

  @Test("a named person decides; the decision replaces the proposal")
  func decided() {
    let signal = [Self.signal("7.2", .low, Self.onFact)]
    for (word, state, counts) in [
      (Attestations.HighRiskDecision.Decision.open, AssessmentResult.HighRiskHit.State.open, true),
      (.mitigated, .mitigated, false), (.rejected, .rejected, false),
    ] {
      let hits = hits(signal, decisions: [decision(word)])
      #expect(hits.map(\.state) == [state] && hits.map(\.counts) == [counts])
      #expect(hits.map(\.decidedBy) == ["甲"] && hits.map(\.confidence) == [nil])
      #expect(hits.map(\.why.zh) == ["因为"] && hits.map(\.evidence) == [["i-gw"]])
    }
  }

  @Test("the decision about the object goes before the one about the unit, and no hit stands twice")
  func precise() {
    let signal = [Self.signal("7.2", .high, Self.onFact)]
    let both = [decision(.open, object: nil, by: "乙"), decision(.rejected)]
    for decisions in [both, both.reversed()] {
      let hits = hits(signal, decisions: decisions)
      #expect(hits.map(\.state) == [.rejected] && hits.map(\.decidedBy) == ["甲"])
    }
    #expect(hits(signal, decisions: [decision(.open, object: nil)]).map(\.object) == ["gw"])
    for decisions in [both, both.reversed()] {
      let unproposed = hits([], decisions: decisions)
      #expect(Set(unproposed.map(\.fingerprint)).count == unproposed.count)
      #expect(unproposed.map(\.state) == [.rejected])
    }
  }

  @Test("a decision nobody proposed is a hit of its own")
  func ownHit() {
    let hits = hits([], decisions: [decision(.open, code: "5.1")])
    #expect(hits.map(\.code) == ["5.1"] && hits.map(\.counts) == [true])
    #expect(hits.map(\.problem) == [1] && hits.map(\.title.en) == ["item 5.1"])
  }
}
