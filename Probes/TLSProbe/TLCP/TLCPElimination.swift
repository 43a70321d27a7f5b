/// Finds the suites accepted out of a group: asks for all, takes out what the server chose, asks again,
/// until it refuses (逐一排除).
struct TLCPElimination: Sendable {
  /// What was learnt of one group.
  struct Outcome: Sendable {
    var accepted: [CipherSuite] = []
    /// Suites about which nothing can be said.
    var undetermined: [CipherSuite] = []
    var answers: [Answer] = []
  }

  var caller: TLCPCaller
  /// Names the evidence.
  var name: String

  func run(_ group: [CipherSuite]) async -> Outcome {
    var outcome = Outcome()
    await eliminate(group, maySplit: true, &outcome)
    return outcome
  }

  /// A hello dropped without a word twice is asked in halves, since one code may have upset the server;
  /// a half dropped again counts as refused, the cause unknown, while the server still accepts what it
  /// accepted before. Silence twice is no refusal.
  private func eliminate(
    _ group: [CipherSuite], maySplit: Bool, _ outcome: inout Outcome
  ) async {
    var left = group
    var repeats = 1
    while !left.isEmpty {
      guard caller.dialer.isTimeLeft else {
        outcome.undetermined += left
        return
      }
      let answer = await caller.ask(left, name: name)
      outcome.answers.append(answer)
      switch answer.outcome {
      case .accepted:
        guard let suite = answer.flight.hello?.suite, left.contains(suite) else { return }
        outcome.accepted.append(suite)
        left.removeAll { $0 == suite }
        repeats = 1
      case .declined: return
      case .dropped where repeats > 0, .unknown where repeats > 0 && answer.isWorthRepeating:
        repeats -= 1
      case .dropped:
        guard maySplit, left.count > 1 else {
          if await !caller.dialer.stillAnswers() { outcome.undetermined += left }
          return
        }
        let middle = left.count / 2
        await eliminate(Array(left[..<middle]), maySplit: false, &outcome)
        await eliminate(Array(left[middle...]), maySplit: false, &outcome)
        return
      case .unknown:
        outcome.undetermined += left
        return
      }
    }
  }
}
