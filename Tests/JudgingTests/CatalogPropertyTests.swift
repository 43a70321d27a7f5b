import AssessmentModel
import ControlCatalog
import Foundation
import Judging
import ProbeKit
import ProbeRegistry
import TestSupport
import Testing

@Suite("Judging the shipped catalog")
struct CatalogPropertyTests {
  private static let catalog: Catalog? = {
    let controls = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Controls")
    return CatalogReader(probes: ProbeList.all.map { $0.description }, faults: Faults()).read(
      folder: controls.path)
  }()

  /// One object of every kind, related in every way.
  private static let objects: [AssessmentObject] = [
    AssessmentObject(id: "room", kind: .room),
    AssessmentObject(id: "gw", kind: .channel, locator: "tls://127.0.0.1:443"),
    AssessmentObject(id: "tunnel", kind: .channel), AssessmentObject(id: "host", kind: .device),
    AssessmentObject(id: "app", kind: .application),
    AssessmentObject(id: "log", kind: .auditLog, serves: ["host", "app"]),
    AssessmentObject(id: "hsm", kind: .cryptoDevice, serves: ["host"]),
    AssessmentObject(id: "pin", kind: .pinService, serves: ["data"]),
    AssessmentObject(id: "store", kind: .assetStore, serves: ["gw", "data"]),
    AssessmentObject(
      id: "data", kind: .data, travels: ["gw"], restsIn: ["host"], protectedBy: ["hsm"]),
  ]

  private static let values: [FactValue] = [
    true, false, .null, 0, 1, 2048, "", "E013", "valid", "tls", "both", [], ["E013"],
    ["E013", "C02F"],
    ["TLS1.2": ["C02F"]], ["TLS1.0"], [["signature-digest": "SM3"]],
    [["signature-digest": "SHA-1"]], ["SM2"], [:],
  ]

  /// Random facts, some of them without evidence or unavailable, and random answers.
  private func random(_ seed: UInt64, _ catalog: Catalog, level: Int) -> JudgingInput {
    var generator = SeededGenerator(seed: seed)
    let rows = (catalog.unitRequirements + catalog.requirements).filter { $0.level == level }
    var procedures: Set<Procedure> = []
    for row in rows {
      for case .probe(let probe) in row.assessments { procedures.insert(probe.procedure) }
    }
    var results: [InspectionResult] = []
    for object in Self.objects {
      for procedure in procedures.sorted(by: { $0.probe < $1.probe })
      where Int.random(in: 0..<4, using: &generator) > 0 {
        let names =
          ProbeList.all.map { $0.description }.first { $0.name == procedure.probe }?.facts.keys
          .sorted() ?? []
        var facts: [String: FactValue] = [:]
        for name in names where Bool.random(using: &generator) {
          facts[name] = Self.values.randomElement(using: &generator)
        }
        let hasEvidence = Int.random(in: 0..<4, using: &generator) > 0
        results.append(
          InspectionResult(
            object: object.id, procedure: procedure,
            unavailable: Int.random(in: 0..<5, using: &generator) == 0
              ? Unavailability(.refused, "refused") : nil,
            facts: facts,
            evidence: hasEvidence ? [Bench.evidence("\(object.id)-\(procedure.probe)")] : []))
      }
    }
    let verdicts: [Verdict] = [.conforming, .partial, .nonConforming]
    var answers: [Attestations.Answer] = []
    for question in catalog.questions.values.sorted(by: { $0.id < $1.id }) {
      let asked: [String?] =
        question.objectKind == .organisation
        ? [nil] : Self.objects.filter { $0.kind == question.objectKind }.map(\.id)
      for object in asked where Int.random(in: 0..<4, using: &generator) > 0 {
        let value: Attestations.Answer.Value =
          question.letter == nil
          ? .verdict(verdicts.randomElement(using: &generator) ?? .partial)
          : .letter(met: Int.random(in: 0..<3, using: &generator) > 0)
        answers.append(
          Bench.answer(
            question.id, value, on: object,
            until: Int.random(in: 0..<5, using: &generator) == 0 ? "2026-01-01" : nil,
            evidence: Int.random(in: 0..<5, using: &generator) > 0))
      }
    }
    var input = Bench.input(rows, objects: Self.objects, results: results, answers: answers)
    input.algorithms = catalog.algorithms
    return input
  }

