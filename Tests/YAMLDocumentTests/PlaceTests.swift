import AssessmentModel
import Testing
import YAMLDocument

@Suite("Nodes and their places")
struct PlaceTests {
  private static let document = "a: 1\nb:\n  - x\n  - {k: 密码, l: 'q'}\nc:\nd: >\n  t\n"
  private static let places = [
    "1:1", "1:1", "1:4", "2:1", "3:3", "3:5", "4:5", "4:6", "4:9", "4:13", "4:16", "5:1", "5:3",
    "6:1", "6:4",
  ]

  @Test("every node and key knows its line and column in characters")
  func places() throws {
    let reading = Reading(Self.document)
    #expect(reading.tree == "{a: 1, b: [x, {k: 密码, l: \"q\"}], c: , d: \"t\n\"}")
    #expect(Reading.places(of: try #require(reading.node)) == Self.places)
  }

  @Test("line ends LF, CR LF and CR give the same places", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    let text = Self.document.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: end)
    let reading = Reading(text)
    #expect(Reading.places(of: try #require(reading.node)) == Self.places)
    #expect(Reading(text + "a: 2\(end)").places == ["8:1"])
    #expect(Reading(text + "\u{7}").places == ["8:1"])
    #expect(Reading(text + "---\(end)x").places == ["8:1"])
  }

  @Test("a byte-order mark is accepted and takes no column")
  func byteOrderMark() throws {
    let reading = Reading([0xEF, 0xBB, 0xBF] + Array(Self.document.utf8))
    #expect(Reading.places(of: try #require(reading.node)) == Self.places)
    #expect(
      Reading([0xEF, 0xBB, 0xBF]).messages == ["empty file: a mapping or a list is expected"])
  }

  @Test("one document may have its markers and notes around it")
  func markers() {
    #expect(Reading("# note\n---\na: 1\n...\n# end\n").tree == "{a: 1}")
    #expect(Reading("# note\n---\na: 1\n...\n# end\n").faults.isEmpty)
  }

  @Test("only unquoted scalars are plain")
  func plain() {
    #expect(Reading("[1, '1', \"1\"]").tree == "[1, \"1\", \"1\"]")
    #expect(Reading("- |\n  1\n- >-\n  1\n").tree == "[\"1\n\", \"1\"]")
  }

  @Test("a quoted \"<<\" is a key like any other")
  func quotedMerge() {
    #expect(Reading("\"<<\": 1").tree == "{<<: 1}")
    #expect(Reading("\"<<\": 1").faults.isEmpty)
  }
}
