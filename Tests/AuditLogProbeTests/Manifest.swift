import AssessmentModel
import FoundationEssentials
import ProbeKit
import Testing

@testable import AuditLogProbe

/// The fixtures of this folder.
enum Fixtures {
  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    parts.append("Fixtures")
    return parts.joined(separator: "/")
  }()

  static func value(_ name: String) throws -> FactValue {
    let bytes = try Data(contentsOf: URL(filePath: root + "/" + name))
    return try JSONDecoder().decode(FactValue.self, from: bytes)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: root + "/" + name)))
  }
}

/// The cases of `manifest.json`, and log models made of its constructions.
struct Manifest {
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var construction: String
    var files: [String: String]
    var records: Int?
    var anchor: FactValue?
    var expected: FactValue
    var testDescription: String { id }
  }

  static let all: [Case] = {
    guard let manifest = try? Fixtures.value("manifest.json") else { return [] }
    return (manifest["cases"]?.list ?? []).compactMap { one in
      guard let id = one["id"]?.text, let construction = one["construction"]?.text,
        let files = one["files"]?.record, let expected = one["expected"]
      else { return nil }
      return Case(
        id: id, construction: construction, files: files.compactMapValues(\.text),
        records: one["records"]?.integer, anchor: one["anchor"], expected: kebab(expected))
    }
  }()

  static let constructions: [String: FactValue] =
    (try? Fixtures.value("manifest.json"))?["constructions"]?.record ?? [:]

  static func named(_ id: String) throws -> Case {
    try #require(all.first { $0.id == id })
  }

  /// Keys, and the closed vocabulary under `kind`, `why` and in lists of names, as our output writes them.
  static func kebab(_ value: FactValue, isName: Bool = false) -> FactValue {
    switch value {
    case .null, .boolean, .integer: value
    case .text(let text): isName ? .text(hyphened(text)) : value
    case .list(let items):
      .list(
        items.map { item in
          if case .text(let text) = item { .text(hyphened(text)) } else { kebab(item) }
        })
    case .record(let fields):
      .record(
        Dictionary(
          uniqueKeysWithValues: fields.map { key, value in
            (hyphened(key), kebab(value, isName: key == "kind"))
          }))
    }
  }

  private static func hyphened(_ text: String) -> String {
    text.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
  }
}

/// A folder of its own for a test, removed at its end.
final class TestFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path() + "audit-log-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Lets other users of the machine in, as a server needs that runs as one of them.
  func open() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
  }

  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }
}

/// Runs the probe on a model as `probe run` would.
func inspect(
  _ model: String, parameters: [String: FactValue] = [:], seconds: Int = 120
) async throws -> Observation {
  let probe = try AuditLogIntegrityProbe(parameters: parameters) {
    Instant(seconds: 1_795_000_000, nanoseconds: 0)
  }
  return await probe.inspect(
    AssessmentObject(id: "log", kind: .auditLog, locator: model),
    until: .now + .seconds(seconds))
}

extension Observation {
  func list(_ fact: String) -> [FactValue] { facts[fact]?.list ?? [.text("absent")] }

  var pitfallNames: Set<String> {
    Set(list("audit.pitfalls").compactMap { $0["name"]?.text })
  }

  var errorKinds: [String] { list("audit.errors").compactMap { $0["kind"]?.text } }
}
