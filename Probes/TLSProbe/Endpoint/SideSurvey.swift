/// Tries what is asked once for an endpoint, in one version: other names and the fallback sign.
struct SideSurvey: Sendable {
  /// A name that no server has (RFC 2606).
  static let unknownName = "unknown-name.invalid"

  var dialer: Dialer
  var maker: HelloMaker

  /// What a hello with the fallback sign and hellos with other names bring, asked in `version`, whose
  /// usual answer is `first`.
  ///
  /// - Parameters:
  ///   - hasNewer: the server accepts a newer version, so that the sign must be refused.
  ///   - triesNames: whether other names are tried.
  func aside(
    _ version: ProtocolVersion, first: Answer, hasNewer: Bool, triesNames: Bool = true
  ) async -> (honoursSign: Bool?, names: [Inventory.NameTest], answers: [Answer]) {
    let label = version.name.lowercased()
    async let sign = hasNewer && version != .tls13 ? fallback(version, first, label) : []
    async let tests = triesNames ? names(version, first, label) : []
    let signed = await sign
    let named = await tests
    let honoursSign: Bool? =
      if signed.last?.flight.alert?.code == Alert.inappropriateFallback {
        true
      } else if let answer = signed.last, case .accepted = answer.outcome {
        false
      } else {
        nil
      }
    let found = named.compactMap { name, answers in
      answers.last.map { Inventory.NameTest(name: name, answer: $0, usual: first) }
    }
    return (honoursSign, found, signed + named.flatMap(\.1))
  }

  private func fallback(
    _ version: ProtocolVersion, _ first: Answer, _ label: String
  ) async -> [Answer] {
    guard let suite = first.flight.hello?.suite else { return [] }
    return await dialer.ask(
      { [maker] in
        maker.offer(version, name: "\(label)-fallback", suites: [suite, .fallbackSign])
      }, urgency: 4)
  }

  /// With the suite the usual hello got, so that the same kind of certificate is served.
  private func names(
    _ version: ProtocolVersion, _ first: Answer, _ label: String
  ) async -> [(String, [Answer])] {
    guard let suite = first.flight.hello?.suite, first.flight.chain != nil else { return [] }
    var wanted = [("unknown-name", Self.unknownName as String?)]
    if maker.serverName != nil { wanted.append(("no-name", nil)) }
    var found: [(String, [Answer])] = []
    for (name, serverName) in wanted {
      var other = maker
      other.serverName = serverName
      var answers = await ask(other, version, first, suites: [suite], "\(label)-\(name)")
      // Another certificate may be of a kind that the usual suite cannot have.
      if answers.last?.flight.alert?.mayConcernSuites == true {
        answers += await ask(other, version, first, suites: nil, "\(label)-\(name)")
      }
      found.append((name, answers))
    }
    return found
  }

  /// - Parameter suites: all with every kind of certificate where `nil`.
  private func ask(
    _ hellos: HelloMaker, _ version: ProtocolVersion, _ first: Answer, suites: [CipherSuite]?,
    _ name: String
  ) async -> [Answer] {
    await dialer.ask(
      {
        guard version == .tls13, let group = first.flight.hello?.keyShareGroup else {
          return hellos.offer(
            version, name: name, suites: suites ?? SuiteOffer.classic(version).first ?? [])
        }
        let schemes = suites == nil ? nil : first.flight.verification.map { [$0.scheme] }
        return hellos.share13(
          name: name, suites: suites ?? SuiteOffer.tls13, group: group,
          schemes: schemes ?? SignatureScheme.all)
      }, urgency: 4)
  }
}
