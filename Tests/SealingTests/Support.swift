import AssessmentModel
import FoundationEssentials
import Sealing
import Testing

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("sealing-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

func put(_ bytes: [UInt8], at path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

func fixture(_ name: String) throws -> [UInt8] {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
  return try bytes(of: folder + "/Fixtures/" + name)
}

let noon = "2026-12-03T12:00:00Z"

func piece(_ name: String, _ text: String, strength: Int = 2) -> Evidence {
  Evidence(name: name, mediaType: "text/plain", bytes: Array(text.utf8), strength: strength)
}

/// A folder with `count` inspections of one piece each, closed again.
func makeRun(in out: String, inspections count: Int) async throws -> String {
  let folder = try RunFolder.create(in: out, runID: "run-1")
  for place in 0..<count {
    _ = try await folder.keep(
      [piece("seen.txt", "answer \(place)")], plan: place, probe: "tls.endpoint",
      object: "gw-\(place)", at: noon)
  }
  return folder.path
}

/// Small, seeded, the same everywhere.
struct Random: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
  }
}
