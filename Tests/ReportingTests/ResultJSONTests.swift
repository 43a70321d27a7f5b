import AssessmentModel
import Foundation
import Reporting
import Testing

@Suite struct ResultJSONTests {
  @Test("decoding what was encoded gives the result back, and the same bytes again")
  func identity() throws {
    let result = SampleResult.make()
    let bytes = try ResultJSON.encode(result)
    let decoded = try ResultJSON.decode(bytes)
    #expect(decoded == result)
    #expect(try ResultJSON.encode(decoded) == bytes)
    #expect(bytes.last == UInt8(ascii: "\n"))
  }

  @Test("keys of the record are kebab-case and sorted; keys of facts stay as the probe wrote them")
  func keys() throws {
    var result = SampleResult.make()
    let facts: FactValue = ["strengthBits": 1, "Strength-Bits": 2, "strength-bits": 3, "a_B": 4]
    result.inspections[0].facts = ["caseMatters": facts]
    let text = String(decoding: try ResultJSON.encode(result), as: UTF8.self)
    for key in ["\"is-reduced\"", "\"high-risk\"", "\"exit-code\"", "\"rests-in\"", "\"class\""] {
      #expect(text.contains(key))
    }
    for key in ["caseMatters", "strengthBits", "Strength-Bits", "a_B"] {
      #expect(text.contains("\"\(key)\""))
    }
    #expect(!text.contains("\"isReduced\"") && !text.contains("\"highRisk\""))
    #expect(try ResultJSON.decode(Array(text.utf8)) == result)
    let top = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map {
      $0.prefix { $0 != ":" }
    }
    #expect(top.count > 15 && top == top.sorted())
  }

  @Test(
    "what a terminal or browser could act on is escaped and read back unchanged",
    arguments: [
      "<script>alert(1)</script>", "a & b", "\u{1B}[31m", "\u{0}\u{7F}\u{9B}", "\u{202E}abc",
      "\u{2028}\u{2029}", "\u{FEFF}", "\u{E0041}", "\"\\/", "😀中文é",
    ])
  func active(text: String) throws {
    var result = SampleResult.make()
    result.system.operator = text
    result.inspections[0].facts = [text: .text(text)]
    let bytes = try ResultJSON.encode(result)
    let written = String(decoding: bytes, as: UTF8.self)
    #expect(!written.unicodeScalars.contains { $0 != "\n" && ActiveScalar.contains($0) })
    #expect(!written.contains("<") && !written.contains(">") && !written.contains("&"))
    #expect(try ResultJSON.decode(bytes) == result)
  }

  /// One change to the record's text, and a piece of the message it must give.
  static let refused: [(String, String, String)] = [
    ("\"miping.result/1\"", "\"miping.result/2\"", "schema"),
    ("\"verdict\" : \"untested\"", "\"verdict\" : \"conforming\"", "without evidence"),
    ("\"text\" : \"read\"", "\"text\" : \"unread\"", "unread"),
    ("\"exit-code\" : 0", "\"exit-code\" : \"0\"", "gate.exit-code"),
    ("\"exit-code\" : 0", "\"exit-code\" : 0.5", "not valid JSON"),
    ("\"exit-code\" : 0", "\"exit-code\" : 0x", "not valid JSON"),
    ("\"exit-code\" : 0", "\"exitCode\" : 0", "exit-code"),
    ("\"verdict\" : \"partial\"", "\"verdict\" : \"passed\"", "verdict"),
  ]

