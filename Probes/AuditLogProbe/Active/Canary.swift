import AssessmentModel
import Bytes
import Glibc

/// Causes harmless, authorised events and looks for them in the log (审计探针事件).
struct Canary {
  let model: LogModel
  let rule: CanaryRule
  let deadline: ContinuousClock.Instant
  /// The local clock, which records are compared with.
  var clock: @Sendable () -> Instant = Canary.systemClock
  /// Pauses between two looks, in milliseconds: doubled each time from the first to the last.
  var pauses: ClosedRange<Int> = 500...8000

  /// One action after it was done, or not.
  struct Outcome: Sendable, Hashable {
    enum State: String, Sendable, Hashable {
      case found
      case notFound = "not-found"
      case actionFailed = "action-failed"
      case couldNotRun = "could-not-run"
    }
    var action: String
    var token: String
    var state: State
    var record: Int?
    var latencyMilliseconds: Int?
    /// What is wrong with the record.
    var findings: [String] = []
    var reason: String?

    var fact: FactValue {
      var fields: [String: FactValue] = [
        "action": .text(action), "token": .text(token), "state": .text(state.rawValue),
        "findings": .list(findings.map { .text($0) }),
      ]
      fields["record"] = record.map { .integer($0) }
      fields["latency-ms"] = latencyMilliseconds.map { .integer($0) }
      fields["reason"] = reason.map { .text($0) }
      return .record(fields)
    }
  }

  func run() async -> [Outcome] {
    var outcomes: [Outcome] = []
    for action in rule.actions { outcomes.append(await outcome(of: action)) }
    guard outcomes.contains(where: { $0.record != nil }) else { return outcomes }
    return await verified(outcomes)
  }

  private func outcome(of action: CanaryRule.Action) async -> Outcome {
    var generator = SystemRandomNumberGenerator()
    let digits = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let token = rule.prefix + hexadecimal(digits)
    var outcome = Outcome(action: action.name, token: token, state: .couldNotRun)
    if case .digestFolder = model.source {
      outcome.reason = "a folder of digests is not searched"
      return outcome
    }
    let left = deadline - ContinuousClock.now
    guard left > .zero else {
      outcome.reason = "the time was over"
      return outcome
    }
    do throws(FileFailure) {
      let folder = try CloneFolder()
      let arguments = action.command.enumerated().map { index, text in
        index == 0 ? text : Self.filled(text, token)
      }
      let began = ContinuousClock.now
      let before = clock()
      let done = await CommandRun(
        arguments: arguments, folder: folder.path, user: nil, timeout: min(rule.timeout, left),
        outputLimit: 1 << 20)()
      if !done.left.isEmpty {
        let numbers = done.left.map { "\($0)" }.joined(separator: ", ")
        outcome.reason = "it may have left processes running: \(numbers)"
      }
      guard case .exit(let code) = done.end, action.okExit.contains(code) else {
        outcome.state = .actionFailed
        outcome.reason = Self.reason(done.end)
        return outcome
      }
      let after = clock()
      guard let found = try await search(token, from: began) else {
        outcome.state = .notFound
        outcome.findings = ["event-not-logged"]
        return outcome
      }
      outcome.state = .found
      outcome.record = found.record.position
      outcome.latencyMilliseconds = Self.milliseconds(ContinuousClock.now - began)
      outcome.findings = findings(found, action, token, before, after)
    } catch {
      outcome.reason = error.description
    }
    return outcome
  }

  private static func filled(_ text: String, _ token: String) -> String {
    text.split(separator: "{token}", omittingEmptySubsequences: false).joined(separator: token)
  }

  private static func reason(_ end: CommandRun.End) -> String {
    switch end {
    case .exit(let code): "exit code \(code)"
    case .signal(let number): "ended by signal \(number)"
    case .timeout: "not done in time"
    case .tooMuchOutput: "too much output"
    case .cancelled: "cancelled"
    case .notStarted(let why): "not started: \(why)"
    }
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    Int(duration.components.seconds) * 1000
      + Int(duration.components.attoseconds / 1_000_000_000_000_000)
  }

