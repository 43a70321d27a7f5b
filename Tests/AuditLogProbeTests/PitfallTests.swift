import AssessmentModel
import Bytes
import Testing

@testable import AuditLogProbe

@Suite("pitfalls")
struct PitfallTests {
  private func seen(_ id: String, isAnchored: Bool) async throws -> Observation {
    let one = try Manifest.named(id)
    let folder = try TestFolder()
    var model = LogModelText(construction: one.construction)
    model.source(jsonl: Fixtures.root + "/" + (try #require(one.files["jsonl"])))
    if let path = one.files["checkpoints"] {
      model.set("checkpoint", "path", .text(Fixtures.root + "/" + path))
    }
    if isAnchored, let anchor = one.anchor {
      model.fields["anchor"] = [
        "file": .text(try folder.write("anchor.json", JSONText.pretty(anchor)))
      ]
    }
    return try await inspect(try folder.write("log.yaml", model.text))
  }

  @Test(
    "clean logs name the pitfalls of their construction",
    arguments: [
      ("hmac-record-ambiguous/clean", ["canonical-ambiguous", "null-equals-empty"]),
      ("hmac-sha256-record/clean", ["non-gm-digest"]),
      ("hash-chain/clean", ["unkeyed-chain", "no-external-anchor", "tail-unprotected"]),
      ("hmac-record/clean", ["no-external-anchor", "tail-unprotected"]),
    ])
  func construction(_ id: String, _ names: [String]) async throws {
    let seen = try await seen(id, isAnchored: false)
    #expect(seen.pitfallNames.isSuperset(of: names))
    #expect(seen.list("audit.value-failures") == [])
  }

  @Test(
    "sound constructions with an anchor have none of the pitfalls of the others",
    arguments: ["hmac-record/clean", "hash-chain/clean", "merkle/clean", "sm2-checkpoint/clean"])
  func sound(_ id: String) async throws {
    let names = try await seen(id, isAnchored: true).pitfallNames
    #expect(names.subtracting(["key-beside-log"]).isEmpty, "\(names)")
  }

  @Test(
    "what only an anchor shows is found with it, and without it said to be out of reach",
    arguments: [
      ("hash-chain/rolled-back", "roll-back"), ("hash-chain/truncated", "truncation"),
      ("hash-chain/recomputed", "recomputation"), ("hmac-record/truncated", "truncation"),
      ("sm2-checkpoint/rolled-back", "roll-back"),
    ])
  func anchored(_ id: String, _ change: FactValue) async throws {
    let without = try await seen(id, isAnchored: false)
    #expect(without.list("audit.anchor-failures") == [])
    #expect(without.list("audit.undetectable").contains(change))
    let with = try await seen(id, isAnchored: true)
    #expect(!with.list("audit.anchor-failures").isEmpty)
    #expect(!with.list("audit.undetectable").contains(change))
  }

  @Test(
    "data show pitfalls of their own",
    arguments: [
      ("hmac-record/constant-value", "constant-value"),
      ("hmac-record/empty-value", "value-missing"),
      ("hmac-record/truncated-value", "short-mac"), ("sm2-record/other-id", "wrong-sm2-id"),
      ("hmac-record/seq-gap", "seq-gap"), ("hmac-record/duplicate-seq", "seq-duplicate"),
      ("hmac-record/clock-rollback", "time-backwards"), ("hmac-record/future-time", "time-future"),
      ("hmac-record/missing-fields", "missing-field"), ("merkle/split-view", "split-view"),
    ])
  func data(_ id: String, _ name: String) async throws {
    #expect(try await seen(id, isAnchored: true).pitfallNames.contains(name))
  }

  @Test("attacks are named and could not be run")
  func attacks() async throws {
    let attacks = try await seen("hmac-record/clean", isAnchored: false).facts["audit.attacks"]
    #expect(attacks?.record?.count == 15)
    #expect(
      attacks?.record?.values.allSatisfy { $0["result"] == "could-not-run" } == true)
  }

  @Test(
    "weak keys are named and not shown",
    arguments: [
      ([UInt8](repeating: 0x11, count: 16), "all-bytes-equal"),
      (Array("0123456789abcdef".utf8), "sample-0123456789abcdef"),
      (Array("short".utf8), "shorter-than-16-bytes"),
    ])
  func weakKeys(_ key: [UInt8], _ why: String) async throws {
    let folder = try TestFolder()
    try folder.write("log.jsonl", "")
    let model = try WrittenLog.model(in: folder)
    try folder.write("key.bin", key)
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    let pitfalls = seen.list("audit.pitfalls")
    #expect(pitfalls.contains(["name": "weak-key", "why": .text(why)]))
    #expect(!JSONText.compact(.record(seen.facts)).contains(hexadecimal(key)))
    #expect(seen.pitfallNames.contains("key-beside-log"))
  }

  @Test("a log made under a sample key is found out without its key")
  func sampleKey() async throws {
    let folder = try TestFolder()
    var log = WrittenLog(3)
    let hash = try RecordHash(.sm3, key: [UInt8](repeating: 0, count: 32))
    try log.protect { canonical, _, _ in
      try hash.compute(canonical)
      return hash.result
    }
    try folder.write("log.jsonl", log.jsonl)
    let model = try WrittenLog.model(in: folder)
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(seen.list("audit.value-failures").count == 3)
    #expect(seen.list("audit.pitfalls").contains { $0["name"] == "weak-key" })
  }

  @Test("a field that is required and not protected, and a log without order, are named")
  func coverage() async throws {
    let folder = try TestFolder()
    try folder.write("log.jsonl", "")
    var model = try WrittenLog.model(in: folder)
    model.fields["map"] = ["time": "ts"]
    model.fields["required"] = ["ts", "result"]
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(
      seen.list("audit.pitfalls").contains(["name": "field-not-covered", "field": "result"]))
    #expect(seen.pitfallNames.contains("no-sequence"))
    #expect(seen.list("audit.undetectable").contains("deletion"))
  }

  @Test(
    "columns beside a protected text are not protected; what is taken out of it is",
    arguments: [false, true])
  func rawField(_ isExtracted: Bool) async throws {
    let folder = try TestFolder()
    try folder.write("log.jsonl", "")
    var model = try WrittenLog.model(in: folder)
    model.fields["canonical"] = ["kind": "raw-field", "fields": ["text"]]
    if isExtracted {
      model.fields["extract"] = [
        "from": "text", "pattern": "(?<seq>[0-9]+) (?<ts>[^ ]+) (?<subject>.*)",
      ]
    }
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    let fields = seen.list("audit.pitfalls").filter { $0["name"] == "field-not-covered" }
      .compactMap { $0["field"]?.text }
    #expect(fields == (isExtracted ? [] : ["ts", "subject", "seq"]))
  }

  @Test(
    "a chain whose list of checkpoints is empty is unkeyed, once more records wait than may",
    arguments: [(2, true), (3, false)])
  func emptyCheckpoints(_ tolerated: Int, _ isUnkeyed: Bool) async throws {
    let folder = try TestFolder()
    var log = WrittenLog(3)
    let hash = try RecordHash(.sm3)
    try log.protect { canonical, _, previous in
      try hash.compute(previous + canonical)
      return hash.result
    }
    try folder.write("log.jsonl", log.jsonl)
    try folder.write("checkpoints.jsonl", "")
    var model = try WrittenLog.model(in: folder)
    model.fields["protection"] = [
      "kind": "hash-chain", "value-field": "mac",
      "genesis": ["hex": .text(String(repeating: "00", count: 32))],
    ]
    model.fields["checkpoint"] = [
      "kind": "sm2-head", "path": "checkpoints.jsonl", "log-id": "written",
      "public-key": .text(Fixtures.root + "/keys/sm2.pub.pem"),
      "max-uncovered": .integer(tolerated),
    ]
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(seen.list("audit.value-failures") == [])
    #expect(seen.pitfallNames.contains("unkeyed-chain") == isUnkeyed)
    #expect(seen.pitfallNames.contains("tail-unprotected") == isUnkeyed)
    for change in ["truncation", "recomputation"] as [FactValue] {
      #expect(seen.list("audit.undetectable").contains(change) == isUnkeyed)
    }
  }

  @Test("a text that is no value is wrong and not short", arguments: ["no value", "0g"])
  func undecodable(_ text: String) async throws {
    let folder = try TestFolder()
    var log = WrittenLog(3)
    try log.protectWithCodes()
    log.records[1].value = text
    try folder.write("log.jsonl", log.jsonl)
    let model = try WrittenLog.model(in: folder)
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(seen.list("audit.value-failures") == [1])
    #expect(!seen.pitfallNames.contains("short-mac"))
  }
}