  @Test("a record that breaks the form or the rules of judging is refused", arguments: refused)
  func refusal(old: String, new: String, message: String) throws {
    let text = String(decoding: try ResultJSON.encode(SampleResult.make()), as: UTF8.self)
    // Only findings: the score has verdicts of its own.
    try #require(text.contains(old))
    let changed = text.replacingOccurrences(of: old, with: new)
    #expect { try ResultJSON.decode(Array(changed.utf8)) } throws: { error in
      "\(error)".contains(message)
    }
  }

  @Test("not-applicable without a reason is refused")
  func reasonless() throws {
    let text = String(decoding: try ResultJSON.encode(SampleResult.make()), as: UTF8.self)
    var json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    var findings = try #require(json["findings"] as? [[String: Any]])
    let place = try #require(findings.firstIndex { $0["verdict"] as? String == "not-applicable" })
    findings[place]["reasons"] = [Any]()
    json["findings"] = findings
    let bytes = try JSONSerialization.data(withJSONObject: json)
    #expect { try ResultJSON.decode(bytes) } throws: {
      "\($0)".contains("findings.\(place)") && "\($0)".contains("without a reason")
    }
  }

  @Test("bytes cut or changed anywhere are read or refused, never a trap")
  func damaged() throws {
    let bytes = try ResultJSON.encode(SampleResult.make())
    var random = SmallRandom(seed: 77)
    for _ in 0..<40 {
      var damaged = bytes
      let place = Int(random.next() % UInt64(damaged.count))
      if random.next() % 2 == 0 {
        damaged.removeSubrange(place...)
      } else {
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
      }
      do {
        let result = try ResultJSON.decode(damaged)
        #expect(result.schema == ResultJSON.schema)
      } catch {
        #expect(error.description.hasPrefix("result.json"))
      }
    }
  }

  @Test("the sample has the form of Reports/Schema/result.schema.json")
  func schema() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Reports/Schema/result.schema.json")
    let schema = try JSONDecoder().decode(FactValue.self, from: Data(contentsOf: file))
    for result in [SampleResult.make(), BigResult.make(objects: 2)] {
      let record = try JSONDecoder().decode(
        FactValue.self, from: Data(try ResultJSON.encode(result)))
      #expect(SchemaCheck(schema).faults(in: record) == [])
      guard case .record(var fields) = record else { return }
      fields["surprise"] = 1
      fields["gate"] = nil
      #expect(SchemaCheck(schema).faults(in: .record(fields)).count == 2)
    }
  }
}

/// xorshift: the same numbers in every run.
struct SmallRandom {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// The structural part of JSON Schema that our schema uses: types, keys, references, closed sets.
struct SchemaCheck {
  let root: FactValue
  init(_ root: FactValue) { self.root = root }

  func faults(in value: FactValue) -> [String] { faults(in: value, against: root, at: "$") }

  private func faults(in value: FactValue, against schema: FactValue, at place: String) -> [String]
  {
    if let reference = schema["$ref"]?.text, let name = reference.split(separator: "/").last {
      guard let target = root["$defs"]?[String(name)] else { return ["\(place): no \(reference)"] }
      return faults(in: value, against: target, at: place)
    }
    var found: [String] = []
    if let constant = schema["const"], constant != value { found.append("\(place): const") }
    if let closed = schema["enum"]?.list, !closed.contains(value) { found.append("\(place): enum") }
    if let any = schema["anyOf"]?.list,
      !any.contains(where: { faults(in: value, against: $0, at: place).isEmpty })
    {
      found.append("\(place): anyOf")
    }
    if let type = schema["type"]?.text, type != kind(value) { found.append("\(place): \(type)") }
    if case .list(let items) = value, let each = schema["items"] {
      for (index, item) in items.enumerated() {
        found += faults(in: item, against: each, at: "\(place)[\(index)]")
      }
    }
    guard case .record(let fields) = value else { return found }
    for name in (schema["required"]?.list ?? []).compactMap(\.text) where fields[name] == nil {
      found.append("\(place): \(name) is missing")
    }
    for (name, field) in fields {
      if let known = schema["properties"]?[name] {
        found += faults(in: field, against: known, at: "\(place).\(name)")
      } else if schema["additionalProperties"] == false {
        found.append("\(place): \(name) is unknown")
      } else if let other = schema["additionalProperties"], other.record != nil {
        found += faults(in: field, against: other, at: "\(place).\(name)")
      }
    }
    return found
  }

  private func kind(_ value: FactValue) -> String {
    switch value {
    case .null: "null"
    case .boolean: "boolean"
    case .integer: "integer"
    case .text: "string"
    case .list: "array"
    case .record: "object"
    }
  }
}
