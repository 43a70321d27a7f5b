import AssessmentModel

/// Who noticed an attack (篡改试验结果).
enum AttackResult: String, Sendable, Hashable, CaseIterable {
  case notNoticed = "not-noticed"
  case noticedByProbeOnly = "noticed-by-probe-only"
  case noticedByOwnVerifier = "noticed-by-own-verifier"
  case couldNotRun = "could-not-run"
  case notApplicable = "not-applicable"

  /// The worst of several: what nobody noticed counts most, what did not run least.
  static func worst(_ results: [AttackResult]) -> AttackResult {
    allCases.first { results.contains($0) } ?? .couldNotRun
  }
}

/// What the log's own verifier said about a clone.
enum VerifierAnswer: Sendable, Hashable {
  /// There is none, or it does not accept the untouched clone, so that its answers say nothing.
  case absent
  case accepted
  case rejected(code: Int)
  /// It gave no answer: why.
  case failed(String)

  var name: String {
    switch self {
    case .absent: "none"
    case .accepted: "accepted"
    case .rejected: "rejected"
    case .failed: "failed"
    }
  }
}

/// What this probe's verification said about a clone.
enum ProbeAnswer: Sendable, Hashable {
  case noticed
  case unnoticed
  /// It cannot tell: why.
  case unusable(String)

  var name: String {
    switch self {
    case .noticed: "noticed"
    case .unnoticed: "unnoticed"
    case .unusable: "unusable"
    }
  }
}

/// One variant of an attack after it was tried, or not.
struct AttackOutcome: Sendable {
  var attack: Attack
  var name: String
  var records: [Int]
  var field: String?
  var result: AttackResult
  var verifier = VerifierAnswer.absent
  var probe: ProbeAnswer?
  var reason: String?

  init(
    _ variant: AttackVariant, _ result: AttackResult, reason: String? = nil
  ) {
    attack = variant.attack
    name = variant.name
    records = variant.records
    field = variant.field
    self.result = result
    self.reason = reason
  }

  /// Puts both answers together.
  init(_ variant: AttackVariant, verifier: VerifierAnswer, probe: ProbeAnswer) {
    self.init(variant, .couldNotRun)
    self.verifier = verifier
    self.probe = probe
    switch (verifier, probe) {
    case (.rejected, _): result = .noticedByOwnVerifier
    case (_, .noticed): result = .noticedByProbeOnly
    case (.failed(let why), _): reason = "the verifier gave no answer: \(why)"
    case (_, .unusable(let why)): reason = why
    case (.absent, .unnoticed), (.accepted, .unnoticed): result = .notNoticed
    }
  }

  var fact: FactValue {
    var fields: [String: FactValue] = [
      "variant": .text(name), "result": .text(result.rawValue),
    ]
    if !records.isEmpty { fields["records"] = .list(records.map { .integer($0) }) }
    fields["field"] = field.map { .text($0) }
    fields["reason"] = reason.map { .text($0) }
    if let probe {
      fields["probe"] = .text(probe.name)
      fields["own-verifier"] = .text(verifier.name)
    } else if verifier != .absent {
      fields["own-verifier"] = .text(verifier.name)
    }
    if case .rejected(let code) = verifier { fields["exit-code"] = .integer(code) }
    return .record(fields)
  }
}
