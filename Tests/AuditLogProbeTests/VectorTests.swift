import AssessmentModel
import Bytes
import NationalCrypto
import Testing

@testable import AuditLogProbe

/// The worked values of `vectors.json`, which were made with another implementation.
@Suite("worked values")
struct VectorTests {
  private let vectors: FactValue

  init() throws { vectors = try Fixtures.value("vectors.json") }

  private func octets(_ value: FactValue?) throws -> [UInt8] {
    let text = try #require(value?.text)
    return try #require(bytes(fromHexadecimal: text))
  }

  private func rule(_ value: FactValue?) throws -> CanonicalRule {
    let value = try #require(value)
    let kind = try #require(value["kind"]?.text.flatMap(CanonicalRule.Kind.init))
    var rule = CanonicalRule(
      kind: kind, fields: try #require(value["fields"]?.list).compactMap(\.text))
    rule.separator = value["separator"]?.text.flatMap { bytes(fromHexadecimal: $0) } ?? []
    rule.escape = value["escape"]?.text.flatMap(CanonicalRule.Escape.init) ?? .none
    rule.null = value["null"]?.text ?? ""
    rule.encoding = value["encoding"]?.text.flatMap(TextEncoding.init) ?? .utf8
    return rule
  }

  private func canonical(_ record: FactValue?, _ rule: CanonicalRule) throws -> [UInt8] {
    let model = LogModel(
      name: "log", source: .jsonLines(path: ""), map: FieldMap(), required: [], canonical: rule,
      protection: Protection(kind: .none), clock: ClockRule(), setAside: [])
    let table = FieldTable(model)
    var fields = RecordFields(count: table.names.count)
    var decoder = JSONRecordDecoder(names: table.names)
    let text = Array(JSONText.compact(try #require(record)).utf8)
    try decoder.decode(text.span, into: &fields)
    var writer = try #require(Canonicaliser(rule, table: table))
    var output: [UInt8] = []
    _ = try writer.write(fields, into: &output)
    return output
  }

  @Test("canonical forms have the stated bytes")
  func canonicalForms() throws {
    let cases = try #require(vectors["canonical"]?.list)
    #expect(cases.count == 10)
    for one in cases {
      let expected = try octets(one["canonical_hex"])
      let rule = try rule(one["rule"])
      #expect(try canonical(one["record"], rule) == expected)
    }
  }

  @Test("digests and codes have the stated values")
  func codes() throws {
    for one in try #require(vectors["sm3"]?.list) {
      let hash = try RecordHash(.sm3)
      try hash.compute(octets(one["input_hex"]))
      #expect(hash.result == (try octets(one["sm3"])))
    }
    for one in try #require(vectors["hmac_sm3"]?.list) {
      let hash = try RecordHash(.sm3, key: octets(one["key_hex"]))
      // Twice, since the context is used again for every record.
      for _ in 0..<2 {
        try hash.compute(octets(one["input_hex"]))
        #expect(hash.result == (try octets(one["mac"])))
      }
    }
  }

  @Test("SM2 signatures are right under their identity only")
  func signatures() throws {
    let key = try PublicKeyFile.subjectPublicKeyInfo(Fixtures.root + "/keys/sm2.pub.pem")
    let section = try #require(vectors["sm2_verify"])
    #expect(PublicKeyFile.point(of: key) == (try octets(section["public_key_uncompressed"])))
    for one in try #require(section["cases"]?.list) {
      let check = try SignatureCheck(
        subjectPublicKeyInfo: key, identity: try #require(one["id"]?.text))
      var signature: [UInt8]
      if one["sig_der_hex"] != nil {
        signature = try octets(one["sig_der_hex"])
      } else {
        let raw = try octets(one["sig_raw_hex"])
        signature = try #require(SignatureCheck.der(fromRaw: raw))
      }
      for _ in 0..<2 {
        #expect(
          try check.isValid(signature, over: octets(one["message_hex"])) == one["valid"]?.boolean)
      }
    }
  }

  @Test("Merkle roots of every size have the stated values")
  func merkle() throws {
    let section = try #require(vectors["merkle"])
    let leaves = try #require(section["leaf_hash"]?.list).map { try octets($0) }
    var edge = try MerkleEdge(.sm3)
    for size in 0...leaves.count {
      #expect(try edge.root() == octets(section["root_by_size"]?[String(size)]))
      if size < leaves.count { try edge.append(leaf: leaves[size][...]) }
    }
  }

