import AssessmentModel
import Foundation
import Reporting
import Testing

@Suite struct SpeedTests {
  @Test("ten thousand findings stay within ten megabytes of HTML")
  func size() throws {
    let result = BigResult.make()
    #expect(result.findings.count == 10_000)
    var sizes: [String: Int] = [:]
    for format in ReportFormat.allCases {
      let clock = ContinuousClock()
      var bytes: [UInt8] = []
      let time = try clock.measure { bytes = try render(result, as: format, language: .chinese) }
      sizes[format.rawValue] = bytes.count
      print("\(format.rawValue): \(bytes.count) bytes in \(time)")
      if let folder = ProcessInfo.processInfo.environment["MIPING_KEEP_LARGE_REPORTS"] {
        try Data(bytes).write(to: URL(filePath: folder).appending(path: "large.\(format.rawValue)"))
      }
      if format == .json {
        var read: AssessmentResult?
        let reading = try clock.measure { read = try ResultJSON.decode(bytes) }
        #expect(read == result)
        print("json read in \(reading)")
      }
    }
    #expect(sizes["html", default: .max] <= 10_000_000)
  }
}
