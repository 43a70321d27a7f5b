/// Finds which of many codes a server accepts: all are offered, the one it selects is taken out, and so
/// on until it refuses what is left (排除法).
///
/// Only a selection counts as accepted, and only a refusal of the plain offer as not accepted; whatever
/// else happens leaves the rest of the codes open.
struct Elimination: Sendable {
  /// Codes hoped to be learnt on the side: while some are left, only they are offered, so that every
  /// answer shows another one. A refusal of so narrow an offer means nothing.
  struct Hopes: Sendable, Hashable {
    var suites: [CipherSuite] = []
    var groups: [NamedGroup] = []
    var schemes: [SignatureScheme] = []

    var isEmpty: Bool { suites.isEmpty && groups.isEmpty && schemes.isEmpty }
  }

  struct Result: Sendable {
    var answers: [Answer] = []
    var accepted: [UInt16] = []
    /// Why some codes stayed open; `nil` when all are settled.
    var trouble: String?
    /// Whether codes count as refused for a drop by a server not known as fickle by then.
    var restsOnDrop = false
  }

  /// Offers of so few codes are dropped for what they offer, not for their length.
  private static let harmless = 32

  var candidates: [UInt16]
  var hopes = Hopes()
  /// A code without which everything is refused, such as the curve of the only certificate: it is added,
  /// last, once the rest alone is refused. Its selection means that none of the rest can be had.
  var anchor: UInt16?
  /// Who goes first when connections are scarce, the highest.
  var urgency: Int
  var hello: @Sendable ([UInt16], Hopes) -> Exchange
  /// What an answer selects; `nil` when it does not show it.
  var selection: @Sendable (Answer) -> UInt16?

  func run(_ dialer: Dialer) async -> Result {
    var result = Result()
    var remaining = candidates
    var hopes = hopes
    var isAnchored = false
    while !remaining.isEmpty {
      let offer = isAnchored ? remaining + [anchor].compactMap { $0 } : remaining
      let exchange = hello
      let narrow = hopes
      let attempts = await dialer.ask({ exchange(offer, narrow) }, urgency: urgency)
      result.answers += attempts
      guard let answer = attempts.last else {
        result.trouble = dialer.surrender ?? "not asked"
        return result
      }
      switch answer.outcome {
      case .accepted(let version):
        guard version == answer.hello.version else {
          result.trouble = "\(version) is selected instead of \(answer.hello.version)"
          return result
        }
        guard let code = selection(answer) else {
          result.trouble = answer.trouble ?? "the answer does not show what was selected"
          return result
        }
        if isAnchored, code == anchor { return result }
        guard let place = remaining.firstIndex(of: code) else {
          result.trouble = "\(fourDigits(code)) is selected, which was not offered"
          return result
        }
        remaining.remove(at: place)
        result.accepted.append(code)
        hopes.remove(answer)
      case .declined where answer.flight.isRefusedByUs:
        result.trouble = "the server selects what was not offered"
        return result
      case .declined where answer.flight.alert?.code == Alert.protocolVersion: return result
      case .declined, .dropped:
        if !hopes.isEmpty {
          hopes = Hopes()
        } else if answer.outcome == .dropped, remaining.count > Self.harmless, !isAnchored {
          let halves = await runHalves(of: remaining, dialer)
          result.answers += halves.answers
          result.accepted += halves.accepted
          result.trouble = halves.trouble
          result.restsOnDrop = halves.restsOnDrop
          return result
        } else if anchor != nil, !isAnchored {
          isAnchored = true
        } else {
          if answer.outcome == .dropped, !dialer.isFickle { result.restsOnDrop = true }
          return result
        }
      case .unknown:
        result.trouble = answer.trouble ?? "no answer"
        return result
      }
    }
    return result
  }

  /// Servers that drop long hellos are asked about each half by itself.
  private func runHalves(of codes: [UInt16], _ dialer: Dialer) async -> Result {
    var joint = Result()
    let middle = codes.count / 2
    for half in [Array(codes[..<middle]), Array(codes[middle...])] {
      var part = self
      part.candidates = half
      part.hopes = Hopes()
      let result = await part.run(dialer)
      joint.answers += result.answers
      joint.accepted += result.accepted
      if joint.trouble == nil { joint.trouble = result.trouble }
      if result.restsOnDrop { joint.restsOnDrop = true }
    }
    return joint
  }
}

extension Elimination.Hopes {
  /// Takes out what `answer` shows.
  fileprivate mutating func remove(_ answer: Answer) {
    let exchange = answer.flight.keyExchange
    suites.removeAll { $0 == answer.flight.hello?.suite }
    groups.removeAll { $0 == exchange?.group }
    schemes.removeAll { $0 == exchange?.scheme }
  }
}

extension Dialer {
  /// Runs eliminations side by side; their results in the order given.
  func run(_ eliminations: [Elimination]) async -> [Elimination.Result] {
    var results: [Int: Elimination.Result] = [:]
    await withTaskGroup(of: (Int, Elimination.Result).self) { group in
      for (index, elimination) in eliminations.enumerated() {
        group.addTask { (index, await elimination.run(self)) }
      }
      for await (index, result) in group { results[index] = result }
    }
    return eliminations.indices.compactMap { results[$0] }
  }
}
