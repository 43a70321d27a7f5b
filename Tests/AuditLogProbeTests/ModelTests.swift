import AssessmentModel
import Testing
import YAMLDocument

@testable import AuditLogProbe

@Suite("the log model")
struct ModelTests {
  private static let whole = """
    name: core-audit
    source: {kind: csv, path: audit.csv, encoding: gb18030, delimiter: ";", "null": "NULL"}
    map: {seq: seq, time: ts, type: event_type, subject: subject, object: object, result: result}
    required: [ts, subject]
    canonical:
      kind: joined
      fields: [seq, ts, subject]
      separator: "7c"
      escape: backslash
      null: "\\\\N"
      encoding: gb18030
    protection:
      kind: hmac-chain
      digest: sha256
      key: {file: keys/hmac.hex, format: base64}
      value-field: mac
      truncate: 16
      order: content-first
      prev-as: hex
      genesis: {hex: "0011"}
      evolve-every: 10
      evolve-label: v1
    checkpoint: {kind: sm2-head, path: /var/heads.jsonl, public-key: sm2.pem, log-id: core, every: 10}
    anchor: {file: anchors/core.json}
    clock: {tolerance-ms: 5, not-after: "2026-03-02T00:00:00+08:00", zone: "+08:00"}
    active: clone
    verifier: {command: [/opt/verify, "{copy}"]}
    """

  private func read(_ text: String) -> (LogModel?, Faults) {
    let faults = Faults()
    let node = YAMLDocument.parse(Array(text.utf8), file: "log.yaml", faults: faults)
    return (node.flatMap { LogModelFile.model($0, folder: "/bank/", faults: faults) }, faults)
  }

