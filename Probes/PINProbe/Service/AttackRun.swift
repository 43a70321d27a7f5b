/// One check while it runs: makes its calls, keeps its steps, ends in a report.
final class AttackRun {
  /// Why a check goes no further; its report says what it came to.
  enum Stop: Error {
    case proven(AttackFinding)
    case crashed
    case ended(Ending)
    case inconclusive(String)
    case notApplicable(String)
    case couldNotRun(String)
  }

  let attack: Attack
  private let session: ServiceSession
  private let mask: Mask
  private(set) var steps: [AttackReport.Step] = []
  private(set) var findings: [AttackFinding] = []
  private var gaps: [String] = []
  private var silences = 0
  var observation: AttackObservation?
  var note: String?
  /// See `AttackReport.severity`.
  var severity: String?

  init(_ attack: Attack, session: ServiceSession, mask: Mask) {
    self.attack = attack
    self.session = session
    self.mask = mask
  }

  /// A step whose outcome is an answer; nil when there was none, which the steps say.
  ///
  /// Silence, garbage and answers to something else leave a gap and the check goes on; a second silence ends
  /// it, since every one costs the whole time limit.
  func call(
    _ step: String, expecting expected: String, _ call: ServiceCall
  ) async throws(Stop) -> ServiceAnswer? {
    try await timed(step, expecting: expected, call)?.answer
  }

  func timed(
    _ step: String, expecting expected: String, _ call: ServiceCall
  ) async throws(Stop) -> (answer: ServiceAnswer, time: Duration)? {
    guard let outcome = await session.perform(call) else {
      gaps.append("\(step): the description has no such command or lacks a value for it")
      return nil
    }
    return try judge(step, expected, outcome)
  }

  func send(
    _ request: MalformedRequest, expecting expected: String
  ) async throws(Stop) -> CallOutcome {
    let outcome = await session.send(malformed: request)
    record(request.name, expected, mask.words(outcome))
    if case .impossible(let ending) = outcome { throw .ended(ending) }
    return outcome
  }

  private func judge(
    _ step: String, _ expected: String, _ outcome: CallOutcome
  ) throws(Stop) -> (answer: ServiceAnswer, time: Duration)? {
    record(step, expected, mask.words(outcome))
    switch outcome {
    case .answered(let answer, let time): return (answer, time)
    case .silent:
      gaps.append("\(step): no answer in time")
      silences += 1
      if silences > 1 { throw .inconclusive("no answer in time, twice") }
      return nil
    case .garbage(let reason):
      gaps.append("\(step): garbage, \(reason)")
      return nil
    case .foreign(let reason):
      gaps.append("\(step): an answer to another request, \(reason)")
      return nil
    case .disconnected: throw .crashed
    case .impossible(let ending): throw .ended(ending)
    }
  }

  private func record(_ step: String, _ expected: String, _ observed: String) {
    guard steps.count < AttackReport.stepLimit else { return }
    // The same again is told once: samples would fill the report.
    let entry = AttackReport.Step(step: step, expected: expected, observed: observed)
    if !steps.contains(entry) { steps.append(entry) }
  }

  /// A step without a call.
  func step(_ step: String, expecting expected: String, observed: String) {
    record(step, expected, observed)
  }

  /// Notes a defect and goes on; the first names the result.
  func found(_ finding: AttackFinding) {
    if !findings.contains(finding) { findings.append(finding) }
  }

  /// Something that could not be tried or seen: the check cannot end as secure.
  func gap(_ reason: String) { gaps.append(reason) }

  func report(_ stop: Stop?) -> AttackReport {
    var report = AttackReport(attack: attack, result: .secure)
    report.steps = steps
    report.note = note
    report.severity = severity
    report.observation = observation
    switch stop {
    case .proven(let finding): found(finding)
    case .crashed: found(.serviceCrash)
    case .inconclusive(let reason): gaps.append(reason)
    case .notApplicable, .couldNotRun, .ended, nil: break
    }
    report.findings = findings
    if !findings.isEmpty {
      report.result = .insecure
      return report
    }
    switch stop {
    case .notApplicable(let reason):
      report.result = .notRun
      report.cause = .notApplicable
      report.note = reason
    case .couldNotRun(let reason):
      report.result = .notRun
      report.cause = .couldNotRun
      report.note = reason
    case .ended(let ending):
      // A step that was answered makes it an inspection cut short, not one that never began.
      report.result = steps.count > 1 ? .inconclusive : .notRun
      report.cause = .couldNotRun
      report.note = ending.words
    case .proven, .crashed, .inconclusive, nil:
      if let first = gaps.first {
        report.result = .inconclusive
        report.note = first
      }
    }
    return report
  }
}

/// Shows outcomes without what they hold: codes, never blocks, and no code that could be a secret.
struct Mask: Sendable, CustomReflectable {
  /// Texts that must not be shown: PINs, account numbers, keys.
  private let secrets: [String]

  init(_ model: ServiceModel) {
    var secrets: [String] = []
    for account in model.accounts {
      secrets.append(String(decoding: account.pan.digits, as: UTF8.self))
      if let pin = account.pin { secrets.append(String(decoding: pin.digits, as: UTF8.self)) }
    }
    self.secrets = secrets
  }

  var customMirror: Mirror { Mirror(self, children: []) }

  func words(_ outcome: CallOutcome) -> String {
    switch outcome {
    case .answered(let answer, _):
      "code \(code(answer.code))"
        + (answer.block.map { ", a block of \($0.count) bytes" } ?? ", no block")
    case .silent(let received):
      received == 0
        ? "no answer in time" : "no whole answer in time, \(received) bytes received"
    case .disconnected: "the connection was closed without an answer"
    case .garbage(let reason): "garbage: \(reason)"
    case .foreign(let reason): "an answer to another request: \(reason)"
    case .impossible(let ending): ending.words
    }
  }

  /// A code as sent when it is short and plain; a stand-in otherwise.
  func code(_ text: String) -> String {
    let isPlain =
      (1...8).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x2D || $0 == 0x5F
      }
    guard isPlain, !secrets.contains(where: { text.contains($0) }) else {
      return "(not shown, \(text.utf8.count) bytes)"
    }
    return text
  }
}
