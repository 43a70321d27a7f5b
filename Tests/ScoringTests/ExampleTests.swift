import AssessmentModel
import Testing

@testable import Scoring

@Suite("Worked systems")
struct ExampleTests {
  private func check(_ score: Score, _ expected: ExampleFile.Example.Numbers) {
    let fact = score.fact
    if let objects = expected.objects {
      #expect(fact["objects"] == .record(objects.mapValues { .text($0) }))
    }
    if let compensated = expected.compensated {
      #expect(fact["compensated"] == .record(compensated.mapValues { .text($0) }))
    }
    for (code, value) in expected.units ?? [:] {
      #expect(fact["units"]?[code]?["score"] == value.map { .text($0) } ?? .null, "\(code)")
    }
    if let verdicts = expected.unitVerdicts {
      let words = verdicts.compactMapValues { verdictWords[$0]?.rawValue }
      #expect(fact["units"]?.record?.mapValues { $0["verdict"]?.text } == words)
    }
    if let layers = expected.layers {
      #expect(fact["layers"] == .record(layers.mapValues { $0.map { .text($0) } ?? .null }))
    }
    if let groups = expected.groups {
      #expect(fact["technical"] == (groups["tech"] ?? nil).map { .text($0) } ?? .null)
      #expect(fact["management"] == (groups["mgmt"] ?? nil).map { .text($0) } ?? .null)
    }
    #expect(fact["total"] == expected.total.map { .text($0) } ?? .null)
    #expect(fact["range"] == nil)
    if let open = expected.openHighRisk { #expect(score.openHighRisk == open) }
    if let conclusion = expected.conclusion, conclusion != "不出结论(人工)" {
      #expect(fact["conclusion"] == .text(conclusion))
      #expect(fact["why-none"] == nil)
    } else {
      #expect(fact["conclusion"] == nil)
      #expect(fact["why-none"] == "person")
    }
  }

  @Test(
    "Every intermediate value of a system is the published one",
    arguments: ExampleFile.shared.examples)
  func edition2023(example: ExampleFile.Example) {
    let score = Scoring.score(
      example.sheet, rules: ExampleRules.edition2023, units: ExampleRules.units)
    switch example.expected {
    case .numbers(let expected): check(score, expected)
    case .ranged(let expected): checkRange(score, expected)
    }
  }

  @Test(
    "The same system under the 2021 edition gives the published numbers",
    arguments: ExampleFile.shared.examples.filter { $0.expected2021 != nil })
  func edition2021(example: ExampleFile.Example) throws {
    let expected = try #require(example.expected2021)
    var sheet = example.sheet
    sheet.edition = "2021"
    let score = Scoring.score(sheet, rules: ExampleRules.edition2021, units: ExampleRules.units)
    check(score, expected)
    #expect(score.fact["technical"] == nil && score.fact["management"] == nil)
    #expect(score.fact["compensated"] == [:])
    #expect(score.fact["factors"] == [:])
    #expect(
      score.notes.contains { $0.en.contains("no compensation") } == !sheet.compensations.isEmpty)
  }

  private func checkRange(_ score: Score, _ expected: ExampleFile.Example.Ranged) {
    let fact = score.fact
    #expect(fact["range"]?["lower"]?.text == expected.lower.total)
    #expect(fact["range"]?["upper"]?.text == expected.upper.total)
    #expect(fact["range"]?["tested-only"]?.text == expected.testedOnlyTotal)
    #expect(fact["total"] == nil && fact["conclusion"] == nil)
    #expect(fact["why-none"] == "untested")
    #expect(fact["untested-units"] == .integer(expected.untestedUnits))
    #expect(fact["applicable-units"] == .integer(expected.applicableUnits))
    #expect(score.openHighRisk == expected.openHighRisk)
    #expect(fact["objects"] == .record((expected.lower.objects ?? [:]).mapValues { .text($0) }))
    for (reading, numbers) in [(Reading.lower, expected.lower), (.upper, expected.upper)] {
      let units = unitScores(of: score.units, reading: reading)
      #expect(
        units.mapValues { $0.text() } == (numbers.units ?? [:]).compactMapValues(\.self))
      let layers = layerScores(
        ofUnits: units, units: ExampleRules.units, level: 3, rules: ExampleRules.edition2023)
      for layer in layers {
        #expect(layer.score?.text() == numbers.layers?[layer.code] ?? nil)
      }
      let total = Scoring.total(ofLayers: layers, rules: ExampleRules.edition2023)
      #expect(total.groups?.technical?.text() == numbers.groups?["tech"] ?? nil)
      #expect(total.groups?.management?.text() == numbers.groups?["mgmt"] ?? nil)
    }
    for (code, word) in expected.lower.unitVerdicts ?? [:] {
      #expect(score.units.first { $0.code == code }?.verdict == verdictWords[word], "\(code)")
    }
    #expect(score.units.filter(\.isOpen).allSatisfy { $0.verdict == .untested })
  }
}
