import AssessmentModel
import Judging

/// Small things tests judge: a requirement, objects, facts and answers with evidence.
enum Bench {
  static let algorithms = AlgorithmList(tables: [
    "suites": [
      "E013": AlgorithmList.Entry(id: "E013", name: "SM4", rating: .approved, strengthBits: 128),
      "C02F": AlgorithmList.Entry(id: "C02F", name: "AES", rating: .strong, strengthBits: 112),
      "000A": AlgorithmList.Entry(id: "000A", name: "3DES", rating: .weak, strengthBits: 80),
      "FFFF": AlgorithmList.Entry(id: "FFFF", name: "own", rating: .dated, strengthBits: nil),
    ]
  ])

  static let place = SourcePlace(file: "test.yaml", line: 1, column: 1)

  static func text(_ words: String) -> Bilingual { Bilingual(zh: words, en: words) }

  static func evidence(_ id: String) -> EvidenceReference {
    EvidenceReference(id: id, sm3: String(repeating: "0", count: 64), strength: 2)
  }

  static func requirement(
    _ assessments: [Assessment], id: String = "L3-net.conf",
    standard: Requirement.Standard = .gbt39786, kind: ObjectKind? = .channel,
    state: Requirement.TextState = .read, obligation: Requirement.Obligation = .shall,
    feeds: [String] = ["net.conf"]
  ) -> Requirement {
    Requirement(
      id: id, standard: standard, level: 3, clause: "8.2", item: "c",
      dimension: Dimension(id: "net", title: text("net")), title: text("title"),
      obligation: obligation, textState: state, provenance: "seed", text: text("text"),
      feeds: feeds, gates: ["7.2"], objectKind: kind, assessments: assessments, place: place)
  }

  static func probe(
    used: [Expectation] = [], approved: [Expectation] = [], keys: [Expectation] = [],
    kind: ObjectKind = .channel, isPlanned: Bool = false, judgement: String? = nil,
    isForCertifiedProducts: Bool = false
  ) -> Assessment {
    .probe(
      ProbeAssessment(
        objectKind: kind, procedure: Procedure(probe: "p"), isPlanned: isPlanned, used: used,
        approved: approved, keys: keys, judgement: judgement,
        isForCertifiedProducts: isForCertifiedProducts))
  }

  static func ask(
    _ id: String, _ letter: JudgedLetter?, kind: ObjectKind = .channel, standsIn: Bool = false
  ) -> Assessment {
    .ask(
      Question(
        id: id, letter: letter, objectKind: kind, method: .document, text: text(id),
        standsIn: standsIn))
  }

  static func expect(
    _ fact: String, _ condition: Condition = .equals(true), field: String? = nil,
    onlyIf: [Expectation] = []
  ) -> Expectation {
    Expectation(fact: fact, field: field, condition: condition, onlyIf: onlyIf)
  }

  static func result(
    _ facts: [String: FactValue], on object: String = "gw", evidence: Bool = true,
    unavailable: Unavailability? = nil
  ) -> InspectionResult {
    InspectionResult(
      object: object, procedure: Procedure(probe: "p"), unavailable: unavailable, facts: facts,
      evidence: evidence ? [Self.evidence("i-\(object)")] : [])
  }

  static func answer(
    _ id: String, _ value: Attestations.Answer.Value, on object: String? = "gw",
    until: String? = nil, evidence: Bool = true, strengthBits: Int? = nil
  ) -> Attestations.Answer {
    answer(
      .question(id: id, object: object), value, until: until, evidence: evidence,
      strengthBits: strengthBits)
  }

  static func answer(
    _ target: Attestations.Answer.Target, _ value: Attestations.Answer.Value,
    until: String? = nil, evidence: Bool = true, strengthBits: Int? = nil
  ) -> Attestations.Answer {
    Attestations.Answer(
      target: target, value: value, method: .document, observed: "已查", validUntil: until,
      strengthBits: strengthBits, assessor: "甲", date: "2026-12-01", place: place,
      evidence: evidence ? [Self.evidence("a-\(target)")] : [])
  }

  static let gateway = AssessmentObject(id: "gw", kind: .channel, locator: "tls://127.0.0.1:443")

  static func input(
    _ requirements: [Requirement], objects: [AssessmentObject] = [gateway],
    results: [InspectionResult] = [], answers: [Attestations.Answer] = [],
    notApplicable: [Scope.NotApplicable] = []
  ) -> JudgingInput {
    JudgingInput(
      requirements: requirements, algorithms: algorithms, objects: objects, results: results,
      answers: answers, notApplicable: notApplicable, today: "2026-12-03", digest: { $0 })
  }
}
