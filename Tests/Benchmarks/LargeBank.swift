import AssessmentModel
import ControlCatalog
import Foundation
import Judging
import ProbeKit
import ProbeRegistry
import Reporting
import Scoring

/// A bank of a thousand objects, each with every requirement of its kind: judged, scored, rendered.
struct LargeBank {
  struct Unreadable: Error { var faults: [String] }

  let catalog: Catalog
  let rules: ScoringRules
  let requirements: [Requirement]
  let unitRequirements: [Requirement]
  let objects: [AssessmentObject]
  let results: [InspectionResult]
  let level = 3

  static func measure(controls: String) throws -> [Row] {
    let bank = try LargeBank(controls: controls)
    let answers = bank.answers()
    var judged = bank.judged(answers)
    let judging = median(of: (0..<5).map { _ in seconds { judged = bank.judged(answers) } })
    var html: [UInt8] = []
    let rendering = try median(
      of: (0..<3).map { _ in
        try seconds { html = try render(judged, as: .html, language: .both) }
      })
    return [
      Row(what: "objects", value: Double(bank.objects.count), unit: ""),
      Row(what: "findings", value: Double(judged.findings.count), unit: ""),
      Row(what: "judging and scoring them", value: judging, unit: "s", target: 1),
      Row(what: "rendering their HTML", value: rendering, unit: "s", target: 2),
      Row(what: "size of that HTML", value: Double(html.count) / 1e6, unit: "MB", target: 10),
    ]
  }

  init(controls: String) throws {
    let faults = Faults()
    let reader = CatalogReader(probes: ProbeList.all.map { $0.description }, faults: faults)
    guard let catalog = reader.read(folder: controls), let rules = catalog.rules["2023"] else {
      throw Unreadable(faults: faults.sorted.map(\.description))
    }
    self.catalog = catalog
    self.rules = rules
    let level = level
    requirements = catalog.requirements.filter { $0.level == level }
    unitRequirements = catalog.unitRequirements.filter { $0.level == level }
    let kinds: [(ObjectKind, Int)] = [
      (.room, 20), (.channel, 400), (.device, 200), (.application, 150), (.data, 229),
      (.organisation, 1),
    ]
    objects = kinds.flatMap { kind, count in
      (0..<count).map { LargeBank.object(kind, $0) }
    }
    results = objects.enumerated().compactMap { place, object in
      object.kind == .channel ? LargeBank.inspection(of: object, place) : nil
    }
  }

  private static func object(_ kind: ObjectKind, _ number: Int) -> AssessmentObject {
    AssessmentObject(
      id: "\(kind.rawValue)-\(number)", kind: kind,
      locator: kind == .channel ? "tls://192.0.2.1:\(number + 1)" : nil, owner: "core-ops",
      product: .init(certificate: "GM001120219999", moduleGrade: 2),
      travels: kind == .data ? ["channel-\(number)"] : [])
  }

  /// What an ordinary server shows; every third still speaks TLS 1.0.
  private static func inspection(of object: AssessmentObject, _ place: Int) -> InspectionResult {
    let isOld = place.isMultiple(of: 3)
    let suites: [String: FactValue] = ["TLS1.2": "C02F", "TLS1.3": "1301"]
    return InspectionResult(
      object: object.id, procedure: Procedure(probe: "tls.endpoint"),
      facts: [
        "endpoint.kind": "tls", "endpoint.clear-protocol": "none", "tlcp.offered": false,
        "tls.protocols": .list((isOld ? ["TLS1.0"] : []) + ["TLS1.2", "TLS1.3"]),
        "tls.protected": true, "tls.chosen-suite": .record(suites),
        "tls.accepted-suites": .record([
          "TLS1.2": .list(["C02F", "C030", "C02B", "C02C"]), "TLS1.3": .list(["1301", "1302"]),
        ]),
        "tls.certificate.key-algorithms": .list(["RSA-2048"]),
        "tls.certificate.validity": "valid", "tls.certificate.name-matches": true,
        "tls.key-exchange-signature-valid": .record(["TLS1.2": true, "TLS1.3": true]),
      ],
      evidence: [
        EvidenceReference(
          id: "\(place)-tls.endpoint", sm3: String(repeating: "5", count: 64), strength: 2)
      ])
  }

  private func input(_ answers: [Attestations.Answer]) -> JudgingInput {
    JudgingInput(
      requirements: unitRequirements + requirements, algorithms: catalog.algorithms,
      objects: objects, results: results, answers: answers, notApplicable: [],
      today: "2026-12-03", digest: { $0 })
  }

  /// An answer to two of three questions that judging leaves open.
  private func answers() -> [Attestations.Answer] {
    judge(input([])).pending.enumerated().compactMap { place, question in
      guard !place.isMultiple(of: 3) else { return nil }
      return Attestations.Answer(
        target: .question(id: question.ask, object: question.object),
        value: .letter(met: !place.isMultiple(of: 7)), method: .document,
        observed: "seen on site", assessor: "a person", date: "2026-12-02",
        place: SourcePlace(file: "answers.yaml", line: 1, column: 1),
        evidence: [
          EvidenceReference(
            id: "answer-\(place)", sm3: String(repeating: "7", count: 64), strength: 1)
        ])
    }
  }

  private func judged(_ answers: [Attestations.Answer]) -> AssessmentResult {
    let input = input(answers)
    let judgements = judge(input)
    let byUnit = Dictionary(
      unitRequirements.compactMap { one in one.feeds.first.map { ($0, one) } }
    ) { first, _ in first }
    let highRisk = judgeHighRisk(
      HighRiskInput(
        rules: catalog.highRisk, units: catalog.units, level: level, judging: input,
        findings: judgements.findings, unitRequirements: byUnit, decisions: []))
    let sheet = sheet(
      of: SheetInput(
        edition: "2023", level: level, units: catalog.units,
        unitOfRequirement: Dictionary(byUnit.map { ($1.id, $0) }) { first, _ in first },
        findings: judgements.findings, objects: objects, compensations: [], highRisk: highRisk))
    let score = score(sheet, rules: rules, units: catalog.units)
    let index = index(
      of: indexEntries(
        of: requirements, findings: judgements.findings, rules: rules, level: level,
        objects: objects))
    return result(judgements, highRisk, score.fact, index)
  }

  private func result(
    _ judgements: Judgements, _ highRisk: [AssessmentResult.HighRiskHit], _ score: FactValue,
    _ index: IndexResult
  ) -> AssessmentResult {
    AssessmentResult(
      tool: .init(name: "Miping", version: "0"),
      system: .init(title: Bilingual(zh: "大系统", en: "Large system"), level: level, operator: nil),
      run: .init(
        id: "large", started: "2026-12-03T01:00:00Z", ended: "2026-12-03T02:00:00Z",
        state: .complete),
      catalog: .init(
        standard: "GM/T 0077-2019", edition: "2023", digest: catalog.digest, overlays: []),
      selection: .init(isReduced: false, controls: [], objects: []), authorisation: nil,
      objects: objects,
      requirements: (unitRequirements + requirements).map { .init($0) },
      inspections: results.map { .init($0) }, findings: judgements.findings, score: score,
      index: .init(
        value: index.value?.text(places: 2), judged: index.judged, known: index.known,
        expected: index.expected),
      highRisk: highRisk, compensations: [], awaiting: judgements.pending, waivers: [],
      gate: .init(kind: "none", exitCode: 0, reason: Bilingual(zh: "不设门限", en: "no gate")))
  }
}
