import AssessmentModel
import Foundation
import FoundationXML
import Reporting
import Testing

@Suite struct JUnitTests {
  /// What a pipeline reads out of the file.
  private final class Reader: NSObject, XMLParserDelegate {
    var suites: [[String: String]] = []
    var cases = 0
    var outcomes: [String: Int] = [:]
    var messages: [String] = []
    var order: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      order.append(name)
      switch name {
      case "testsuite": suites.append(attributes)
      case "testcase": cases += 1
      case "failure", "error", "skipped":
        outcomes[name, default: 0] += 1
        messages.append(attributes["message"] ?? "")
      default: break
      }
    }
  }

  private func read(_ result: AssessmentResult) throws -> Reader {
    let parser = XMLParser(data: Data(try render(result, as: .junit, language: .both)))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reader
  }

  @Test("cases, failures, errors and skips are the record's counts")
  func counts() throws {
    let result = SampleResult.make()
    let reader = try read(result)
    func count(_ verdicts: Set<Verdict>) -> Int {
      result.findings.count { verdicts.contains($0.verdict) }
    }
    #expect(reader.cases == result.findings.count)
    #expect(reader.outcomes["failure"] == count([.partial, .nonConforming]))
    // One of the untested waits for an inspection that failed; that one is an error.
    #expect(reader.outcomes["error"] == 1)
    #expect(reader.outcomes["skipped"] == count([.notApplicable, .awaiting, .untested]) - 1)
    for (attribute, total) in [
      ("tests", reader.cases), ("failures", reader.outcomes["failure"]), ("errors", 1),
      ("skipped", reader.outcomes["skipped"]),
    ] {
      let sum = reader.suites.reduce(0) { $0 + (Int($1[attribute] ?? "") ?? 0) }
      #expect(sum == total, "\(attribute)")
    }
    for start in ["n/a: ", "manual: ", "untested: ", "unreadable: "] {
      #expect(reader.messages.contains { $0.hasPrefix(start) }, "\(start)")
    }
  }

  @Test("suites have what the strict form asks for")
  func strict() throws {
    let reader = try read(SampleResult.make())
    #expect(reader.suites.map { $0["id"] } == (0..<reader.suites.count).map { String($0) })
    for suite in reader.suites {
      for name in ["name", "package", "hostname", "tests", "failures", "errors", "time"] {
        #expect(suite[name]?.isEmpty == false)
      }
      #expect(suite["timestamp"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
    }
    for (place, name) in reader.order.enumerated() where name == "testsuite" {
      #expect(reader.order[place + 1] == "properties")
    }
  }

  @Test("hostile values leave well-formed XML with the same cases", arguments: Hostile.payloads)
  func hostile(payload: String) throws {
    let result = try Hostile.result(payload)
    let reader = try read(result)
    #expect(reader.cases == result.findings.count)
    let text = String(decoding: try render(result, as: .junit, language: .english), as: UTF8.self)
    #expect(!text.unicodeScalars.contains { $0 != "\n" && ActiveScalar.contains($0) })
  }

  @Test("a waiver changes no case")
  func waived() throws {
    var result = SampleResult.make()
    let before = try read(result).outcomes
    result.waivers = []
    #expect(try read(result).outcomes == before)
  }
}