  @Test(
    "no verdict without evidence, no finding for what is unread, whatever is seen and said",
    arguments: [3, 4])
  func evidence(level: Int) throws {
    let catalog = try #require(Self.catalog)
    let unread = Set(catalog.requirements.filter { !$0.isJudged }.map(\.id))
    var seen: Set<Verdict> = []
    for seed in 0..<40 as Range<UInt64> {
      let judged = judge(random(seed * 8 + UInt64(level), catalog, level: level))
      for finding in judged.findings {
        seen.insert(finding.verdict)
        #expect(!unread.contains(finding.requirement))
        if [.conforming, .partial, .nonConforming].contains(finding.verdict) {
          #expect(
            !finding.evidence.isEmpty,
            "\(finding.requirement) \(finding.object ?? "-"), seed \(seed)")
        } else {
          #expect(!finding.reasons.isEmpty, "\(finding.requirement)")
        }
        #expect(finding.expected.count == finding.observed.count)
        #expect((finding.d == .notMet) == (finding.a == .notEvaluated && finding.d != nil))
      }
      #expect(Set(judged.findings.map(\.fingerprint)).count == judged.findings.count)
    }
    #expect(seen == [.conforming, .partial, .nonConforming, .awaiting, .untested])
  }

  @Test("the order of inspections and answers changes nothing", arguments: [3, 4])
  func determinism(level: Int) throws {
    let catalog = try #require(Self.catalog)
    var generator = SeededGenerator(seed: 7)
    for seed in 0..<8 as Range<UInt64> {
      let input = random(seed, catalog, level: level)
      var shuffled = input
      shuffled.results.shuffle(using: &generator)
      shuffled.answers.shuffle(using: &generator)
      let first = judge(input)
      let second = judge(shuffled)
      #expect(first.findings == second.findings)
      #expect(first.pending == second.pending)
      #expect(highRisk(input, catalog, level, first) == highRisk(shuffled, catalog, level, second))
    }
  }

  @Test("fingerprints follow from requirement and object alone")
  func fingerprints() throws {
    let catalog = try #require(Self.catalog)
    let inputs = [1, 2].map { random(UInt64($0), catalog, level: 4) }
    let all = inputs.map { input in
      judge(input).findings.map { "\($0.fingerprint) \($0.requirement) \($0.object ?? "-")" }
    }
    #expect(all[0] == all[1] && !all[0].isEmpty)
    var other = inputs[0]
    other.requirements = (catalog.unitRequirements + catalog.requirements).filter { $0.level == 3 }
    let level3 = Set(judge(other).findings.map(\.fingerprint))
    #expect(level3.isDisjoint(with: judge(inputs[0]).findings.map(\.fingerprint)))
  }

  @Test("high-risk hits stand once each and rest on evidence", arguments: [3, 4])
  func hits(level: Int) throws {
    let catalog = try #require(Self.catalog)
    var count = 0
    for seed in 0..<20 as Range<UInt64> {
      let input = random(seed + 900, catalog, level: level)
      let hits = highRisk(input, catalog, level, judge(input))
      count += hits.count
      #expect(Set(hits.map(\.fingerprint)).count == hits.count)
      for hit in hits {
        #expect(hit.state == .proposed && !hit.evidence.isEmpty)
        let item = try #require(catalog.highRisk.item(hit.code))
        #expect(item.levels.contains(level) && item.problems[hit.problem] != nil)
        if hit.code.hasPrefix("5."), catalog.highRisk.ownItem(of: hit.unit) == nil {
          #expect(hit.confidence != .high && !hit.counts)
        }
      }
    }
    #expect(count > 0)
  }

  private func highRisk(
    _ input: JudgingInput, _ catalog: Catalog, _ level: Int, _ judged: Judgements
  ) -> [AssessmentResult.HighRiskHit] {
    let units = catalog.unitRequirements.filter { $0.level == level }
    return judgeHighRisk(
      HighRiskInput(
        rules: catalog.highRisk, units: catalog.units, level: level, judging: input,
        findings: judged.findings.filter { finding in
          units.contains { $0.id == finding.requirement }
        },
        unitRequirements: Dictionary(units.map { ($0.feeds.first ?? "", $0) }) { first, _ in first
        },
        decisions: []))
  }
}
