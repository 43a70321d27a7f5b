import AssessmentModel

/// Writes log models, from a construction of the manifest or from parts, as YAML in JSON's notation.
struct LogModelText {
  var fields: [String: FactValue]

  init(_ fields: [String: FactValue]) { self.fields = fields }

  /// The model of a construction, without its source.
  init(construction: String, asOf: String = "2026-03-02T00:00:00+08:00") {
    let parts = Manifest.constructions[construction]?.record ?? [:]
    var fields: [String: FactValue] = [
      "name": .text(construction), "clock": ["not-after": .text(asOf)],
      "map": [
        "seq": "seq", "time": "ts", "type": "event_type", "subject": "subject",
        "object": "object", "result": "result",
      ],
    ]
    for key in ["canonical", "protection", "checkpoint"] {
      fields[key] = parts[key].map(LogModelText.hyphenedKeys)
    }
    fields["required"] = parts["required"]
    self.fields = fields
    let keys = Fixtures.root + "/keys/"
    switch fields["protection"]?["kind"]?.text {
    case "hmac", "hmac-chain":
      set("protection", "key", ["file": .text(keys + "hmac.hex"), "format": "hex"])
    case "sm2-record", "digest-folder":
      set("protection", "public-key", .text(keys + "sm2.pub.pem"))
    default: break
    }
    if fields["checkpoint"] != nil {
      set("checkpoint", "public-key", .text(keys + "sm2.pub.pem"))
    }
  }

  mutating func set(_ section: String, _ key: String, _ value: FactValue?) {
    var inner = fields[section]?.record ?? [:]
    inner[key] = value
    fields[section] = .record(inner)
  }

  mutating func source(jsonl path: String) {
    fields["source"] = ["kind": "jsonl", "path": .text(path)]
  }

  mutating func source(sqlite path: String) {
    fields["source"] = [
      "kind": "sqlite", "path": .text(path), "table": "audit_log", "order-by": "id",
    ]
  }

  mutating func checkpointTable() {
    set("checkpoint", "table", "audit_checkpoint")
    set("checkpoint", "column", "body")
    set("checkpoint", "order-by", "id")
  }

  var text: String { JSONText.pretty(.record(fields)) }

  private static func hyphenedKeys(_ value: FactValue) -> FactValue {
    guard case .record(let fields) = value else { return value }
    return .record(
      Dictionary(
        uniqueKeysWithValues: fields.map { key, value in
          (
            key.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-"),
            hyphenedKeys(value)
          )
        }))
  }
}
