import AssessmentModel
import FoundationEssentials
import Testing

@testable import AuditLogProbe

/// The records and checkpoints of a case as a bank would keep them in tables.
struct CaseTables {
  static let columns = [
    "seq", "ts", "event_type", "subject_type", "subject", "object", "result", "src_ip", "detail",
    "mac", "hash", "prev_hash", "sig",
  ]

  /// For each record the values of ``columns``.
  var rows: [[FactValue]] = []
  /// The text of each checkpoint.
  var checkpoints: [String] = []

  init(_ one: Manifest.Case) throws {
    let lines = try Fixtures.bytes(try #require(one.files["jsonl"]))
    for line in lines.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let record = try JSONDecoder().decode(FactValue.self, from: Data(line))
      rows.append(Self.columns.map { record[$0] ?? .null })
    }
    guard let name = one.files["checkpoints"] else { return }
    let text = String(decoding: try Fixtures.bytes(name), as: UTF8.self)
    if name.hasSuffix(".jsonl") {
      checkpoints = text.split(whereSeparator: \.isNewline).map(String.init)
    } else {
      let parts = text.split(separator: "\n\n", omittingEmptySubsequences: true)
      for start in stride(from: 0, to: parts.count - 1, by: 2) {
        checkpoints.append(parts[start] + "\n\n" + parts[start + 1] + "\n")
      }
    }
  }
}

extension Manifest.Case {
  /// Compares what a probe saw with what the manifest expects.
  func check(_ seen: Observation, _ source: String) throws {
    #expect(seen.unavailable == nil, "\(id) \(source)")
    if let records { #expect(seen.facts["audit.records"] == .integer(records)) }
    for (key, expected) in try #require(expected.record) {
      #expect(seen.facts["audit.\(key)"] == expected, "\(id) \(source) \(key)")
    }
    let isClean =
      expected.leaves.allSatisfy { if case .integer = $0 { true } else { false } }
      && expected.record?.allSatisfy {
        $0.key == "covered-by-valid-checkpoint" || $0.value == .list([])
      } == true
    if isClean { #expect(seen.facts["audit.anchor"] != nil) }
  }

  /// The model of the case's construction, with its anchor, without source and checkpoints.
  func model(in folder: TestFolder) throws -> LogModelText {
    var model = LogModelText(construction: construction)
    if let anchor {
      model.fields["anchor"] = [
        "file": .text(try folder.write("anchor.json", JSONText.pretty(anchor)))
      ]
    }
    return model
  }
}
