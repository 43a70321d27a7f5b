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
    #expect(throws: ParameterError.self) { try AuditLogIntegrityProbe(parameters: ["clone": true]) }
    #expect(throws: ParameterError.self) {
      try AuditLogIntegrityProbe(parameters: ["write-anchor": 1])
    }
  }

  @Test("every fact that is stated is described")
  func described() async throws {
    let folder = try TestFolder()
    var model = LogModelText(construction: "sm2-checkpoint")
    model.source(jsonl: Fixtures.root + "/sm2-checkpoint/clean.jsonl")
    model.set(
      "checkpoint", "path", .text(Fixtures.root + "/sm2-checkpoint/clean.checkpoints.jsonl"))
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    let known = Set(AuditLogIntegrityProbe.description.facts.keys)
    #expect(Set(seen.facts.keys).subtracting(known).isEmpty)
    // What is described and not stated is said to be absent at times, in the list of facts.
    let rows = String(
      decoding: try Fixtures.bytes("../../../Probes/AuditLogProbe/Facts.md"), as: UTF8.self
    ).split(separator: "\n").filter { $0.hasPrefix("| `audit.") }
    for name in known {
      let row = try #require(rows.first { $0.hasPrefix("| `\(name)` |") }, "\(name)")
      #expect(seen.facts[name] != nil || row.contains("absent"), "\(name)")
    }
  }

  @Test("every fact and parameter is named in both languages")
  func languages() {
    let description = AuditLogIntegrityProbe.description
    #expect(description.name == "audit.log")
    for text in Array(description.facts.values) + Array(description.parameters.values) {
      #expect(text.zh.unicodeScalars.contains { $0.value > 0x2E80 })
      #expect(!text.en.isEmpty && text.en.unicodeScalars.allSatisfy(\.isASCII))
    }
  }

  @Test(
    "hexadecimal texts of every length are read like their bytes, and others are none",
    arguments: 1...4)
  func hexadecimalTexts(_ seed: Int) {
    var random = Seeded(UInt64(seed))
    for _ in 0..<500 {
      let bytes = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
      let text = bytes.flatMap { byte -> [UInt8] in
        let digits = Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
        return digits.map { $0 > 0x60 && random.below(2) == 0 ? $0 - 0x20 : $0 }
      }
      var read: [UInt8] = [7]
      ValueText.appendHexadecimal(text, 0..<text.count, to: &read)
      #expect(read == [7] + bytes)
      guard !text.isEmpty else { continue }
      var wrong = text
      let other = UInt8(random.below(256))
      guard !"0123456789abcdefABCDEF".utf8.contains(other) else { continue }
      wrong[random.below(wrong.count)] = other
      read = [7]
      ValueText.appendHexadecimal(wrong, 0..<wrong.count, to: &read)
      #expect(read == [7])
    }
  }

  @Test("the joined form is what its definition says, for all kinds of text", arguments: 1...6)
  func joinedForm(_ seed: Int) throws {
    var random = Seeded(UInt64(seed))
    let separators: [[UInt8]] = [[0x7C], [0x1F], [0x3A, 0x3A], [0x5C], [], [0xC2, 0xA6], [0x0A]]
    let alphabet = Array("ab|\\\n\r:\u{1F}\t¦N7 ".utf8) + [0x5C, 0x7C]
    for _ in 0..<400 {
      var rule = CanonicalRule(kind: .joined, fields: ["a", "b", "c"])
      rule.separator = separators[random.below(separators.count)]
      rule.escape = random.below(2) == 0 ? .none : .backslash
      rule.null = ["", "\\N", "|"][random.below(3)]
      var fields = RecordFields(count: 3)
      fields.begin([UInt8](repeating: 0x7C, count: random.below(12)).span)
      var texts: [[UInt8]?] = []
      for slot in 0..<3 {
        guard random.below(5) > 0 else {
          texts.append(nil)
          continue
        }
        let text = (0..<random.below(30)).map { _ in alphabet[random.below(alphabet.count)] }
        fields.set(slot, .text, text.span)
        texts.append(text)
      }
      var output: [UInt8] = [1, 2]
      let length = texts.reduce(0) { $0 + ($1?.count ?? 0) }
      _ = JoinedForm(rule).write(fields, [0, 1, 2], length: length, into: &output)
      let parts = texts.map { $0.map { Self.escaped($0, rule) } ?? Array(rule.null.utf8) }
      #expect(Array(output.dropFirst(2)) == Array(parts.joined(separator: rule.separator)))
    }
  }

  private static func escaped(_ text: [UInt8], _ rule: CanonicalRule) -> [UInt8] {
    guard rule.escape == .backslash else { return text }
    var output: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      if byte == 0x5C {
        output += [0x5C, 0x5C]
      } else if !rule.separator.isEmpty, rest.starts(with: rule.separator) {
        output += [0x5C] + rule.separator
        rest = rest.dropFirst(rule.separator.count)
        continue
      } else if byte == 0x0A || byte == 0x0D {
        output += [0x5C, byte == 0x0A ? 0x6E : 0x72]
      } else {
        output.append(byte)
      }
      rest = rest.dropFirst()
    }
    return output
  }
}
