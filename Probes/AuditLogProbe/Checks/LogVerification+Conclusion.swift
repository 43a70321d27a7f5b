/// What a whole log shows: whether its form fits, and what checkpoints and anchor say (检查点与锚点).
extension LogVerification {
  mutating func conclude() {
    findings.isSequenceBounded = sequence.isBounded
    findings.keyShift = evolution?.shift ?? 0
    judgeForm()
    if let merkle {
      findings.head = isMerkleWhole ? try? merkle.root() : nil
    } else if !model.protection.kind.hasValues {
      findings.head = nil
    }
    if model.checkpoint != nil { judgeCheckpoints() }
    judgeAnchor()
  }

  /// Takes back what was found with a form that may not be the log's: where no record has a field that something
  /// is computed over, and nothing fits without it, a wrong name in the model and altered records look the same.
  private mutating func judgeForm() {
    guard compared > 0, right == 0, !unseen.isEmpty else { return }
    if merkle == nil {
      guard findings.valueFailures.count > findings.valuelessRecords.count else { return }
      findings.valueFailures = findings.valuelessRecords
      if let slot = plan.table.previous, unseen.contains(slot) {
        findings.linkFailures = BoundedList()
      }
    } else {
      guard !hasRightRoot else { return }
      roots = roots.filter { $0.key == 0 }
      isMerkleWhole = false
    }
    let known = Set(findings.faults.kept.filter { $0.kind == .missingColumn }.map(\.field))
    for slot in unseen.sorted() where !known.contains(plan.table.names[slot]) {
      findings.add(
        LogFault(
          .missingColumn, field: plan.table.names[slot],
          "no record has this field, and nothing fits without it: what is protected is not known"))
    }
  }

  /// Whether a root that a checkpoint or the anchor speaks of was met, or there is none to meet.
  private var hasRightRoot: Bool {
    var wanted: [(count: Int?, head: [UInt8]?)] = checkpoints.map { ($0.count, $0.head) }
    if let anchor { wanted.append((anchor.count, anchor.head(.hex))) }
    let compared = wanted.compactMap { count, head in
      count.flatMap { $0 > 0 ? roots[$0] : nil }.map { $0 == head }
    }
    return compared.isEmpty || compared.contains(true)
  }

  private mutating func judgeCheckpoints() {
    var previous: Int?
    var mismatched: [Checkpoint] = []
    var matched: [Checkpoint] = []
    for checkpoint in checkpoints {
      var checkpoint = checkpoint
      var isCompared = false
      if let count = checkpoint.count {
        if count > findings.records {
          if isWhole {
            checkpoint.problems.append(merkle == nil ? .countExceedsLog : .sizeExceedsLog)
          }
        } else if let found = seen(count) {
          isCompared = true
          if found != checkpoint.head {
            if checkpoint.isSigned { mismatched.append(checkpoint) }
            checkpoint.problems.append(merkle == nil ? .head : .root)
          } else if checkpoint.isSigned {
            matched.append(checkpoint)
          }
        }
        if let previous, count <= previous { checkpoint.problems.append(.countNotIncreasing) }
        previous = count
        if isCompared, checkpoint.problems.isEmpty {
          findings.covered = max(findings.covered, count)
        }
      }
      if !checkpoint.problems.isEmpty { findings.checkpointFailures.append(checkpoint) }
    }
    findings.checkpoints = checkpoints.count
    let largest = matched.max { ($0.count ?? 0) < ($1.count ?? 0) }
    for one in mismatched {
      guard let other = largest, (other.count ?? 0) >= (one.count ?? 0) else { continue }
      findings.splitView = [one.index, other.index].sorted()
      break
    }
  }

  /// What the log shows for its first `count` records: the last one's value, or the root; nil: not known.
  private func seen(_ count: Int) -> [UInt8]? {
    if merkle != nil { return roots[count] }
    return count == 0 ? model.protection.genesis : values[count - 1]
  }

  private mutating func judgeAnchor() {
    guard let anchor else { return }
    if anchor.count > findings.records {
      if isWhole { findings.anchorFailures.append(.shorter) }
      return
    }
    guard model.protection.kind != .none, anchor.count > 0 else { return }
    let encoding = merkle == nil ? model.protection.valueEncoding : .hex
    guard let found = seen(anchor.count) else {
      findings.add(
        LogFault(
          .anchorUnreadable, record: anchor.count - 1,
          "the record the anchor speaks of could not be read"))
      return
    }
    findings.anchored = anchor.count
    if anchor.head(encoding) != found { findings.anchorFailures.append(.headMismatch) }
  }
}
