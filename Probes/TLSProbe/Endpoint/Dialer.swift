import Connections
import Synchronization

/// Makes the connections of one inspection: never more at once than allowed, fewer and slower when the
/// server begins to refuse, and an end to it when the server no longer answers.
final class Dialer: Sendable {
  /// No inspection makes more connections than this.
  static let mostConnections = 600
  /// Hellos left unanswered, each after a repeat, that end an inspection's questions.
  private static let mostTimeouts = 3
  /// Refused connections, each after a pause, that end an inspection's questions.
  private static let mostRefusals = 6

  private struct State {
    var limit: Int
    var active = 0
    var waiting: [(urgency: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var pause = Duration.milliseconds(100)
    var connections = 0
    var timeouts = 0
    var refusals = 0
  }

  private let endpoint: Endpoint
  /// The longest wait for one attempt.
  private let patience: Duration
  private let deadline: ContinuousClock.Instant
  /// Protects what the tasks of an inspection share.
  private let state: Mutex<State>

  /// - Parameter limit: connections open at once, at least one.
  init(
    endpoint: Endpoint, limit: Int, patience: Duration, deadline: ContinuousClock.Instant
  ) {
    self.endpoint = endpoint
    self.patience = patience
    self.deadline = deadline
    state = Mutex(State(limit: max(1, limit)))
  }

  /// Why nothing more is asked; `nil` while asking goes on.
  var surrender: String? {
    if Task.isCancelled { return "cancelled" }
    guard deadline > .now else { return "the deadline passed" }
    return state.withLock { state in
      if state.timeouts >= Self.mostTimeouts { return "the server stopped answering" }
      if state.refusals >= Self.mostRefusals { return "the server refuses connections" }
      if state.connections >= Self.mostConnections {
        return "\(Self.mostConnections) connections were not enough"
      }
      return nil
    }
  }

  /// One connection, without repeats; `nil` when none is made any more.
  ///
  /// - Parameter urgency: who goes first when connections are scarce, the highest.
  func askOnce(
    _ make: @Sendable () -> Exchange, urgency: Int = 10, patience: Duration? = nil
  ) async -> Answer? {
    guard surrender == nil else { return nil }
    await enter(urgency)
    defer { leave() }
    return await dial(make, patience)
  }

  /// A connection of another kind, made by `body` in a place of its own; `nil` when none is made any more.
  ///
  /// - Parameter body: gets the endpoint and the time by which it must be over.
  func visit<Value: Sendable>(
    urgency: Int, _ body: (Endpoint, ContinuousClock.Instant) async -> Value
  ) async -> Value? {
    guard surrender == nil else { return nil }
    await enter(urgency)
    defer { leave() }
    guard surrender == nil else { return nil }
    state.withLock { $0.connections += 1 }
    return await body(endpoint, min(deadline, .now + patience))
  }

  /// One connection in a place that was given.
  private func dial(
    _ make: @Sendable () -> Exchange, _ shorter: Duration? = nil
  ) async -> Answer? {
    guard surrender == nil else { return nil }
    state.withLock { $0.connections += 1 }
    let time = min(patience, shorter ?? patience)
    return await make().run(at: endpoint, until: min(deadline, .now + time))
  }

  /// Asks until the answer says something: silence and broken answers once more, refused and reset
  /// connections after growing pauses on fewer lanes.
  func ask(_ make: @Sendable () -> Exchange, urgency: Int) async -> [Answer] {
    var answers: [Answer] = []
    var pauses = 0
    while surrender == nil {
      await enter(urgency)
      // Repeats keep the place, so that a server that fell silent is soon known.
      let attempts = await dialTwice(make)
      leave()
      answers += attempts
      guard let last = attempts.last, mayPause(after: last, pauses),
        (try? await Task.sleep(for: slowDown())) != nil
      else { break }
      pauses += 1
    }
    return answers
  }

  /// One connection, and another when it brings silence or a broken answer.
  private func dialTwice(_ make: @Sendable () -> Exchange) async -> [Answer] {
    guard let first = await dial(make) else { return [] }
    guard isWorthRepeating(first) else { return [first] }
    guard let second = await dial(make) else { return [first] }
    if isWorthRepeating(second) { state.withLock { $0.timeouts += 1 } }
    return [first, second]
  }

  private func isWorthRepeating(_ answer: Answer) -> Bool {
    switch answer.end {
    case .timeout, .closed, .reset: answer.outcome == .unknown
    case .read, .malformed, .notTLS, .endless, .refused, .unreachable, .cancelled: false
    }
  }

  /// Whether the server may only want to be left alone for a while.
  private func mayPause(after answer: Answer, _ pauses: Int) -> Bool {
    if answer.end == .refused {
      if pauses == 2 { state.withLock { $0.refusals += 1 } }
      return pauses < 2
    }
    // A reset may be this server's way to say no, so it is doubted once only.
    return answer.end == .reset && answer.outcome == .dropped && pauses == 0
  }

  /// Halves the lanes and gives the pause to make, twice as long each time.
  private func slowDown() -> Duration {
    state.withLock { state in
      defer { state.pause = min(state.pause * 2, .seconds(2)) }
      state.limit = max(1, state.limit / 2)
      return state.pause
    }
  }

  private func enter(_ urgency: Int) async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.active >= state.limit else {
          state.active += 1
          return true
        }
        let place =
          state.waiting.firstIndex { $0.urgency < urgency } ?? state.waiting.endIndex
        state.waiting.insert((urgency, continuation), at: place)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.active -= 1
      guard state.active < state.limit, !state.waiting.isEmpty else { return nil }
      state.active += 1
      return state.waiting.removeFirst().continuation
    }
    next?.resume()
  }
}
