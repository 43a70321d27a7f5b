import AssessmentModel
import Foundation
import Testing

@testable import PINProbe

@Suite("The probe pin.blocks")
struct PINBlocksTests {
  /// What may never be in an output: PINs, keys, PANs and blocks of the vectors.
  static func secrets() throws -> Set<String> {
    let vectors = try Fixture.vectors()
    var secrets: Set<String> = []
    for vector in vectors.vectors {
      secrets.formUnion(
        [vector.key, vector.pin_field, vector.enciphered] + [
          vector.pan, vector.clear_block, vector.intermediate_a, vector.intermediate_b,
        ].compactMap { $0 })
      if vector.pin.count > 4 { secrets.insert(vector.pin) }
    }
    for vector in vectors.malformed { secrets.formUnion([vector.key, vector.enciphered]) }
    for vector in vectors.pan_binding {
      secrets.formUnion([vector.key, vector.pan_used, vector.pan_presented, vector.enciphered])
      secrets.insert(vector.pin)
    }
    for set in vectors.weak_sets {
      secrets.insert(set.key)
      for block in set.blocks { secrets.formUnion([block.enciphered] + [block.pan].compactMap { $0 }) }
    }
    return secrets
  }

  static func output(_ observation: Observation) -> String {
    JSONText.pretty(.record(observation.facts)) + (observation.unavailable?.detail ?? "")
      + observation.evidence.map { String(decoding: $0.bytes, as: UTF8.self) + $0.name }.joined()
  }

