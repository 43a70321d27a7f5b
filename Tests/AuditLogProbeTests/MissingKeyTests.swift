import AssessmentModel
import Glibc
import Testing

@testable import AuditLogProbe

@Suite("logs whose key cannot be had")
struct MissingKeyTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  @Test(
    "a key that is empty or blank is no key",
    arguments: ["", "\n", " \t\r\n"], ["raw", "hex", "base64"])
  func emptyKey(_ text: String, _ format: FactValue) async throws {
    var log = WrittenLog(5)
    try log.protectWithCodes()
    try folder.write("log.jsonl", log.jsonl)
    try folder.write("empty.key", text)
    setenv("AUDIT_TEST_EMPTY_KEY", text, 1)
    defer { unsetenv("AUDIT_TEST_EMPTY_KEY") }
    for place: [String: FactValue] in [["file": "empty.key"], ["env": "AUDIT_TEST_EMPTY_KEY"]] {
      var model = try WrittenLog.model(in: folder)
      model.set("protection", "key", .record(place.merging(["format": format]) { $1 }))
      let seen = try await inspect(try folder.write("log.yaml", model.text))
      #expect(seen.errorKinds == ["key-unreadable"])
      #expect(seen.unavailable?.reason == .unreadable)
      #expect(seen.list("audit.value-failures") == [])
    }
  }

  @Test(
    "a log whose values were made under no key at all is found out though the key file is empty")
  func computedWithoutKey() async throws {
    var log = WrittenLog(5)
    let hash = try RecordHash(.sm3, key: [])
    try log.protect { canonical, _, _ in
      try hash.compute(canonical)
      return Array(hash.result)
    }
    try folder.write("log.jsonl", log.jsonl)
    let model = try WrittenLog.model(in: folder)
    try folder.write("key.bin", "")
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(seen.errorKinds == ["key-unreadable"])
    let weak = seen.list("audit.pitfalls").first { $0["name"] == "weak-key" }
    #expect(weak?["why"] == "empty")
  }

  @Test("without its key a log is not called clean, and the rest is checked")
  func noKey() async throws {
    var log = WrittenLog(5)
    try log.protectWithCodes()
    log.records.remove(at: 2)
    try folder.write("log.jsonl", log.jsonl)
    var model = try WrittenLog.model(in: folder)
    model.set("protection", "key", ["file": "absent.bin"])
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    #expect(seen.unavailable?.reason == .unreadable)
    #expect(seen.errorKinds == ["key-unreadable"])
    #expect(seen.list("audit.structural").count == 1)
    #expect(seen.facts["audit.anchor"] == nil)
  }
}
