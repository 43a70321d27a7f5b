import Connections
import Synchronization

/// Makes the connections of one inspection: never more at once than allowed, fewer and slower when the
/// server begins to refuse, and an end to it when the server no longer answers.
final class Dialer: Sendable {
  /// No inspection makes more connections than this.
  static let mostConnections = 600
  /// Hellos left unanswered, each after a repeat, that end an inspection's questions.
  private static let mostTimeouts = 3
  /// Pauses in a row, each longer, after which the server still refused or dropped, that end an
  /// inspection's questions.
  private static let mostRefusals = 6
  /// The most pauses made for one question.
  private static let mostPauses = 4
  /// The longest wait for one attempt; less when the deadline is near.
  private static let longestPatience = Duration.seconds(8)
  /// How often a fickle server is asked before its drop counts.
  static let roundsOfDoubt = 3

  private struct State {
    var limit: Int
    var active = 0
    var waiting: [(urgency: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var pause = Duration.milliseconds(100)
    /// No question is asked before: a pause the server seems to want.
    var heldUntil: ContinuousClock.Instant?
    var connections = 0
    var timeouts = 0
    var refusals = 0
    /// The first hello that was accepted.
    var control: ClientHello?
    var isFickle = false
  }

  /// Connections open at once, as long as the server bears them.
  let lanes: Int
  let deadline: ContinuousClock.Instant
  private let endpoint: Endpoint
  /// The longest wait for one attempt.
  private let patience: Duration
  /// Protects what the tasks of an inspection share.
  private let state: Mutex<State>

  /// - Parameter lanes: connections open at once, at least one.
  init(endpoint: Endpoint, lanes: Int, deadline: ContinuousClock.Instant) {
    self.endpoint = endpoint
    self.lanes = max(1, lanes)
    self.deadline = deadline
    let left = ContinuousClock.now.duration(to: deadline)
    patience = min(Self.longestPatience, max(left / 5, .milliseconds(50)))
    state = Mutex(State(limit: self.lanes))
  }

  var isTimeLeft: Bool { deadline > .now && !Task.isCancelled }

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

  /// Whether the server was seen to drop hellos that it accepts at other times (时通时断), as one that
  /// limits connections does.
  var isFickle: Bool { state.withLock { $0.isFickle } }

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
    return await visitNow(body)
  }

  /// As `visit`, but also when nothing more is asked: then as a last attempt, whose end says why nothing
  /// came.
  func visitInAnyCase<Value: Sendable>(
    urgency: Int, _ body: (Endpoint, ContinuousClock.Instant) async -> Value
  ) async -> Value {
    await enter(urgency)
    defer { leave() }
    return await visitNow(body)
  }

  /// One connection of another kind in a place that was given.
  private func visitNow<Value: Sendable>(
    _ body: (Endpoint, ContinuousClock.Instant) async -> Value
  ) async -> Value {
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
    let answer = await make().run(at: endpoint, until: min(deadline, .now + time))
    state.withLock { state in
      if answer.flight.acceptedVersion != nil { state.control = state.control ?? answer.hello }
      if answer.receivedAnything { state.refusals = 0 }
    }
    return answer
  }

  /// Asks until the answer says something: silence and broken answers once more, refused and dropped
  /// connections after growing pauses on fewer lanes.
  ///
  /// A hello dropped without a byte counts as refused when it is so twice and a hello accepted before
  /// still is. Otherwise the answer, the last one, is marked as doubted.
  func ask(_ make: @Sendable () -> Exchange, urgency: Int) async -> [Answer] {
    var answers: [Answer] = []
    var pauses = 0
    while surrender == nil, await waitUntilWelcome() {
      await enter(urgency)
      guard !isHeld else {
        leave()
        continue
      }
      // Repeats keep the place, so that a server that fell silent is soon known.
      var attempts = await dialTwice(make)
      await doubt(&attempts, make)
      leave()
      answers += attempts
      guard let last = attempts.last, isPauseWanted(after: last, pauses) else { break }
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

  /// Asks once more after a drop, and when that is dropped too, whether the server still accepts what
  /// it accepted before; nothing when it has accepted nothing yet. Of a fickle server both are asked in
  /// three rounds, the question oftener: a server may drop every second connection.
  private func doubt(_ attempts: inout [Answer], _ make: @Sendable () -> Exchange) async {
    guard attempts.last?.outcome == .dropped, let control = state.withLock({ $0.control }) else {
      return
    }
    for round in 0..<(isFickle ? Self.roundsOfDoubt : 1) {
      for _ in 0..<(round == 0 ? 1 : 2) {
        guard let again = await dial(make) else { break }
        attempts.append(again)
        guard again.outcome == .dropped else {
          state.withLock { $0.isFickle = true }
          return
        }
      }
      let check = await dial { Exchange(name: "control", hello: control) }
      if let check { attempts.insert(check, at: attempts.count - 1) }
      guard check?.flight.acceptedVersion == nil else { continue }
      if check != nil { state.withLock { $0.isFickle = true } }
      attempts[attempts.count - 1].isDoubted = true
      return
    }
  }

  /// Whether a hello that was accepted before still is; true when none was.
  func stillAnswers() async -> Bool {
    guard let control = state.withLock({ $0.control }) else { return true }
    let check = await askOnce { Exchange(name: "control", hello: control) }
    guard check?.flight.acceptedVersion == nil else { return true }
    state.withLock { $0.isFickle = true }
    return false
  }

  private func isWorthRepeating(_ answer: Answer) -> Bool {
    switch answer.end {
    case .timeout, .closed, .reset: answer.outcome == .unknown
    case .read, .malformed, .notTLS, .endless, .refused, .unreachable, .cancelled: false
    }
  }

  /// Whether the server may only want to be left alone for a while, which everybody then does.
  private func isPauseWanted(after answer: Answer, _ pauses: Int) -> Bool {
    // While nothing was accepted, a reset may be this server's way to say no: it is doubted once only.
    let isFirstReset =
      answer.end == .reset && answer.outcome == .dropped && pauses == 0
      && state.withLock { $0.control == nil }
    guard answer.end == .refused || answer.isDoubted || isFirstReset else { return false }
    holdBack()
    return pauses < Self.mostPauses
  }

  /// Halves the lanes and begins a pause, twice as long each time, unless one is on.
  private func holdBack() {
    state.withLock { state in
      if let end = state.heldUntil, end > .now { return }
      state.refusals += 1
      state.limit = max(1, state.limit / 2)
      state.heldUntil = .now + state.pause
      state.pause = min(state.pause * 2, .seconds(2))
    }
  }

  private var isHeld: Bool { state.withLock { $0.heldUntil.map { $0 > .now } ?? false } }

  /// Waits while a pause is on; false when it outlasts the deadline.
  private func waitUntilWelcome() async -> Bool {
    while let end = state.withLock({ $0.heldUntil }), end > .now {
      guard end < deadline, (try? await Task.sleep(until: end)) != nil else { return false }
    }
    return true
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
