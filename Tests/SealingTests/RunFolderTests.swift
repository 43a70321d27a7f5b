import AssessmentModel
import FoundationEssentials
import Sealing
import Testing

@Suite("A run folder")
struct RunFolderTests {
  @Test("evidence stands where its line says, under an id made of place, probe, object and number")
  func layout() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path + "/out", runID: "2026-12-03T120000Z")
    let kept = try await folder.keep(
      [piece("hello.txt", "one"), piece("hello.txt", "two", strength: 3)], plan: 3,
      probe: "tls.endpoint", object: "gw-01", at: noon)
    #expect(kept.map(\.id) == ["0003-tls.endpoint-gw-01-1", "0003-tls.endpoint-gw-01-2"])
    #expect(kept.map(\.strength) == [2, 3])
    let records = await folder.records
    #expect(
      records.map(\.file) == [
        "evidence/0003-tls.endpoint-gw-01/1-hello.txt",
        "evidence/0003-tls.endpoint-gw-01/2-hello.txt",
      ])
    #expect(try bytes(of: folder.path + "/" + records[1].file) == Array("two".utf8))
    let list = try EvidenceChain.verify(try bytes(of: folder.path + "/evidence.jsonl"))
    #expect(list.fault == nil && list.records == records)
    #expect(records[0].digest == (try FileDigest(of: Array("one".utf8))))
  }

  @Test("no evidence leaves no trace")
  func nothing() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    #expect(try await folder.keep([], plan: 0, probe: "p", object: "o", at: noon).isEmpty)
    #expect(try bytes(of: folder.path + "/evidence.jsonl").isEmpty)
  }

  @Test("the same inspections give the same ids, files and digests in every run")
  func determinism() async throws {
    let out = try TemporaryFolder()
    var seen: [[EvidenceRecord]] = []
    for run in ["a", "b"] {
      let folder = try RunFolder.create(in: out.path, runID: run)
      for object in ["gw-01", "网关 01"] {
        _ = try await folder.keep(
          [piece("x", object)], plan: 12345, probe: "p", object: object, at: noon)
      }
      seen.append(await folder.records)
    }
    #expect(seen[0] == seen[1])
    #expect(seen[0].map(\.id).first == "12345-p-gw-01-1")
  }

  @Test(
    "a hostile name stays inside the folder and is kept apart from every other",
    arguments: [
      "../../escape", "/etc/passwd", "..", ".", "", "a/b", "a\u{0}b", "a\nb", "con\\aux",
      "\u{202E}x",
      "-rf", "名", String(repeating: "x", count: 5000), "x.part", ".hidden", "evidence.jsonl",
    ])
  func hostile(name: String) async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    let twin = name + "?"
    _ = try await folder.keep(
      [piece(name, "a"), piece(twin, "b")], plan: 1, probe: name, object: name, at: noon)
    _ = try await folder.keep([piece(name, "c")], plan: 1, probe: name, object: twin, at: noon)
    let records = await folder.records
    #expect(Set(records.map(\.file)).count == 3 && Set(records.map(\.id)).count == 3)
    for (record, text) in zip(records, ["a", "b", "c"]) {
      #expect(record.file.hasPrefix("evidence/0001-") && record.file.utf8.count < 300)
      #expect(try bytes(of: folder.path + "/" + record.file) == Array(text.utf8))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: out.path) == ["r"])
    #expect(records.map(\.object) == [name, name, twin])
    let reading = try EvidenceChain.verify(try bytes(of: folder.path + "/evidence.jsonl"))
    #expect(reading.fault == nil && reading.records == records)
  }

  @Test("many inspections that end at once leave one whole chain")
  func concurrent() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    let kept = try await withThrowingTaskGroup(of: [EvidenceReference].self) { group in
      for place in 0..<100 {
        group.addTask {
          try await folder.keep(
            [piece("a", "\(place)"), piece("b", "\(place)")], plan: place, probe: "p",
            object: "o", at: noon)
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(kept.count == 200)
    let reading = try EvidenceChain.verify(try bytes(of: folder.path + "/evidence.jsonl"))
    #expect(reading.fault == nil && reading.records.count == 200)
    #expect(await folder.missing(kept).isEmpty)
    var altered = kept[0]
    altered.sm3 = EvidenceChain.origin
    let foreign = EvidenceReference(id: "9999-p-o-1", sm3: kept[0].sm3, strength: 2)
    #expect(await folder.missing([kept[1], altered, foreign]) == [altered, foreign])
  }

  @Test("an inspection that is repeated is kept beside the first time, under ids of its own")
  func repeated() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    var ids: [String] = []
    for round in 1...3 {
      let kept = try await folder.keep(
        [piece("a", "round \(round)")], plan: 3, probe: "p", object: "o", at: noon)
      ids += kept.map(\.id)
    }
    #expect(ids == ["0003-p-o-1", "0003-p-o-r2-1", "0003-p-o-r3-1"])
  }

  @Test("an answer that did not change is kept once, a changed one again")
  func answers() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    let answer = [piece("answer.json", "met"), piece("photo.jpg", "…")]
    func keep(_ evidence: [Evidence]) async throws -> [EvidenceReference] {
      try await folder.keepOnce(evidence, plan: 9, probe: "answer", object: "o", at: noon)
    }
    let first = try await keep(answer)
    #expect(try await keep(answer) == first)
    let changed = try await keep([piece("answer.json", "not met"), piece("photo.jpg", "…")])
    #expect(changed.map(\.id) == ["0009-answer-o-r2-1", "0009-answer-o-r2-2"])
    #expect(try await keep(answer) == first)
    #expect(try await keep([piece("answer.json", "met")]).map(\.id) == ["0009-answer-o-r3-1"])
    #expect(await folder.records.count == 5)
  }

  @Test(
    "names that are the seal's own, or lead elsewhere, are refused for results",
    arguments: [
      "manifest.json", "manifest.sig", "evidence.jsonl", "evidence.jsonl.torn", "evidence", "aside",
      "../x", "a/b", "", ".x", "x.part",
    ])
  func reserved(name: String) async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    await #expect(throws: SealingError.badName(name)) { try await folder.write(name: name, []) }
  }

  @Test("a result is replaced as a whole")
  func results() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    try await folder.write(name: "result.json", Array("first, and longer".utf8))
    try await folder.write(name: "result.json", Array("second".utf8))
    #expect(try bytes(of: folder.path + "/result.json") == Array("second".utf8))
    #expect(!exists(folder.path + "/result.json.part"))
  }

  @Test("a folder that is there is never begun again, and a run id is a plain name")
  func existing() async throws {
    let out = try TemporaryFolder()
    let path = try await makeRun(in: out.path, inspections: 2)
    let before = try bytes(of: path + "/evidence.jsonl")
    #expect(throws: SealingError.exists(path: path)) {
      try RunFolder.create(in: out.path, runID: "run-1")
    }
    #expect(try bytes(of: path + "/evidence.jsonl") == before)
    for name in ["../x", "", ".", "a b", "a/b"] {
      #expect(throws: SealingError.badName(name)) {
        try RunFolder.create(in: out.path, runID: name)
      }
    }
  }

  @Test("a folder below a file, or with a zero byte in its path, is an error of the tool")
  func unwritable() throws {
    let out = try TemporaryFolder()
    try put([1], at: out.path + "/file")
    for path in ["/file", "/file/below", "/a\u{0}b"] {
      let error = #expect(throws: SealingError.self) {
        try RunFolder.create(in: out.path + path, runID: "r")
      }
      #expect(error?.isIntegrity == false)
      #expect(error?.message.zh.isEmpty == false)
    }
    #expect(try bytes(of: out.path + "/file") == [1])
  }

  @Test("only one at a time writes to a run")
  func locked() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    #expect(throws: SealingError.inUse(path: folder.path + "/evidence.jsonl")) {
      try RunFolder.open(folder.path, runID: "r")
    }
    _ = try await folder.keep([piece("a", "b")], plan: 0, probe: "p", object: "o", at: noon)
  }
}
