import AssessmentModel
import Foundation
import TestSupport
import Testing

@Suite("Text that is safe to print")
struct TextTests {
  /// Control characters, bidirectional overrides, separators, invisible and private characters.
  private static let active: [UInt32] =
    Array(0x00...0x1F) + Array(0x7F...0x9F) + Array(0x202A...0x202E) + Array(0x2066...0x2069)
    + [
      0xAD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF, 0xE0001, 0xE000, 0xFFFF, 0x0378,
    ]

  @Test("JSON keys are sorted and the two forms hold the same")
  func forms() {
    let value: FactValue = [
      "b": [1, true, .null, "x"], "a": ["z": -5, "y": [:]], "10": [], "9": "",
    ]
    #expect(
      JSONText.compact(value)
        == #"{"10":[],"9":"","a":{"y":{},"z":-5},"b":[1,true,null,"x"]}"#)
    #expect(
      JSONText.pretty(["b": [1, []], "a": [:]])
        == "{\n  \"a\": {},\n  \"b\": [\n    1,\n    []\n  ]\n}\n")
    #expect(JSONText.compact(.integer(.min)) == "-9223372036854775808")
  }

  @Test("every active scalar is escaped, and readers get it back")
  func escaped() throws {
    for code in Self.active {
      let scalar = try #require(Unicode.Scalar(code))
      #expect(ActiveScalar.contains(scalar), "\(String(code, radix: 16))")
      let string = "a\(scalar)b"
      for value in [.text(string), .record([string: 1])] as [FactValue] {
        let text = JSONText.compact(value)
        #expect(!text.unicodeScalars.contains { ActiveScalar.contains($0) })
        #expect(try JSONDecoder().decode(FactValue.self, from: Data("[\(text)]".utf8)) == [value])
      }
    }
  }

  @Test("what a browser could act on is escaped, quotes and backslashes too")
  func markup() {
    #expect(JSONText.compact("<a>&") == #""\u003ca\u003e\u0026""#)
    #expect(JSONText.compact("\"\\\n\t\r\u{8}") == #""\"\\\n\t\r\u0008""#)
    #expect(JSONText.compact("\u{E0001}") == #""\udb40\udc01""#)
    #expect(JSONText.compact("密码 é 😀 / '") == "\"密码 é 😀 / '\"")
  }

  @Test("ordinary letters, signs and pictures are not active")
  func ordinary() {
    for scalar in "aZ0 ~密码，。é😀\u{301}<>&\"'\u{FF01}\u{3000}\u{A0}".unicodeScalars {
      #expect(!ActiveScalar.contains(scalar), "\(String(scalar.value, radix: 16))")
    }
  }

  @Test("inert text shows active scalars and is cut")
  func inert() {
    #expect(ActiveScalar.inert("a\u{1B}[31m\u{202E}b") == "a\\u{1b}[31m\\u{202e}b")
    #expect(ActiveScalar.inert("") == "" && ActiveScalar.inert("密码") == "密码")
    #expect(ActiveScalar.inert("abc", limit: 3) == "abc")
    #expect(ActiveScalar.inert("abcd", limit: 3) == "abc…")
    #expect(ActiveScalar.inert("a", limit: 0) == "…")
    let long = ActiveScalar.inert(String(repeating: "\u{202E}", count: 100_000))
    #expect(long.count == 300 * 8 + 1)
  }

  @Test("random values read back as what they were, and always write the same")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<300 {
      let value = Self.random(depth: 4, using: &generator)
      let text = JSONText.compact(value)
      #expect(JSONText.compact(value) == text)
      for data in [
        Data(text.utf8), Data(JSONText.pretty(value).utf8), try JSONEncoder().encode([value]),
      ] {
        let wrapped = data.first == UInt8(ascii: "[") && data != Data(text.utf8)
        let read = try? JSONDecoder().decode([FactValue].self, from: data)
        if wrapped, let read, read == [value] { continue }
        let plain = try JSONDecoder().decode(FactValue.self, from: data)
        #expect(plain == value)
      }
    }
  }

  static func random(depth: Int, using generator: inout SeededGenerator) -> FactValue {
    let scalars: [FactValue] = [
      .null, true, false, 0, -1, .integer(.max), .integer(.min), "", "密", "a\"b\\c", "\u{202E}",
      "1", "true",
    ]
    switch depth == 0 ? 0 : Int.random(in: 0..<4, using: &generator) {
    case 2:
      return .list(
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
          random(depth: depth - 1, using: &generator)
        })
    case 3:
      var fields: [String: FactValue] = [:]
      for name in ["a", "b-c", "密", "<x>"] where Bool.random(using: &generator) {
        fields[name] = random(depth: depth - 1, using: &generator)
      }
      return .record(fields)
    default: return scalars.randomElement(using: &generator) ?? .null
    }
  }
}
