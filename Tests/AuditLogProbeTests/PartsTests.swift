import AssessmentModel
import ProbeKit
import Testing

@testable import AuditLogProbe

@Suite("parts of the verification")
struct PartsTests {
  @Test("seen numbers answer like a set, in whatever order they come", arguments: 1...8)
  func seenNumbers(_ seed: Int) {
    var random = Seeded(UInt64(seed))
    var seen = SeenNumbers()
    var model: Set<Int> = []
    for _ in 0..<4000 {
      let start = random.below(6000)
      let range = start...(start + random.below(3))
      let overlaps = range.contains { model.contains($0) }
      #expect(seen.overlaps(range) == overlaps)
      if !overlaps {
        seen.insert(range)
        model.formUnion(range)
      }
      let probe = random.below(6100)
      #expect(seen.contains(probe) == model.contains(probe))
    }
    #expect(!seen.isBounded)
  }

  @Test("beyond its bound it says so and stays right about what it knows")
  func bounded() {
    var seen = SeenNumbers(rangeLimit: 10)
    for number in 0..<20 { seen.insert((number * 2)...(number * 2)) }
    #expect(seen.isBounded)
    #expect(seen.contains(18))
    #expect(!seen.contains(38))
  }

  @Test("numbers at the ends of their range do no harm")
  func extremes() {
    var check = SequenceCheck()
    var findings: [StructuralFinding] = []
    for number in [Int.max, Int.min, Int.max, 0] {
      check.check(SequenceRun(position: 0, number: number, count: 1), into: &findings)
    }
    #expect(findings.count == 3)
  }

  @Test(
    "times are understood with their zones",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0, true),
      ("2026-03-01T10:00:05.178+08:00", 1_772_330_405, 178_000_000, true),
      ("2026-03-01 02:00:05.178Z", 1_772_330_405, 178_000_000, true),
      ("2026-03-01T10:00:05", 1_772_359_205, 0, false),
      ("2024-02-29T23:59:60-0130", 1_709_256_600, 0, true),
      ("1900-01-01T00:00:00Z", -2_208_988_800, 0, true),
    ])
  func times(_ text: String, _ seconds: Int, _ nanoseconds: Int, _ hasZone: Bool) throws {
    let time = try #require(Self.time(text))
    #expect(time.instant == Instant(seconds: seconds, nanoseconds: nanoseconds))
    #expect(time.hasZone == hasZone)
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "", "2026-03-01", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z",
      "2026-03-01T10:00:00+8", "2026-03-01T10:00:00.Z", "2026-03-01T10:00:00Zx",
      "2026/03/01T10:00:00Z", "20260301T100000Z",
    ])
  func noTimes(_ text: String) {
    #expect(Self.time(text) == nil)
  }

  private static func time(_ text: String) -> TimeText? {
    let bytes = Array(text.utf8)
    return TimeText(iso: bytes.span)
  }

  @Test("counts since 1970 are times")
  func epochs() throws {
    func instant(_ text: String, _ perSecond: Int) -> Instant? {
      let bytes = Array(text.utf8)
      return TimeText(epoch: bytes.span, perSecond: perSecond)?.instant
    }
    #expect(
      instant("1795232668414805", 1_000_000)
        == Instant(seconds: 1_795_232_668, nanoseconds: 414_805_000))
    #expect(instant("-1", 1000) == Instant(seconds: -1, nanoseconds: 999_000_000))
    #expect(instant("1.5", 1) == Instant(seconds: 1, nanoseconds: 500_000_000))
    #expect(instant("1.5", 1000) == nil)
    #expect(instant("12345678901234567890", 1) == nil)
  }

  @Test("the probe refuses parameters it does not know")
  func parameters() {
    #expect(throws: ParameterError.self) { try AuditLogProbe(parameters: ["clone": true]) }
    #expect(throws: ParameterError.self) { try AuditLogProbe(parameters: ["write-anchor": 1]) }
  }

  @Test("every fact that is stated is described")
  func described() async throws {
    let folder = try TestFolder()
    var model = LogModelText(construction: "sm2-checkpoint")
    model.source(jsonl: Fixtures.root + "/sm2-checkpoint/clean.jsonl")
    model.set(
      "checkpoint", "path", .text(Fixtures.root + "/sm2-checkpoint/clean.checkpoints.jsonl"))
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    let known = Set(AuditLogProbe.description.facts.keys)
    #expect(Set(seen.facts.keys).subtracting(known).isEmpty)
  }
}
