import AssessmentModel

/// The first elements of a list, and how many there were.
struct BoundedList<Element: Sendable>: Sendable {
  /// Elements a failure list of a fact holds.
  static var limit: Int { 10_000 }

  private(set) var kept: [Element] = []
  private(set) var count = 0

  mutating func append(contentsOf elements: [Element]) {
    kept.append(contentsOf: elements.prefix(max(0, Self.limit - kept.count)))
    count += elements.count
  }

  mutating func append(_ element: Element) { append(contentsOf: [element]) }

  var isEmpty: Bool { count == 0 }
}

/// Everything a verification found about a log (完整性核查结果).
struct LogFindings: Sendable {
  /// Records read, those that could not be understood counted too.
  var records = 0
  var valueFailures = BoundedList<Int>()
  /// Value failures that stand whatever the values are computed over.
  var valuelessRecords = BoundedList<Int>()
  var linkFailures = BoundedList<Int>()
  var structural = BoundedList<StructuralFinding>()
  var checkpointFailures = BoundedList<Checkpoint>()
  var folderFailures = BoundedList<FactValue>()
  var anchorFailures: [Anchor.Failure] = []
  /// Structural findings by kind.
  var structuralKinds: [String: Occurrence] = [:]
  /// Checkpoints looked at; nil: the model names none.
  var checkpoints: Int?
  /// Digests of a digest folder; nil for other logs.
  var digests: Int?
  /// The most records a checkpoint speaks of that is right in every way.
  var covered = 0
  /// Pairs of checkpoints that are both rightly signed and contradict each other.
  var splitView: [Int] = []
  var faults = BoundedList<LogFault>()
  /// Some part of the log was not read or not checked.
  var isIncomplete = false
  /// Why, each reason once.
  var reasons: [String] = []
  var isSequenceBounded = false
  var notes = DataNotes()
  var samples: [ValueSample] = []
  /// Value of the last record, root over all, or SM3 of the last digest file; nil: not known.
  var head: [UInt8]?
  /// Records the anchor speaks of, where it was compared.
  var anchored: Int?
  /// Records by which an evolving key's places had moved at the end.
  var keyShift = 0

  mutating func add(_ fault: LogFault) {
    faults.append(fault)
    guard fault.kind.leavesUnchecked else { return }
    isIncomplete = true
    if reasons.count < 20 { reasons.append(fault.line) }
  }

  /// Values, links, checkpoints, anchor and folder are all right, and all of the log was looked at.
  var isClean: Bool {
    !isIncomplete && valueFailures.isEmpty && linkFailures.isEmpty && checkpointFailures.isEmpty
      && anchorFailures.isEmpty && folderFailures.isEmpty
  }
}
