import Assessment
import AssessmentModel
import Foundation
import Gating
import Reporting
import ResultStore
import Sealing
import Synchronization
import Testing

@Suite("An assessment from end to end")
struct EndToEndTests {
  @Test(
    "A run leaves its record, its report, chained evidence, a seal that verifies and a row in the store"
  )
  func leavesEverything() async throws {
    let bench = try Bench()
    let outcome = try await bench.run()
    #expect(bench.world.objects == ["gw-1", "gw-2", "keys"], "equal inspections are made once")
    #expect(bench.runs == [outcome.result.run.id])
    #expect(outcome.folder == bench.path("out/\(outcome.result.run.id)"))
    #expect(outcome.result.run.started == "2026-12-03T04:00:00Z")

    let record = try bench.bytes("\(outcome.folder)/result.json")
    #expect(record == (try ResultJSON.encode(outcome.result)))
    #expect(try ResultJSON.decode(record) == outcome.result)
    #expect(try outcome.text(of: "report.html").hasPrefix("<!DOCTYPE html"))
    #expect(try SealCheck(folder: outcome.folder).faults == [])

    let store = try bench.store
    #expect(try store.result(of: outcome.result.run.id) == record)
    let row = try #require(try store.run(outcome.result.run.id))
    #expect(row.state == .complete)
    #expect(row.gateExitCode == 0)
    #expect(row.folder == outcome.folder)
  }

  @Test("Every verdict rests on evidence in the chain, and the chain holds nothing else")
  func chainsEvidence() async throws {
    let bench = try Bench()
    let outcome = try await bench.run()
    let chain = try EvidenceChain.verify(try bench.bytes("\(outcome.folder)/evidence.jsonl"))
    #expect(chain.fault == nil)
    let kept = Dictionary(uniqueKeysWithValues: chain.records.map { ($0.id, $0.digest.sm3) })
    let inspected = outcome.result.inspections.flatMap(\.evidence)
    #expect(inspected.count == 3)
    #expect(Set(inspected.map(\.id)) == Set(kept.keys))
    for reference in inspected + outcome.result.findings.flatMap(\.evidence) {
      #expect(kept[reference.id] == reference.sm3)
    }
    let text = try chain.records.map {
      String(decoding: try bench.bytes("\(outcome.folder)/\($0.file)"), as: UTF8.self)
    }
    #expect(Set(text) == ["answer of gw-1", "answer of gw-2", "answer of keys"])
  }

  @Test("Facts decide verdicts: met, partly met, not met, unknown")
  func judges() async throws {
    let world = World { object in
      var seen = World.good(object)
      switch object.id {
      case "gw-2": seen.facts["suites"] = ["E013", "002F"]
      case "gw-3": seen.facts["protected"] = false
      case "gw-4": return Observation(unavailable: Unavailability(.refused, "refused"))
      default: break
      }
      return seen
    }
    let bench = try Bench(
      world, scope: Bench.Scope(channels: (1...4).map { "tls://127.0.0.1:\($0)" }))
    let outcome = try await bench.run()
    let letters = try (1...4).map { number in
      let finding = try outcome.finding("L3-net.conf", "gw-\(number)")
      return [finding.d, finding.a, finding.k]
    }
    #expect(
      letters == [
        [.met, .met, .undetermined], [.met, .notMet, .undetermined],
        [.notMet, .notEvaluated, .notEvaluated], [.undetermined, .undetermined, .undetermined],
      ])
    #expect(try outcome.finding("L3-net.conf", "gw-1").verdict == .awaiting)
    #expect(try outcome.finding("L3-net.conf", "gw-2").verdict == .partial)
    #expect(try outcome.finding("L3-net.conf", "gw-3").verdict == .nonConforming)
    #expect(try outcome.finding("L3-7.2.2.4-e", "gw-4").verdict == .untested)
    #expect(outcome.result.highRisk.map(\.object) == ["gw-3"])
    #expect(outcome.result.run.state == .complete, "a failed inspection is an outcome")
  }

  @Test("The same evidence judged twice gives the same bytes, but for the run's name and times")
  func repeatsBytes() async throws {
    let bench = try Bench()
    let first = try await bench.run()
    let second = try await bench.run(bench.request(at: Bench.noon + 4000))
    #expect(first.result.run.id != second.result.run.id)
    for name in ["result.json", "report.html"] {
      #expect(try first.text(of: name) == (try second.text(of: name)))
    }
  }

  @Test("Progress tells what is planned, every inspection once, and the end")
  func reports() async throws {
    let bench = try Bench()
    let told = Mutex<[String]>([])
    _ = try await bench.run { event in
      told.withLock {
        switch event {
        case .planned(let inspections, let finished, let asks):
          $0.append("planned \(inspections) \(finished) \(asks)")
        case .inspected(let done, let total, _, _, let reason):
          $0.append("inspected \(done) of \(total)\(reason == nil ? "" : " failed")")
        case .judged(let findings): $0.append("judged \(findings)")
        }
      }
    }
    #expect(
      told.withLock { $0 } == [
        "planned 3 0 6", "inspected 1 of 3", "inspected 2 of 3", "inspected 3 of 3", "judged 8",
      ])
  }

  @Test(
    "The gate's answer is in the record and in the store",
    arguments: [(GateKind.none, 0), (.default, 1), (.complete, 1)])
  func gates(kind: GateKind, code: Int) async throws {
    let bench = try Bench(World(World.clear))
    var request = bench.request()
    request.gate = kind
    let outcome = try await bench.run(request)
    #expect(outcome.result.highRisk.map(\.object) == ["gw-1", "gw-2"])
    #expect(outcome.result.gate.exitCode == code)
    #expect(try bench.store.run(outcome.result.run.id)?.gateExitCode == code)
  }

  @Test("Waivers of the scope are applied on the day of the run", arguments: [(3, 0), (4, 1)])
  func waives(day: Int, code: Int) async throws {
    let bench = try Bench(World(World.clear), scope: Bench.Scope(more: "waivers: waivers.yaml\n"))
    try bench.write(
      """
      - {id: W-1, match: {code: "7.2"}, reason: 切换, approved-by: someone, effective: "2026-01-01",
         expires: "2026-12-03"}

      """, to: "waivers.yaml")
    // 23:59:59 of the last day in Shanghai, and one second later.
    var request = bench.request(at: Bench.noon + (day == 3 ? 43_199 : 43_200))
    request.gate = .default
    let outcome = try await bench.run(request)
    #expect(outcome.result.gate.exitCode == code)
    #expect(outcome.result.waivers.map(\.state) == [code == 0 ? "in-force" : "expired"])
  }

  @Test("An edition there are no rules for is wrong use, and nothing is contacted")
  func refusesEdition() async throws {
    let bench = try Bench()
    var request = bench.request()
    request.edition = "1999"
    #expect(
      try await bench.refusal(request).wrongUse?.contains("1999; there are 2021, 2023") == true)
    #expect(bench.world.calls.isEmpty)
    #expect(!bench.exists("out"))
  }
}
