/// Whether an endpoint accepts one protocol: hellos tried in turn until the answer is clear.
struct Question: Sendable {
  /// SSL 2.0 to TLS 1.3, or TLCP.
  var version: ProtocolVersion
  var maker: HelloMaker

  /// Asks by `dialer`.
  ///
  /// A silent or broken attempt is repeated once on a fresh connection when `mayRepeat`; a bare close or
  /// reset is followed by a plainer hello, and only then counts as a refusal.
  func ask(_ dialer: Dialer, mayRepeat: Bool) async -> [Answer] {
    var answers: [Answer] = []
    var repeats = mayRepeat ? 1 : 0
    var queue = firstHellos[...]
    var hasTriedPlain = false
    while let make = queue.first {
      // Hardly any server speaks SSL 2.0, and some wait for more of what they take for a record.
      let answer =
        version == .ssl2
        ? await dialer.askOnce(make, urgency: 2, patience: .seconds(2))
        : await dialer.askOnce(make)
      guard let answer else { break }
      answers.append(answer)
      switch answer.outcome {
      case .accepted: return answers
      case .declined where answer.flight.alert?.code == Alert.noApplicationProtocol:
        guard !hasTriedPlain else { return answers }
        hasTriedPlain = true
        queue = [plainHello]
      case .declined:
        // Other suites, or no name, may still be welcome after 40 or 71; a version refused stays so.
        guard mayGoOn(after: answer) else { return answers }
        queue = queue.dropFirst()
      case .dropped:
        // Without a name a TLCP hello cannot be plainer.
        guard !hasTriedPlain, version != .ssl2,
          version != .tlcp || answer.hello.serverName != nil
        else {
          return answers
        }
        hasTriedPlain = true
        queue = [plainHello]
      case .unknown:
        guard repeats > 0, isWorthRepeating(answer.end) else { return answers }
        repeats -= 1
      }
    }
    return answers
  }

  private func mayGoOn(after answer: Answer) -> Bool {
    if version == .tlcp { return answer.hello.serverName != nil }
    // A TLCP server answers TLS hellos with 40 as well; the record's version gives it away.
    guard let alert = answer.flight.alert, alert.recordVersion != .tlcp else { return false }
    return alert.mayConcernSuites
  }

  private func isWorthRepeating(_ end: Answer.End) -> Bool {
    switch end {
    case .timeout, .reset, .closed: true
    case .read, .refused, .malformed, .notTLS, .endless, .unreachable, .cancelled: false
    }
  }

  private var plainHello: @Sendable () -> Exchange {
    { [maker, version] in
      switch version {
      case .tlcp: maker.tlcp(name: "tlcp-plain", isPlain: true)
      case .tls13: maker.tls13(name: "tls1.3-plain", isPlain: true)
      default:
        maker.classic(
          version, name: "\(version.name.lowercased())-plain", suites: SuiteOffer.common,
          isPlain: true)
      }
    }
  }

  private var firstHellos: [@Sendable () -> Exchange] {
    switch version {
    case .tlcp:
      let named: @Sendable () -> Exchange = { [maker] in maker.tlcp(name: "tlcp") }
      return maker.serverName == nil ? [named] : [named, plainHello]
    case .tls13: return [{ [maker] in maker.tls13() }]
    case .ssl2: return [{ [maker] in maker.ssl2() }]
    default:
      return SuiteOffer.classic(version).enumerated().map { index, suites in
        { [maker, version] in
          let name = version.name.lowercased() + (index == 0 ? "" : "-suites-\(index + 1)")
          return maker.classic(version, name: name, suites: suites)
        }
      }
    }
  }
}
