import Assessment
import AssessmentModel
import Foundation
import Sealing
import Testing

@Suite("Answers of people")
struct AnswerTests {
  private func bench(
    _ answers: String, _ decisions: String = "", world: World = World()
  ) throws -> Bench {
    let bench = try Bench(world, scope: Bench.Scope(more: "attestations: attest\n"))
    try bench.write(
      "assessor: 张三（虚构）\ndate: \"2026-12-02\"\nanswers:\n\(answers)\n\(decisions)\n",
      to: "attest/a.yaml")
    try bench.write("certificate of the product", to: "attest/files/cert.txt")
    return bench
  }

  /// Evidence by id, with its bytes.
  private func evidence(_ bench: Bench, _ outcome: AssessmentOutcome) throws -> [String: String] {
    let chain = try EvidenceChain.verify(try bench.bytes("\(outcome.folder)/evidence.jsonl"))
    return Dictionary(
      uniqueKeysWithValues: try chain.records.map {
        ($0.id, String(decoding: try bench.bytes("\(outcome.folder)/\($0.file)"), as: UTF8.self))
      })
  }

  @Test("An answer and the files it names are kept as evidence, and the finding rests on them")
  func keeps() async throws {
    let bench = try bench(
      """
        - {ask: net.grade, object: gw-1, verdict: not-met, method: document, observed: 证书过期,
           evidence: [files/cert.txt], valid-until: "2027-01-01", other-key-requirements: met}
      """)
    let outcome = try await bench.run()
    let finding = try outcome.finding("L3-net.conf", "gw-1")
    #expect(finding.verdict == .partial)
    #expect(finding.k == .notMet)
    let kept = try evidence(bench, outcome)
    let own = finding.evidence.filter { $0.id.contains("attestation") }
    #expect(own.count == 2)
    #expect(own.allSatisfy { $0.strength == 1 })
    #expect(own.compactMap { kept[$0.id] }.contains("certificate of the product"))
    let answer = try #require(own.compactMap { kept[$0.id] }.first { $0.hasPrefix("{") })
    let record = try JSONDecoder().decode(FactValue.self, from: Data(answer.utf8))
    let expected: FactValue = [
      "ask": "net.grade", "object": "gw-1", "verdict": "not-met", "method": "document",
      "observed": "证书过期", "assessor": "张三（虚构）", "date": "2026-12-02",
      "valid-until": "2027-01-01", "other-key-requirements": "met",
      "question": ["zh": "级", "en": "Grade"],
    ]
    #expect(record == expected)
    #expect(try SealCheck(folder: outcome.folder).faults == [])
  }

  @Test(
    "An answer whose last day has passed is no answer",
    arguments: [("2026-12-03", true), ("2026-12-02", false)])
  func expires(until: String, counts: Bool) async throws {
    let bench = try bench(
      "  - {ask: net.grade, object: gw-1, verdict: met, method: document, observed: 二级, valid-until: \"\(until)\"}"
    )
    let outcome = try await bench.run()
    #expect(
      try outcome.finding("L3-net.conf", "gw-1").verdict == (counts ? .conforming : .awaiting))
    #expect(
      outcome.result.awaiting.contains { $0.ask == "net.grade" && $0.object == "gw-1" } == !counts)
  }

  private static let named =
    "  - {ask: net.grade, object: gw-1, verdict: met, method: document, observed: 二级, evidence: [files/x]}"
  private static let decision =
    "high-risk: [{code: \"7.2\", unit: net.conf, object: gw-1, decision: mitigated, why: 专线, evidence: [files/x]}]"

  @Test(
    "A file over the limit stops the run before anything is contacted", arguments: [true, false])
  func refusesLargeFile(isDecision: Bool) async throws {
    let bench = try isDecision ? bench("  []", Self.decision) : bench(Self.named)
    try bench.write("", to: "attest/files/x")
    // Sparse: nothing of it is on the disk.
    try FileHandle(forWritingTo: URL(filePath: bench.path("attest/files/x")))
      .truncate(atOffset: (64 << 20) + 1)
    let error = try await bench.refusal()
    #expect(error.faults.count == 1)
    #expect(error.faults.first?.message.contains("has 67108865 bytes; at most 67108864") == true)
    #expect(error.faults.first?.place.file == bench.path("attest/a.yaml"))
    #expect(error.faults.first?.place.line == (isDecision ? 5 : 4))
    #expect(bench.world.calls.isEmpty)
    #expect(!bench.exists("out"))
  }

  @Test(
    "A file that is missing, a folder or endless stops the run before anything is contacted",
    arguments: ["nothing", "folder", "/dev/zero", "link to /dev/zero"])
  func refusesUnreadable(what: String) async throws {
    let bench = try bench(Self.named)
    let path = bench.path("attest/files/x")
    switch what {
    case "folder":
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    case "link to /dev/zero":
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "/dev/zero")
    case "/dev/zero":
      let text = Self.named.replacingOccurrences(of: "files/x", with: "/dev/zero")
      try bench.write(
        "assessor: a\ndate: \"2026-12-02\"\nanswers:\n\(text)\n", to: "attest/a.yaml")
    default: break
    }
    let error = try await bench.refusal()
    #expect(error.faults.map(\.message).allSatisfy { $0.contains("cannot be read") })
    #expect(error.faults.count == 1)
    #expect(bench.world.calls.isEmpty)
  }

  @Test("A file reached through a link is kept like any other")
  func followsLinks() async throws {
    let bench = try bench(Self.named)
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("attest/files/x"), withDestinationPath: "cert.txt")
    let outcome = try await bench.run()
    #expect(try evidence(bench, outcome).values.contains("certificate of the product"))
  }

  @Test("A decision on a high-risk hit is kept with its files, and the hit names them")
  func keepsDecisions() async throws {
    let bench = try bench("  []", Self.decision, world: World(World.clear))
    try bench.write("drawing of the leased line", to: "attest/files/x")
    let outcome = try await bench.run()
    let hit = try #require(outcome.result.highRisk.first { $0.object == "gw-1" })
    #expect(hit.state == .mitigated)
    #expect(hit.decidedBy == "张三（虚构）")
    let kept = try evidence(bench, outcome)
    let texts = hit.evidence.compactMap { kept[$0] }
    #expect(texts.count == hit.evidence.count)
    #expect(texts.contains("drawing of the leased line"))
    #expect(texts.contains { $0.contains("\"decision\": \"mitigated\"") && $0.contains("专线") })
    let other = try #require(outcome.result.highRisk.first { $0.object == "gw-2" })
    #expect(!other.evidence.contains { $0.contains("attestation") })
  }

  @Test("Answers are kept once, however often the run is taken up again")
  func keepsOnce() async throws {
    let bench = try bench(
      "  - {ask: net.grade, object: gw-1, verdict: met, method: document, observed: 二级, evidence: [files/cert.txt]}",
      Self.decision)
    try bench.write("drawing", to: "attest/files/x")
    let first = try await bench.run { if case .planned = $0 { interrupt() } }
    #expect(first.result.run.state == .interrupted)
    let before = try evidence(bench, first)
    #expect(before.count == 4)
    let second = try await bench.run(bench.request(resume: .last))
    let after = try evidence(bench, second)
    #expect(after.keys.filter { $0.contains("attestation") }.sorted() == before.keys.sorted())
    #expect(after.count == 7)
  }
}
