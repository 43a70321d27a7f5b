import Glibc
import NationalCrypto

/// Verifies a whole log: one reader, several workers, and one place where their results meet in order.
struct LogVerification {
  /// Chunks that wait beside those at work, so that no worker waits for the reader.
  private static let readAhead = 4

  let model: LogModel
  let plan: VerificationPlan
  private var source: any RecordSource
  let checkpoints: [Checkpoint]
  let anchor: Anchor?
  var findings = LogFindings()
  var sequence = SequenceCheck()
  var merkle: MerkleEdge?
  /// Sizes whose roots checkpoints and anchor speak of, and the roots.
  private var wantedSizes: Set<Int> = []
  var roots: [Int: [UInt8]] = [:]
  var values: [Int: [UInt8]] = [:]
  var evolution: EvolvingKey?
  /// Records whose Merkle leaves are known without a hole.
  var isMerkleWhole = true
  /// The end of the log was reached.
  var isWhole = true
  /// Fields that something is computed over and that no record has had so far, by their slot.
  var unseen: Set<Int>
  /// Values or leaves that were computed, and how many of the values were right.
  var compared = 0
  var right = 0

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
    unseen = Set(opened.table.computedOver)
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
    findings.valuelessRecords.append(contentsOf: result.valuelessRecords)
    unseen.formIntersection(result.unseen)
    compared += result.compared
    right += result.right
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
