import AssessmentModel
import Foundation
import Settings
import Testing
import YAMLDocument

@Suite("Attestation files")
struct AttestationFileTests {
  private static let text = """
    assessor: 张三（虚构）
    date: "2026-12-03"
    answers:
      - {ask: product-grade, object: gw-01, verdict: met, method: document, observed: 已查, evidence: [files/cert.pdf], valid-until: "2027-12-03"}
      - {unit: pol.system, verdict: 部分符合, method: interview, observed: 已谈}
      - {ask: rules, verdict: non-conforming, method: interview, observed: 已谈}
      - {ask: suite, object: gw-01, verdict: not-met, method: tool-test, observed: 弱, strength-bits: 80, other-key-requirements: met}
    high-risk: [{code: "7.2", unit: net.conf, object: gw-01, decision: mitigated, why: 有补偿, evidence: [files/vpn.pdf]}]
    compensations: [{from-unit: net.conf, from-object: gw-01, to-unit: app.tconf, to-object: acct-data, reason: 有通道}]

    """

  private static let folder: String = {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "attest-\(UUID().uuidString)")
    let files = folder.appending(path: "files")
    try? FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    for name in ["cert.pdf", "vpn.pdf"] {
      try? Data("made for this test".utf8).write(to: files.appending(path: name))
    }
    return folder.path
  }()

  private static func question(_ id: String, _ letter: JudgedLetter?, _ kind: ObjectKind)
    -> Question
  {
    Question(
      id: id, letter: letter, objectKind: kind, method: .document, text: Bilingual(zh: id, en: id))
  }

  private static func item(_ code: String, _ units: [String], isMitigable: Bool)
    -> HighRiskRules.Item
  {
    HighRiskRules.Item(
      code: code, title: Bilingual(zh: code, en: code), units: units, levels: [3, 4],
      problems: [1: Bilingual(zh: "一", en: "one")],
      mitigations: isMitigable ? [Bilingual(zh: "补", en: "make up")] : [])
  }

  private static func file(_ faults: Faults) -> AttestationFile {
    AttestationFile(
      questions: [
        "product-grade": question("product-grade", .K, .channel),
        "suite": question("suite", .A, .channel), "rules": question("rules", nil, .organisation),
      ],
      units: ["net.conf", "app.tconf", "pol.system"], managementUnits: ["pol.system"],
      highRisk: HighRiskRules(
        edition: "2021",
        items: [item("5.1", [], isMitigable: false), item("7.2", ["net.conf"], isMitigable: true)],
        signals: [], keyDangers: []),
      objects: ["gw-01": .channel, "acct-data": .data], faults: faults)
  }

  private func read(_ text: String) -> (Attestations?, [Fault]) {
    let faults = Faults()
    let node = YAMLDocument.parse(Array(text.utf8), file: "a.yaml", faults: faults)
    return (node.map { Self.file(faults).read($0, folder: Self.folder) }, faults.sorted)
  }

  @Test("the documented form is read as it says")
  func full() throws {
    let (read, faults) = read(Self.text)
    #expect(faults.map(\.description) == [])
    let all = try #require(read)
    func place(_ line: Int, _ column: Int) -> SourcePlace {
      SourcePlace(file: "a.yaml", line: line, column: column)
    }
    #expect(
      all.answers == [
        Attestations.Answer(
          target: .question(id: "product-grade", object: "gw-01"), value: .letter(met: true),
          method: .document, observed: "已查", files: [Self.folder + "/files/cert.pdf"],
          validUntil: "2027-12-03", assessor: "张三（虚构）", date: "2026-12-03", place: place(4, 5)),
        Attestations.Answer(
          target: .unit(code: "pol.system"), value: .verdict(.partial), method: .interview,
          observed: "已谈", assessor: "张三（虚构）", date: "2026-12-03", place: place(5, 5)),
        Attestations.Answer(
          target: .question(id: "rules", object: nil), value: .verdict(.nonConforming),
          method: .interview, observed: "已谈", assessor: "张三（虚构）", date: "2026-12-03",
          place: place(6, 5)),
        Attestations.Answer(
          target: .question(id: "suite", object: "gw-01"), value: .letter(met: false),
          method: .toolTest, observed: "弱", strengthBits: 80, otherKeyRequirementsMet: true,
          assessor: "张三（虚构）", date: "2026-12-03", place: place(7, 5)),
      ])
    #expect(
      all.decisions == [
        Attestations.HighRiskDecision(
          code: "7.2", unit: "net.conf", object: "gw-01", decision: .mitigated, why: "有补偿",
          files: [Self.folder + "/files/vpn.pdf"], assessor: "张三（虚构）", place: place(8, 13))
      ])
    #expect(
      all.compensations == [
        Attestations.ConfirmedCompensation(
          fromUnit: "net.conf", fromObject: "gw-01", toUnit: "app.tconf", toObject: "acct-data",
          reason: "有通道", confirmedBy: "张三（虚构）")
      ])
  }

  @Test("one slip is refused at that very place and nowhere else", arguments: Self.slips)
  func refused(slip: Slip) throws {
    let (text, places) = try slip.applied(to: Self.text)
    #expect(read(text).1.places == places, "\(read(text).1.map(\.description))")
  }

  @Test("answers of a whole folder are read in order of name; the same answer twice is refused")
  func folder() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "attest-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let head = "assessor: 甲\ndate: \"2026-12-03\"\n"
    let answer = "  - {ask: suite, object: gw-01, verdict: met, method: document, observed: x}\n"
    let unit = "  - {unit: pol.system, verdict: 符合, method: document, observed: x}\n"
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try write(head + "answers:\n" + unit, "b.yaml")
    try write(head + "answers:\n" + answer, "a.yml")
    try write("not: read", "notes.txt")
    let faults = Faults()
    let all = Self.file(faults).read(path: folder.path)
    #expect(faults.isEmpty)
    #expect(
      all.answers.map(\.target)
        == [.question(id: "suite", object: "gw-01"), .unit(code: "pol.system")])
    try write(head + "answers:\n" + answer, "c.yaml")
    let again = Faults()
    _ = Self.file(again).read(path: folder.path)
    #expect(again.sorted.map { "\($0.place.file.suffix(6)):\($0.place.line)" } == ["c.yaml:4"])
    let none = Faults()
    _ = Self.file(none).read(path: folder.path + "/nowhere")
    #expect(none.sorted.count == 1)
  }

  private static let slips: [Slip] = [
    Slip("assessor: 张三（虚构）\ndate", "§date"),
    Slip("assessor: 张三（虚构）\ndate: \"2026-12-03\"\n", "§assessor: 张三（虚构）\n"),
    Slip("assessor: 张三（虚构）", "assessor: §\" \""),
    Slip("date: \"2026-12-03\"", "date: §\"2026-13-03\""),
    Slip("date: \"2026-12-03\"", "date: §tomorrow"),
    Slip("answers:\n", "§colour: red\nanswers:\n"),
    Slip("ask: product-grade", "ask: §product-garde"),
    Slip("ask: product-grade, object: gw-01,", "ask: product-grade, object: §gw-02,"),
    Slip("{ask: product-grade, object: gw-01,", "§{ask: product-grade,"),
    Slip("ask: product-grade, object: gw-01,", "ask: product-grade, object: §acct-data,"),
    Slip("{ask: product-grade,", "{ask: product-grade, §unit: pol.system,"),
    Slip("{unit: pol.system, verdict", "§{verdict"),
    Slip("unit: pol.system", "unit: §pol.sytem"),
    Slip("unit: pol.system", "unit: §net.conf"),
    Slip("verdict: met,", "verdict: §符合,"),
    Slip("verdict: met,", "verdict: §yes,"),
    Slip("verdict: 部分符合", "verdict: §met"),
    Slip("verdict: 部分符合", "verdict: §不适用"),
    Slip("{unit: pol.system, verdict: 部分符合,", "§{unit: pol.system,"),
    Slip("method: document, observed: 已查", "method: §reading, observed: 已查"),
    Slip("method: document, observed: 已查", "method: document, observed: §\"\""),
    Slip(
      "{unit: pol.system, verdict: 部分符合, method: interview, observed: 已谈}",
      "§{unit: pol.system, verdict: 部分符合, method: interview}"),
    Slip("[files/cert.pdf]", "[§files/lost.pdf]"),
    Slip("[files/cert.pdf]", "[§files]"),
    Slip("[files/cert.pdf]", "§files/cert.pdf"),
    Slip("valid-until: \"2027-12-03\"", "valid-until: §soon"),
    Slip("valid-until: \"2027-12-03\"", "§valid: \"2027-12-03\""),
    Slip("strength-bits: 80", "strength-bits: §-1"),
    Slip("other-key-requirements: met", "other-key-requirements: §true"),
    Slip("code: \"7.2\"", "code: §\"7.9\""),
    Slip("{code: \"7.2\", unit", "§{unit"),
    Slip("code: \"7.2\", unit: net.conf", "code: \"7.2\", unit: §net.cnof"),
    Slip("code: \"7.2\", unit: net.conf", "code: \"7.2\", unit: §pol.system"),
    Slip("decision: mitigated", "decision: §accepted"),
    Slip(
      "code: \"7.2\", unit: net.conf, object: gw-01, decision: mitigated",
      "code: \"5.1\", unit: net.conf, object: gw-01, decision: §mitigated"),
    Slip("why: 有补偿", "why: §\"\""),
    Slip("from-unit: net.conf", "from-unit: §net.cnof"),
    Slip("to-unit: app.tconf", "to-unit: §pol.system"),
    Slip("to-object: acct-data", "to-object: §acct"),
    Slip("{from-unit: net.conf, from-object: gw-01, to-unit", "§{from-unit: net.conf, to-unit"),
    Slip("reason: 有通道", "reason: §\" \""),
    Slip("verdict: met,", "verdict: met, §verdict: met,"),
    Slip("observed: 已查", "observed: §*o"),
  ]
}