  @Test("All vectors are decoded as the file expects, and weak sets named")
  func vectors() async throws {
    let vectors = try Fixture.vectors()
    let observation = try await Fixture.inspectBlocks(Fixture.path("vectors.json"))
    #expect(observation.unavailable == nil)
    let blocks = try #require(observation.facts["pin.blocks"]?.record)
    #expect(blocks.count == 69)
    for vector in vectors.vectors {
      let expected: FactValue = [
        "decoded": true, "error": .null, "pin-length": .integer(vector.pin.count),
        "pin-matches": true,
      ]
      #expect(blocks[vector.id] == expected, "\(vector.id)")
    }
    for vector in vectors.malformed {
      let expected = vector.expected_error.replacing("_", with: "-")
      #expect(blocks[vector.id] == ["decoded": false, "error": .text(expected)], "\(vector.id)")
    }
    for vector in vectors.pan_binding {
      #expect(
        blocks[vector.id]?["pin-matches"]?.boolean == !vector.pan_binding_detects, "\(vector.id)")
      #expect(
        (blocks[vector.id]?["error"] != .null) == (vector.decode_with_presented.result == "error"))
    }
    let weaknesses = try #require(observation.facts["pin.weaknesses"]?.record)
    #expect(weaknesses.count == 10)
    for set in vectors.weak_sets {
      let name = set.expected_finding.replacing("_", with: "-")
      #expect(weaknesses[set.id] == (name == "none" ? [] : [.text(name)]), "\(set.id)")
      let details = observation.facts["pin.weakness-details"]?[set.id]
      #expect(details?["sample-size"]?.integer == set.blocks.count)
      for weakness in details?["weaknesses"]?.list ?? [] {
        let chance = try #require(weakness["false-alarm-at-most"]?.text)
        #expect(Double(chance).map { $0 < 1e-4 } == true, "\(chance)")
      }
    }
    #expect(
      observation.facts["pin.weakness-details"]?["pub-weak-09"]?["opened-as"]
        == ["format-0-followed-by-ff": 4])
    #expect(
      observation.facts["pin.weakness-details"]?["pub-weak-10"]?["opened-as"]
        == ["widened-format-0": 4])
  }

  @Test("No PIN, key, PAN or block of the file is in the output or the evidence")
  func secrecy() async throws {
    let observation = try await Fixture.inspectBlocks(Fixture.path("vectors.json"))
    let output = Self.output(observation).uppercased()
    let secrets = try Self.secrets()
    #expect(secrets.count > 150)
    for secret in secrets {
      #expect(!output.contains(secret.uppercased()))
      if secret.count >= 12 {
        // Not in Base64 either.
        #expect(!output.contains(Data(secret.utf8).base64EncodedString().uppercased()))
      }
    }
  }

  @Test("What cannot be read is reported with its line; the rest is decoded all the same")
  func badInput() async throws {
    let json = """
      {"vectors": [
      {"id": "odd", "format": 0, "algorithm": "TDES-2K", "key": "29F1EF7FF146E5251662BC58C71AB032", "pan": "6225886526752942", "enciphered": "BF4243CD693CA63"},
      {"id": "text", "format": 0, "algorithm": "TDES-2K", "key": "29F1EF7FF146E5251662BC58C71AB032", "pan": "6225886526752942", "enciphered": "not hexadecimal!"},
      {"id": "short-key", "format": 0, "algorithm": "TDES-2K", "key": "29F1EF7FF146E525", "pan": "6225886526752942", "enciphered": "BF4243CD693CA63B"},
      {"id": "format", "format": 9, "algorithm": "TDES-2K", "key": "29F1EF7FF146E5251662BC58C71AB032", "pan": "6225886526752942", "enciphered": "BF4243CD693CA63B"},
      {"id": "algorithm", "format": 0, "algorithm": "RC4", "key": "29F1EF7FF146E5251662BC58C71AB032", "pan": "6225886526752942", "enciphered": "BF4243CD693CA63B"},
      {"id": "letters", "format": 0, "algorithm": "TDES-2K", "key": "29F1EF7FF146E5251662BC58C71AB032", "pan": "62258865X6752942", "enciphered": "BF4243CD693CA63B"},
      {"id": "luhn", "format": 0, "algorithm": "TDES-2K", "key": "29F1EF7FF146E5251662BC58C71AB032", "pan": "6225886526752943", "pin": "4895", "enciphered": "BF4243CD693CA63B"},
      {"id": "luhn", "format": 0},
      {"format": 1, "algorithm": "TDES-2K", "key": "B075830173A4BA370BC8FE1F8098AB08", "kcv": "000000", "pan": null, "pin": "1425", "enciphered": "06D5E74195CD48C5"},
      {"id": "unset", "format": 1, "algorithm": "TDES-2K", "key": "env:MIPING_TEST_NOT_SET", "pan": null, "enciphered": "06D5E74195CD48C5"},
      17
      ], "weak_sets": 5}
      """
    try await withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("pins.json")
      try Data(json.utf8).write(to: file)
      let observation = try await Fixture.inspectBlocks(file.path)
      #expect(observation.unavailable == nil)
      let blocks = try #require(observation.facts["pin.blocks"])
      #expect(blocks["odd"] == ["decoded": false, "error": "block-length"])
      #expect(
        blocks["luhn"]
          == ["decoded": true, "error": .null, "pin-length": 4, "pin-matches": true])
      #expect(blocks["vectors[8]"]?["pin-matches"] == false)
      let problems = (observation.facts["pin.block-problems"]?.list ?? []).map {
        "\($0["line"]?.integer ?? 0) \($0["id"]?.text ?? "") \($0["problem"]?.text ?? "")"
      }
      #expect(
        Set(problems) == [
          "2 odd block-odd-hexadecimal", "3 text block-not-hexadecimal", "4 short-key key-length",
          "5 format format-unknown", "6 algorithm algorithm-unknown",
          "7 letters pan-not-digits", "7 letters pan-missing", "8 luhn pan-check-digit",
          "9 vectors[7] id-repeated", "9 vectors[7] block-missing", "10 vectors[8] id-missing",
          "10 vectors[8] check-value-differs", "11 unset key-unreadable",
          "12 vectors[10] not-a-record", "13 weak_sets not-a-record",
        ])
    }
  }

  @Test(
    "A file that is no sample file is unavailable with its place",
    arguments: ["", "[]", "{\"vectors\": [", "{\"other\": 1}", "{\"vectors\": [], \"vectors\": []}"])
  func unreadable(text: String) async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("pins.json")
      try Data(text.utf8).write(to: file)
      let observation = try await Fixture.inspectBlocks(file.path)
      #expect(observation.unavailable?.reason == .malformed)
      #expect(observation.unavailable?.detail.contains("pins.json:1:") == true)
      #expect(observation.facts.isEmpty)
    }
  }

  @Test("A missing file, a late deadline and unknown parameters are named")
  func outside() async throws {
    let missing = try await Fixture.inspectBlocks("/nonexistent/pins.json")
    #expect(missing.unavailable != nil)
    let late = try await Fixture.inspectBlocks(Fixture.path("vectors.json"), seconds: -1)
    #expect(late.unavailable?.reason == .deadline)
    #expect(throws: (any Error).self) { try PINBlocksProbe(parameters: ["depth": 3]) }
  }

  @Test("Keys come from files and from the list of keys; a key listed for data is misused")
  func references() async throws {
    try await withTemporaryFolder { folder in
      let key = "B075830173A4BA370BC8FE1F8098AB08"
      try Data("\(key)\n".utf8).write(to: folder.appendingPathComponent("zpk.hex"))
      let file = folder.appendingPathComponent("pins.yaml")
      let yaml = """
        keys:
          - {id: zek, role: data, algorithm: TDES-2K, value: "file:zpk.hex"}
        vectors:
          - {id: a, format: 1, algorithm: TDES-2K, key: "file:zpk.hex", pin: "1424", enciphered: 06D5E74195CD48C5}
          - {id: b, format: 1, algorithm: TDES-2K, key: zek, pin: "1424", enciphered: 06D5E74195CD48C5}
        weak_sets:
          - id: w
            format: 1
            algorithm: TDES-2K
            key: zek
            blocks:
              - {pan: "6225886526752942", enciphered: 06D5E74195CD48C5}
              - {pan: "6225886526752942", enciphered: 06D5E74195CD48C506D5E74195CD48C5}
        """
      try Data(yaml.utf8).write(to: file)
      let observation = try await Fixture.inspectBlocks(file.path)
      #expect(observation.facts["pin.blocks"]?["a"]?["pin-matches"] == true)
      #expect(observation.facts["pin.blocks"]?["b"]?["pin-matches"] == true)
      #expect(
        observation.facts["pin.weaknesses"]?["w"]
          == ["key-misuse", "format-without-pan-binding", "ecb-repetition"])
    }
  }
}
