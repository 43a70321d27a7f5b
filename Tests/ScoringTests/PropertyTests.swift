import AssessmentModel
import TestSupport
import Testing

@testable import Scoring

@Suite("Random systems")
struct PropertyTests {
  private func rules(_ edition: String) -> ScoringRules {
    edition == "2023" ? ExampleRules.edition2023 : ExampleRules.edition2021
  }

  private func total(_ sheet: ScoreSheet) -> String? {
    let score = Scoring.score(sheet, rules: rules(sheet.edition), units: ExampleRules.units)
    guard case .value(let total) = score.total else {
      Issue.record("a range for a system without anything open")
      return nil
    }
    return total?.text(places: 2)
  }

  @Test(
    "Totals and objects equal those of the second computation, 2 000 systems",
    arguments: ["2023", "2021"], [3, 4])
  func oracle(edition: String, level: Int) {
    let oracle = Oracle(edition: edition, level: level)
    for seed in 0..<500 {
      var system = RandomSystem(seed: UInt64(seed) * 4 + UInt64(level))
      let sheet = system.sheet(edition: edition, level: level)
      #expect(total(sheet) == oracle.total(sheet, units: ExampleRules.units), "seed \(seed)")
      let score = Scoring.score(sheet, rules: rules(edition), units: ExampleRules.units)
      let objects = score.objects.map { ($0.reference.description, $0.counted.lower.text()) }
      let expected = oracle.objects(sheet).mapValues { $0.text(4) }
      #expect(Dictionary(uniqueKeysWithValues: objects) == expected, "seed \(seed)")
    }
  }

  @Test(
    "The range contains the total of every completion and both its ends are reached",
    arguments: ["2023", "2021"], [3, 4])
  func range(edition: String, level: Int) {
    let oracle = Oracle(edition: edition, level: level)
    var ranges = 0
    for seed in 0..<120 {
      var system = RandomSystem(seed: 10_000 + UInt64(seed), openShare: [5, 30, 70][seed % 3])
      var sheet = system.sheet(edition: edition, level: level)
      // A relation into a unit that was not tested has no object to name in the answered sheet.
      sheet.compensations = sheet.compensations.filter {
        if case .untested = sheet.units[$0.source.unit] { false } else { true }
      }
      let score = Scoring.score(sheet, rules: rules(edition), units: ExampleRules.units)
      guard case .range(let lower?, let upper?, _) = score.total else { continue }
      ranges += 1
      #expect(score.outcome == .none(.untested))
      let worst = system.completed(sheet) { _, answers in
        answers.min { oracle.object($0) < oracle.object($1) } ?? answers[0]
      }
      let best = system.completed(sheet) { _, answers in
        answers.max { oracle.object($0) < oracle.object($1) } ?? answers[0]
      }
      #expect(total(worst) == lower.text(places: 2), "seed \(seed)")
      #expect(total(best) == upper.text(places: 2), "seed \(seed)")
      for _ in 0..<5 {
        let sheet = system.completed(sheet) { generator, answers in generator.one(of: answers) }
        let total = decimal(total(sheet) ?? "")
        #expect(lower <= total && total <= upper, "seed \(seed)")
      }
    }
    #expect(ranges > 60)
  }

  @Test("A compensation never lowers an object or the total")
  func compensation() {
    for seed in 0..<200 {
      var system = RandomSystem(seed: 50_000 + UInt64(seed), openShare: seed % 2 == 0 ? 0 : 20)
      let sheet = system.sheet(edition: "2023", level: 3 + seed % 2)
      var without = sheet
      without.compensations = []
      let after = Scoring.score(sheet, rules: rules("2023"), units: ExampleRules.units)
      let before = Scoring.score(without, rules: rules("2023"), units: ExampleRules.units)
      for (object, plain) in zip(after.objects, before.objects) {
        #expect(object.counted.lower >= plain.counted.lower)
        #expect(object.counted.upper >= plain.counted.upper)
      }
      for (unit, plain) in zip(after.units, before.units) {
        #expect((unit.bounds?.lower ?? .zero) >= (plain.bounds?.lower ?? .zero))
        #expect((unit.tested ?? .zero) >= (plain.tested ?? .zero))
      }
    }
  }

  @Test(
    "A unit that is not applicable counts like one that does not exist",
    arguments: ["2023", "2021"])
  func notApplicable(edition: String) {
    for seed in 0..<100 {
      var system = RandomSystem(seed: 90_000 + UInt64(seed), openShare: seed % 2 == 0 ? 0 : 10)
      var sheet = system.sheet(edition: edition, level: 3)
      let code = system.generator.one(of: ExampleRules.units).code
      sheet.units[code] = .notApplicable(reason: "none")
      let rest = ExampleRules.units.filter { $0.code != code }
      let with = Scoring.score(sheet, rules: rules(edition), units: ExampleRules.units)
      let without = Scoring.score(sheet, rules: rules(edition), units: rest)
      #expect(with.total == without.total)
      #expect(with.layers == without.layers)
      #expect(with.outcome == without.outcome)
    }
  }

  @Test("The same sheet gives the same bytes")
  func stable() {
    var system = RandomSystem(seed: 7, openShare: 10)
    let sheet = system.sheet(edition: "2023", level: 4)
    let first = Scoring.score(sheet, rules: rules("2023"), units: ExampleRules.units)
    let second = Scoring.score(sheet, rules: rules("2023"), units: ExampleRules.units.shuffled())
    #expect(JSONText.compact(first.fact) == JSONText.compact(second.fact))
  }
}
