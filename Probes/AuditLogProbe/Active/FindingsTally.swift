/// How much a verification found wrong, kind by kind, so that a clone can be compared with the untouched one.
struct FindingsTally: Sendable, Hashable {
  private var counts: [String: Int] = [:]
  /// Why nothing can be concluded when this is the untouched clone; nil: something can.
  private(set) var flaw: String?

  init(_ findings: LogFindings, _ model: LogModel) {
    counts["value"] = findings.valueFailures.count
    counts["link"] = findings.linkFailures.count
    counts["checkpoint"] = findings.checkpointFailures.count
    counts["folder"] = findings.folderFailures.count
    counts["anchor"] = findings.anchorFailures.count
    counts["fault"] = findings.faults.kept.filter(\.kind.leavesUnchecked).count
    counts["split-view"] = findings.splitView.count
    counts["missing-value"] = findings.notes.valueMissing.count
    for (kind, occurrence) in findings.structuralKinds { counts[kind] = occurrence.count }
    // A tail that was covered and no longer is has lost its protection. An anchor holds the records, and
    // says nothing of checkpoints that are gone.
    if let rule = model.checkpoint {
      let uncovered = findings.records - findings.covered
      counts["uncovered-tail"] = uncovered > rule.maximumUncovered ? 1 : 0
    }
    if findings.isIncomplete {
      flaw = findings.reasons.first ?? "the untouched clone could not be verified completely"
    } else if !findings.isClean {
      flaw = "the untouched clone does not verify"
    }
  }

  /// Whether something is wrong that was not, or not as often, in `other`.
  func exceeds(_ other: FindingsTally) -> Bool {
    counts.contains { $0.value > other.counts[$0.key] ?? 0 }
  }
}
