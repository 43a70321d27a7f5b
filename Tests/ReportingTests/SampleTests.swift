import AssessmentModel
import Foundation
import Reporting
import Testing

@Suite struct SampleTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Reports/Samples").standardizedFileURL

  private static let files: [(ReportFormat, String)] = [
    (.json, "sample.result.json"), (.html, "sample.report.html"), (.junit, "sample.junit.xml"),
  ]

  /// `MIPING_REWRITE_SAMPLES=1` writes the samples anew; the difference is then reviewed by a person.
  private static let rewrites =
    ProcessInfo.processInfo.environment["MIPING_REWRITE_SAMPLES"] == "1"

  @Test("the sample result renders to the bytes of Reports/Samples", arguments: files)
  func sampleBytes(format: ReportFormat, name: String) throws {
    let bytes = try render(SampleResult.make(), as: format, language: .chinese)
    let file = SampleTests.folder.appending(path: name)
    if SampleTests.rewrites { try Data(bytes).write(to: file) }
    #expect(try [UInt8](Data(contentsOf: file)) == bytes, "\(name) differs")
  }

  @Test("every format gives the same bytes twice, from a result and from its stored record")
  func repeatable() throws {
    let result = SampleResult.make()
    let stored = try ResultJSON.decode(try ResultJSON.encode(result))
    for format in ReportFormat.allCases {
      for language in ReportLanguage.allCases {
        let first = try render(result, as: format, language: language)
        #expect(try render(stored, as: format, language: language) == first)
      }
    }
  }
}
