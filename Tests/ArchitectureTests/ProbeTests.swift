import AssessmentModel
import Foundation
import ProbeKit
import ProbeRegistry
import TestSupport
import Testing

@Suite("Every registered probe")
struct ProbeTests {
  @Test("has a name of its own, titles in both languages and a form of target")
  func names() {
    let names = ProbeList.all.map { $0.description.name }
    #expect(names.count >= 2)
    #expect(Set(names).count == names.count)
    for probe in ProbeList.all.map({ $0.description }) {
      #expect(!probe.title.zh.isEmpty && !probe.title.en.isEmpty)
      #expect(!probe.target.isEmpty)
      #expect(!probe.objectKinds.isEmpty)
      for title in probe.parameters.values { #expect(!title.zh.isEmpty && !title.en.isEmpty) }
      #expect(ProbeList.named(probe.name)?.description == probe)
    }
    #expect(ProbeList.named("no.such-probe") == nil)
  }

  @Test("documents every fact and parameter it declares in a Facts.md, in both languages")
  func facts() throws {
    let folder = "\(packageRoot)/Probes"
    let documents = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .compactMap { try? String(contentsOfFile: "\(folder)/\($0)/Facts.md", encoding: .utf8) }
    for probe in ProbeList.all.map({ $0.description }) {
      let document = try #require(
        documents.first { $0.contains("`\(probe.name)`") }, "no Facts.md names \(probe.name)")
      #expect(!probe.facts.isEmpty)
      for (fact, title) in probe.facts {
        #expect(document.contains("`\(fact)`"), "\(fact) is not in the probe's Facts.md")
        #expect(!title.zh.isEmpty && !title.en.isEmpty, "\(fact)")
      }
      for parameter in probe.parameters.keys {
        #expect(document.contains("`\(parameter)`"), "\(probe.name): parameter \(parameter)")
      }
    }
  }

  @Test("refuses a parameter it does not know, and names it")
  func parameters() {
    for probe in ProbeList.all {
      #expect {
        _ = try probe.init(parameters: ["no-such-parameter": "1"])
      } throws: { error in
        (error as? ParameterError)?.parameter == "no-such-parameter"
      }
    }
  }
}
