import AssessmentModel
import Glibc
import ResultStore
import Testing

@Suite("The store of runs")
struct RunStoreTests {
  @Test("a run is read back as it was entered, once")
  func runs() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    #expect(try store.run("a") == run("a"))
    #expect(try store.run("b") == nil)
    #expect(throws: StoreError.runExists("a")) { try store.begin(run("a", started: "later")) }
    #expect(try store.runs() == [run("a")])
  }

  @Test("finished inspections come back exactly, from a store opened again")
  func inspections() throws {
    let folder = try TemporaryFolder()
    var store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    try store.begin(run("b"))
    for number in 0..<7 {
      try store.record(
        inspection(number), key: "key \(number)", place: number, run: "a", finished: "now")
    }
    try store.record(inspection(9), key: "key 0", place: 0, run: "b", finished: "now")
    store = try RunStore(path: folder.store)
    let finished = try store.finishedInspections(of: "a")
    #expect(finished.count == 7)
    for number in 0..<7 { #expect(finished["key \(number)"] == inspection(number)) }
    #expect(try store.finishedInspections(of: "b") == ["key 0": inspection(9)])
    #expect(
      try store.evidence(of: "b").map(\.id) == ["9-1", "9-2"])
  }

  @Test("an inspection recorded again replaces the first")
  func again() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    try store.record(inspection(1), key: "k", place: 0, run: "a", finished: "t1")
    try store.record(inspection(2), key: "k", place: 0, run: "a", finished: "t2")
    #expect(try store.finishedInspections(of: "a") == ["k": inspection(2)])
  }

  @Test("nothing is recorded for a run that was not begun, nor under a key that cannot be kept")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    #expect(throws: StoreError.unknownRun("x")) {
      try store.record(inspection(1), key: "k", place: 0, run: "x", finished: "t")
    }
    #expect(throws: StoreError.unknownRun("x")) { try store.finishedInspections(of: "x") }
    #expect(throws: StoreError.unknownRun("x")) { try store.result(of: "x") }
    #expect(throws: StoreError.unknownRun("x")) { try store.finish("x", outcome([])) }
    try store.begin(run("a"))
    for key in ["", "k\u{0}1"] {
      #expect(throws: StoreError.badKey(key)) {
        try store.record(inspection(1), key: key, place: 0, run: "a", finished: "t")
      }
    }
    #expect(try store.finishedInspections(of: "a").isEmpty)
  }

  @Test("a finished run keeps the exact bytes of its result, its gate and its evidence")
  func finish() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    #expect(try store.result(of: "a") == nil)
    try store.record(inspection(1), key: "k", place: 0, run: "a", finished: "t")
    let answer = EvidenceReference(id: "answer-1", sm3: "cc", strength: 1)
    let findings = [try finding("f", .partial, evidence: inspection(1).evidence + [answer])]
    try store.finish("a", outcome(findings, result: Array(0...255)))
    let stored = try #require(try store.run("a"))
    #expect(stored.state == .complete && stored.gateExitCode == 1)
    #expect(stored.ended == "2026-12-03T13:00:00Z")
    #expect(try store.result(of: "a") == Array(0...255))
    #expect(try store.evidence(of: "a").map(\.id) == ["1-1", "1-2", "answer-1"])
    try store.finish("a", outcome([], result: []))
    #expect(try store.result(of: "a") == [])
    #expect(try store.history(of: "f", scopePath: scope).isEmpty)
  }

  @Test("an end that cannot be entered in full is not entered at all")
  func atomic() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    let one = try finding("f", .partial, evidence: inspection(1).evidence)
    #expect(throws: StoreError.self) { try store.finish("a", outcome([one, one])) }
    #expect(try store.run("a") == run("a"))
    #expect(try store.result(of: "a") == nil)
  }

  @Test("history follows a fingerprint through the runs of one scope, oldest first")
  func history() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    let evidence = inspection(1).evidence
    let days: [(String, Finding.Judged)] = [
      ("2026-12-03", .nonConforming), ("2026-12-01", .conforming), ("2026-12-02", .partial),
    ]
    for (day, verdict) in days {
      try store.begin(run(day, started: day + "T00:00:00Z"))
      try store.finish(day, outcome([try finding("f", verdict, evidence: evidence)]))
    }
    try store.begin(run("other", scope: "/srv/other.yaml", started: "2026-11-01T00:00:00Z"))
    try store.finish(
      "other", outcome([try finding("f", .nonConforming, evidence: evidence)]))
    let history = try store.history(of: "f", scopePath: scope)
    #expect(history.map(\.run) == ["2026-12-01", "2026-12-02", "2026-12-03"])
    #expect(history.map(\.verdict) == [.conforming, .partial, .nonConforming])
    #expect(history.map(\.d) == [.met, .met, .met] && history.allSatisfy { $0.k == nil })
    #expect(history.map(\.a) == [.notMet, .notMet, .notMet])
    #expect(try store.firstSeen(scopePath: scope) == ["f": "2026-12-02T00:00:00Z"])
    #expect(try store.firstSeen(scopePath: "/srv/none.yaml").isEmpty)
    #expect(try store.runs(ofScope: "/srv/other.yaml").map(\.id) == ["other"])
    #expect(try store.runs().map(\.id) == ["other", "2026-12-01", "2026-12-02", "2026-12-03"])
  }

  @Test("ten thousand findings are entered in one go")
  func bulk() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    let findings = try (0..<10_000).map {
      try finding("f\($0)", .partial, evidence: inspection($0 % 50).evidence)
    }
    let start = ContinuousClock.now
    try store.finish("a", outcome(findings))
    // Far above what it takes; a commit for every row would need minutes.
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try store.firstSeen(scopePath: scope).count == 10_000)
  }

  @Test(
    "what was recorded before the process was killed is there afterwards",
    arguments: [0, 130, 900, 2500, 7000])
  func killed(microseconds: Int) async throws {
    let folder = try TemporaryFolder()
    let place: String = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [place = place as String, microseconds = microseconds as Int] in
      let store = try RunStore(path: place + "/miping.db")
      try store.begin(run("a"))
      let acknowledged = open(place + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
      for number in 0..<1_000_000 {
        try store.record(
          inspection(number), key: "\(number)", place: number, run: "a", finished: "t")
        _ = write(acknowledged, "x", 1)
        guard number == 5 else { continue }
        Task.detached {
          try await Task.sleep(for: .microseconds(microseconds))
          kill(getpid(), SIGKILL)
        }
      }
    }
    let count = try bytes(of: place + "/acknowledged").count
    let store = try RunStore(path: folder.store)
    let finished = try store.finishedInspections(of: "a")
    // One more may have been recorded and not acknowledged.
    #expect(count >= 6 && (finished.count == count || finished.count == count + 1))
    for number in 0..<finished.count {
      #expect(finished["\(number)"] == inspection(number))
    }
    #expect(
      try store.resume(scopePath: scope, scopeDigest: "5c09e", catalogDigest: "ca7a").id == "a")
  }
}

