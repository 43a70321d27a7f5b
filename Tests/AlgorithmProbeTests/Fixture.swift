import AlgorithmProbe
import AssessmentModel
import Foundation
import Testing

/// The files beside the tests.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// 2026-12-01T00:00:00Z.
  static let now = 1_796_083_200

  static func inspect(
    _ path: String, passwords: String? = nil, seconds: Double = 60
  ) async throws -> Observation {
    let now = now
    let probe = try AlgorithmAssetsProbe(
      parameters: passwords.map { ["passwords": .text($0)] } ?? [:], now: { now })
    return await probe.inspect(
      AssessmentObject(id: "store", kind: .assetStore, locator: path),
      until: .now + .seconds(seconds))
  }
}

/// A folder for one test, removed after it.
func withTemporaryFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("assets-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

extension FactValue {
  /// The assets at `path`, each in one line of its most telling fields.
  func lines(at path: String) -> [String] {
    (list ?? []).filter { $0["place"]?["path"] == .text(path) }.map { asset in
      let place = asset["place"]
      let at =
        place?["line"]?.integer.map { "L\($0)" } ?? place?["offset"]?.integer.map { "@\($0)" }
      let fields = [
        at, place?["member"]?.text, asset["kind"]?.text, asset["algorithm"]?.text,
        asset["bits"]?.integer.map { String($0) }, asset["curve"]?.text,
        asset["signature-digest"]?.text, asset["protection"]?.text, asset["strength"]?.text,
        asset["signature-strength"]?.text,
      ]
      return fields.compactMap { $0 }.joined(separator: " ")
    }
  }
}
