import AssessmentModel

/// Everything that goes beyond verification of the log as it is (主动核查), as far as the model asks for it.
struct ActiveInspection {
  let model: LogModel
  let now: Instant
  let deadline: ContinuousClock.Instant

  struct Results: Sendable {
    var facts: [String: FactValue] = [:]
    var pitfalls: [FactValue] = []
    var evidence: [(String, FactValue)] = []
    /// Parts of the model that were carried out.
    var done: Set<String> = []

    /// The facts of the verification with these: pitfalls are added, all others replace what was there.
    func added(to verification: [String: FactValue]) -> [String: FactValue] {
      var merged = verification.merging(facts) { $1 }
      if !pitfalls.isEmpty {
        merged["audit.pitfalls"] = .list((verification["audit.pitfalls"]?.list ?? []) + pitfalls)
      }
      let notRun = verification["audit.not-run"]?.list ?? []
      merged["audit.not-run"] = .list(notRun.filter { !done.contains($0.text ?? "") })
      return merged
    }
  }

  func run() async -> Results {
    var results = Results()
    if model.activity.mode == .clone {
      CloneFolder.removeLeftovers(
        givenTo: Account(named: model.activity.verifier?.user ?? "nobody"))
      let attacks = AttackFacts(
        results: await TamperMatrix(model: model, now: now, deadline: deadline).run())
      results.facts.merge(attacks.facts) { $1 }
      results.evidence.append(("attacks.json", .record(attacks.facts)))
      if let blindness = attacks.blindness { results.pitfalls.append(blindness) }
      results.done.formUnion(["active", "verifier"])
      if let rule = model.activity.canary {
        let outcomes = await Canary(model: model, rule: rule, deadline: deadline).run()
        results.facts["audit.canary"] = .list(outcomes.map(\.fact))
        results.done.insert("canary")
      }
    }
    if let rule = model.activity.coverage { cover(rule, &results) }
    return results
  }

  /// Reads who and what the log covers; what cannot be read is stated, and leaves `coverage` among what was not run.
  private func cover(_ rule: CoverageRule, _ results: inout Results) {
    let deadline = deadline
    let isTimeUp: @Sendable () -> Bool = { Task.isCancelled || ContinuousClock.now >= deadline }
    do throws(FileFailure) {
      let tally = try CoverageTally(model, isTimeUp: isTimeUp)
      var problems: [FileFailure] = []
      var accounts: [String] = []
      if let path = rule.users.passwdPath {
        do throws(FileFailure) { accounts = try LoginAccounts.read(path) } catch {
          problems.append(error)
        }
      }
      var settings: AuditSettings?
      if let audit = rule.audit {
        do throws(FileFailure) {
          switch audit {
          case .file(let path): settings = try AuditSettings.read(path)
          case .server(let address): settings = try AuditSettings.read(from: address)
          }
        } catch {
          problems.append(error)
        }
      }
      let facts = CoverageFacts(
        rule: rule, tally: tally, settings: settings, problems: problems, now: now,
        accounts: accounts)
      results.facts.merge(facts.facts) { $1 }
      if problems.isEmpty { results.done.insert("coverage") }
    } catch {
      results.facts["audit.coverage"] = ["not-read": [.text(error.description)]]
    }
  }
}
