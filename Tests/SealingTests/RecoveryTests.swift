import AssessmentModel
import FoundationEssentials
import Glibc
import Sealing
import Testing

@Suite("Opening the folder of a killed run")
struct RecoveryTests {
  @Test("a list cut at any byte of its last line opens with every line before it")
  func everyByteOfTheLastAppend() async throws {
    let out = try TemporaryFolder()
    let path = try await makeRun(in: out.path, inspections: 3)
    let list = path + "/evidence.jsonl"
    let whole = try bytes(of: list)
    let kept = try EvidenceChain.verify(whole).records
    let lastLine = whole.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    for cut in lastLine..<whole.count {
      let copy = out.path + "/cut-\(cut)"
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try put(Array(whole[..<cut]), at: copy + "/evidence.jsonl")
      let folder = try RunFolder.open(copy, runID: "run-1")
      #expect(await folder.records == Array(kept.prefix(2)))
      #expect(try bytes(of: copy + "/evidence.jsonl") == Array(whole[..<lastLine]))
      if cut > lastLine {
        let torn = try bytes(of: copy + "/evidence.jsonl.torn")
        #expect(torn == Array(whole[lastLine..<cut]) + [UInt8(ascii: "\n")])
      } else {
        #expect(!exists(copy + "/evidence.jsonl.torn"))
      }
      // The file of the cut line is not evidence any more, and its name is free again.
      #expect(exists(copy + "/aside/1/0002-tls.endpoint-gw-2/1-seen.txt"))
      let again = try await folder.keep(
        [piece("seen.txt", "again")], plan: 2, probe: "tls.endpoint", object: "gw-2", at: noon)
      #expect(again.map(\.id) == ["0002-tls.endpoint-gw-2-1"])
      _ = try await folder.seal(toolVersion: "1", catalogDigest: "c")
      #expect(try SealCheck(folder: copy).faults == [])
      try FileManager.default.removeItem(atPath: copy)
    }
  }

  @Test("half files are removed, files no line names are set aside, what is listed stays")
  func strays() async throws {
    let out = try TemporaryFolder()
    let path = try await makeRun(in: out.path, inspections: 2)
    let listed = try bytes(of: path + "/evidence.jsonl")
    for round in 1...2 {
      try FileManager.default.createDirectory(
        atPath: path + "/evidence/0009-p-o", withIntermediateDirectories: false)
      try put([1], at: path + "/evidence/0009-p-o/1-half.bin.part")
      try put([2], at: path + "/evidence/0009-p-o/2-whole.bin")
      try put([3], at: path + "/result.json.part")
      let folder = try RunFolder.open(path, runID: "run-1")
      #expect(await folder.records.count == 2)
      #expect(!exists(path + "/evidence/0009-p-o"))
      #expect(!exists(path + "/result.json.part"))
      #expect(try bytes(of: path + "/aside/\(round)/0009-p-o/2-whole.bin") == [2])
      #expect(try bytes(of: path + "/evidence.jsonl") == listed)
    }
  }

