import AssessmentModel
import Testing
import YAMLDocument

@Suite("JSON files")
struct JSONTests {
  private static func value(_ text: String) throws -> FactValue? {
    let reading = Reading(text, file: "sheet.json")
    #expect(reading.faults.isEmpty, "\(reading.faults)")
    return try #require(reading.node).factValue(faults: Faults())
  }

  @Test("every kind of JSON value is read, minified or with tabs")
  func values() throws {
    let expected: FactValue = [
      "a": [1, -2, true, false], "b": ["c": "x", "d": "0.5"], "e": [], "f": [:], "g": "",
    ]
    let minified = #"{"a":[1,-2,true,false],"b":{"c":"x","d":0.5},"e":[],"f":{},"g":""}"#
    #expect(try Self.value(minified) == expected)
    let tabbed =
      "{\n\t\"a\":\t[1,\t-2,\ttrue,\n\t\tfalse],\r\n\t\"b\"\t:\t{\"c\":\"x\",\"d\":0.5},\n"
      + "\t\"e\":[\t],\t\"f\":{\t},\"g\":\"\"\t}\t\n\t"
    #expect(try Self.value(tabbed) == expected)
    #expect(
      try Self.value("[null, 1e5, 9007199254740993]") == [.null, "1e5", 9_007_199_254_740_993])
  }

  @Test(
    "escapes stand for the characters JSON gives them",
    arguments: [
      (#""\ud83d\ude00""#, "\u{1F600}"),
      (#""\uD83D\uDE00x\udbff\udfff""#, "\u{1F600}x\u{10FFFF}"),
      (#""\\ud83d\\ude00""#, "\\ud83d\\ude00"),
      (#""\"\\\/\b\f\n\r\t\u5bc6""#, "\"\\/\u{8}\u{C}\n\r\t密"),
      ("\"a\tb  c \"", "a\tb  c "),
      (
        "\"\u{2028}\u{2029}\u{7F}\u{85}\u{FEFF}\u{FFFF}\"",
        "\u{2028}\u{2029}\u{7F}\u{85}\u{FEFF}\u{FFFF}"
      ),
      (#""{[:,#'&*!|>%@`""#, "{[:,#'&*!|>%@`"),
    ])
  func escapes(json: String, text: String) throws {
    #expect(try Self.value(json) == .text(text))
    #expect(try Self.value("{\(json):\(json)}")?[text] == .text(text))
  }

  @Test(
    "what is not JSON is a fault at its place",
    arguments: [
      (#"{"a": "\ud83d"}"#, ["1:8"]),
      (#"{"a": "\ude00\ud83d", "b": "\ud83dx"}"#, ["1:8", "1:14", "1:29"]),
      (#"{"a": "\ud83dA"}"#, ["1:8"]),
      ("{\n\t\"a\": 1,\n\t\"a\": 2\n}", ["3:2"]),
      ("{\"a\": 'x'}", ["1:7"]),
      ("{\"a\": 1} # note", ["1:10"]),
      ("{\"a\": &x 1}", ["1:7"]),
      ("{\"a\": \"x\ny\"}", ["1:7"]),
      ("{\"a\": \"x", ["1:7"]),
      ("{\"a\": \"x\\", ["1:7"]),
      ("{\"a\": \u{A0}1}", ["1:7"]),
      ("{\"a\": 1", ["1:8"]),
      ("[1 2", ["1:5"]),
      ("{\"a\": 1} {\"b\": 2}", ["1:10"]),
      ("", ["1:1"]),
    ])
  func refused(json: String, places: [String]) {
    #expect(Reading(json, file: "SHEET.JSON").places == places)
  }

  @Test("bytes that are not UTF-8 in a string are a fault")
  func notUTF8() {
    let bytes = Array("{\"a\": \"".utf8) + [0xFF] + Array("\"}".utf8)
    #expect(Reading(bytes, file: "sheet.json").places == ["1:8"])
  }

  @Test("lines stay as they are when pairs are replaced")
  func lines() throws {
    let reading = Reading("[\"\\ud83d\\ude00\",\n \"x\",\n \"\\ud83d\\ude00\", 1]", file: "a.json")
    #expect(Reading.places(of: try #require(reading.node)) == ["1:1", "1:2", "2:2", "3:2", "3:7"])
  }

  @Test("JSON written by the model reads back the same")
  func roundTrip() throws {
    let value: FactValue = [
      "text": "密码 \u{202E} \u{1F600} \u{7F} <&> \"\\ \t\n", "n": [1, .null, true, ["k": []]],
    ]
    #expect(try Self.value(JSONText.compact(value)) == value)
    #expect(try Self.value(JSONText.pretty(value)) == value)
  }
}
