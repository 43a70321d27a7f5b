import Assessment
import AssessmentModel
import Foundation
import ResultStore
import Sealing
import Testing

@Suite("Interrupting and resuming")
struct ResumeTests {
  private static let total = Bench.serialTotal

  /// Compares two records of one bench, but for names and times.
  private func isSame(_ one: AssessmentOutcome, _ other: AssessmentOutcome) throws {
    #expect(one.result.findings == other.result.findings)
    #expect(try one.text(of: "result.json") == (try other.text(of: "result.json")))
    #expect(try one.text(of: "report.html") == (try other.text(of: "report.html")))
  }

  @Test(
    "A run interrupted after any inspection is kept, marked, and ends like one that was not",
    arguments: 0...total)
  func resumes(after finished: Int) async throws {
    let bench = try Bench.serial()
    let whole = try await bench.run()
    #expect(bench.world.calls.count == Self.total)

    let cut = try await bench.run(bench.request(at: Bench.noon + 60)) { event in
      switch event {
      case .planned: if finished == 0 { interrupt() }
      case .inspected(let done, _, _, _, _): if done == finished { interrupt() }
      case .judged: break
      }
    }
    let isWhole = finished == Self.total
    #expect(cut.result.run.state == (isWhole ? .complete : .interrupted))
    #expect(cut.result.inspections.count == Self.total)
    #expect(cut.result.inspections.count { $0.outcome == "observed" } == finished)
    #expect(
      cut.result.inspections.dropFirst(finished).allSatisfy { $0.reason?.reason == .notRun })
    #expect(try SealCheck(folder: cut.folder).faults == [])
    #expect(try bench.store.run(cut.result.run.id)?.state == (isWhole ? .complete : .interrupted))
    guard !isWhole else { return }

    let resumed = try await bench.run(bench.request(resume: .last, at: Bench.noon + 120))
    #expect(resumed.result.run.id == cut.result.run.id)
    #expect(resumed.result.run.started == cut.result.run.started)
    #expect(resumed.result.run.state == .complete)
    #expect(bench.world.calls.count == 2 * Self.total, "nothing finished is repeated")
    #expect(try SealCheck(folder: resumed.folder).faults == [])
    try isSame(resumed, whole)
  }

  @Test("Interrupted again and again, a run still ends like one that was not")
  func resumesOften() async throws {
    let bench = try Bench.serial()
    let whole = try await bench.run()
    var last = try await bench.run { if case .planned = $0 { interrupt() } }
    for _ in 0..<Self.total {
      #expect(last.result.run.state == .interrupted)
      last = try await bench.run(bench.request(resume: .last)) {
        if case .inspected = $0 { interrupt() }
      }
    }
    #expect(last.result.run.state == .complete)
    #expect(bench.world.calls.count == 2 * Self.total)
    try isSame(last, whole)
  }

  private func storeError(_ bench: Bench, _ resume: AssessmentRequest.Resume) async throws
    -> StoreError?
  {
    if case .store(let error) = try await bench.refusal(bench.request(resume: resume)) {
      error
    } else {
      nil
    }
  }

  @Test(
    "A changed scope, a changed catalog, an unknown or a complete run are refused, nothing is contacted"
  )
  func refuses() async throws {
    let bench = try Bench.serial()
    #expect(try await storeError(bench, .last) == .noUnfinishedRun(scope: bench.path("scope.yaml")))
    let whole = try await bench.run()
    #expect(
      try await storeError(bench, .run(whole.result.run.id))
        == .alreadyComplete(run: whole.result.run.id))
    #expect(try await storeError(bench, .run("other")) == .unknownRun("other"))

    let cut = try await bench.run { if case .inspected = $0 { interrupt() } }
    let id = cut.result.run.id
    let calls = bench.world.calls.count
    let scope = String(decoding: try bench.bytes(bench.path("scope.yaml")), as: UTF8.self)
    try bench.write(scope + "# one more word\n", to: "scope.yaml")
    guard case .scopeChanged(id, _, _) = try await storeError(bench, .last) else {
      Issue.record("the scope was changed")
      return
    }
    try bench.write(scope, to: "scope.yaml")
    let catalog = String(
      decoding: try bench.bytes(bench.path("Controls/GBT/net.yaml")), as: UTF8.self)
    try bench.write(catalog + "# one more word\n", to: "Controls/GBT/net.yaml")
    guard case .catalogChanged(id, _, _) = try await storeError(bench, .run(id)) else {
      Issue.record("the catalog was changed")
      return
    }
    #expect(bench.world.calls.count == calls)
    try bench.write(catalog, to: "Controls/GBT/net.yaml")
    #expect(try await bench.run(bench.request(resume: .run(id))).result.run.state == .complete)
  }

  @Test(
    "A run is found by its folder, and by its scope however the path is written",
    arguments: ["folder", "dots"])
  func findsRun(by what: String) async throws {
    let bench = try Bench.serial()
    let cut = try await bench.run { if case .inspected = $0 { interrupt() } }
    var request = bench.request(resume: what == "folder" ? .run(cut.folder + "/") : .last)
    if what == "dots" { request.scopePath = bench.path("attest/.././scope.yaml") }
    request.store = bench.path("miping.db")
    let resumed = try await bench.run(request)
    #expect(resumed.result.run.id == cut.result.run.id)
    #expect(resumed.result.run.state == .complete)
    #expect(bench.world.calls.count == Self.total)
  }

  @Test(
    "A relative out folder is resumed from another working folder: the run keeps its whole path")
  func keepsWholePath() async throws {
    let bench = try Bench.serial()
    let here = FileManager.default.currentDirectoryPath
    var request = bench.request()
    request.out =
      String(repeating: "../", count: here.split(separator: "/").count)
      + bench.path("out").dropFirst()
    let outcome = try await bench.run(request)
    #expect(outcome.folder.hasPrefix("/"))
    #expect(try bench.store.run(outcome.result.run.id)?.folder == outcome.folder)
    #expect(bench.runs == [outcome.result.run.id])
  }
}
