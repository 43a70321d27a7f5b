import AssessmentModel

/// Attacks clones of a log and looks who notices (篡改试验): this probe's verification, and the log's own verifier.
struct TamperMatrix {
  let model: LogModel
  let now: Instant
  let deadline: ContinuousClock.Instant

  /// What the attempts came to.
  struct Results: Sendable {
    var outcomes: [AttackOutcome] = []
    /// Of the log's own verifier on the untouched clone; nil: there is none.
    var untouched: VerifierAnswer?
    /// What the verifier said to a log without records, and without its key; nil: not tried.
    var emptyLog: VerifierAnswer?
    var missingKey: VerifierAnswer?
    var isExcerpt = false
    /// Processes that the verifier may have left running.
    var left: [Int] = []
  }

  private var isTimeUp: @Sendable () -> Bool {
    let deadline = deadline
    return { Task.isCancelled || ContinuousClock.now >= deadline }
  }

  func run() async -> Results {
    do throws(FileFailure) { return try await attack() } catch {
      var results = Results()
      results.outcomes = Attack.allCases.map { attack in
        AttackOutcome(
          AttackVariant(attack: attack, name: "clone", change: .none("")), .couldNotRun,
          reason: error.description)
      }
      return results
    }
  }

  private func attack() async throws(FileFailure) -> Results {
    let log = try ClonedLog(model)
    var plan = try AttackPlan(log)
    let variants = try plan.all()
    var results = Results()
    results.isExcerpt = log.isExcerpt
    var baseline: FindingsTally?
    var ownVerifier = model.activity.verifier.map { OwnVerifier(rule: $0, deadline: deadline) }
    let left = ownVerifier?.left
    for variant in variants {
      guard !isTimeUp() else {
        results.outcomes.append(
          AttackOutcome(variant, .couldNotRun, reason: "the time was over"))
        continue
      }
      switch variant.change {
      case .none(let reason):
        results.outcomes.append(AttackOutcome(variant, .notApplicable, reason: reason))
      case .wrongKey:
        results.outcomes.append(await wrongKey(variant, log, ownVerifier, results.untouched))
      case .clone(let change):
        let (answer, tally) = await judge(log, change, ownVerifier)
        if variant.attack == .untouched {
          results.untouched = answer.verifier
          baseline = tally
          let outcome = untouched(variant, answer.verifier, tally)
          results.outcomes.append(outcome)
          // Answers of a verifier that does not accept an untouched clone say nothing.
          if answer.verifier != .accepted { ownVerifier = nil }
        } else if let failure = answer.failure {
          results.outcomes.append(
            AttackOutcome(variant, .couldNotRun, reason: failure.description))
        } else {
          results.outcomes.append(
            AttackOutcome(
              variant, verifier: answer.verifier ?? .absent, probe: compare(tally, baseline)))
        }
      }
    }
    if let ownVerifier, !isTimeUp() {
      if model.protection.kind != .digestFolder {
        let everything = AttackChange(records: .remove(0..<log.count))
        results.emptyLog = await judge(log, everything, ownVerifier, isVerified: false).0.verifier
      }
      if ownVerifier.rule.keyPath != nil {
        let nothing = AttackChange()
        results.missingKey =
          await judge(log, nothing, ownVerifier, key: .missing, isVerified: false).0.verifier
      }
    }
    results.left = left?.sorted ?? []
    return results
  }

  private struct Answer {
    var verifier: VerifierAnswer?
    var failure: FileFailure?
  }

  /// Makes one clone and asks both about it.
  private func judge(
    _ log: ClonedLog, _ change: AttackChange, _ ownVerifier: OwnVerifier?,
    key: OwnVerifier.KeyState = .asItIs, isVerified: Bool = true
  ) async -> (Answer, FindingsTally?) {
    do throws(FileFailure) {
      let folder = try CloneFolder()
      let run = try folder.fresh("run")
      let clone = try log.write(change, to: run)
      var tally: FindingsTally?
      if isVerified { tally = FindingsTally(try await findings(clone), clone) }
      var answer = Answer()
      if let ownVerifier { answer.verifier = await ownVerifier(clone, in: folder, run, key: key) }
      return (answer, tally)
    } catch {
      return (Answer(failure: error), nil)
    }
  }

  private func findings(_ clone: LogModel) async throws(FileFailure) -> LogFindings {
    if case .digestFolder(let path) = clone.source {
      var folder = try DigestFolder(clone, path: path, isTimeUp: isTimeUp)
      return try folder.run()
    }
    var verification = try LogVerification(clone, now: now, isTimeUp: isTimeUp)
    return await verification.run()
  }

  private func compare(_ tally: FindingsTally?, _ baseline: FindingsTally?) -> ProbeAnswer {
    guard let baseline else { return .unusable("the untouched clone could not be verified") }
    if let flaw = baseline.flaw { return .unusable(flaw) }
    guard let tally else { return .unusable("the clone could not be verified") }
    return tally.exceeds(baseline) ? .noticed : .unnoticed
  }

  /// For the untouched clone "not noticed" is right: there is nothing to notice.
  private func untouched(
    _ variant: AttackVariant, _ verifier: VerifierAnswer?, _ tally: FindingsTally?
  ) -> AttackOutcome {
    var probe = ProbeAnswer.unnoticed
    if let flaw = tally?.flaw { probe = .unusable(flaw) }
    if tally == nil { probe = .unusable("the clone could not be verified") }
    return AttackOutcome(variant, verifier: verifier ?? .absent, probe: probe)
  }

  private func wrongKey(
    _ variant: AttackVariant, _ log: ClonedLog, _ ownVerifier: OwnVerifier?,
    _ untouched: VerifierAnswer?
  ) async -> AttackOutcome {
    guard let ownVerifier else {
      let reason =
        untouched == nil
        ? "the model names no verifier" : "the verifier does not accept the untouched clone"
      return AttackOutcome(variant, .couldNotRun, reason: reason)
    }
    if let obstacle = ownVerifier.wrongKeyObstacle {
      return AttackOutcome(variant, .couldNotRun, reason: obstacle)
    }
    let (answer, _) = await judge(
      log, AttackChange(), ownVerifier, key: .wrong, isVerified: false)
    switch answer.verifier {
    case .rejected?, .accepted?:
      var outcome = AttackOutcome(variant, verifier: answer.verifier ?? .absent, probe: .unnoticed)
      outcome.probe = nil
      return outcome
    case .failed(let why)?: return AttackOutcome(variant, .couldNotRun, reason: why)
    case .absent?, nil:
      return AttackOutcome(variant, .couldNotRun, reason: answer.failure?.description)
    }
  }
}
