import AssessmentModel
import DemoBank
import Foundation
import Testing

@Suite("The demonstration bank's PIN logs and samples")
struct DemoFilesTests {
  @Test("Every planted leak is found with its form, the clean log raises nothing")
  func logs() async throws {
    for _ in 0..<5 {
      try await withTemporaryFolder { folder in
        let files = try PINLogFiles.write(in: folder.appendingPathComponent("pins").path)
        #expect(Set(files.leaks.values) == [1, 2, 3, 4, 5])
        let observation = try await Fixture.inspectLogs(files.leakingLog, canaries: files.canaries)
        var found: [Int: Int] = [:]
        for leak in observation.facts["pin.leaks"]?.list ?? [] {
          found[leak["place"]?["line"]?.integer ?? 0] = leak["form"]?.integer
        }
        #expect(found == files.leaks)
        let clean = try await Fixture.inspectLogs(files.cleanLog, canaries: files.canaries)
        #expect(clean.facts["pin.leaks"] == [])
        // Without canaries the blocks between the encipherments cannot be known.
        let alone = try await Fixture.inspectLogs(files.leakingLog)
        #expect(alone.facts["pin.leak-forms"] == [1, 3, 4, 5])
        #expect(try await Fixture.inspectLogs(files.cleanLog).facts["pin.leaks"] == [])
      }
    }
  }

  @Test("The blocks open, and each weak set shows its practice")
  func samples() async throws {
    try await withTemporaryFolder { folder in
      let files = try PINLogFiles.write(in: folder.path)
      let observation = try await Fixture.inspectBlocks(files.blockSamples)
      #expect(observation.facts["pin.block-problems"] == [])
      for block in observation.facts["pin.blocks"]?.record?.values.map({ $0 }) ?? [] {
        #expect(block["pin-matches"] == true)
      }
      #expect(observation.facts["pin.blocks"]?.record?.count == 4)
      #expect(
        observation.facts["pin.weaknesses"] == [
          "sound": [], "constant-random-field": ["nonrandom-fill"],
          "counted-random-field": ["sequential-fill"], "older-convention": ["nonstandard-block"],
        ])
      // Written anew into the same folder; any other folder is left alone.
      #expect(try PINLogFiles.write(in: folder.path).blockSamples == files.blockSamples)
      let other = folder.appendingPathComponent("other")
      try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
      try Data("x".utf8).write(to: other.appendingPathComponent("a.txt"))
      #expect(throws: DemoError.self) { try PINLogFiles.write(in: other.path) }
    }
  }
}