  /// Verifies the two records of a chain as a log of their own.
  private func verify(
    _ section: FactValue?, _ protection: FactValue, values: [String]
  ) async throws -> Observation {
    let folder = try TestFolder()
    let records = try #require(section?["records"]?.list)
    var text = ""
    for (record, value) in zip(records, values) {
      var fields = try #require(record.record)
      fields["value"] = .text(value)
      text += JSONText.compact(.record(fields)) + "\n"
    }
    try folder.write("log.jsonl", text)
    var canonical = try #require(section?["rule"]?.record)
    canonical["null"] = nil
    let model = LogModelText([
      "name": "chain", "source": ["kind": "jsonl", "path": "log.jsonl"],
      "canonical": .record(canonical), "protection": protection,
    ])
    return try await inspect(try folder.write("log.yaml", model.text))
  }

  @Test(
    "hash chains verify in each of their forms and in no other",
    arguments: [
      ("values", "prev-first", "bytes"), ("values_prev_as_hex_text", "prev-first", "hex"),
      ("values_content_first", "content-first", "bytes"),
    ])
  func hashChains(_ name: String, _ order: String, _ form: String) async throws {
    let section = vectors["hash_chain"]
    let protection: FactValue = [
      "kind": "hash-chain", "value-field": "value", "order": .text(order), "prev-as": .text(form),
      "genesis": ["hex": section?["genesis_hex"] ?? .null],
    ]
    for other in ["values", "values_prev_as_hex_text", "values_content_first"] {
      let values = try #require(section?[other]?.list).compactMap(\.text)
      let seen = try await verify(section, protection, values: values)
      #expect(seen.list("audit.value-failures").isEmpty == (other == name))
    }
  }

  @Test("HMAC chains verify, with keys that stay and with keys that evolve")
  func hmacChains() async throws {
    let section = vectors["hmac_chain"]
    let evolution = vectors["key_evolution"]
    var protection: [String: FactValue] = [
      "kind": "hmac-chain", "value-field": "value",
      "genesis": ["text": section?["genesis_text"] ?? .null],
      "key": ["file": .text(Fixtures.root + "/keys/hmac.hex")],
    ]
    let steady = try #require(section?["values"]?.list).compactMap(\.text)
    let evolving = try #require(evolution?["values"]?.list).compactMap(\.text)
    #expect(
      try await verify(section, .record(protection), values: steady).list("audit.value-failures")
        .isEmpty)
    protection["evolve-every"] = 1
    protection["evolve-label"] = "evolve-v1"
    #expect(
      try await verify(section, .record(protection), values: evolving)
        .list("audit.value-failures").isEmpty)
    #expect(
      try await verify(section, .record(protection), values: steady).list("audit.value-failures")
        == [1])
  }

  @Test("the signed head and the note of the vectors are right, and wrong when a byte changes")
  func checkpoints() throws {
    let key = Fixtures.root + "/keys/sm2.pub.pem"
    let head = CheckpointRule(
      kind: .signedHead, place: .file(path: ""), publicKeyPath: key, maximumUncovered: 0)
    var reader = try CheckpointReader(head, encoding: .hex)
    var fields = try #require(vectors["checkpoint"]?["fields"]?.record)
    fields["sig"] = vectors["checkpoint"]?["sig_base64"]
    reader.addHead(Array(JSONText.compact(.record(fields)).utf8))
    fields["count"] = 3
    reader.addHead(Array(JSONText.compact(.record(fields)).utf8))
    fields["count"] = "3"
    reader.addHead(Array(JSONText.compact(.record(fields)).utf8))
    #expect(reader.checkpoints.map(\.problems) == [[], [.signature], [.malformed]])

    let name = "bank.example/core-audit"
    let rule = CheckpointRule(
      kind: .note, place: .file(path: ""), publicKeyPath: key, origin: name, keyName: name,
      maximumUncovered: 0)
    var notes = try CheckpointReader(rule, encoding: .hex)
    let note = try #require(vectors["note"]?["note"]?.text)
    notes.addNote(Array(note.utf8))
    notes.addNote(Array(note.utf8.map { $0 == 0x35 ? 0x36 : $0 }))
    notes.addNote(Array(note.utf8.prefix(20)))
    #expect(notes.checkpoints[0].problems == [])
    #expect(!notes.checkpoints[1].problems.isEmpty)
    #expect(notes.checkpoints[2].problems == [.malformed])
  }
}
