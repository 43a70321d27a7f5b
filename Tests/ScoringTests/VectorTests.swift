import AssessmentModel
import Testing

@testable import Scoring

@Suite("Published vectors")
struct VectorTests {
  @Test("An object scores what the table says", arguments: ExampleFile.shared.objectVectors)
  func object(vector: ExampleFile.ObjectVector) {
    let rules = ExampleRules.edition2023
    func letter(_ value: Int) -> Letter { value == 1 ? .met : .notMet }
    let object = ScoredObject(
      id: vector.id, d: letter(vector.d), a: letter(vector.a), k: letter(vector.k),
      strengthBits: vector.strengthBits, moduleGrade: vector.moduleGrade,
      otherKeyRequirementsMet: vector.otherKeyRequirementsMet)
    let result = objectResult(of: object, in: "net.conf", level: vector.level, rules: rules)
    #expect(result.score.lower.text() == vector.expected)
    #expect(result.score.isExact)
    #expect(result.strengthFactor == vector.strengthFactor.map(decimal))
    #expect(result.keyFactor == vector.keyFactor.map(decimal))
    let earlier = objectScore(of: object, level: vector.level, rules: ExampleRules.edition2021)
    let failed = [vector.a, vector.k].count { $0 == 0 }
    let plain = vector.d == 0 ? "0.0000" : ["1.0000", "0.5000", "0.2500"][failed]
    #expect(earlier == Score.Bounds(decimal(plain)))
  }

  @Test(
    "A compensated object scores max(half the lowest source, own)",
    arguments: ExampleFile.shared.compensationVectors)
  func compensation(vector: ExampleFile.CompensationVector) {
    let after = compensatedScore(
      own: decimal(vector.own), sources: vector.sources.map(decimal), factor: .half)
    #expect(after.text() == vector.expected)
  }

  @Test(
    "A unit scores the mean of its applicable objects",
    arguments: ExampleFile.shared.unitVectors)
  func unit(vector: ExampleFile.UnitVector) {
    let score = unitScore(ofObjects: vector.objects.filter { $0 != "/" }.map(decimal))
    #expect(score?.text() == vector.expected)
    #expect(unitVerdict(ofScore: score) == verdictWords[vector.verdict])
  }

  @Test(
    "The total follows from the layers in both editions",
    arguments: ExampleFile.shared.totalVectors)
  func total(vector: ExampleFile.TotalVector) {
    let layers = vector.layers.map { code, score in
      Score.LayerResult(code: code, score: score.map(decimal))
    }
    let later = Scoring.total(ofLayers: layers, rules: ExampleRules.edition2023)
    #expect(later.total?.text(places: 2) == vector.expected2023)
    let earlier = Scoring.total(ofLayers: layers, rules: ExampleRules.edition2021)
    #expect(earlier.total?.text(places: 2) == vector.expected2021)
    #expect(earlier.groups == nil)
  }

  @Test(
    "The conclusion follows from total and open high risks",
    arguments: ExampleFile.shared.conclusionVectors)
  func conclusion(vector: ExampleFile.ConclusionVector) {
    let outcome = Scoring.outcome(
      total: vector.total.map(decimal), everyUnitConforms: vector.total == "100.00",
      openHighRisk: vector.openHighRisk, threshold: ExampleRules.edition2023.threshold)
    switch outcome {
    case .conclusion(let conclusion): #expect(conclusion.rawValue == vector.expected)
    case .none(let missing):
      #expect(missing == .person)
      #expect(["人工复核", "不出结论(人工)"].contains(vector.expected))
    }
  }

  @Test("The rules have 41 units at levels 3 and 4, and layers worth 100")
  func rules() {
    for level in [3, 4] {
      #expect(ExampleRules.units.count { $0.weights[level] != nil } == 41)
    }
    let weights = ExampleRules.edition2023.layers.map(\.weight.tenThousandths)
    #expect(weights.reduce(0, +) == 1_000_000)
  }

  @Test("Compensation is allowed in both directions of a pair and nowhere else")
  func pairs() {
    let rules = ExampleRules.edition2023
    let codes = ExampleRules.units.map(\.code)
    var allowed: Set<String> = []
    for source in codes {
      for target in codes where rules.allows(from: source, to: target) {
        allowed.insert("\(source) \(target)")
      }
    }
    #expect(
      allowed == [
        "net.int app.tint", "app.tint net.int", "net.conf app.tconf", "app.tconf net.conf",
      ])
    #expect(!ExampleRules.edition2021.allows(from: "net.int", to: "app.tint"))
  }
}
