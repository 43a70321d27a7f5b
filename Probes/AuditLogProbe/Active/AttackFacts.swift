import AssessmentModel

/// States the results of the tamper matrix as facts.
struct AttackFacts {
  let results: TamperMatrix.Results

  var facts: [String: FactValue] {
    var facts: [String: FactValue] = [
      "audit.attacks": .record(attacks), "audit.verifier": verifier,
    ]
    let noticed = ids { $0 == .noticedByOwnVerifier || $0 == .noticedByProbeOnly }
    let missed = ids { $0 == .notNoticed }
    // Where no attack could be carried out, empty lists would look like a result.
    if noticed != .list([]) || missed != .list([]) {
      facts["audit.attacks-noticed"] = noticed
      facts["audit.attacks-noticed-by-own-verifier"] = ids { $0 == .noticedByOwnVerifier }
      facts["audit.attacks-not-noticed"] = missed
    }
    return facts
  }

  /// What the verifier did not see and this probe did, or could not have missed.
  var blindness: FactValue? {
    guard results.untouched == .accepted else { return nil }
    var attacks: [String] = []
    for outcome in results.outcomes where outcome.attack != .untouched {
      let isSeen = outcome.probe == .noticed || outcome.attack == .wrongKey
      if outcome.verifier == .accepted, isSeen, attacks.last != outcome.attack.id {
        attacks.append(outcome.attack.id)
      }
    }
    if results.emptyLog == .accepted { attacks.append("empty-log") }
    if results.missingKey == .accepted { attacks.append("missing-key") }
    guard !attacks.isEmpty else { return nil }
    return ["name": "verifier-blind", "attacks": .list(attacks.map { .text($0) })]
  }

  private func outcomes(_ attack: Attack) -> [AttackOutcome] {
    results.outcomes.filter { $0.attack == attack }
  }

  private func result(_ attack: Attack) -> AttackResult {
    .worst(outcomes(attack).map(\.result))
  }

  private var attacks: [String: FactValue] {
    Dictionary(
      uniqueKeysWithValues: Attack.allCases.map { attack in
        let fields: [String: FactValue] = [
          "result": .text(result(attack).rawValue),
          "variants": .list(outcomes(attack).map(\.fact)),
        ]
        return (attack.id, .record(fields))
      })
  }

  /// The attacks, without the untouched clone, of a certain result.
  private func ids(_ isWanted: (AttackResult) -> Bool) -> FactValue {
    .list(
      Attack.allCases.filter { $0 != .untouched && isWanted(result($0)) }.map { .text($0.id) })
  }

  private var verifier: FactValue {
    var fields: [String: FactValue] = [:]
    switch results.untouched {
    case nil, .absent?: fields["state"] = "none"
    case .accepted?: fields["state"] = "usable"
    case .rejected(let code)?:
      fields["state"] = "unusable"
      fields["reason"] = .text("exit code \(code) for the untouched clone")
    case .failed(let why)?:
      fields["state"] = "unusable"
      fields["reason"] = .text(why)
    }
    fields["empty-log"] = results.emptyLog.map { .text($0.name) }
    fields["missing-key"] = results.missingKey.map { .text($0.name) }
    if !results.left.isEmpty {
      fields["left-running"] = .list(results.left.map { .integer($0) })
    }
    if results.isExcerpt { fields["excerpt"] = true }
    return .record(fields)
  }
}
