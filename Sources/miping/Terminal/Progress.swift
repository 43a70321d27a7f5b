import Assessment
import AssessmentModel
import Synchronization

/// One live line on standard error; a plain line every ten seconds where it is no terminal.
final class Progress: Sendable {
  private struct State {
    var lastLine: ContinuousClock.Instant?
    var isOpen = false
  }

  /// Protects when the last line was drawn; events come from the run's task only, the end from another.
  private let state = Mutex(State())
  private let isQuiet: Bool
  private let language: Language

  init(isQuiet: Bool, language: Language) {
    self.isQuiet = isQuiet
    self.language = language
  }

  func report(_ event: AssessmentEvent) {
    guard !isQuiet else { return }
    switch event {
    case .planned(let inspections, let finished, let asks):
      let earlier =
        finished > 0
        ? language.pick(zh: "，其中 \(finished) 项已在先前完成", en: ", \(finished) of them done before") : ""
      Terminal.note(
        language.pick(
          zh: "计划：\(inspections) 项检测\(earlier)，\(asks) 个人工核查问题",
          en: "plan: \(inspections) inspections\(earlier), \(asks) questions for people"))
    case .inspected(let done, let total, let object, let probe, let reason):
      draw(done, total, object, probe, reason)
    case .judged(let findings):
      close()
      Terminal.note(language.pick(zh: "已判定 \(findings) 项", en: "judged: \(findings) findings"))
    }
  }

  private func draw(
    _ done: Int, _ total: Int, _ object: String, _ probe: String, _ reason: Unavailability?
  ) {
    let outcome = reason.map { " (\($0.reason.rawValue))" } ?? ""
    let text = ActiveScalar.inert("\(done)/\(total)  \(probe)  \(object)\(outcome)", limit: 120)
    state.withLock { state in
      if Terminal.notesAreOnTerminal {
        Terminal.noteRaw("\r\u{1B}[2K\(text)")
        state.isOpen = true
        return
      }
      let now = ContinuousClock.now
      if let last = state.lastLine, now - last < .seconds(10), done < total { return }
      state.lastLine = now
      Terminal.note(text)
    }
  }

  func close() {
    state.withLock { state in
      if state.isOpen { Terminal.noteRaw("\n") }
      state.isOpen = false
    }
  }
}
