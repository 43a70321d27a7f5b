import AssessmentModel
import Foundation
import Testing

@Suite("A requirement file as documented")
struct SketchTests {
  /// The sketch beside the least it needs.
  private func copy() throws -> ControlsCopy {
    let copy = try ControlsCopy([])
    for (name, text) in Small.files { try copy.write(text, to: name) }
    try copy.write(Sketch.text, to: Sketch.file)
    return copy
  }

  @Test("is accepted beside the scoring units and the rules, and says what it says")
  func accepted() throws {
    let copy = try ControlsCopy(["GBT-39786-2021", "Rules"])
    try copy.write(Sketch.text, to: Sketch.file)
    let outcome = copy.read()
    #expect(outcome.faults.map(\.description) == [])
    let catalog = try #require(outcome.catalog)
    #expect(catalog.requirements.map(\.id) == ["L4-8.2.2.2-f", "L4-8.2.2.2-g", "L4-8.2.2.2-h"])
    let row = try #require(catalog.requirements.first)
    #expect(row.obligation == .shall && row.textState == .read && row.objectKind == .channel)
    #expect(row.properties == ["confidentiality"] && row.feeds == ["net.conf"])
    #expect(row.bearsOn == [.A] && row.gates == ["7.2", "5.2"])
    let probe = ProbeAssessment(
      objectKind: .channel, procedure: Procedure(probe: "tls.endpoint"),
      used: [Expectation(fact: "tls.protected", condition: .equals(true))],
      approved: [
        Expectation(
          fact: "tls.accepted-suites", condition: .within(.named("approved.tls-suites")))
      ],
      keys: [
        Expectation(fact: "tlcp.certificate.key-usages-separate", condition: .equals(true))
      ], strength: 2)
    let question = Question(
      id: "product-grade", letter: .K, objectKind: .channel, method: .document,
      text: Bilingual(zh: "…", en: "…"))
    #expect(row.assessments == [.probe(probe), .ask(question)])
    #expect(catalog.questions["product-grade"] == question)
    #expect(catalog.requirements.map(\.isJudged) == [true, false, false])
  }

  @Test("can be checked by itself against the shipped units and rules, and names are still checked")
  func alone() throws {
    for (name, places) in [("net.conf", []), ("net.cnof", ["sketch.yaml:14:17"])] {
      let copy = try ControlsCopy([])
      let text = Sketch.text.replacingOccurrences(of: "[net.conf]", with: "[\(name)]")
      try copy.write(text, to: Sketch.file)
      let outcome = copy.read(completedBy: ControlsCopy.shipped.path)
      #expect(outcome.places == places, "\(outcome.faults.prefix(5).map(\.description))")
      #expect((outcome.catalog?.requirements.count ?? 0) == (places.isEmpty ? 3 : 0))
      #expect(copy.read().faults.count == 4)
    }
  }

  @Test("is accepted beside the least that a catalog needs")
  func small() throws {
    #expect(try copy().read().faults.map(\.description) == [])
  }

  @Test(
    "with one break is refused at that very place and nowhere else", arguments: SketchBreaks.all)
  func refused(broken: Break) throws {
    let copy = try copy()
    let (text, places) = try broken.applied(to: Sketch.text)
    try copy.write(text, to: Sketch.file)
    let outcome = copy.read()
    #expect(outcome.catalog == nil)
    #expect(outcome.places == places, "\(outcome.faults.map(\.description))")
  }

  @Test("with all its breaks at once shows them all")
  func together() throws {
    let copy = try copy()
    var text = Sketch.text
    let chosen = [
      "level 5", "unknown fact", "unknown gate", "unknown unit", "unknown letter of bears-on",
    ]
    var expected = 0
    for broken in SketchBreaks.all where chosen.contains(broken.name) {
      text = try broken.applied(to: text).text
      expected += 1
    }
    try copy.write(text, to: Sketch.file)
    #expect(expected == chosen.count)
    #expect(copy.read().faults.count == expected)
  }
}
