import AssessmentModel
import Foundation
import Testing

@Suite("Overlays")
struct OverlayTests {
  private static let head = """
    standard: GM/T 0077-2019
    level: 4
    dimension: {id: network, zh: 网络和通信安全, en: Network and communication security}
    overlay: {name: my-bank, zh: 本行, en: My bank}
    units:
      - clause: "8.2.2.2"
        title: {zh: 通信安全, en: Communication security}
        requirements:

    """

  private static func row(
    _ item: String, obligation: String = "shall", objects: String = "channel", rest: String = ""
  ) -> String {
    """
          - item: \(item)
            obligation: \(obligation)
            text: read
            provenance: own-copy
            requirement: {zh: 本行要求, en: Ours}
            objects: \(objects)
            assess:
              - object: \(objects)
                probe: tls.endpoint
                used: [{fact: tls.protected, is: true}]
                approved: [{fact: tls.accepted-suites, within: approved.tls-suites}]
              - ask: {id: net.product-grade}
            remediation: {zh: 改, en: Change}
    \(rest)
    """
  }

  private func read(_ rows: String, second: String? = nil) throws -> ControlsCopy.Outcome {
    let copy = try ControlsCopy()
    // Overlays stand outside the controls folder; the copy's parent is the temporary folder.
    let names = ["first", "second"].map { "../\(copy.folder.lastPathComponent)-\($0).yaml" }
    defer { for name in names { try? copy.remove(name) } }
    try copy.write(Self.head + rows, to: names[0])
    if let second { try copy.write(Self.head + second, to: names[1]) }
    return copy.read(overlays: second == nil ? [names[0]] : names)
  }

  private func requirement(_ id: String, _ outcome: ControlsCopy.Outcome) throws -> Requirement {
    #expect(outcome.faults.map(\.description) == [])
    return try #require(outcome.catalog?.requirements.first { $0.id == id })
  }

  @Test("complete an unread row and keep its units")
  func completes() throws {
    let outcome = try read(Self.row("a"))
    let row = try requirement("L4-8.2.2.2-a", outcome)
    #expect(row.textState == .read && row.isJudged && row.obligation == .shall)
    #expect(row.provenance == "overlay:my-bank")
    #expect(row.feeds == ["net.int", "net.conf"])
    #expect(outcome.catalog?.requirements.count == 158)
  }

  @Test("add to the assessment of a read row, behind what stands there")
  func adds() throws {
    let plain = try ControlsCopy().read()
    let before = try requirement("L4-8.2.2.2-e", plain)
    let after = try requirement(
      "L4-8.2.2.2-e", read(Self.row("e", rest: "        gates: [\"7.1\"]")))
    #expect(Array(after.assessments.prefix(before.assessments.count)) == before.assessments)
    #expect(after.assessments.count == before.assessments.count + 2)
    #expect(after.gates == before.gates + ["7.1"])
    #expect(after.provenance == "\(before.provenance)+overlay:my-bank")
  }

  @Test("raise an obligation and add rows of their own")
  func raisesAndAdds() throws {
    let rows = Self.row("zz")
    let outcome = try read(rows)
    let row = try requirement("L4-8.2.2.2-zz", outcome)
    #expect(row.isJudged && row.provenance == "overlay:my-bank")
    #expect(outcome.catalog?.requirements.count == 159)
  }

  @Test("a second overlay may tighten what the first added")
  func twoOverlays() throws {
    let outcome = try read(Self.row("zz", obligation: "may"), second: Self.row("zz"))
    #expect(try requirement("L4-8.2.2.2-zz", outcome).obligation == .shall)
  }

  @Test("change the digest")
  func digest() throws {
    let digests = [try ControlsCopy().read(), try read(Self.row("zz"))].map { $0.catalog?.digest }
    #expect(digests[0] != nil && digests[1] != nil && digests[0] != digests[1])
  }

  /// Line and column in the overlay; rows begin in line 9.
  @Test(
    "that weaken, change or name what is not there are refused at that place",
    arguments: [
      ("weaker", row("e", obligation: "should"), 10, 21),
      (
        "no longer judged",
        "      - {item: e, obligation: n/a, text: read, provenance: x, requirement: {zh: x, en: y}}\n",
        9, 31
      ),
      ("another kind", row("e", objects: "device"), 14, 18),
      ("unread", "      - {item: e, obligation: unknown, text: unread, provenance: x}\n", 9, 46),
      (
        "unknown fact", row("zz").replacingOccurrences(of: "tls.protected", with: "tls.protectd"),
        18, 27
      ),
      ("unknown unit", row("zz", rest: "        feeds: [net.cnof]"), 22, 17),
      ("the same row twice", row("zz") + row("zz"), 22, 9),
      (
        "a question written out again",
        row("zz", rest: "").replacingOccurrences(
          of: "{id: net.product-grade}",
          with: "{id: net.product-grade, letter: K, method: document, zh: x, en: y}"), 20, 23
      ),
      ("unknown key", row("zz", rest: "        colour: red"), 22, 9),
    ] as [(String, String, Int, Int)])
  func refused(name: String, rows: String, line: Int, column: Int) throws {
    let outcome = try read(rows)
    #expect(outcome.catalog == nil)
    #expect(
      outcome.faults.map { "\($0.place.line):\($0.place.column)" } == ["\(line):\(column)"],
      "\(name): \(outcome.faults.map(\.description))")
    #expect(outcome.faults.allSatisfy { $0.place.file.hasSuffix("-first.yaml") })
  }

  @Test("without the key that names them are refused")
  func unnamed() throws {
    let copy = try ControlsCopy()
    let name = "../\(copy.folder.lastPathComponent)-plain.yaml"
    defer { try? copy.remove(name) }
    let text = (Self.head + Self.row("zz")).replacingOccurrences(
      of: "overlay: {name: my-bank, zh: 本行, en: My bank}\n", with: "")
    try copy.write(text, to: name)
    let outcome = copy.read(overlays: [name])
    #expect(outcome.faults.map { "\($0.place.line):\($0.place.column)" } == ["1:1"])
  }
}