@Suite("Resuming a run")
struct ResumeTests {
  func resume(
    _ store: RunStore, _ id: String? = nil, scope digest: String = "5c09e",
    catalog: String = "ca7a"
  ) throws -> RunRecord {
    try store.resume(id, scopePath: scope, scopeDigest: digest, catalogDigest: catalog)
  }

  @Test("the last unfinished run of the scope is found, a named one too")
  func finds() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    #expect(throws: StoreError.noUnfinishedRun(scope: scope)) { try resume(store) }
    try store.begin(run("old", started: "2026-12-01T00:00:00Z"))
    try store.begin(run("cut", started: "2026-12-02T00:00:00Z"))
    try store.begin(run("done", started: "2026-12-03T00:00:00Z"))
    try store.begin(run("other", scope: "/srv/o.yaml", started: "2026-12-04T00:00:00Z"))
    try store.finish("cut", outcome([], state: .interrupted))
    try store.finish("done", outcome([]))
    #expect(try store.run("cut")?.state == .interrupted)
    let resumed = try resume(store)
    #expect(resumed.id == "cut" && resumed.state == .running)
    #expect(try store.run("cut")?.state == .running)
    #expect(try store.run("cut")?.ended == nil)
    #expect(try resume(store, "old").id == "old")
    #expect(throws: StoreError.unknownRun("x")) { try resume(store, "x") }
    #expect(throws: StoreError.alreadyComplete(run: "done")) { try resume(store, "done") }
  }

  @Test("a changed scope or catalog is refused with what to do about it")
  func changed() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    try store.finish("a", outcome([], state: .interrupted))
    #expect(throws: StoreError.scopeChanged(run: "a", was: "5c09e", now: "0")) {
      try resume(store, scope: "0")
    }
    let error = #expect(throws: StoreError.catalogChanged(run: "a", was: "ca7a", now: "1")) {
      try resume(store, catalog: "1")
    }
    #expect(error?.isWrongUse == true)
    #expect(error?.message.en.contains("--resume") == true)
    #expect(error?.message.zh.contains("--resume") == true)
    #expect(try store.run("a")?.state == .interrupted)
  }
}
