import AssessmentModel
import Testing
import YAMLDocument

@Suite("Typed reading")
struct TypedReadingTests {
  private enum Colour: String, CaseIterable { case red, green, darkBlue = "dark-blue" }

  /// Reads the mapping `text` and gives what `body` makes of it with `LINE:COLUMN message` of each fault.
  private func read<Value>(
    _ text: String, keys: [String] = ["v"], _ body: (MappingReader) -> Value?
  ) throws -> (value: Value?, faults: [String]) {
    let node = try #require(Reading(text).node)
    let faults = Faults()
    let reader = try #require(MappingReader(node, of: "test", keys: keys, faults: faults))
    let value = body(reader)
    return (value, faults.sorted.map { "\($0.place.line):\($0.place.column) \($0.message)" })
  }

  @Test(
    "text is taken as written, quoted or plain",
    arguments: [
      ("v: abc", "abc"), ("v: 7.2", "7.2"), ("v: 2026-01-01", "2026-01-01"), ("v: 'null'", "null"),
      ("v: ''", ""), ("v: yes", "yes"), ("v: NULL", "NULL"), ("v: |\n  a\n  b\n", "a\nb\n"),
    ])
  func text(yaml: String, expected: String) throws {
    let read = try read(yaml) { $0.requiredText("v") }
    #expect(read.value == expected)
    #expect(read.faults.isEmpty)
  }

  @Test(
    "a text that is not there or something else is a fault",
    arguments: [
      ("v:", "1:3 \"v\" in test is empty; text is expected"),
      ("v: ~", "1:4 \"v\" in test is empty; text is expected"),
      ("v: null", "1:4 \"v\" in test is empty; text is expected"),
      ("v: [a]", "1:4 \"v\" in test must be text, but a list was found"),
      ("v: {a: b}", "1:4 \"v\" in test must be text, but a mapping was found"),
    ])
  func notText(yaml: String, fault: String) throws {
    let read = try read(yaml) { $0.text("v") }
    #expect(read.value == nil)
    #expect(read.faults == [fault])
  }

  @Test(
    "integers are plain decimals that fit Int",
    arguments: [
      ("0", 0), ("5", 5), ("+5", 5), ("-12", -12), ("9223372036854775807", Int.max),
      ("-9223372036854775808", Int.min), ("'5'", nil), ("007", nil), ("5.0", nil), ("0x10", nil),
      ("9223372036854775808", nil), ("", nil), ("-x", nil), ("[1]", nil), ("true", nil),
      ("1_000", nil),
    ] as [(String, Int?)])
  func integers(yaml: String, expected: Int?) throws {
    let read = try read("v: \(yaml)") { $0.requiredInteger("v") }
    #expect(read.value == expected)
    #expect(read.faults.count == (expected == nil ? 1 : 0))
  }

  @Test(
    "only a plain true or false is a boolean",
    arguments: [
      ("true", true, nil), ("false", false, nil),
      (
        "yes", nil,
        "1:4 \"v\" in test must be true or false; \"yes\" is text in YAML 1.2, write true"
      ),
      (
        "Off", nil,
        "1:4 \"v\" in test must be true or false; \"Off\" is text in YAML 1.2, write false"
      ),
      (
        "'true'", nil,
        "1:4 \"v\" in test must be true or false, but the quoted text \"true\" was found"
      ),
      ("1", nil, "1:4 \"v\" in test must be true or false, but \"1\" was found"),
      ("", nil, "1:3 \"v\" in test is empty; true or false is expected"),
    ] as [(String, Bool?, String?)])
  func booleans(yaml: String, expected: Bool?, fault: String?) throws {
    let read = try read(yaml.isEmpty ? "v:" : "v: \(yaml)") { $0.requiredBoolean("v") }
    #expect(read.value == expected)
    #expect(read.faults == [fault].compactMap(\.self))
  }