  @Test("a whole model is read with every path resolved")
  func whole() throws {
    let (read, faults) = read(Self.whole)
    #expect(faults.all == [])
    let model = try #require(read)
    #expect(
      model.source
        == .csv(
          path: "/bank/audit.csv",
          CSVForm(encoding: .gb18030, delimiter: 0x3B, columns: nil, null: "NULL")))
    #expect(model.canonical?.separator == [0x7C])
    #expect(model.canonical?.null == "\\N")
    #expect(
      model.protection.key
        == KeyReference(place: .file(path: "/bank/keys/hmac.hex"), format: .base64))
    #expect(model.protection.genesis == [0x00, 0x11])
    #expect(model.protection.evolveEvery == 10)
    #expect(model.checkpoint?.place == .file(path: "/var/heads.jsonl"))
    #expect(model.checkpoint?.maximumUncovered == 10)
    #expect(model.anchorPath == "/bank/anchors/core.json")
    #expect(model.clock.zone == 28_800)
    #expect(model.clock.notAfter == Instant(seconds: 1_772_380_800, nanoseconds: 0))
    #expect(model.setAside == ["active", "verifier"])
  }

  @Test(
    "a mistake is a fault at its line",
    arguments: [
      ("kind: csv", "kind: xml", 2), ("delimiter: \";\"", "delimiter: \";;\"", 2),
      ("map: {seq", "map: {sequence", 3), ("separator: \"7c\"", "separator: \"7\"", 8),
      ("kind: joined", "kind: glued", 6), ("escape: backslash", "escape: html", 9),
      ("kind: hmac-chain", "kind: hmac-tree", 13), ("digest: sha256", "digest: md5", 14),
      ("truncate: 16", "truncate: 33", 17), ("evolve-every: 10", "evolve-every: -1", 21),
      ("hex: \"0011\"", "hex: \"zz\"", 20), ("value-field: mac", "valuefield: mac", 16),
      ("not-after: \"2026-03-02T00:00:00+08:00\"", "not-after: tomorrow", 25),
      ("zone: \"+08:00\"", "zone: Mars", 25), ("tolerance-ms: 5", "tolerance-ms: -5", 25),
      ("{file: keys/hmac.hex, format: base64}", "6eefcd334e7244948c320c47dc36fc06", 15),
    ])
  func mistakes(_ right: String, _ wrong: String, _ line: Int) throws {
    let parts = Self.whole.split(separator: right, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "the text to replace stands once")
    let (model, faults) = read(parts.joined(separator: wrong))
    #expect(model == nil)
    #expect(faults.all.contains { $0.place.line == line }, "\(faults.all)")
  }

  private static let postgres = """
    name: a
    source:
      kind: postgres
      table: audit_log
      schema: core
      order-by: id
      connection: {host: db.bank.example, port: 5433, database: core, user: auditor, password: "env:PGSECRET",
        tls-mode: verify-full, root-certificate: ca.pem}
      session: {TimeZone: Asia/Shanghai}
    protection: {kind: none}
    """

  @Test("a PostgreSQL source is read with its connection, and a password only by reference")
  func postgreSQL() throws {
    let (model, faults) = read(Self.postgres)
    #expect(faults.all == [])
    guard case .postgres(let address, let form) = try #require(model).source else {
      Issue.record("not a PostgreSQL source")
      return
    }
    #expect(form == TableForm(table: "audit_log", order: "id"))
    #expect(address.description == "postgresql:db.bank.example:5433/core")
    #expect(address.schema == "core")
    #expect(
      address.password == KeyReference(place: .environment(name: "PGSECRET"), format: .raw))
    #expect(address.rootCertificatePath == "/bank/ca.pem")
    #expect(address.session == ["DateStyle": "ISO", "TimeZone": "Asia/Shanghai"])
    for (right, wrong, line) in [
      ("env:PGSECRET", "hunter2", 7), ("5433", "99999", 7), ("verify-full", "maybe", 8),
      ("TimeZone: Asia", "search_path: Asia", 9), ("order-by: id", "encoding: utf-8", 3),
    ] {
      let parts = Self.postgres.split(separator: right, omittingEmptySubsequences: false)
      try #require(parts.count == 2, "the text to replace stands once")
      let (model, faults) = read(parts.joined(separator: wrong))
      #expect(model == nil)
      #expect(faults.all.contains { $0.place.line == line }, "\(faults.all)")
      #expect(!faults.all.contains { $0.message.contains("hunter2") })
    }
  }

  @Test("a key written into the model is refused and not repeated")
  func keyInModel() async throws {
    let folder = try TestFolder()
    let key = "6eefcd334e7244948c320c47dc36fc06f3b286d1382e77204f50b85bf37d8a3a"
    var model = LogModelText(construction: "hmac-record")
    model.source(jsonl: "log.jsonl")
    model.set("protection", "key", .text(key))
    let seen = try await inspect(try folder.write("log.yaml", model.text))
    let unavailable = try #require(seen.unavailable)
    #expect(unavailable.reason == .unreadable)
    #expect(unavailable.detail.contains("file:PATH or env:NAME"))
    #expect(!unavailable.detail.contains(key))
  }

  @Test("parts that do not fit one another are faults")
  func relations() {
    let starts = [
      """
      name: a
      source: {kind: jsonl, path: a}
      protection: {kind: digest-folder, public-key: k}
      """,
      """
      name: a
      source: {kind: digest-folder, path: a}
      protection: {kind: hmac, key: {file: k}, value-field: mac}
      canonical: {kind: raw-field, fields: [a]}
      """,
      """
      name: a
      source: {kind: jsonl, path: a}
      protection: {kind: merkle}
      """,
      """
      name: a
      source: {kind: jsonl, path: a}
      canonical: {kind: raw-field, fields: [a]}
      protection: {kind: merkle}
      checkpoint: {kind: sm2-head, path: c, public-key: k}
      """,
      """
      name: a
      source: {kind: jsonl, path: a}
      canonical: {kind: raw-field, fields: [a]}
      protection: {kind: hash-chain, value-field: h}
      """,
      """
      name: a
      source: {kind: jsonl, path: a}
      canonical: {kind: raw-field, fields: [a, b]}
      protection: {kind: merkle}
      """,
      """
      name: a
      source: {kind: jsonl, path: a}
      canonical: {kind: raw-field, fields: [a]}
      protection: {kind: merkle}
      checkpoint: {kind: note, table: t, public-key: k, origin: o, key-name: n}
      """,
    ]
    for text in starts {
      let (model, faults) = read(text)
      #expect(model == nil && faults.all.count == 1, "\(faults.all)")
    }
  }

  @Test("no damaged model is read or stops the reader")
  func fuzz() {
    var random = Seeded(7)
    let text = Array(Self.whole.utf8)
    for _ in 0..<400 {
      var bytes = text
      for _ in 0..<(1 + random.below(3)) {
        let at = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[at] = UInt8(random.below(128))
        case 1: bytes.remove(at: at)
        default: bytes.removeSubrange(at..<min(bytes.count, at + random.below(40)))
        }
      }
      let faults = Faults()
      let model = YAMLDocument.parse(bytes, file: "log.yaml", faults: faults).flatMap {
        LogModelFile.model($0, folder: "", faults: faults)
      }
      #expect((model == nil) == !faults.isEmpty)
    }
  }
}

/// Numbers that look random and are the same every time (a linear congruential generator).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<2 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      value = value << 32 | state >> 32
    }
    return value
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }
}
