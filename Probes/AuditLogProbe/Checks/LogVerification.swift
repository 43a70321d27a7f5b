import Glibc
import NationalCrypto

/// Verifies a whole log: one reader, several workers, and one place where their results meet in order.
struct LogVerification {
  /// Chunks that wait beside those at work, so that no worker waits for the reader.
  private static let readAhead = 4

  private let model: LogModel
  private let plan: VerificationPlan
  private var source: any RecordSource
  private let checkpoints: [Checkpoint]
  private let anchor: Anchor?
  private var findings = LogFindings()
  private var sequence = SequenceCheck()
  private var merkle: MerkleEdge?
  /// Sizes whose roots checkpoints and anchor speak of, and the roots.
  private var wantedSizes: Set<Int> = []
  private var roots: [Int: [UInt8]] = [:]
  private var values: [Int: [UInt8]] = [:]
  private var evolution: EvolvingKey?
  /// Records whose Merkle leaves are known without a hole.
  private var isMerkleWhole = true
  /// The end of the log was reached.
  private var isWhole = true

  /// Opens everything that is needed. What can be done without is a fault among the findings.
  ///
  /// - Throws: when there is no log to read.
  init(
    _ model: LogModel, now: Instant, isTimeUp: @escaping @Sendable () -> Bool
  ) throws(FileFailure) {
    self.model = model
    let opened = try OpenedLog(model, isTimeUp: isTimeUp)
    source = opened.source
    checkpoints = opened.checkpoints
    anchor = opened.anchor
    for fault in opened.faults { findings.add(fault) }
    var wanted: Set<Int> = []
    var sizes = checkpoints.compactMap(\.count)
    if let anchor { sizes.append(anchor.count) }
    for size in sizes where size > 0 { wanted.insert(size - 1) }
    let isMerkle = model.protection.kind == .merkle
    wantedSizes = isMerkle ? Set(sizes) : []
    let clock = model.clock
    plan = VerificationPlan(
      model: model, table: opened.table, format: opened.format, key: opened.key,
      publicKey: opened.publicKey, wantedValues: isMerkle ? [] : wanted,
      latest: (clock.notAfter ?? now).later(byMilliseconds: clock.toleranceMilliseconds),
      isTimeUp: isTimeUp)
    do throws(CryptoError) {
      if isMerkle {
        let edge = try MerkleEdge(model.protection.digest)
        if wantedSizes.contains(0) { roots[0] = try edge.root() }
        merkle = edge
      }
    } catch {
      throw FileFailure(path: model.source.path, reason: error.description)
    }
    if model.protection.evolveEvery > 0, let key = opened.key {
      evolution = EvolvingKey(model.protection, key: key.bytes)
    }
  }

  /// Reads the log to its end, or until the time is over.
  mutating func run() async -> LogFindings {
    if evolution != nil {
      runInOrder()
    } else {
      await runInParallel()
    }
    for fault in source.faults { findings.add(fault) }
    if source.faults.contains(where: { $0.kind == .readFailed || $0.kind == .logShrank }) {
      isWhole = false
    }
    conclude()
    evolution?.forget()
    return findings
  }

  var publicKey: [UInt8]? { plan.publicKey }
  var key: SecretKey? { plan.key }

  private mutating func runInOrder() {
    do throws(CryptoError) {
      let check = try plan.checker()
      while let chunk = source.next() {
        if isOver() { return }
        merge(check(chunk, &evolution))
      }
    } catch {
      fail(error.description)
    }
  }

