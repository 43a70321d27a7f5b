import Assessment
import AssessmentModel
import Foundation
import ResultStore
import Sealing
import Testing

@Suite("A killed process")
struct KillTests {
  /// What a killed process would leave on the disk: the out folder and the store, as they stand.
  private static func snapshot(_ bench: Bench, _ name: String) {
    let manager = FileManager.default
    let target = bench.path("snapshots/\(name)")
    try? manager.createDirectory(atPath: target, withIntermediateDirectories: true)
    for entry in (try? manager.contentsOfDirectory(atPath: bench.folder)) ?? []
    where entry == "out" || entry.hasPrefix("miping.db") {
      try? manager.copyItem(atPath: bench.path(entry), toPath: "\(target)/\(entry)")
    }
  }

  /// Puts the files of a snapshot back: `out` from one, the store from the same or an earlier one.
  private func restore(_ bench: Bench, out: String, store: String) throws {
    let manager = FileManager.default
    for entry in try manager.contentsOfDirectory(atPath: bench.folder)
    where entry == "out" || entry.hasPrefix("miping.db") {
      try manager.removeItem(atPath: bench.path(entry))
    }
    try manager.copyItem(atPath: bench.path("snapshots/\(out)/out"), toPath: bench.path("out"))
    let files = try manager.contentsOfDirectory(atPath: bench.path("snapshots/\(store)"))
    for entry in files where entry.hasPrefix("miping.db") {
      try manager.copyItem(
        atPath: bench.path("snapshots/\(store)/\(entry)"), toPath: bench.path(entry))
    }
  }

  /// A whole run with a snapshot after every step: `0` to `5`, `judged`, `end`.
  private func killable() async throws -> (bench: Bench, whole: AssessmentOutcome) {
    let bench = try Bench.serial()
    let whole = try await bench.run { event in
      switch event {
      case .planned: Self.snapshot(bench, "0")
      case .inspected(let done, _, _, _, _): Self.snapshot(bench, "\(done)")
      case .judged: Self.snapshot(bench, "judged")
      }
    }
    Self.snapshot(bench, "end")
    try FileManager.default.copyItem(
      atPath: whole.folder, toPath: bench.path("whole"))
    return (bench, whole)
  }

  @Test("A killed process loses no finished inspection, wherever it was killed")
  func survivesKill() async throws {
    let (bench, whole) = try await killable()
    // The last: killed with everything written and sealed, before the store knew of the end.
    let points =
      (0...Bench.serialTotal).map { ("\($0)", "\($0)", Bench.serialTotal - $0) }
      + [("judged", "judged", 0), ("end", "judged", 0)]
    for (out, store, repeated) in points {
      try restore(bench, out: out, store: store)
      let before = bench.world.calls.count
      let resumed = try await bench.run(bench.request(resume: .last))
      #expect(bench.world.calls.count - before == repeated, "killed at \(out)")
      #expect(resumed.result.run.id == whole.result.run.id)
      #expect(resumed.result == whole.result)
      for name in ["result.json", "report.html"] {
        #expect(
          try bench.bytes("\(resumed.folder)/\(name)")
            == (try bench.bytes(bench.path("whole/\(name)"))))
      }
      #expect(try SealCheck(folder: resumed.folder).faults == [])
      #expect(try bench.store.run(resumed.result.run.id)?.state == .complete)
    }
  }

  @Test("Killed between evidence and record, the inspection is made again beside the old evidence")
  func survivesKillBetween() async throws {
    let (bench, whole) = try await killable()
    try restore(bench, out: "3", store: "2")
    let before = bench.world.calls.count
    let resumed = try await bench.run(bench.request(resume: .last))
    #expect(bench.world.calls.count - before == 3)
    #expect(
      resumed.result.findings.map { [$0.fingerprint, $0.verdict.rawValue] }
        == whole.result.findings.map { [$0.fingerprint, $0.verdict.rawValue] })
    #expect(resumed.result.score == whole.result.score)
    let again = resumed.result.inspections.flatMap(\.evidence).filter { $0.id.contains("-r2-") }
    #expect(again.count == 1)
    #expect(try SealCheck(folder: resumed.folder).faults == [])
  }

  @Test("Half a line of evidence that a killed process left is set aside and never counts")
  func survivesTornLine() async throws {
    let (bench, whole) = try await killable()
    try restore(bench, out: "2", store: "2")
    let list = bench.path("out/\(whole.result.run.id)/evidence.jsonl")
    try Data(try bench.bytes(list) + Array("{\"sequence\":2,\"id\":\"00".utf8))
      .write(to: URL(filePath: list))
    let resumed = try await bench.run(bench.request(resume: .last))
    #expect(resumed.result.findings == whole.result.findings)
    #expect(try SealCheck(folder: resumed.folder).faults == [])
  }

  @Test("A recorded inspection whose evidence is gone is made again")
  func repeatsWithoutEvidence() async throws {
    let (bench, whole) = try await killable()
    try restore(bench, out: "2", store: "3")
    let before = bench.world.calls.count
    let resumed = try await bench.run(bench.request(resume: .last))
    #expect(bench.world.calls.count - before == 3)
    #expect(resumed.result.findings == whole.result.findings)
  }

  @Test("Evidence changed since then stops the resumption")
  func refusesChangedEvidence() async throws {
    let (bench, whole) = try await killable()
    try restore(bench, out: "3", store: "3")
    let run = "out/\(whole.result.run.id)/"
    let chain = try EvidenceChain.verify(try bench.bytes(bench.path(run + "evidence.jsonl")))
    try bench.write("answer of another", to: run + (try #require(chain.records.first)).file)
    let before = bench.world.calls.count
    guard case .sealing(let error) = try await bench.refusal(bench.request(resume: .last)) else {
      Issue.record("the evidence was changed")
      return
    }
    #expect(error.isIntegrity)
    #expect(bench.world.calls.count == before)
  }
}
