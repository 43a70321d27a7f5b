import AssessmentModel
import Sealing
import Testing

@Suite("The chain of an evidence list")
struct EvidenceChainTests {
  /// A list of `count` linked lines.
  static func list(_ count: Int) throws -> [[UInt8]] {
    var chain = EvidenceChain()
    return try (0..<count).map { number in
      let content = Array("bytes \(number)".utf8)
      let record = try chain.append(
        EvidenceRecord(
          sequence: 0, id: "000\(number)-p-o-1", file: "evidence/000\(number)-p-o/1-a.bin",
          mediaType: "text/plain", digest: try FileDigest(of: content), previous: "", time: noon,
          probe: "p", object: "o <\u{202E}\"", strength: 2))
      return record.line
    }
  }

  static func joined(_ lines: [[UInt8]]) -> [UInt8] {
    lines.flatMap { $0 + [UInt8(ascii: "\n")] }
  }

  @Test("a list verifies, and its head is the SM3 of its last line")
  func verifies() throws {
    let lines = try Self.list(4)
    let reading = try EvidenceChain.verify(Self.joined(lines))
    #expect(reading.fault == nil)
    #expect(reading.records.map(\.sequence) == [0, 1, 2, 3])
    #expect(reading.records.first?.previous == EvidenceChain.origin)
    #expect(reading.chain.head == (try FileDigest(of: lines[3]).sm3))
    #expect(reading.length == Self.joined(lines).count)
  }

  @Test("an empty list verifies and ends where every chain begins")
  func empty() throws {
    let reading = try EvidenceChain.verify([])
    #expect(reading.fault == nil && reading.records.isEmpty)
    #expect(reading.chain.head == EvidenceChain.origin)
  }

  @Test("the first line that is wrong is named with the reason")
  func tampering() throws {
    let lines = try Self.list(4)
    func fault(_ changed: [[UInt8]]) throws -> ChainFault? {
      try EvidenceChain.verify(Self.joined(changed)).fault
    }
    let swapped = try fault([lines[0], lines[2], lines[1], lines[3]])
    #expect(swapped?.line == 2)
    let dropped = try fault([lines[0], lines[1], lines[3]])
    #expect(dropped?.line == 3)
    let headless = try fault(Array(lines.dropFirst()))
    #expect(headless?.line == 1)
    let doubled = try fault([lines[0], lines[0]])
    #expect(doubled?.line == 2)
    for fault in [swapped, dropped, headless, doubled] {
      guard case .link = fault?.reason else {
        Issue.record("a broken link is expected, not \(String(describing: fault))")
        continue
      }
    }
    var changed = lines
    changed[1] = Array(
      String(decoding: lines[1], as: UTF8.self).replacing("\"p\"", with: "\"q\"").utf8)
    #expect(try fault(changed)?.line == 3)
    #expect(try fault([lines[0], Array("{}".utf8)])?.line == 2)
    #expect(try fault([[]])?.line == 1)
  }

  @Test("changing any one byte before the last line is noticed at that line or the next")
  func everyByte() throws {
    let lines = try Self.list(3)
    let whole = Self.joined(lines)
    let last = whole.count - lines[2].count - 1
    var line = 1
    for index in 0..<last {
      var changed = whole
      changed[index] ^= 1
      let fault = try EvidenceChain.verify(changed).fault
      #expect(fault.map { $0.line == line || $0.line == line + 1 } == true, "byte \(index)")
      if whole[index] == UInt8(ascii: "\n") { line += 1 }
    }
  }

  @Test("a list cut anywhere holds the whole lines before the cut and calls the rest torn")
  func everyCut() throws {
    let lines = try Self.list(3)
    let whole = Self.joined(lines)
    let ends = lines.indices.map { Self.joined(Array(lines.prefix($0))).count } + [whole.count]
    for cut in 0...whole.count {
      let reading = try EvidenceChain.verify(Array(whole.prefix(cut)))
      let complete = ends.lastIndex { $0 <= cut } ?? 0
      #expect(reading.records.count == complete)
      #expect(reading.length == ends[complete])
      let expected =
        cut == ends[complete]
        ? nil : ChainFault(line: complete + 1, reason: .torn(bytes: cut - ends[complete]))
      #expect(reading.fault == expected)
    }
  }

  @Test(
    "a line whose file leads out of the evidence folder is refused",
    arguments: [
      "evidence/../result.json", "/etc/passwd", "evidence/a", "evidence/a/b/c", "evidence//b",
      "evidence/a/.hidden", "evidence/a/b c", "Evidence/a/b", "",
    ])
  func paths(file: String) throws {
    var chain = EvidenceChain()
    let record = try chain.append(
      EvidenceRecord(
        sequence: 0, id: "a", file: file, mediaType: "t", digest: try FileDigest(of: []),
        previous: "", time: noon, probe: "p", object: "o", strength: 1))
    let reading = try EvidenceChain.verify(record.line + [UInt8(ascii: "\n")])
    #expect(reading.fault == ChainFault(line: 1, reason: .unsafeFile(file)))
  }

  @Test("two lines with one id or one file are refused though they are linked")
  func repeated() throws {
    var chain = EvidenceChain()
    var record = EvidenceRecord(
      sequence: 0, id: "a", file: "evidence/x/1", mediaType: "t", digest: try FileDigest(of: []),
      previous: "", time: noon, probe: "p", object: "o", strength: 1)
    let first = try chain.append(record)
    record.file = "evidence/x/2"
    let sameID = try chain.append(record)
    let reading = try EvidenceChain.verify(Self.joined([first.line, sameID.line]))
    #expect(reading.fault == ChainFault(line: 2, reason: .repeated("a")))
    #expect(reading.records.count == 1)
  }

  @Test("random bytes and random damage never trap and never verify as the original")
  func noise() throws {
    var random = Random(seed: 7)
    let whole = Self.joined(try Self.list(3))
    let original = try EvidenceChain.verify(whole)
    for _ in 0..<300 {
      var damaged = whole
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<damaged.count, using: &random)
        if Bool.random(using: &random) {
          damaged[index] = UInt8.random(in: 0...255, using: &random)
        } else {
          damaged.remove(at: index)
        }
      }
      guard damaged != whole else { continue }
      #expect(try EvidenceChain.verify(damaged) != original)
    }
    #expect(try EvidenceChain.verify((0..<999).map { UInt8($0 & 255) }).fault != nil)
  }
}