  static func systemClock() -> Instant {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Instant(seconds: now.tv_sec, nanoseconds: now.tv_nsec)
  }

  private struct Found {
    var reader: LogScan
    var record: LogScan.Record
  }

  /// Looks again and again, until the record is there or the time is over.
  private func search(
    _ token: String, from began: ContinuousClock.Instant
  ) async throws(FileFailure) -> Found? {
    let end = min(began + rule.wait, deadline)
    var pause = pauses.lowerBound
    let wanted = Array(token.utf8)
    while true {
      if let found = try look(for: wanted) { return found }
      let now = ContinuousClock.now
      guard now < end, !Task.isCancelled else { return nil }
      let rest = min(Duration.milliseconds(pause), end - now)
      try? await Task.sleep(for: rest)
      pause = min(pause * 2, pauses.upperBound)
    }
  }

  private func look(for token: [UInt8]) throws(FileFailure) -> Found? {
    var scan = try LogScan(model)
    let reader = scan
    var found: Found?
    try scan.visit { record throws(FileFailure) in
      if record.position % 4096 == 0, Task.isCancelled || ContinuousClock.now >= deadline {
        return false
      }
      guard Self.holds(record.raw, token) else { return true }
      found = Found(reader: reader, record: record)
      return false
    }
    return found
  }

  private static func holds(_ bytes: ArraySlice<UInt8>, _ token: [UInt8]) -> Bool {
    guard let first = token.first else { return true }
    return bytes.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return false }
      var at = 0
      while text.count - at >= token.count {
        guard let found = memchr(base + at, Int32(first), text.count - at - token.count + 1) else {
          return false
        }
        if memcmp(found, token, token.count) == 0 { return true }
        at = UnsafeRawPointer(found) - base + 1
      }
      return false
    }
  }

  private func findings(
    _ found: Found, _ action: CanaryRule.Action, _ token: String, _ before: Instant,
    _ after: Instant
  ) -> [String] {
    guard let fields = found.record.fields else { return ["not-understood"] }
    func value(_ name: String?) -> FieldValue? {
      name.flatMap { found.reader.value($0, in: fields) }
    }
    var findings: [String] = []
    let mapped: [(CanaryField, String?)] = [
      (.type, model.map.type), (.subject, model.map.subject), (.object, model.map.object),
      (.result, model.map.result),
    ]
    for (field, name) in mapped {
      guard let value = value(name), !value.bytes.isEmpty else {
        findings.append("\(field.rawValue)-missing")
        continue
      }
      if let wanted = action.expected[field], value.text != Self.filled(wanted, token) {
        findings.append("\(field.rawValue)-differs")
      }
    }
    switch value(model.map.time).flatMap({ model.clock.instant(of: $0)?.moment }) {
    case nil: findings.append("time-missing")
    case let time?:
      let tolerance = rule.toleranceMilliseconds
      if after.later(byMilliseconds: tolerance) < time
        || time.later(byMilliseconds: tolerance + 1000) < before
      {
        findings.append("time-differs")
      }
    }
    if model.protection.kind.hasValues, value(model.protection.valueField)?.bytes.isEmpty ?? true {
      findings.append("value-missing")
    }
    return findings
  }

  /// Verifies the log once more, with the new records in it.
  private func verified(_ outcomes: [Outcome]) async -> [Outcome] {
    let deadline = deadline
    let isTimeUp: @Sendable () -> Bool = { Task.isCancelled || ContinuousClock.now >= deadline }
    guard
      var verification = try? LogVerification(model, now: clock(), isTimeUp: isTimeUp)
    else { return outcomes }
    let findings = await verification.run()
    return outcomes.map { outcome in
      var outcome = outcome
      guard let record = outcome.record else { return outcome }
      if findings.valueFailures.kept.contains(record), !outcome.findings.contains("value-missing") {
        outcome.findings.append("value-wrong")
      }
      if findings.linkFailures.kept.contains(record) { outcome.findings.append("link-wrong") }
      if model.checkpoint != nil, findings.covered <= record {
        outcome.findings.append("not-yet-covered-by-checkpoint")
      }
      return outcome
    }
  }
}