  private mutating func runInParallel() async {
    let limit = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) + Self.readAhead
    var waiting: [Int: ChunkResult] = [:]
    var next = 0
    await withTaskGroup(of: ChunkResult.self) { group in
      var running = 0
      func take() async {
        guard let result = await group.next() else { return }
        running -= 1
        waiting[result.index] = result
        while let ready = waiting.removeValue(forKey: next) {
          merge(ready)
          next += 1
        }
      }
      while !isOver(), let chunk = source.next() {
        let plan = plan
        group.addTask { plan.check(chunk) }
        running += 1
        while running >= limit { await take() }
      }
      while running > 0 { await take() }
    }
  }

  private mutating func isOver() -> Bool {
    guard plan.isTimeUp() else { return false }
    isWhole = false
    findings.add(
      LogFault(.deadline, record: findings.records, "the time was over before the end of the log"))
    return true
  }

  private mutating func fail(_ message: String) {
    isWhole = false
    findings.add(LogFault(.readFailed, record: findings.records, message))
  }

  /// Adds the result of the next chunk.
  private mutating func merge(_ result: ChunkResult) {
    source.reuse(result.spent)
    findings.records += result.count
    findings.valueFailures.append(contentsOf: result.valueFailures)
    findings.linkFailures.append(contentsOf: result.linkFailures)
    findings.notes.merge(result.notes)
    for fault in result.faults { findings.add(fault) }
    if result.faultsLeftOut > 0 {
      findings.add(
        LogFault(.tooMany, "\(result.faultsLeftOut) more faults of records are not listed"))
    }
    if findings.samples.isEmpty { findings.samples = result.samples }
    values.merge(result.values) { first, _ in first }
    if result.count > 0 { findings.head = result.lastValue }
    if let failure = result.failure { fail(failure) }
    var structural: [StructuralFinding] = []
    for run in result.sequence { sequence.check(run, into: &structural) }
    structural.append(contentsOf: result.structural)
    // By record; within a record the sequence first, then as the worker found them. The sort is stable.
    structural.sort { $0.position < $1.position }
    for finding in structural {
      findings.structuralKinds[finding.kind.name, default: Occurrence()].add(finding.position)
    }
    findings.structural.append(contentsOf: structural)
    if merkle != nil { grow(result) }
  }

  private mutating func grow(_ result: ChunkResult) {
    guard isMerkleWhole, var edge = merkle else { return }
    merkle = nil
    defer { merkle = edge }
    do throws(CryptoError) {
      for start in stride(from: 0, to: result.leaves.count, by: 32) {
        try edge.append(leaf: result.leaves[start..<min(start + 32, result.leaves.count)])
        if wantedSizes.contains(edge.count) { roots[edge.count] = try edge.root() }
      }
    } catch {
      fail(error.description)
    }
    isMerkleWhole = result.leaves.count == 32 * result.count
  }
}

// MARK: - Checkpoints and anchor

extension LogVerification {
  private mutating func conclude() {
    findings.isSequenceBounded = sequence.isBounded
    findings.keyShift = evolution?.shift ?? 0
    if let merkle {
      findings.head = isMerkleWhole ? try? merkle.root() : nil
    } else if !model.protection.kind.hasValues {
      findings.head = nil
    }
    if model.checkpoint != nil { judgeCheckpoints() }
    judgeAnchor()
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

extension VerificationPlan {
  /// Checks one chunk, for itself.
  func check(_ chunk: RecordChunk) -> ChunkResult {
    do throws(CryptoError) {
      var evolution: EvolvingKey?
      return try checker()(chunk, &evolution)
    } catch {
      var result = ChunkResult()
      result.index = chunk.index
      result.first = chunk.first
      result.failure = error.description
      return result
    }
  }

  typealias Checker = (RecordChunk, inout EvolvingKey?) -> ChunkResult

  /// A check that may be used for chunk after chunk.
  func checker() throws(CryptoError) -> Checker {
    switch format {
    case .json: try checker(JSONRecordDecoder(names: table.names))
    case .csv(let columns, let form):
      try checker(CSVRecordDecoder(columns: columns, form: form, table: table))
    case .journal: try checker(JournalRecordDecoder(names: table.names))
    case .packed: try checker(PackedRecordDecoder())
    }
  }

  private func checker(_ decoder: some RecordDecoder) throws(CryptoError) -> Checker {
    var verifier = try RecordVerifier(self, decoder: decoder)
    return { chunk, evolution in verifier.process(chunk, evolution: &evolution) }
  }
}
