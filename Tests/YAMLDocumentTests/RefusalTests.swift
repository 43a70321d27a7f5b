import AssessmentModel
import Testing
import YAMLDocument

@Suite("What is refused in a YAML file")
struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var places: [String]
    /// A part of the first message.
    var says: String
    var testDescription: String { text.debugDescription }

    init(_ text: String, _ places: [String], _ says: String) {
      self.text = text
      self.places = places
      self.says = says
    }
  }

  @Test(
    "each is a fault at its own place",
    arguments: [
      Case("a: 1\nb: *x\nc: *y\n", ["2:4", "3:4"], "alias"),
      Case("*x : 1\n", ["1:1"], "alias"),
      Case("a: &x 1\nb: &y [1]\nc: &z {d: 1}\n", ["1:4", "2:4", "3:4"], "anchor"),
      Case("a: !!str 1\nb: !mine [1]\nc: ! {d: 1}\n", ["1:4", "2:4", "3:4"], "tag"),
      Case("a: &x !!str 1\n", ["1:4", "1:7"], "anchor"),
      Case("a: !!str &x 1\n", ["1:4", "1:10"], "tag"),
      Case("a: !!map # note\n  &x\n  b: 1\n", ["1:4", "2:3"], "tag"),
      Case("&k a: !t 1\n", ["1:1", "1:7"], "anchor"),
      Case("a: !e!x 1\n", ["1:4"], "tag"),
      Case("a: 1\nb: 2\na: 3\n\"a\": 4\n", ["3:1", "4:1"], "line 1"),
      Case("x:\n  - a: 1\n    a: 2\n", ["3:5"], "\"a\" stands already in line 2"),
      Case("{a: 1, a: 2}", ["1:8"], "line 1"),
      Case("? [a, b]\n: 1\n", ["1:3"], "a list as a key"),
      Case("? {a: b}\n: 1\n", ["1:3"], "a mapping as a key"),
      Case("?\n: 1\n", ["1:2"], "key is missing"),
      Case(": 1\n", ["1:1"], "a key of the mapping"),
      Case("<<: {a: 1}\nb: 1\n", ["1:1"], "merge key"),
      Case("a: &x {b: 1}\nc:\n  <<: *x\n", ["1:4", "3:3", "3:7"], "anchor"),
      Case("a: 1\n---\nb: 2\n", ["2:1"], "second document"),
      Case("a: 1\n...\n# note\n\n  b: 2\n", ["5:3"], "second document"),
      Case("a: 1\n...\n...\n%YAML 1.2\n---\nb: 2\n", ["4:1"], "second document"),
      Case("%YAML 1.1\n---\na: 1\n", ["1:1"], "%YAML"),
      Case("# note\n%TAG ! tag:x,2000:\n%FOO\n---\na: *x\n", ["2:1", "3:1", "5:4"], "%TAG"),
      Case("", ["1:1"], "empty file"),
      Case("# only a note\n", ["1:1"], "empty file"),
      Case("---\n", ["1:1"], "empty file"),
      Case("---\n...\n", ["1:1"], "empty file"),
      Case("a:\n\tb: 1\n", ["2:1"], "tab"),
      Case("a:\n  b: 1\n\tc: 2\n", ["3:1"], "tab"),
      Case("a: b: c\n", ["1:5"], "no key can stand"),
      Case("a: 1\n  b: 2\n", ["2:4"], "no key can stand"),
      Case("a:\n  - 1\n b: 2\n", ["3:2"], "mapping"),
      Case("a: [1, 2\nb: 3\n", ["2:2"], "\",\" or \"]\" is expected"),
      Case("a: \"open\n\n", ["3:1"], "begun in line 1"),
      Case("a: @x\n", ["1:4"], "\"@\", which cannot begin a value"),
      Case("a: \"\\q\"\n", ["1:5"], "unknown escape"),
      Case("a: \"\\ud83d\\ude00\"\n", ["1:7"], "names no character"),
      Case("[1]\n]\n", ["2:1"], "ended before this"),
      Case("a: [1", ["1:6"], "is expected here in the list (begun in line 1)"),
      Case("a: - b\n", ["1:4"], "no list item can stand"),
      Case("a: 1\nb: \u{7}\n", ["2:4"], "U+0007"),
      Case("a: \u{0}\n", ["1:4"], "U+0000"),
      Case("密: 码\u{85}\n", ["1:5"], "U+0085"),
      Case("a: \u{2028}x\n", ["1:4"], "U+2028"),
      Case("a: \u{FEFF}x\n", ["1:4"], "U+FEFF"),
    ])
  func refused(_ example: Case) throws {
    let reading = Reading(example.text)
    #expect(reading.places == example.places, "\(reading.faults)")
    #expect(try #require(reading.messages.first).contains(example.says), "\(reading.messages)")
  }

  @Test(
    "bytes that are not UTF-8 are a fault where they stand",
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "1:4"),
      ([0x61, 0x3A, 0x0A, 0x20, 0xC0, 0x80], "2:2"),
      ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], "1:4"),
      ([0x61, 0x3A, 0x20, 0xE5, 0xAF], "1:4"),
      ([0x61, 0x3A, 0x20, 0xF4, 0x90, 0x80, 0x80], "1:4"),
      ([0xFE, 0xFF, 0x00, 0x61], "1:1"),
      ([0xFF, 0xFE, 0x61, 0x00], "1:1"),
      ([0x61, 0x00, 0x3A, 0x00], "1:2"),
    ] as [([UInt8], String)])
  func notUTF8(bytes: [UInt8], place: String) {
    let reading = Reading(bytes)
    #expect(reading.node == nil)
    #expect(reading.places == [place])
  }

  @Test("a repeated key counts once, with its first value, and reading goes on")
  func repeatedKey() throws {
    let reading = Reading("a: 1\na: {b: 2}\nc: 3\n")
    #expect(reading.tree == "{a: 1, c: 3}")
    let faults = Faults()
    let reader = MappingReader(
      try #require(reading.node), of: "test", keys: ["a", "c"], faults: faults)
    #expect(reader?.integer("a") == 1)
    #expect(faults.isEmpty)
  }

  @Test("anchors and tags are ignored after their fault; an alias leaves no tree")
  func goingOn() {
    #expect(Reading("a: &x 1\nb: !!str 2\n").tree == "{a: 1, b: 2}")
    #expect(Reading("a: *x\n").node == nil)
  }

  @Test("32 levels are accepted and the 33rd is refused where it begins")
  func depth() {
    let deepest = String(repeating: "[", count: 32) + "1" + String(repeating: "]", count: 32)
    #expect(Reading(deepest).faults.isEmpty)
    let tooDeep = Reading("[\(deepest)]")
    #expect(tooDeep.node == nil)
    #expect(tooDeep.places == ["1:33"])
    let block = (0..<40).map { String(repeating: " ", count: $0) + "k:\n" }.joined()
    #expect(Reading(block).places == ["33:33"])
  }

  @Test("after 100 refusals reading stops")
  func manyRefusals() {
    let reading = Reading(String(repeating: "- *x\n", count: 1000))
    #expect(reading.faults.count == YAMLDocument.refusalLimit + 1)
    #expect(reading.places.last == "100:3")
  }

  @Test("more bytes than allowed are refused")
  func size() {
    let faults = Faults()
    let bytes = Array("a: 1\n".utf8)
    #expect(YAMLDocument.parse(bytes, file: "f", faults: faults, limit: 5) != nil)
    #expect(YAMLDocument.parse(bytes, file: "f", faults: faults, limit: 4) == nil)
    #expect(faults.all.map(\.message) == ["the file is larger than the 4 bytes allowed"])
  }

  @Test("a fault prints as file, line, column and reason")
  func printed() {
    #expect(
      Reading("a: 1\na: 2\n", file: "scope.yaml").faults.map(\.description) == [
        "scope.yaml:2:1: error: the key \"a\" stands already in line 1"
      ])
  }
}
