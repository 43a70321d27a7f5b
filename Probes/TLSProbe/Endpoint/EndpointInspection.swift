import Connections

/// Asks an endpoint everything, on few connections, and keeps every answer in the order of asking.
struct EndpointInspection: Sendable {
  var endpoint: Endpoint
  var scheme: Locator.Scheme
  var maker: HelloMaker
  /// Connections open at once.
  var lanes: Int
  var deadline: ContinuousClock.Instant

  /// The longest wait for one attempt; less when the deadline is near.
  private static let longestPatience = Duration.seconds(8)

  func run() async -> [Answer] {
    let left = ContinuousClock.now.duration(to: deadline)
    let patience = min(Self.longestPatience, max(left / 5, .milliseconds(50)))
    let versions = ProtocolVersion.tlsFamily.reversed() + [.tlcp]
    let first: ProtocolVersion = scheme == .tlcp ? .tlcp : .tls13
    var answers = await ask([first], patience: patience, mayRepeat: true)
    guard let start = answers.last, isWorthGoingOn(after: start) else { return answers }
    let isSilent = answers.allSatisfy { !$0.receivedAnything && $0.end == .timeout }
    let others = versions.filter { $0 != first }
    answers += await ask(others, patience: patience, mayRepeat: !isSilent)
    if !isSilent { answers += await askAgain(answers, patience: patience) }
    return answers + (await followUp(answers, patience: patience))
  }

  /// Nothing further is learnt from a port that is shut, unreachable or speaks something else.
  private func isWorthGoingOn(after answer: Answer) -> Bool {
    switch answer.end {
    case .refused, .unreachable, .cancelled, .notTLS: false
    case .read, .closed, .reset, .timeout, .malformed, .endless: true
    }
  }

  private func ask(
    _ versions: [ProtocolVersion], patience: Duration, mayRepeat: Bool
  ) async -> [Answer] {
    await inLanes(versions.count) { index in
      await Question(version: versions[index], maker: maker)
        .ask(endpoint, patience: patience, until: deadline, mayRepeat: mayRepeat)
    }
  }

  /// A server that began to refuse or drop connections gets its unanswered questions once more, one by
  /// one, after growing pauses.
  private func askAgain(_ answers: [Answer], patience: Duration) async -> [Answer] {
    let pushedBack = answers.filter {
      $0.end == .refused || ($0.end == .reset && $0.outcome == .dropped)
    }
    guard !pushedBack.isEmpty, answers.contains(where: \.receivedAnything) else { return [] }
    let settled = Set(
      answers.filter { $0.outcome != .unknown && $0.outcome != .dropped }.map(\.hello.version))
    var more: [Answer] = []
    var pause = Duration.milliseconds(100)
    let open = Set(pushedBack.map(\.hello.version)).subtracting(settled)
    for version in open.sorted(by: { $0.rawValue > $1.rawValue }) {
      guard deadline > .now + pause, (try? await Task.sleep(for: pause)) != nil else { break }
      more += await ask([version], patience: patience, mayRepeat: false)
      pause *= 2
    }
    return more
  }

  /// What the first answers leave open: the certificate behind a HelloRetryRequest, and the second
  /// certificate of a server that has an RSA and an elliptic one.
  private func followUp(_ answers: [Answer], patience: Duration) async -> [Answer] {
    var exchanges: [@Sendable () -> Exchange] = []
    let accepted = answers.filter { $0.flight.acceptedVersion != nil }
    let wanted = accepted.first { $0.flight.hello?.isRetryRequest == true }?
      .flight.hello?.keyShareGroup
    let shares =
      wanted.map { KeyAgreement.groups.contains($0) ? [$0] : [] } ?? HelloMaker.usualShares
    if wanted != nil, !shares.isEmpty {
      exchanges.append { [maker] in maker.tls13(name: "tls1.3-share", shares: shares) }
    }
    let classic = accepted.compactMap(\.flight.acceptedVersion)
      .filter { $0 != .tls13 && $0 != .tlcp }.max { $0.rawValue < $1.rawValue }
    if let version = classic {
      let seen = Set(
        accepted.filter { $0.flight.acceptedVersion == version }
          .compactMap { $0.flight.hello?.suite.parts?.authentication })
      let kinds: [(SuiteParts.Authentication, HelloMaker.CertificateKind)] = [
        (.rsa, .rsa), (.ecdsa, .elliptic),
      ]
      for (authentication, kind) in kinds where !seen.contains(authentication) {
        let name = "\(version.name.lowercased())-\(authentication.rawValue.lowercased())"
        exchanges.append { [maker] in
          maker.classic(
            version, name: name,
            suites: SuiteOffer.classic(version, authentication: authentication), certificates: kind)
        }
      }
    } else if accepted.contains(where: { $0.flight.acceptedVersion == .tls13 }), !shares.isEmpty {
      for (name, kind) in [("rsa", HelloMaker.CertificateKind.rsa), ("ecdsa", .elliptic)] {
        exchanges.append { [maker] in
          maker.tls13(name: "tls1.3-\(name)", shares: shares, certificates: kind)
        }
      }
    }
    let planned = exchanges
    return await inLanes(planned.count) { index in
      guard deadline > .now else { return [] }
      return [await planned[index]().run(at: endpoint, until: min(deadline, .now + patience))]
    }
  }

  /// Runs `count` jobs, at most `lanes` at once; their answers in the order of the jobs.
  private func inLanes(
    _ count: Int, _ job: @escaping @Sendable (Int) async -> [Answer]
  ) async -> [Answer] {
    var results: [Int: [Answer]] = [:]
    await withTaskGroup(of: (Int, [Answer]).self) { group in
      for index in 0..<count {
        if index >= max(1, lanes), let (done, answers) = await group.next() {
          results[done] = answers
        }
        group.addTask { (index, await job(index)) }
      }
      for await (done, answers) in group { results[done] = answers }
    }
    return (0..<count).flatMap { results[$0] ?? [] }
  }
}
