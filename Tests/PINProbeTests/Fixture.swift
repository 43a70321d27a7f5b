import AssessmentModel
import Foundation
import PINProbe

/// The files beside the tests.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// `vectors.json` as it is, read by another reader than the probe's.
  static func vectors() throws -> Vectors {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: Data(try bytes("vectors.json")))
  }

  static func inspectBlocks(_ path: String, seconds: Double = 60) async throws -> Observation {
    await (try PINBlocksProbe(parameters: [:])).inspect(
      AssessmentObject(id: "pins", kind: .pinService, locator: path),
      until: .now + .seconds(seconds))
  }

  static func inspectLogs(
    _ path: String, canaries: String? = nil, seconds: Double = 60
  ) async throws -> Observation {
    let parameters: [String: FactValue] = canaries.map { ["canaries": .text($0)] } ?? [:]
    return await (try PINLogsProbe(parameters: parameters)).inspect(
      AssessmentObject(id: "logs", kind: .pinService, locator: path),
      until: .now + .seconds(seconds))
  }
}

/// The parts of `vectors.json` that the tests compare with.
struct Vectors: Decodable {
  struct Good: Decodable {
    var id: String
    var format: UInt8
    var algorithm: String
    var key: String
    var kcv: String
    var pin: String
    var pan: String?
    var pinField: String
    var accountField: String?
    var panField: String?
    var clearBlock: String?
    var intermediateA: String?
    var intermediateB: String?
    var enciphered: String
  }
  struct Malformed: Decodable {
    var id: String
    var format: UInt8
    var algorithm: String
    var expectedError: String
    var key: String
    var pan: String?
    var pinField: String?
    var clearBlock: String?
    var enciphered: String
  }
  struct Binding: Decodable {
    struct Decoded: Decodable {
      var result: String
      var pin: String?
    }
    var id: String
    var format: UInt8
    var algorithm: String
    var pin: String
    var key: String
    var panUsed: String
    var panPresented: String
    var enciphered: String
    var decodeWithPresented: Decoded
    var panBindingDetects: Bool
  }
  struct Weak: Decodable {
    struct Block: Decodable {
      var pan: String?
      var enciphered: String
    }
    var id: String
    var key: String
    var expectedFinding: String
    var blocks: [Block]
  }
  struct Rule: Decodable {
    var from: UInt8
    var to: UInt8
    var rule: String
  }
  var vectors: [Good]
  var malformed: [Malformed]
  var panBinding: [Binding]
  var weakSets: [Weak]
  var translationMatrix: [Rule]
}

/// A folder for one test, removed after it.
func withTemporaryFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("pins-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}