  @Test("a list or evidence that was altered is refused, and nothing is changed")
  func altered() async throws {
    let out = try TemporaryFolder()
    let path = try await makeRun(in: out.path, inspections: 3)
    let list = path + "/evidence.jsonl"
    let whole = try bytes(of: list)
    var changed = whole
    changed[10] ^= 1
    try put(changed + Array("{\"torn".utf8), at: list)
    let error = #expect(throws: SealingError.self) { try RunFolder.open(path, runID: "run-1") }
    #expect(error?.isIntegrity == true)
    #expect(try bytes(of: list) == changed + Array("{\"torn".utf8))
    try put(whole, at: list)

    let file = "evidence/0001-tls.endpoint-gw-1/1-seen.txt"
    let content = try bytes(of: path + "/" + file)
    try put(Array("Answer 1".utf8), at: path + "/" + file)
    #expect(
      throws: SealingError.evidence(
        path: list, EvidenceFault(line: 2, file: file, reason: .changed))
    ) { try RunFolder.open(path, runID: "run-1") }
    try FileManager.default.removeItem(atPath: path + "/" + file)
    #expect(
      throws: SealingError.evidence(
        path: list, EvidenceFault(line: 2, file: file, reason: .missing))
    ) { try RunFolder.open(path, runID: "run-1") }
    try put(content, at: path + "/" + file)
    #expect(await (try RunFolder.open(path, runID: "run-1")).records.count == 3)
  }

  @Test("a folder without an evidence list is no run")
  func notARun() throws {
    let out = try TemporaryFolder()
    for path in [out.path, out.path + "/absent"] {
      #expect(throws: SealingError.notARun(path: path)) {
        try RunFolder.open(path, runID: "r")
      }
    }
  }

  @Test(
    "what keep returned before the process was killed is there afterwards",
    arguments: [0, 130, 900, 2500, 7000])
  func killed(microseconds: Int) async throws {
    let out = try TemporaryFolder()
    let place = out.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [place = place as String, microseconds = microseconds as Int] in
      let folder = try RunFolder.create(in: place, runID: "run-1")
      let acknowledged = open(place + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
      for number in 0..<1_000_000 {
        let kept = try await folder.keep(
          [piece("a", "\(number)"), piece("b", String(repeating: "b", count: 3000))],
          plan: number, probe: "p", object: "o", at: noon)
        let line = kept.map { "\($0.id) \($0.sm3)\n" }.joined()
        _ = write(acknowledged, line, line.utf8.count)
        guard number == 5 else { continue }
        Task.detached {
          try await Task.sleep(for: .microseconds(microseconds))
          kill(getpid(), SIGKILL)
        }
      }
    }
    let folder = try RunFolder.open(place + "/run-1", runID: "run-1")
    let text = String(decoding: try bytes(of: place + "/acknowledged"), as: UTF8.self)
    let references = text.split(separator: "\n").map { line in
      let parts = line.split(separator: " ").map(String.init)
      return EvidenceReference(id: parts[0], sm3: parts[1], strength: 2)
    }
    #expect(references.count >= 12)
    #expect(await folder.missing(references).isEmpty)
    _ = try await folder.seal(toolVersion: "1", catalogDigest: "c")
    #expect(try SealCheck(folder: folder.path).faults == [])
  }

  @Test("when a file may grow no more, the error says so and what was kept stays whole")
  func diskFull() async throws {
    let out = try TemporaryFolder()
    let place = out.path
    await #expect(processExitsWith: .success) { [place = place as String] in
      let folder = try RunFolder.create(in: place, runID: "run-1")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 8192, rlim_max: 8192)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let large = piece("large", String(repeating: "x", count: 9000))
      var error: SealingError?
      do throws(SealingError) {
        _ = try await folder.keep(
          [piece("small", "s"), large], plan: 0, probe: "p", object: "o", at: noon)
      } catch let caught { error = caught }
      guard case .file(_, .write, EFBIG) = error else {
        Issue.record("a refused write is expected, not \(String(describing: error))")
        return
      }
      #expect(error?.isIntegrity == false)
      // Small evidence goes on until the list itself is full.
      var kept: [EvidenceReference] = []
      var failures = 0
      for number in 0..<60 where failures < 3 {
        do {
          kept += try await folder.keep(
            [piece("a", "\(number)")], plan: number, probe: "p", object: "o", at: noon)
        } catch { failures += 1 }
      }
      #expect(kept.count > 10 && failures == 3)
      #expect(await folder.missing(kept).isEmpty)
      let reading = try EvidenceChain.verify(try bytes(of: folder.path + "/evidence.jsonl"))
      #expect(reading.fault == nil && reading.records.map(\.reference) == kept)
      #expect(!exists(folder.path + "/evidence/0059-p-o"))
    }
    let folder = try RunFolder.open(place + "/run-1", runID: "run-1")
    #expect(await folder.records.count > 10)
    #expect(!exists(place + "/run-1/aside"))
  }
}
