import AssessmentModel
import TestSupport

/// Invented systems; `openShare` percent of letters and units are left open.
struct RandomSystem {
  var generator: SeededGenerator
  var openShare = 0

  init(seed: UInt64, openShare: Int = 0) {
    generator = SeededGenerator(seed: seed)
    self.openShare = openShare
  }

  mutating func sheet(edition: String, level: Int) -> ScoreSheet {
    let goodShare = generator.one(of: [20, 50, 80, 95])
    let outShare = generator.one(of: [0, 5, 20])
    var units: [String: UnitInput] = [:]
    for unit in ExampleRules.units {
      if generator.chance(outShare) {
        units[unit.code] = .notApplicable(reason: "none")
      } else if generator.chance(openShare / 2) {
        units[unit.code] = .untested(reason: "closed", missing: .untested)
      } else if ["pol", "per", "con", "eme"].contains(unit.layer) {
        units[unit.code] = .verdict(
          generator.chance(goodShare)
            ? .conforming : generator.one(of: [.partial, .nonConforming]))
      } else {
        let count = Int.random(in: 1...7, using: &generator)
        units[unit.code] = .objects((0..<count).map { object("o\($0)", goodShare: goodShare) })
      }
    }
    return ScoreSheet(
      edition: edition, level: level, units: units, compensations: compensations(units))
  }

  private mutating func object(_ id: String, goodShare: Int) -> ScoredObject {
    if generator.chance(4) {
      return ScoredObject(
        id: id, d: .notEvaluated, a: .notEvaluated, k: .notEvaluated, isNotApplicable: true)
    }
    let d = letter(goodShare)
    return ScoredObject(
      id: id, d: d, a: d == .notMet ? .notEvaluated : letter(goodShare),
      k: d == .notMet ? .notEvaluated : letter(goodShare),
      strengthBits: generator.one(of: [nil, 40, 56, 79, 80, 100, 111, 112, 128, 256]),
      moduleGrade: Int.random(in: 0...4, using: &generator),
      otherKeyRequirementsMet: generator.chance(50))
  }

  private mutating func letter(_ goodShare: Int) -> Letter {
    if generator.chance(openShare) { return .undetermined }
    return generator.chance(goodShare) ? .met : .notMet
  }

  /// Between objects that are there, or out of units that were not tested.
  private mutating func compensations(_ units: [String: UnitInput]) -> [Compensation] {
    func exists(_ reference: ObjectReference) -> Bool {
      switch units[reference.unit] {
      case .objects(let objects): objects.contains { $0.id == reference.object }
      case .untested: true
      case .verdict, .notApplicable, nil: false
      }
    }
    let pairs = [
      ("net.int", "app.tint"), ("app.tint", "net.int"), ("net.conf", "app.tconf"),
      ("app.tconf", "net.conf"),
    ]
    return (0..<Int.random(in: 0...8, using: &generator)).map { _ in
      let (source, target) = generator.one(of: pairs)
      return Compensation(
        source: ObjectReference(
          unit: source, object: "o\(Int.random(in: 0...2, using: &generator))"),
        target: ObjectReference(
          unit: target, object: "o\(Int.random(in: 0...4, using: &generator))"))
    }.filter { exists($0.source) && exists($0.target) }
  }

  /// A sheet with everything open answered. `choose` decides among all answers for an object.
  mutating func completed(
    _ sheet: ScoreSheet,
    choose: (inout SeededGenerator, [ScoredObject]) -> ScoredObject
  ) -> ScoreSheet {
    var sheet = sheet
    for unit in ExampleRules.units {
      switch sheet.units[unit.code] {
      case .objects(let objects):
        sheet.units[unit.code] = .objects(
          objects.map { $0.isDetermined ? $0 : choose(&generator, answers(for: $0)) })
      case .untested:
        let worst = ScoredObject(id: "new", d: .notMet, a: .notEvaluated, k: .notEvaluated)
        let best = ScoredObject(id: "new", d: .met, a: .met, k: .met)
        sheet.units[unit.code] = .objects([choose(&generator, [worst, best])])
      case .verdict, .notApplicable, nil: break
      }
    }
    return sheet
  }

  private func answers(for object: ScoredObject) -> [ScoredObject] {
    func values(_ letter: Letter) -> [Letter] {
      letter == .met || letter == .notMet ? [letter] : [.met, .notMet]
    }
    var answers: [ScoredObject] = []
    for d in values(object.d) {
      for a in values(object.a) {
        for k in values(object.k) {
          var answer = object
          (answer.d, answer.a, answer.k) = (d, a, k)
          answers.append(answer)
        }
      }
    }
    return answers
  }
}
