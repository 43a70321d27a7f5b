import AssessmentModel
import Foundation
import Scoring
import Settings
import Testing
import YAMLDocument

@Suite("Score sheets")
struct ScoreSheetFileTests {
  /// Six units, two pairs among them; unit `low.only` is assessed below level 3 only.
  private static let units: [ScoringUnit] = [
    "net.int", "net.conf", "app.tint", "app.tconf", "pol.system", "low.only",
  ].map { code in
    ScoringUnit(
      code: code, layer: String(code.prefix(3)), title: Bilingual(zh: code, en: code),
      weights: code == "low.only" ? [1: .one] : [3: .one, 4: .one], obligations: [:],
      gbt39786: [:], gbt43206: "")
  }

  private static func rules(_ edition: String) -> ScoringRules {
    func layer(_ code: String, _ weight: Int, _ group: ScoringRules.Group) -> ScoringRules.Layer {
      ScoringRules.Layer(
        code: code, title: Bilingual(zh: code, en: code), group: group,
        weight: FixedPoint(weight))
    }
    func tenths(_ number: Int) -> FixedPoint { FixedPoint(tenThousandths: number * 1_000) }
    let isLater = edition == "2023"
    return ScoringRules(
      edition: edition,
      layers: [
        layer("phy", 10, .technical), layer("net", 20, .technical), layer("dev", 10, .technical),
        layer("app", 30, .technical), layer("pol", 8, .management), layer("per", 8, .management),
        layer("con", 8, .management), layer("eme", 6, .management),
      ],
      shares: isLater
        ? ScoringRules.Shares(technical: FixedPoint(70), management: FixedPoint(30)) : nil,
      strengthFactors: isLater
        ? [
          ScoringRules.StrengthFactor(minimumBits: 112, value: .one),
          ScoringRules.StrengthFactor(minimumBits: 80, value: .half),
          ScoringRules.StrengthFactor(minimumBits: 0, value: tenths(2)),
        ] : nil,
      keyFactors: isLater
        ? [
          3: [
            ScoringRules.KeyFactor(
              minimumModuleGrade: 1, needsOtherKeyRequirements: true, value: tenths(12))
          ],
          4: [
            ScoringRules.KeyFactor(
              minimumModuleGrade: 2, needsOtherKeyRequirements: true, value: tenths(15))
          ],
        ] : [:],
      managementScores: ScoringRules.ManagementScores(
        conforming: .one, partial: .half, nonConforming: .zero),
      compensation: isLater
        ? ScoringRules.CompensationRule(
          factor: .half,
          pairs: [
            ScoringRules.Pair(first: "net.int", second: "app.tint"),
            ScoringRules.Pair(first: "net.conf", second: "app.tconf"),
          ]) : nil,
      threshold: FixedPoint(60), thresholdSource: Bilingual(zh: "惯例", en: "practice"))
  }

  private static let editions = ["2023": rules("2023"), "2021": rules("2021")]

  private func read(_ text: String, file: String = "sheet.yaml") -> (ScoreSheet?, [Fault]) {
    let faults = Faults()
    guard let node = YAMLDocument.parse(Array(text.utf8), file: file, faults: faults) else {
      return (nil, faults.sorted)
    }
    let sheet = ScoreSheetFile.read(
      node, units: ScoreSheetFileTests.units, rulesByEdition: ScoreSheetFileTests.editions,
      faults: faults)
    return (sheet, faults.sorted)
  }

  private static let good = """
    edition: "2023"
    level: 3
    note: anything
    units:
      net.int: {objects: [{id: gw-01, D: true, A: true, K: true}], note: [1]}
      net.conf: {objects: [{id: gw-01, D: true, A: false, K: null, module-grade: 2, name: x}]}
      app.tint: {objects: [{id: acct, D: false, A: null, K: null}, {id: b, D: null, A: null, K: null}]}
      app.tconf: {status: untested, reason: no access}
      pol.system: {verdict: 部分符合}
    compensations:
      - {kind: integrity, from-unit: net.int, from-object: gw-01, to-unit: app.tint, to-object: acct,
         reason: the channel carries it, confirmed-by: someone, note: n}
    high-risk:
      - {code: 7.2, unit: net.conf, object: gw-01, problem: 4, state: mitigated, why: w}
      - {code: "10.1", state: proposed, confidence: low}
    """

