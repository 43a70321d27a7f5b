import AssessmentModel
import Testing

@testable import Scoring

@Suite("Single rules on a full sheet")
struct SheetTests {
  /// Every unit of level 3 conforms.
  private func perfect() -> ScoreSheet {
    var units: [String: UnitInput] = [:]
    for unit in ExampleRules.units {
      units[unit.code] =
        ["pol", "per", "con", "eme"].contains(unit.layer)
        ? .verdict(.conforming) : .objects([ScoredObject(id: "o1", d: .met, a: .met, k: .met)])
    }
    return ScoreSheet(edition: "2023", level: 3, units: units)
  }

  private func score(_ sheet: ScoreSheet) -> Score {
    Scoring.score(sheet, rules: ExampleRules.edition2023, units: ExampleRules.units)
  }

  private func object(
    _ id: String, _ d: Letter, _ a: Letter = .notEvaluated, _ k: Letter = .notEvaluated,
    bits: Int? = nil, missing: MissingPart = .untested
  ) -> ScoredObject {
    ScoredObject(id: id, d: d, a: a, k: k, strengthBits: bits, missing: missing)
  }

  @Test("A full score beside an open high risk goes to a person")
  func fullWithRisk() {
    var sheet = perfect()
    #expect(score(sheet).outcome == .conclusion(.conforming))
    sheet.highRisk = [HighRiskHit(code: "5.3", unit: nil, state: .open)]
    #expect(score(sheet).outcome == .none(.person))
    #expect(score(sheet).fact["total"] == "100.00")
  }

  @Test("100.00 by rounding alone is only basically conforming, and said so")
  func fullByRounding() {
    var sheet = perfect()
    var objects = (0..<30_000).map { object("o\($0)", .met, .met, .met) }
    objects.append(object("last", .met, .notMet, .met, bits: 128))
    sheet.units["phy.video"] = .objects(objects)
    let score = score(sheet)
    #expect(score.fact["total"] == "100.00")
    // The mean is 1.0000 by rounding, so the unit's own verdict would hide the partial object.
    #expect(score.outcome == .conclusion(.basicallyConforming))
    #expect(score.notes.contains { $0.en.contains("by rounding only") })
  }

