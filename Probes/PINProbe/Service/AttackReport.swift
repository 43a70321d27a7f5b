import AssessmentModel

/// What one check of the suite gave, with the steps behind it.
struct AttackReport: Sendable, Hashable {
  enum Result: String, Sendable, Hashable {
    case secure, insecure, inconclusive
    case notRun = "not-run"
  }
  /// Why there is no result.
  enum Cause: String, Sendable, Hashable {
    /// The service as described offers nothing to try it on.
    case notApplicable = "not-applicable"
    case couldNotRun = "could-not-run"
  }
  /// One thing tried: what, what a secure service does, what this one did. Masked.
  struct Step: Sendable, Hashable {
    var step: String
    var expected: String
    var observed: String
  }

  static let stepLimit = 64

  var attack: Attack
  var result: Result
  /// The first is the one the result is named by.
  var findings: [AttackFinding] = []
  var observation: AttackObservation?
  var cause: Cause?
  /// Where the circumstances make a finding graver or lighter than it usually is.
  var severity: String?
  /// One line: why it is inconclusive or was not run, or how it was measured.
  var note: String?
  var steps: [Step] = []

  /// The machine contract's form: `{result, finding?}`, with `observation` where there is one.
  var fact: FactValue {
    var fields: [String: FactValue] = ["result": .text(result.rawValue)]
    fields["finding"] = findings.first.map { .text($0.rawValue) }
    fields["observation"] = observation.map { .text($0.rawValue) }
    return .record(fields)
  }

  var details: FactValue {
    var fields: [String: FactValue] = [
      "result": .text(result.rawValue),
      "clause": .text(attack.clause),
      "steps": .list(
        steps.map {
          [
            "step": .text($0.step), "expected": .text($0.expected),
            "observed": .text($0.observed),
          ]
        }),
    ]
    if let first = findings.first {
      fields["findings"] = .list(findings.map { .text($0.rawValue) })
      fields["severity"] = .text(severity ?? first.severity)
    }
    fields["cause"] = cause.map { .text($0.rawValue) }
    fields["note"] = note.map { .text($0) }
    return .record(fields)
  }
}