  @Test("a pair of units that cannot make up for each other is one fault, at the unit made up for")
  func wrongPair() {
    let (_, faults) = read(
      ScoreSheetFileTests.good.replacingOccurrences(
        of: "to-unit: app.tint, to-object: acct", with: "to-unit: net.conf, to-object: acct"))
    #expect(faults.map { "\($0.place.line):\($0.place.column)" } == ["11:72"])
  }

  @Test("Every part of a sheet is read as section 10 says")
  func good() throws {
    let (read, faults) = read(ScoreSheetFileTests.good)
    #expect(faults.isEmpty)
    let sheet = try #require(read)
    #expect((sheet.edition, sheet.level) == ("2023", 3))
    #expect(
      sheet.units == [
        "net.int": .objects([ScoredObject(id: "gw-01", d: .met, a: .met, k: .met)]),
        "net.conf": .objects([
          ScoredObject(id: "gw-01", d: .met, a: .notMet, k: .undetermined, moduleGrade: 2)
        ]),
        "app.tint": .objects([
          ScoredObject(id: "acct", d: .notMet, a: .notEvaluated, k: .notEvaluated),
          ScoredObject(
            id: "b", d: .undetermined, a: .undetermined, k: .undetermined, isNotApplicable: true),
        ]),
        "app.tconf": .untested(reason: "no access", missing: .untested),
        "pol.system": .verdict(.partial),
      ])
    #expect(
      sheet.compensations == [
        Compensation(
          source: ObjectReference(unit: "net.int", object: "gw-01"),
          target: ObjectReference(unit: "app.tint", object: "acct"),
          reason: "the channel carries it", confirmedBy: "someone")
      ])
    #expect(
      sheet.highRisk == [
        HighRiskHit(
          code: "7.2", unit: "net.conf", objects: ["gw-01"], problem: 4, state: .mitigated, why: "w"
        ),
        HighRiskHit(code: "10.1", unit: nil, state: .proposed(.low)),
      ])
  }

  @Test(
    "A mistake is a fault at its place",
    arguments: [
      ("edition: \"2023\"", "edition: \"2022\"", "1:10", "unknown edition"),
      ("level: 3", "level: 2", "2:8", "levels 3 and 4"),
      ("level: 3", "level: \"3\"", "2:8", "without quotes"),
      ("net.int: {obj", "net.itn: {obj", "5:3", "did you mean \"net.int\""),
      ("  pol.system: {verdict: 部分符合}\n", "", "5:3", "unit pol.system of level 3 is missing"),
      ("  pol.system", "  low.only: {}\n  pol.system", "9:3", "not assessed at level 3"),
      ("reason: no access", "reason: ' '", "8:41", "empty"),
      (", reason: no access", "", "8:14", "needs the key \"reason\""),
      ("status: untested", "status: unknown", "8:23", "unknown value"),
      ("verdict: 部分符合", "verdict: 不适用", "9:25", "unknown verdict"),
      ("verdict: 部分符合", "objects: []", "9:15", "names no object"),
      ("verdict: 部分符合", "note: 1", "9:15", "needs a verdict"),
      ("id: b, D", "id: acct, D", "7:69", "stands twice"),
      ("id: b, D: null", "id: b", "7:64", "needs the key \"D\""),
      ("A: false", "A: no", "6:48", "write false"),
      ("module-grade: 2", "module-grade: 5", "6:78", "0 to 4"),
      ("module-grade: 2", "strength-bits: -1", "6:79", "at least 0"),
      ("kind: integrity", "kind: confidentiality", "11:12", "does not fit"),
      ("from-object: gw-01, to", "from-object: gw-02, to", "11:56", "did you mean \"gw-01\""),
      ("to-unit: app.tint", "to-unit: net.conf", "11:72", "cannot make up for"),
      ("code: 7.2", "code: 7.4", "14:12", "unknown high-risk item"),
      ("unit: net.conf, object", "unit: net.cfon, object", "14:23", "did you mean"),
      ("state: mitigated", "state: closed", "14:67", "unknown value"),
      (", confidence: low", "", "15:5", "needs the key \"confidence\""),
      ("problem: 4", "problems: 4", "14:48", "unknown key"),
      ("object: gw-01, problem", "object: \"gw-01, gw-3\", problem", "14:41", "unknown object"),
    ])
  func faults(part: String, replacement: String, place: String, message: String) throws {
    let text = ScoreSheetFileTests.good
    let range = try #require(text.range(of: part))
    let (_, faults) = read(text.replacingCharacters(in: range, with: replacement))
    #expect(
      faults.contains {
        $0.description.hasPrefix("sheet.yaml:\(place): ") && $0.message.contains(message)
      }, "\(faults)")
  }

  @Test(
    "A pair the rules do not allow is refused",
    arguments: [("net.int", "app.tconf"), ("net.conf", "net.conf"), ("app.tint", "app.tconf")])
  func pairs(from: String, to: String) throws {
    let text = ScoreSheetFileTests.good
      .replacingOccurrences(
        of: "from-unit: net.int, from-object: gw-01", with: "from-unit: \(from), from-object: o"
      ).replacingOccurrences(
        of: "to-unit: app.tint, to-object: acct", with: "to-unit: \(to), to-object: o")
    let (_, faults) = read(text)
    #expect(faults.contains { $0.message.contains("cannot make up for") })
  }

  @Test("All faults are reported at once")
  func all() {
    let (sheet, faults) = read(
      """
      edition: 2020
      level: 5
      units: {net.conf: {verdict: 符合}, x: 1, pol.system: {objects: 3}}
      compensations: [{}]
      high-risk: [1]
      extra: 1
      """)
    #expect(sheet == nil)
    #expect(Set(faults.map(\.place.line)) == [1, 2, 3, 4, 5, 6])
    #expect(faults.count == 11)
  }

  @Test(
    "What is no sheet is a fault and never a sheet",
    arguments: [
      "[]", "x", "{}", "{\"units\": {}}", "{\"edition\": \"2023\", \"level\": 3, \"units\": 7}",
    ])
  func noSheet(text: String) {
    let (sheet, faults) = read(text, file: "sheet.json")
    #expect(sheet == nil)
    #expect(!faults.isEmpty)
  }

  @Test("A sheet cut off anywhere never traps and is never read without a fault")
  func cut() {
    let bytes = Array(ScoreSheetFileTests.good.utf8)
    for length in stride(from: 0, to: bytes.count - 40, by: 7) {
      let faults = Faults()
      let node = YAMLDocument.parse(Array(bytes[..<length]), file: "s.yaml", faults: faults)
      let sheet = node.flatMap {
        ScoreSheetFile.read(
          $0, units: ScoreSheetFileTests.units, rulesByEdition: ScoreSheetFileTests.editions,
          faults: faults)
      }
      // Between two list items the beginning of a sheet is a sheet.
      #expect(!faults.isEmpty || sheet?.units.count == 5)
    }
  }

  @Test("The worked systems, as JSON sheets, score the published totals")
  func examples() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ScoringTests/Fixtures/scoring-examples.json")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let rules = try #require(document["rules"] as? [String: Any])
    let units = try #require(rules["units"] as? [[String: Any]]).map { unit in
      let weights = try #require(unit["weights"] as? [String: Any])
      return ScoringUnit(
        code: try #require(unit["code"] as? String), layer: try #require(unit["layer"] as? String),
        title: Bilingual(zh: "", en: ""),
        weights: Dictionary(
          uniqueKeysWithValues: weights.compactMap { level, weight in
            guard let level = Int(level), let weight = weight as? String,
              let number = FixedPoint(weight)
            else { return nil }
            return (level, number)
          }), obligations: [:], gbt39786: [:], gbt43206: "")
    }
    var totals = 0
    for example in try #require(document["examples"] as? [[String: Any]]) {
      var input = try #require(example["input"] as? [String: Any])
      input["edition"] = example["edition"]
      input["level"] = example["level"]
      let faults = Faults()
      let bytes = Array(try JSONSerialization.data(withJSONObject: input))
      let node = try #require(
        YAMLDocument.parse(bytes, file: "sheet.json", faults: faults))
      let sheet = try #require(
        ScoreSheetFile.read(
          node, units: units, rulesByEdition: ScoreSheetFileTests.editions, faults: faults))
      #expect(faults.isEmpty, "\(faults.sorted)")
      let fact = score(sheet, rules: ScoreSheetFileTests.rules("2023"), units: units).fact
      let expected = try #require(example["expected"] as? [String: Any])
      if let range = fact["range"] {
        let lower = try #require(expected["lower"] as? [String: Any])
        let upper = try #require(expected["upper"] as? [String: Any])
        #expect(range["lower"]?.text == lower["total"] as? String)
        #expect(range["upper"]?.text == upper["total"] as? String)
        #expect(range["tested-only"]?.text == expected["testedOnlyTotal"] as? String)
      } else {
        #expect(fact["total"]?.text == expected["total"] as? String)
      }
      totals += 1
    }
    #expect(totals == 7)
  }
}
