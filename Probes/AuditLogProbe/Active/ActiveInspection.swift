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
      let attacks = AttackFacts(
        results: await TamperMatrix(model: model, now: now, deadline: deadline).run())
      results.facts.merge(attacks.facts) { $1 }
      results.evidence.append(("attacks.json", .record(attacks.facts)))
      if let blindness = attacks.blindness { results.pitfalls.append(blindness) }
      results.done.formUnion(["active", "verifier"])
    }
    return results
  }
}