  @Test("a list of texts needs every item to be text, and names each that is not")
  func texts() throws {
    #expect(try read("v: [a, 'b', 7.2]") { $0.requiredTexts("v") }.value == ["a", "b", "7.2"])
    #expect(try read("v: []") { $0.texts("v") }.value == [])
    let bad = try read("v:\n  - a\n  - [b]\n  - ~\n") { $0.texts("v") }
    #expect(bad.value == nil)
    #expect(
      bad.faults == [
        "3:5 item of \"v\" in test must be text, but a list was found",
        "4:5 item of \"v\" in test is empty; text is expected",
      ])
    #expect(
      try read("v: a") { $0.texts("v") }.faults
        == ["1:4 \"v\" in test must be a list of texts, but \"a\" was found"])
  }

  @Test("a choice is one of its names; a slip of the keyboard gets the nearest")
  func choices() throws {
    #expect(try read("v: dark-blue") { $0.requiredChoice("v", as: Colour.self) }.value == .darkBlue)
    #expect(try read("v: 'red'") { $0.choice("v", as: Colour.self) }.value == .red)
    let near = try read("v: gren") { $0.choice("v", as: Colour.self) }
    #expect(near.value == nil)
    #expect(
      near.faults == ["1:4 unknown value \"gren\" of \"v\" in test; did you mean \"green\"?"])
    #expect(
      try read("v: violets") { $0.choice("v", as: Colour.self) }.faults
        == ["1:4 unknown value \"violets\" of \"v\" in test; known: red, green, dark-blue"])
    #expect(
      try read("v: [red]") { $0.choice("v", as: Colour.self) }.faults
        == ["1:4 \"v\" in test must be one of red, green, dark-blue, but a list was found"])
  }

  @Test("a text in two languages needs both, and both with something in them")
  func bilingual() throws {
    let good = try read("v: {en: Gateway, zh: 网关}") { $0.requiredBilingual("v") }
    #expect(good.value == Bilingual(zh: "网关", en: "Gateway"))
    #expect(
      try read("v: {zh: ' ', e: x}") { $0.bilingual("v") }.faults == [
        "1:4 \"v\" in test needs the key \"en\"",
        "1:9 \"zh\" in \"v\" in test is empty; text is expected",
        "1:14 unknown key \"e\" in \"v\" in test; did you mean \"en\"?",
      ])
    #expect(
      try read("v: Gateway") { $0.bilingual("v") }.faults
        == ["1:4 \"v\" in test must be a mapping of zh and en, but \"Gateway\" was found"])
  }

  @Test("absent optional keys give nil without a fault, required ones a fault at the mapping")
  func absent() throws {
    let optional = try read("x: 1", keys: ["v", "x"]) { reader -> Bool in
      reader.text("v") == nil && reader.integer("v") == nil && reader.boolean("v") == nil
        && reader.texts("v") == nil && reader.items("v") == nil && reader.node("v") == nil
        && reader.choice("v", as: Colour.self) == nil && reader.bilingual("v") == nil
        && reader.entry("v") == nil
    }
    #expect(optional.value == true)
    #expect(optional.faults.isEmpty)
    let needs: [(MappingReader) -> Bool] = [
      { $0.required("v") == nil }, { $0.requiredText("v") == nil },
      { $0.requiredInteger("v") == nil }, { $0.requiredBoolean("v") == nil },
      { $0.requiredTexts("v") == nil }, { $0.requiredItems("v") == nil },
      { $0.requiredChoice("v", as: Colour.self) == nil }, { $0.requiredBilingual("v") == nil },
    ]
    for need in needs {
      let read = try read("\n  x: 1", keys: ["v", "x"], need)
      #expect(read.value == true)
      #expect(read.faults == ["2:3 test needs the key \"v\""])
    }
  }

  @Test("a required key that is misspelt is one fault, at the slip; one that is missing is its own")
  func misspelt() throws {
    let keys = ["level", "objects"]
    let slip = try read("levle: 3\n", keys: keys) { reader -> Bool? in
      reader.required("level") == nil && reader.required("objects") == nil
    }
    #expect(slip.value == true)
    #expect(
      slip.faults == [
        "1:1 test needs the key \"objects\"",
        "1:1 unknown key \"levle\" in test; did you mean \"level\"?",
      ])
    // The key itself is there: what resembles it is only unknown.
    let both = try read("level: 3\nlevle: 3\n", keys: keys) { $0.integer("level") }
    #expect(both.value == 3 && both.faults.count == 1)
  }

  @Test("unknown keys are faults at the key, with the nearest known one or all of them")
  func unknownKeys() throws {
    let read = try read("protocls: 1\nzzzzzzz: 2\nname: x\n", keys: ["protocols", "name"]) {
      $0.text("name")
    }
    #expect(read.value == "x")
    #expect(
      read.faults == [
        "1:1 unknown key \"protocls\" in test; did you mean \"protocols\"?",
        "2:1 unknown key \"zzzzzzz\" in test; known: protocols, name",
      ])
  }

  @Test("a mapping reader needs a mapping", arguments: ["[a]", "a", "~"])
  func notMapping(yaml: String) throws {
    let faults = Faults()
    let node = try #require(Reading(yaml).node)
    #expect(MappingReader(node, of: "object gw-01", keys: [], faults: faults) == nil)
    #expect(faults.all.count == 1)
    #expect(faults.all.first?.message.hasPrefix("object gw-01 ") == true)
  }

  @Test("readers inside readers name their place and keep the order of the file")
  func nested() throws {
    let node = try #require(
      Reading("objects:\n  - {id: b, port: x}\n  - {id: a, prot: 1}\n").node)
    let faults = Faults()
    let scope = try #require(MappingReader(node, of: "scope", keys: ["objects"], faults: faults))
    let ids = try #require(scope.requiredItems("objects")).map { item -> String? in
      let keys = ["id", "port"]
      let reader = MappingReader(item, of: "object", keys: keys, faults: faults)
      #expect(reader?.place.column == 5)
      _ = reader?.integer("port")
      return reader?.requiredText("id")
    }
    #expect(ids == ["b", "a"])
    #expect(
      faults.sorted.map(\.description) == [
        "test.yaml:2:19: error: \"port\" in object must be an integer in decimal digits "
          + "without leading zeros, but \"x\" was found",
        "test.yaml:3:13: error: unknown key \"prot\" in object; did you mean \"port\"?",
      ])
  }

  @Test("fact values type plain scalars only")
  func factValues() throws {
    let node = try #require(
      Reading(
        "[null, ~, {b: ~}, true, yes, 5, -5, 0017, 0.5, 1e3, 0x10, 2026-01-01, '5', \"true\", {a: }]"
      ).node)
    let faults = Faults()
    #expect(
      node.factValue(faults: faults) == [
        .null, .null, ["b": .null], true, "yes", 5, -5, "0017", "0.5", "1e3", "0x10", "2026-01-01",
        "5", "true", ["a": .null],
      ])
    #expect(faults.isEmpty)
    let large = try #require(Reading("a: [1, 99999999999999999999]").node)
    #expect(large.factValue(faults: faults) == nil)
    #expect(faults.all.map(\.place.column) == [8])
  }

  @Test("messages show foreign text short and harmless")
  func harmless() throws {
    let key = "\"\\e[31m" + String(repeating: "k", count: 500) + "\""
    let faults = try read("\(key): 1") { _ in true }.faults
    let message = try #require(faults.first)
    #expect(message.contains("\\u{1b}[31mkkk"))
    #expect(message.count < 200)
  }
}