  @Test(
    "Proposals count only with high confidence",
    arguments: [
      (HighRiskHit.State.proposed(.high), 1), (.proposed(.medium), 0), (.proposed(.low), 0),
      (.open, 1), (.mitigated, 0), (.rejected, 0),
    ])
  func proposals(state: HighRiskHit.State, open: Int) {
    var sheet = perfect()
    sheet.units["phy.door"] = .objects([object("o1", .notMet)])
    sheet.highRisk = [HighRiskHit(code: "7.2", unit: "net.conf", state: state)]
    let score = score(sheet)
    #expect(score.openHighRisk == open)
    #expect(
      score.outcome == .conclusion(open == 1 ? .nonConforming : .basicallyConforming))
  }

  @Test("Only people's answers missing: awaiting, and a person is why there is no conclusion")
  func awaiting() {
    var sheet = perfect()
    sheet.units["pol.system"] = .untested(reason: "no answer", missing: .person)
    sheet.units["net.conf"] = .objects([
      object("o1", .met, .met, .undetermined, missing: .person)
    ])
    var score = score(sheet)
    #expect(score.outcome == .none(.person))
    #expect(score.fact["units"]?["pol.system"]?["verdict"] == "awaiting")
    #expect(score.fact["units"]?["net.conf"]?["verdict"] == "awaiting")
    #expect(
      score.fact["object-ranges"]?["net.conf/o1"] == ["lower": "0.5000", "upper": "1.0000"])
    #expect(score.fact["objects"]?["net.conf/o1"] == nil)
    sheet.units["net.acl"] = .objects([object("o1", .undetermined)])
    score = self.score(sheet)
    #expect(score.outcome == .none(.untested))
    #expect(score.fact["units"]?["net.acl"]?["verdict"] == "untested")
  }

  @Test("A unit is partial when every possible score is")
  func surelyPartial() {
    var sheet = perfect()
    sheet.units["net.conf"] = .objects([object("o1", .met, .notMet, .undetermined, bits: 128)])
    let unit = score(sheet).fact["units"]?["net.conf"]
    #expect(unit == ["score": .null, "verdict": "partial"])
  }

  @Test("A unit without an object, or left out, is untested; one with `/` only is not applicable")
  func empty() {
    var sheet = perfect()
    sheet.units["net.acl"] = .objects([])
    sheet.units["net.conf"] = nil
    sheet.units["net.int"] = .objects([
      ScoredObject(
        id: "o1", d: .notEvaluated, a: .notEvaluated, k: .notEvaluated, isNotApplicable: true)
    ])
    let fact = score(sheet).fact
    #expect(fact["units"]?["net.acl"] == ["score": .null, "verdict": "untested"])
    #expect(fact["units"]?["net.conf"] == ["score": .null, "verdict": "untested"])
    #expect(fact["units"]?["net.int"] == ["score": .null, "verdict": "not-applicable"])
    #expect(fact["objects"]?["net.int/o1"] == nil)
  }

  @Test("An unknown strength takes the lowest Ra and proposes 5.1 with low confidence, once")
  func unknownStrength() {
    var sheet = perfect()
    sheet.units["app.sconf"] = .objects([object("o1", .met, .notMet, .met)])
    var result = score(sheet)
    #expect(result.fact["objects"]?["app.sconf/o1"] == "0.1000")
    #expect(
      result.proposedHighRisk == [
        HighRiskHit(
          code: "5.1", unit: "app.sconf", objects: ["o1"], problem: 1, state: .proposed(.low))
      ])
    #expect(result.outcome == .conclusion(.basicallyConforming))
    sheet.highRisk = [
      HighRiskHit(code: "5.1", unit: "app.sconf", objects: ["o1"], state: .rejected)
    ]
    result = score(sheet)
    #expect(result.proposedHighRisk.isEmpty)
  }

  @Test("A source that is not applicable carries nothing; one not tested may carry anything")
  func sources() {
    var sheet = perfect()
    let own = ObjectReference(unit: "app.tconf", object: "o1")
    let source = ObjectReference(unit: "net.conf", object: "o1")
    sheet.units["app.tconf"] = .objects([object("o1", .notMet)])
    sheet.compensations = [Compensation(source: source, target: own)]
    #expect(score(sheet).fact["compensated"] == ["app.tconf/o1": "0.5000"])
    sheet.units["net.conf"] = .notApplicable(reason: "none")
    #expect(score(sheet).fact["compensated"] == [:])
    sheet.units["net.conf"] = .objects([object("o1", .notMet), object("o2", .met, .met, .met)])
    sheet.compensations.append(
      Compensation(source: ObjectReference(unit: "net.conf", object: "o2"), target: own))
    #expect(score(sheet).fact["compensated"] == [:])
    sheet.units["net.conf"] = .untested(reason: "closed", missing: .untested)
    let open = score(sheet)
    let unit = open.units.first { $0.code == "app.tconf" }
    #expect(unit?.bounds == Score.Bounds(lower: .zero, upper: .half))
    #expect(unit?.tested == .zero)
    #expect(open.outcome == .none(.untested))
  }

  @Test("Beside the threshold the total before rounding is shown")
  func threshold() {
    let layers = ExampleRules.edition2023.layers.map { layer in
      Score.LayerResult(
        code: layer.code,
        score: decimal(layer.group == .technical ? "0.5999" : "0.6001"))
    }
    let total = Scoring.total(ofLayers: layers, rules: ExampleRules.edition2023)
    let remarks = notes(
      on: perfect(), rules: ExampleRules.edition2023, total: .value(total.total),
      beforeRounding: total.beforeRounding, unroundedStages: "59.995999",
      outcome: .conclusion(.basicallyConforming),
      proposed: [])
    #expect(remarks.count == 1)
    #expect(remarks.first?.en.contains("59.996000") == true)
    #expect(remarks.first?.en.contains("59.99…60.01") == true)
    #expect(remarks.first?.zh.contains("59.995999") == true)
  }

  @Test("Without rounding in between, thirds stay thirds")
  func unroundedStages() {
    var sheet = perfect()
    sheet.units["net.conf"] = .objects([
      object("o1", .met, .met, .met), object("o2", .notMet), object("o3", .notMet),
    ])
    let units = ExampleRules.units.filter { ["net.conf", "pol.system"].contains($0.code) }
    let rules = ExampleRules.edition2023
    let result = Scoring.score(sheet, rules: rules, units: units)
    let total = totalOfUnroundedStages(
      sheet: sheet, objects: Dictionary(grouping: result.objects, by: \.reference.unit),
      results: result.units, units: units, rules: rules)
    // 70 ÷ 3 + 30; from the rounded unit it is 53.331.
    #expect(total == "53.333333")
    #expect(result.fact["total"] == "53.33")
    let earlier = totalOfUnroundedStages(
      sheet: sheet, objects: Dictionary(grouping: result.objects, by: \.reference.unit),
      results: result.units, units: units, rules: ExampleRules.edition2021)
    // (20 ÷ 3 + 8) ÷ 28 × 100.
    #expect(earlier == "52.380952")
  }

  @Test("A hundred thousand objects are counted exactly")
  func many() {
    var sheet = perfect()
    sheet.units["net.conf"] = .objects(
      (0..<100_000).map { object("o\($0)", $0 % 3 == 0 ? .notMet : .met, .met, .met) })
    #expect(score(sheet).fact["units"]?["net.conf"]?["score"] == "0.6667")
  }
}
