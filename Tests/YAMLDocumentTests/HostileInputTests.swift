import AssessmentModel
import TestSupport
import Testing
import YAMLDocument

@Suite("Hostile input")
struct HostileInputTests {
  private static let yaml = """
    # A scope.
    ---
    bank: {zh: 示例银行, en: Example Bank}
    level: 3
    objects:
      - {id: gw-01, kind: channel, locator: "tls://gw.test:443", owner: ops}
      - id: core
        kind: application
        parameters: {sni: 'x', ports: [1, 2, 0x3], "q\\u0041": ~}
        serves: [gw-01, "\\U0001F600"]
    text: |
      one
        two
    folded: >-
      a

      b
    ? explicit
    : &no !!str yes
    ...

    """
  private static let json = """
    {"a": [1, -2.5, true, null, "\\ud83d\\ude00 \\u5bc6 \\n"],
    \t"b": {"c": {"d": [[], {}]}, "密": "码"}}
    """

  @Test("10 000 damaged documents give a tree or a fault each")
  func mutations() {
    var generator = SeededGenerator(seed: 77)
    let pieces = [
      "\t", "[", "{", "- ", ": ", "\n", "\"", "'", "&a ", "*a", "!t ", "---\n", "...\n",
      "%TAG\n", "? ", "|", "<<: ", "\u{2028}", "\\ud83d", "# ",
    ].map { Array($0.utf8) }
    var trees = 0
    var refused = 0
    for round in 0..<10_000 {
      let isJSON = round.isMultiple(of: 3)
      var bytes = Array((isJSON ? Self.json : Self.yaml).utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = Int.random(in: 0..<max(1, bytes.count), using: &generator)
        let end = min(bytes.count, at + Int.random(in: 0...12, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.replaceSubrange(at..<end, with: [])
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
        case 2: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: at)
        case 3: bytes.insert(contentsOf: bytes[at..<end], at: bytes.count / 2)
        default: bytes = Array(bytes.prefix(at))
        }
      }
      let reading = Reading(bytes, file: isJSON ? "m.json" : "m.yaml")
      let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
      #expect(reading.node != nil || !reading.faults.isEmpty, "round \(round)")
      #expect(
        reading.faults.allSatisfy {
          1...lines ~= $0.place.line && 1...(2 * bytes.count + 1) ~= $0.place.column
            && !$0.message.contains("this is not YAML: no reason")
        }, "round \(round): \(reading.faults)")
      if reading.faults.isEmpty { trees += 1 } else { refused += 1 }
    }
    // Both outcomes must be frequent, or the damage is too slight or too great to show anything.
    #expect(trees > 300)
    #expect(refused > 3000)
  }

  @Test(
    "bombs are refused quickly",
    arguments: [
      ("", "[", "1:33"), ("", "{a: ", "1:129"), ("", "- ", "1:65"), ("", "? ", "1:65"),
      ("", "a: [", "1:65"), ("a: 1\n...\n", "%TAG ! t\n", "3:1"),
    ])
  func bombs(start: String, unit: String, place: String) {
    let text = start + String(repeating: unit, count: 100_000)
    var reading: Reading?
    let time = ContinuousClock().measure { reading = Reading(text) }
    #expect(reading?.places == [place], "\(reading?.faults ?? [])")
    #expect(time < .seconds(10))
  }

  @Test("a file of directives is refused line by line, and only so often")
  func directives() {
    let reading = Reading(String(repeating: "%TAG !a! b\n", count: 200_000) + "---\na: 1\n")
    #expect(reading.faults.count == YAMLDocument.refusalLimit)
    #expect(reading.places.first == "1:1")
  }

  @Test("a huge scalar is read whole")
  func hugeScalar() throws {
    let length = YAMLDocument.sizeLimit - 10
    for quote in ["", "\""] {
      let text = "a: \(quote)\(String(repeating: "x", count: length))\(quote)\n"
      let node = try #require(Reading(text).node)
      let entry = node.entries(of: "t", faults: Faults())?.first
      #expect(entry?.value.text(of: "a", faults: Faults())?.utf8.count == length)
    }
  }

  @Test("many keys are read, unknown ones told in a few faults, repeated ones refused")
  func manyKeys() throws {
    let count = 50_000
    let text = (0..<count).map { "k\($0): \n" }.joined()
    let node = try #require(Reading(text).node)
    #expect(node.entries(of: "t", faults: Faults())?.count == count)
    let faults = Faults()
    _ = MappingReader(node, of: "t", keys: ["a", "b"], faults: faults)
    #expect(faults.all.count == 21)
    #expect(faults.all.last?.message == "49980 more unknown keys in t from here on")
    #expect(Reading(text + text).faults.count == YAMLDocument.refusalLimit + 1)
  }

  @Test("a file of more than a million values is refused")
  func manyNodes() {
    let reading = Reading("[" + String(repeating: "a,", count: 1_000_001) + "]")
    #expect(reading.node == nil)
    // The list is the first value, so the millionth item is one too many.
    #expect(reading.places == ["1:2000000"])
  }
}
