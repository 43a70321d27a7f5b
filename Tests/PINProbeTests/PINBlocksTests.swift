import AssessmentModel
import Foundation
import TestSupport
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
        [vector.key, vector.pinField, vector.enciphered]
          + [
            vector.pan, vector.clearBlock, vector.intermediateA, vector.intermediateB,
          ].compactMap { $0 })
      if vector.pin.count > 4 { secrets.insert(vector.pin) }
    }
    for vector in vectors.malformed { secrets.formUnion([vector.key, vector.enciphered]) }
    for vector in vectors.panBinding {
      secrets.formUnion([vector.key, vector.panUsed, vector.panPresented, vector.enciphered])
      secrets.insert(vector.pin)
    }
    for set in vectors.weakSets {
      secrets.insert(set.key)
      for block in set.blocks {
        secrets.formUnion([block.enciphered] + [block.pan].compactMap { $0 })
      }
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
      let expected = vector.expectedError.replacing("_", with: "-")
      #expect(blocks[vector.id] == ["decoded": false, "error": .text(expected)], "\(vector.id)")
    }
    for vector in vectors.panBinding {
      #expect(
        blocks[vector.id]?["pin-matches"]?.boolean == !vector.panBindingDetects, "\(vector.id)")
      #expect(
        (blocks[vector.id]?["error"] != .null) == (vector.decodeWithPresented.result == "error"))
    }
    let weaknesses = try #require(observation.facts["pin.weaknesses"]?.record)
    #expect(weaknesses.count == 10)
    for set in vectors.weakSets {
      let name = set.expectedFinding.replacing("_", with: "-")
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
    arguments: [
      "", "[]", "{\"vectors\": [", "{\"other\": 1}", "{\"vectors\": [], \"vectors\": []}",
    ])
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

@Suite("Fill that varies")
struct FillAnalysisTests {
  @Test("Random fields and fills of every sample size raise no alarm", arguments: 2...40)
  func random(size: Int) {
    var generator = SeededGenerator(seed: UInt64(size))
    for round in 0..<500 {
      let values = (0..<size).map { _ in UInt64.random(in: 0...UInt64.max, using: &generator) }
      let result = FillAnalysis.random(values)
      #expect(result.sequential == nil, "\(size) \(round)")
      #expect(result.nonrandom?.isSmall != true, "\(size) \(round) \(result.nonrandom?.text ?? "")")
      let fills = values.map { value in
        let count = 2 + Int(value % 9)
        let nibbles = (0..<count).reduce(0 as UInt64) { fill, _ in
          fill << 4 | UInt64.random(in: 10...15, using: &generator)
        }
        return FillAnalysis.Fill(nibbles: nibbles, count: count)
      }
      #expect(FillAnalysis.constancy(fills, values: 6)?.isSmall != true, "\(size) \(round)")
    }
  }

  @Test(
    "Counters and times are sequential in any order, constants are not random",
    arguments: [
      ([1, 2, 3, 4], true), ([9, 3, 7, 1, 5, 2], true), ([0, 0, 0, 0], false),
      ([0x1122_3344_5566_7788, 0x1122_3344_5566_7788, 0x1122_3344_5566_7788], false),
      ([1_772_000_000_123, 1_772_000_500_900, 1_772_000_100_456], true),
      ([0x2026_0301_1012_3344, 0x2026_0302_0912_0001, 0x2026_0301_2359_5999], true),
      ([5_000, 90_000, 7_000_000, 8_000_001], true),
      ([0x0123_4567_0000_0000, 0x89AB_CDEF_0000_0000, 0x5566_7788_0000_0000], false),
      ([9_000_000_000, 17, 5_000_000_000, 812_345], false),
    ] as [([UInt64], Bool)])
  func sequences(values: [UInt64], isSequential: Bool) {
    let result = FillAnalysis.random(values)
    #expect((result.sequential?.isSmall == true) == isSequential)
    #expect((result.nonrandom?.isSmall == true) == !isSequential)
  }
}

@Suite("Hostile sample and canary files")
struct HostileFileTests {
  @Test(
    "A damaged file never crashes a probe, and no message quotes a secret of it", arguments: 0..<8)
  func damaged(part: Int) async throws {
    let original = try Fixture.bytes("vectors.json")
    let secrets = try PINBlocksTests.secrets().filter { $0.count >= 8 }.map { $0.uppercased() }
    var generator = SeededGenerator(seed: UInt64(2100 + part))
    try await withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("pins.json")
      for _ in 0..<25 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: bytes.indices, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes.remove(at: place)
          default: bytes.insert(UInt8(ascii: "\""), at: place)
          }
        }
        try Data(bytes).write(to: file)
        let observation = try await Fixture.inspectBlocks(file.path)
        let output = PINBlocksTests.output(observation).uppercased()
        for secret in secrets where output.contains(secret) { Issue.record("a secret is quoted") }
        let canaries = try await Fixture.inspectLogs(folder.path, canaries: file.path)
        let text = PINBlocksTests.output(canaries).uppercased()
        for secret in secrets where text.contains(secret) { Issue.record("a secret is quoted") }
      }
    }
  }

  @Test("Random bytes as a log never crash the search", arguments: [1, 2, 3, 4])
  func randomLogs(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let alphabets = [
      Array("0123456789".utf8), Array("0123456789abcdefABCDEF \n".utf8),
      Array("pinPIN=:\"'>{}[]()5263SM 0123456789\n".utf8) + [0xE5, 0xAF, 0x86, 0xE7, 0xA0, 0x81],
      (0...255).map { UInt8($0) },
    ]
    for round in 0..<24 {
      let alphabet = alphabets[round % 4]
      let log = (0..<Int.random(in: 0...20_000, using: &generator)).map { _ in
        alphabet[Int.random(in: alphabet.indices, using: &generator)]
      }
      let (_, observation) = try await Plant.scan(log)
      #expect(observation.unavailable == nil)
      #expect(observation.facts["pin.logs-read"]?["bytes"]?.integer == log.count)
    }
  }
}
