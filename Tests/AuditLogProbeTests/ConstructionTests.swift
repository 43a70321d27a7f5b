import AssessmentModel
import Bytes
import NationalCrypto
import Testing

@testable import AuditLogProbe

@Suite("constructions and sources beyond the manifest")
struct ConstructionTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func inspectModel(_ model: LogModelText) async throws -> Observation {
    try await inspect(try folder.write("log.yaml", model.text))
  }

  @Test("a log of many chunks verifies, and a change and a removal in it are found where they are")
  func manyChunks() async throws {
    var log = WrittenLog(9500)
    try log.protectWithCodes()
    log.records[4096].subject = "other"
    log.records[8191].value = ""
    log.records.remove(at: 5000)
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspectModel(WrittenLog.model(in: folder))
    #expect(seen.facts["audit.records"] == 9499)
    #expect(seen.list("audit.value-failures") == [4096, 8190])
    #expect(
      seen.list("audit.structural") == [
        ["kind": "seq-gap", "position": 5000, "missing-from": 5001, "missing-to": 5001]
      ])
    #expect(seen.unavailable == nil)
  }

  @Test("a chain is followed over the borders of chunks")
  func chainOverChunks() async throws {
    var log = WrittenLog(9000)
    let hash = try RecordHash(.sm3)
    try log.protect { canonical, _, previous in
      try hash.compute(previous + canonical)
      return hash.result
    }
    let genesis = String(repeating: "00", count: 32)
    let protection: [String: FactValue] = [
      "kind": "hash-chain", "genesis": ["hex": .text(genesis)],
    ]
    let model = try WrittenLog.model(in: folder, protection: protection)
    try folder.write("log.jsonl", log.jsonl)
    #expect(try await inspectModel(model).list("audit.value-failures").isEmpty)
    log.records.remove(at: 4096)
    try folder.write("log.jsonl", log.jsonl)
    #expect(try await inspectModel(model).list("audit.value-failures") == [4096])
  }

  @Test("a shortened code is checked at its declared length and named when it is short")
  func truncated() async throws {
    var log = WrittenLog(20)
    try log.protectWithCodes(bytes: 12)
    log.records[3].subject += "x"
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspectModel(
      WrittenLog.model(in: folder, protection: ["truncate": 12]))
    #expect(seen.list("audit.value-failures") == [3])
    #expect(seen.pitfallNames.contains("short-mac"))
    let undeclared = try await inspectModel(WrittenLog.model(in: folder))
    #expect(undeclared.list("audit.value-failures").count == 20)
    #expect(undeclared.pitfallNames.contains("short-mac"))
  }

  private func evolvingLog(_ count: Int, every: Int) throws -> WrittenLog {
    var log = WrittenLog(count)
    var key = WrittenLog.key
    try log.protect { canonical, position, previous in
      if position > 0, position % every == 0 { key = try SM3.digest(Array("next".utf8) + key) }
      let hash = try RecordHash(.sm3, key: key)
      try hash.compute(previous + canonical)
      return hash.result
    }
    return log
  }

  private func evolvingModel(every: Int) throws -> LogModelText {
    try WrittenLog.model(
      in: folder,
      protection: [
        "kind": "hmac-chain", "genesis": ["hex": .text(String(repeating: "00", count: 32))],
        "evolve-every": .integer(every), "evolve-label": "next",
      ])
  }

  @Test(
    "after a removal from a chain whose keys evolve, the first record that moved is reported",
    arguments: [
      (1, [24] as [FactValue]), (10, [24, 29] as [FactValue]), (1000, [24] as [FactValue]),
    ])
  func evolving(_ every: Int, _ expected: [FactValue]) async throws {
    var log = try evolvingLog(60, every: every)
    let model = try evolvingModel(every: every)
    try folder.write("log.jsonl", log.jsonl)
    let whole = try await inspectModel(model)
    #expect(whole.list("audit.value-failures").isEmpty)
    #expect(whole.facts["audit.key-shift"] == nil)
    log.records.remove(at: 24)
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspectModel(model)
    #expect(seen.list("audit.value-failures") == expected)
    if every < 60 { #expect(seen.facts["audit.key-shift"] != nil) }
  }

  @Test("once as many records were put in as were removed, the keys are those of the places again")
  func evolvingBack() async throws {
    var log = try evolvingLog(60, every: 10)
    log.records.remove(at: 24)
    log.records.insert(log.records[3], at: 43)
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspectModel(try evolvingModel(every: 10))
    #expect(seen.list("audit.value-failures") == [24, 29, 43, 44])
    #expect(seen.facts["audit.key-shift"] == nil)
  }

  @Test(
    "where links are stored, every record whose key became another is told from the one beside it",
    arguments: [
      ("forged", [6, 7] as [FactValue]), ("replayed", [6, 7] as [FactValue]),
      ("exchanged", [6, 7] as [FactValue]), ("removed", [6] as [FactValue]),
    ])
  func evolvingLinks(_ change: String, _ expected: [FactValue]) async throws {
    var log = try evolvingLog(20, every: 1)
    let genesis = String(repeating: "00", count: 32)
    var links = [genesis] + log.records.dropLast().map(\.value)
    switch change {
    case "forged":
      log.records.insert(log.records[2], at: 6)
      log.records[6].subject = "other"
      links.insert(links[2], at: 6)
    case "replayed":
      log.records.insert(log.records[2], at: 6)
      links.insert(links[2], at: 6)
    case "exchanged":
      log.records.swapAt(6, 7)
      links.swapAt(6, 7)
    default:
      log.records.remove(at: 6)
      links.remove(at: 6)
    }
    let lines = zip(log.lines, links).map { $0.dropLast() + ",\"prev\":\"\($1)\"}\n" }
    try folder.write("log.jsonl", lines.joined())
    let model = try WrittenLog.model(
      in: folder,
      protection: [
        "kind": "hmac-chain", "prev-field": "prev", "genesis": ["hex": .text(genesis)],
        "evolve-every": 1, "evolve-label": "next",
      ])
    #expect(try await inspectModel(model).list("audit.value-failures") == expected)
  }

  @Test("a log of evolving keys under another first key fails everywhere, and does so quickly")
  func evolvingWrongKey() async throws {
    let log = try evolvingLog(5000, every: 1)
    let model = try evolvingModel(every: 1)
    try folder.write("log.jsonl", log.jsonl)
    try folder.write("key.bin", [UInt8](WrittenLog.key.reversed()))
    #expect(try await inspectModel(model).list("audit.value-failures").count == 5000)
  }

  @Test(
    "SM2 signatures are read as DER, as two numbers and as hexadecimal DER",
    arguments: ["der", "raw", "der-hex"])
  func signatures(_ form: String) async throws {
    var log = WrittenLog(6)
    let key = try Fixtures.bytes("keys/sm2.key.pem")
    try log.protect { canonical, _, _ in
      let der = try SM2.sign(canonical, privateKeyPEM: key)
      return form == "raw" ? try Self.raw(der) : der
    }
    log.records[2].subject = "other"
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspectModel(
      WrittenLog.model(
        in: folder,
        protection: [
          "kind": "sm2-record", "sig-format": .text(form),
          "public-key": .text(Fixtures.root + "/keys/sm2.pub.pem"),
        ]))
    #expect(seen.list("audit.value-failures") == [2])
    #expect(seen.pitfallNames.contains("key-beside-log"))
  }

  /// `r || s` of a DER signature.
  private static func raw(_ der: [UInt8]) throws -> [UInt8] {
    var at = 2
    var raw: [UInt8] = []
    for _ in 0..<2 {
      let length = Int(der[at + 1])
      let digits = der[(at + 2)..<(at + 2 + length)].drop { $0 == 0 }
      raw += [UInt8](repeating: 0, count: 32 - digits.count) + digits
      at += 2 + length
    }
    return raw
  }

  @Test("signatures made under another identity fail, and the identity is named")
  func wrongIdentity() async throws {
    var log = WrittenLog(4)
    let key = try Fixtures.bytes("keys/sm2.key.pem")
    try log.protect { canonical, _, _ in try SM2.sign(canonical, privateKeyPEM: key) }
    try folder.write("log.jsonl", log.jsonl)
    let seen = try await inspectModel(
      WrittenLog.model(
        in: folder,
        protection: [
          "kind": "sm2-record", "id": "ops@bank.example",
          "public-key": .text(Fixtures.root + "/keys/sm2.pub.pem"),
        ]))
    #expect(seen.list("audit.value-failures").count == 4)
    let pitfall = seen.list("audit.pitfalls").first { $0["name"] == "wrong-sm2-id" }
    #expect(pitfall?["right-under"] == "default")
    #expect(pitfall?["count"] == 4)
  }

  @Test("CSV is read with quotes, other delimiters, nulls and a byte order mark")
  func csv() async throws {
    var log = WrittenLog(5, subject: "a;\"b\" ")
    log.records[3].subject = "two\nlines"
    try log.protectWithCodes()
    // The canonical form escapes line ends; the values were made without.
    let hash = try RecordHash(.sm3, key: WrittenLog.key)
    let record = log.records[3]
    try hash.compute(Array("\(record.seq)|\(record.ts)|two\\nlines".utf8))
    log.records[3].value = hexadecimal(hash.result)
    var text = "\u{FEFF}seq;ts;subject;mac\r\n"
    for record in log.records {
      let quoted = record.subject.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"")
      text += "\(record.seq);\(record.ts);\"\(quoted)\";\(record.value)\r\n"
    }
    try folder.write("log.csv", text)
    let source: FactValue = ["kind": "csv", "path": "log.csv", "delimiter": ";"]
    let seen = try await inspectModel(WrittenLog.model(in: folder, source: source))
    #expect(seen.unavailable == nil)
    #expect(seen.list("audit.errors") == [])
    #expect(seen.list("audit.value-failures") == [])
    #expect(seen.facts["audit.records"] == 5)
  }

  @Test(
    "the number and a time counted from 1970 are numbers in CSV, and other digits are text",
    arguments: [("1", "1767225600"), ("\"1\"", "\"1767225600\"")])
  func numbersOfCSV(_ number: String, _ time: String) async throws {
    let hash = try RecordHash(.sm3, key: WrittenLog.key)
    try hash.compute(Array(#"{"seq":1,"subject":"7","ts":1767225600}"#.utf8))
    try folder.write(
      "log.csv", "seq,ts,subject,mac\n\(number),\(time),7,\(hexadecimal(hash.result))\n")
    var model = try WrittenLog.model(in: folder, source: ["kind": "csv", "path": "log.csv"])
    model.fields["canonical"] = ["kind": "json-sorted", "fields": ["seq", "ts", "subject"]]
    model.fields["time-form"] = "epoch-s"
    let seen = try await inspectModel(model)
    #expect(seen.unavailable == nil)
    #expect(seen.list("audit.value-failures") == [])
  }

  @Test("CSV and the canonical form may both be in GB18030")
  func gb18030() async throws {
    var log = WrittenLog(4, subject: "审计员")
    let encoder = try #require(Transcoder(.fromUTF8))
    func encoded(_ text: [UInt8]) throws -> [UInt8] {
      var output: [UInt8] = []
      try encoder.convert(text.span, into: &output)
      return output
    }
    let hash = try RecordHash(.sm3, key: WrittenLog.key)
    try log.protect { canonical, _, _ in
      try hash.compute(encoded(canonical))
      return hash.result
    }
    var text = "seq,ts,subject,mac\n"
    for record in log.records {
      text += "\(record.seq),\(record.ts),\(record.subject),\(record.value)\n"
    }
    var bytes = try encoded(Array(text.utf8))
    try folder.write("log.csv", bytes)
    var model = try WrittenLog.model(
      in: folder, source: ["kind": "csv", "path": "log.csv", "encoding": "gb18030"])
    model.set("canonical", "encoding", "gb18030")
    let seen = try await inspectModel(model)
    #expect(seen.unavailable == nil)
    #expect(seen.list("audit.value-failures") == [])

    // A byte that begins a character and is followed by no right second one.
    let place = try #require(bytes.lastIndex { $0 >= 0x80 })
    bytes[place] = 0xFF
    try folder.write("log.csv", bytes)
    let damaged = try await inspectModel(model)
    #expect(damaged.errorKinds == ["bad-gb18030"])
    #expect(damaged.list("audit.errors").first?["record"] == 3)
    #expect(damaged.unavailable?.reason == .unreadable)
  }

  @Test("journal entries are read, binary values and fields inside a text included")
  func journal() async throws {
    let model = LogModelText([
      "name": "journal",
      "source": [
        "kind": "journald-export", "path": .text(Fixtures.root + "/journald/sample.export"),
      ],
      "map": ["time": "__REALTIME_TIMESTAMP", "subject": "user"],
      "required": ["MESSAGE", "user", "note"],
      "extract": [
        "from": "MESSAGE", "pattern": "user=(?<user>\\S+)( note=(?<note>.*))?",
      ],
      "protection": ["kind": "none"],
    ])
    let seen = try await inspectModel(model)
    #expect(seen.unavailable == nil)
    #expect(seen.facts["audit.records"] == 6)
    // Only the fourth, binary one has a note.
    let missing: [FactValue] = [0, 1, 2, 4, 5].map {
      ["kind": "missing-field", "position": .integer($0), "field": "note"]
    }
    #expect(seen.list("audit.structural").filter { $0["kind"] == "missing-field" } == missing)
    #expect(seen.pitfallNames.isSuperset(of: ["unprotected", "value-missing", "no-sequence"]))
  }

  @Test("a raw field is the text that is protected")
  func rawField() async throws {
    let hash = try RecordHash(.sm3, key: WrittenLog.key)
    try hash.compute(Array("login \"审\"\n".utf8))
    try folder.write(
      "log.jsonl", #"{"body": "login \"审\"\n", "mac": "\#(hexadecimal(hash.result))"}"#)
    var model = try WrittenLog.model(in: folder)
    model.fields["canonical"] = ["kind": "raw-field", "fields": ["body"]]
    model.fields["map"] = nil
    model.fields["required"] = ["body"]
    let seen = try await inspectModel(model)
    #expect(seen.list("audit.value-failures") == [])
    #expect(seen.list("audit.structural") == [])
  }

  @Test("times without a zone are findings unless the model states their zone")
  func zones() async throws {
    var log = WrittenLog(3)
    for index in log.records.indices { log.records[index].ts.removeLast(6) }
    try log.protectWithCodes()
    try folder.write("log.jsonl", log.jsonl)
    var model = try WrittenLog.model(in: folder)
    let seen = try await inspectModel(model)
    #expect(
      seen.list("audit.structural").map { $0["kind"] }
        == Array(repeating: "time-without-zone", count: 3))
    model.set("clock", "zone", "+08:00")
    #expect(try await inspectModel(model).list("audit.structural") == [])
  }

  @Test("an anchor of a clean run is written once and never over a file")
  func writtenAnchor() async throws {
    var log = WrittenLog(10)
    try log.protectWithCodes()
    try folder.write("log.jsonl", log.jsonl)
    var model = try WrittenLog.model(in: folder)
    let path = try folder.write("log.yaml", model.text)
    let anchor = folder.path + "/anchor.json"
    let parameters: [String: FactValue] = ["write-anchor": .text(anchor)]
    #expect(try await inspect(path, parameters: parameters).unavailable == nil)
    #expect(try await inspect(path, parameters: parameters).unavailable?.reason == .failed)
    // The next visit: grown and clean, then changed before the anchor.
    var grown = WrittenLog(12)
    try grown.protectWithCodes()
    try folder.write("log.jsonl", grown.jsonl)
    model.fields["anchor"] = ["file": "anchor.json"]
    let second = try folder.write("second.yaml", model.text)
    let clean = try await inspect(second)
    #expect(clean.list("audit.anchor-failures") == [])
    #expect(!clean.pitfallNames.contains("no-external-anchor"))
    grown.records[9].subject = "other"
    try grown.protectWithCodes()
    try folder.write("log.jsonl", grown.jsonl)
    let changed = try await inspect(second)
    #expect(changed.list("audit.anchor-failures") == ["head-mismatch"])
    #expect(changed.facts["audit.anchor"] == nil)
    try folder.write("log.jsonl", grown.lines.prefix(9).map { $0 + "\n" }.joined())
    #expect(try await inspect(second).list("audit.anchor-failures") == ["shorter-than-anchor"])
  }

  @Test("a folder of digests is compared with what an earlier visit saw")
  func folderAnchor() async throws {
    var model = LogModelText(construction: "digest-folder")
    func seen(_ name: String) async throws -> Observation {
      model.fields["source"] = [
        "kind": "digest-folder", "path": .text(Fixtures.root + "/digest-folder/" + name),
      ]
      return try await inspectModel(model)
    }
    let clean = try await seen("clean")
    let anchor = try #require(clean.facts["audit.anchor"])
    try folder.write("anchor.json", JSONText.pretty(anchor))
    model.fields["anchor"] = ["file": .text(folder.path + "/anchor.json")]
    #expect(try await seen("clean").list("audit.anchor-failures") == [])
    #expect(try await seen("tail-removed").list("audit.anchor-failures") == ["shorter-than-anchor"])
  }
}
