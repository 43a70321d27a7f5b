import Assessment
import AssessmentModel
import Foundation
import ResultStore
import Sealing
import Testing

@Suite("Hostile observations")
struct HostileTests {
  private static let script = "<script>alert(1)</script>"
  private static let control = "\u{0}\u{1}\u{8}\u{1B}[31m\u{7F}\u{9B}\u{202E}\u{2028}"

  /// Puts everything a hostile server could answer into every place a probe can fill.
  private static let answer: @Sendable (AssessmentObject) async -> Observation = { object in
    let long = String(repeating: "A<script>\u{1B}", count: 6_554)
    let nasty = "\(script)\(control)'\"&"
    return Observation(
      facts: [
        "protected": object.id == "gw-1" ? false : .text(nasty),
        "suites": [.text(nasty), .text(long), "E013"],
        "\(script)\(control)": .record([nasty: .list([.text(nasty), .null, 1])]),
      ],
      evidence: [
        Evidence(
          name: "../../\(script)\(control)/a.bin", mediaType: "text/\(script)\(control)",
          bytes: Array(nasty.utf8))
      ],
      unavailable: object.id == "gw-2" ? Unavailability(.malformed, nasty + long) : nil)
  }

  /// Active scalars of a text, line feeds aside.
  private func active(_ text: String) -> Set<String> {
    Set(
      text.unicodeScalars.filter { $0 != "\n" && ActiveScalar.contains($0) }
        .map { String($0.value, radix: 16) })
  }

  @Test("What probes saw is inert in the record and in the page, and verifies as evidence")
  func isInert() async throws {
    let bench = try Bench(World(Self.answer))
    let outcome = try await bench.run()
    #expect(bench.world.calls.count == 3)

    let record = try outcome.text(of: "result.json")
    #expect(active(record) == [])
    #expect(!record.contains("<"))
    #expect(outcome.result.inspections.count == 3)
    let decoded = try JSONDecoder().decode(FactValue.self, from: Data(record.utf8))
    let shown = decoded["inspections"]?.list?.first { $0["object"]?.text == "gw-1" }
    #expect(shown?["facts"]?["suites"]?.list?.first?.text?.hasPrefix(Self.script) == true)
    #expect(shown?["facts"]?["suites"]?.list?[1].text?.utf8.count == 6_554 * 10)

    let page = try outcome.text(of: "report.html")
    #expect(active(page) == [])
    #expect(page.components(separatedBy: "<script").count - 1 == 1, "our own and no other")
    #expect(page.contains("&lt;script"))
    #expect(page.utf8.count < 2_000_000)

    #expect(try SealCheck(folder: outcome.folder).faults == [])
    let names = try FileManager.default.subpathsOfDirectory(atPath: outcome.folder)
    for name in names {
      #expect(active(name) == [] && !name.contains("<"))
      #expect(!name.split(separator: "/").contains(".."))
    }
    #expect(bench.runs.count == 1)
  }

  @Test("The store gives back exactly what a hostile probe stated")
  func comesBack() async throws {
    let bench = try Bench(World(Self.answer))
    let outcome = try await bench.run()
    let stored = try bench.store.finishedInspections(of: outcome.result.run.id)
    #expect(stored.count == 3)
    for summary in outcome.result.inspections {
      let one = try #require(stored.values.first { $0.object == summary.object })
      #expect(one.facts == summary.facts)
      #expect(one.unavailable == summary.reason)
    }
  }
}
