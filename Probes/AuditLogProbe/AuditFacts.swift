import AssessmentModel
import Bytes

/// States what a verification found as facts.
struct AuditFacts {
  let model: LogModel
  let findings: LogFindings
  let pitfalls: [FactValue]
  let undetectable: [String]

  /// The attacks of the tamper matrix, none of which this inspection runs.
  private static let attacks = (0...14).map { "T\($0)" }

  var facts: [String: FactValue] {
    var facts: [String: FactValue] = [
      "audit.records": .integer(findings.records),
      "audit.value-failures": .list(findings.valueFailures.kept.map { .integer($0) }),
      "audit.link-failures": .list(findings.linkFailures.kept.map { .integer($0) }),
      "audit.checkpoint-failures": .list(findings.checkpointFailures.kept.map(\.fact)),
      "audit.structural": .list(findings.structural.kept.map(\.fact)),
      "audit.anchor-failures": .list(findings.anchorFailures.map { .text($0.rawValue) }),
      "audit.folder-failures": .list(findings.folderFailures.kept),
      "audit.covered-by-valid-checkpoint": .integer(findings.covered),
      "audit.failure-counts": counts,
      "audit.pitfalls": .list(pitfalls),
      "audit.undetectable": .list(undetectable.map { .text($0) }),
      "audit.attacks": attacks,
      "audit.errors": .list(findings.faults.kept.map(\.fact)),
      "audit.incomplete": .list(findings.reasons.map { .text($0) }),
      "audit.construction": construction,
      "audit.sequence-check": .text(sequenceCheck),
      "audit.not-run": .list(model.setAside.map { .text($0) }),
    ]
    facts["audit.checkpoints"] = findings.checkpoints.map { .integer($0) }
    if findings.keyShift != 0 { facts["audit.key-shift"] = .integer(findings.keyShift) }
    facts["audit.anchor"] = anchor
    return facts
  }

  /// What a later visit can compare with; nil unless everything was clean.
  var anchor: FactValue? {
    guard findings.isClean, let head = findings.head else { return nil }
    let encoding =
      model.protection.kind.hasValues ? model.protection.valueEncoding : ValueEncoding.hex
    return ["count": .integer(anchorCount), "head": .text(ValueText.text(head, encoding))]
  }

  private var anchorCount: Int { findings.digests ?? findings.records }

  private var counts: FactValue {
    [
      "value": .integer(findings.valueFailures.count),
      "link": .integer(findings.linkFailures.count),
      "checkpoint": .integer(findings.checkpointFailures.count),
      "structural": .integer(findings.structural.count),
      "folder": .integer(findings.folderFailures.count),
      "error": .integer(findings.faults.count),
    ]
  }

  private var attacks: FactValue {
    .record(
      Dictionary(
        uniqueKeysWithValues: Self.attacks.map {
          ($0, ["result": "could-not-run", "variants": []])
        }))
  }

  private var construction: FactValue {
    [
      "kind": .text(model.protection.kind.rawValue),
      "digest": .text(model.protection.digest.rawValue),
      "canonical": model.canonical.map { .text($0.kind.rawValue) } ?? .null,
      "checkpoint": model.checkpoint.map { .text($0.kind.rawValue) } ?? .null,
    ]
  }

  private var sequenceCheck: String {
    guard model.map.sequence != nil, model.protection.kind != .digestFolder else { return "none" }
    return findings.isSequenceBounded ? "bounded" : "complete"
  }
}

extension StructuralFinding {
  var fact: FactValue {
    var fields: [String: FactValue] = [
      "kind": .text(kind.name), "position": .integer(position),
    ]
    switch kind {
    case .sequenceGap(let from, let to):
      fields["missing-from"] = .integer(from)
      fields["missing-to"] = .integer(to)
    case .sequenceDuplicate(let number), .sequenceDecrease(let number):
      fields["seq"] = .integer(number)
    case .missingField(let name), .badNumber(let name), .badTime(let name),
      .unsupportedValue(let name):
      fields["field"] = .text(name)
    case .timeBackwards, .timeFuture, .timeWithoutZone: break
    }
    return .record(fields)
  }
}
