import Connections

/// Asks an endpoint everything, on few connections, and keeps every answer in the order of asking.
struct EndpointInspection: Sendable {
  /// What an inspection brought.
  struct Findings: Sendable {
    /// The answers to the questions which protocols are spoken.
    var answers: [Answer] = []
    var inventory = Inventory()
    var tlcp = TLCPFindings()
  }

  /// What one version brought.
  private struct VersionFindings: Sendable {
    var answers: [Answer] = []
    var survey: VersionSurvey.Result?
    var aside: Aside?
    var handshakes: HandshakeSurvey.Findings?
    var tlcp: TLCPFindings?
    /// Answers gathered before it was known that they are not wanted.
    var vain: [Answer] = []
  }

  private typealias Opening = Task<[Answer], Never>
  private typealias Aside = (
    honoursSign: Bool?, names: [Inventory.NameTest], answers: [Answer]
  )

  var dialer: Dialer
  var scheme: Locator.Scheme
  var maker: HelloMaker
  /// One lane for each likely code instead of few.
  var isFast = false
  /// What is to be found out beside the rest once TLCP was accepted.
  var tlcp: TLCPInspection

  func run() async -> Findings {
    let first: ProtocolVersion = scheme == .tlcp ? .tlcp : .tls13
    // The first question decides whether others make sense; all parts wait for its answers.
    let opening = ConnectionThreads.start {
      await Question(version: first, maker: maker).ask(dialer, mayRepeat: true)
    }
    return await withTaskCancellationHandler {
      await run(first, opening)
    } onCancel: {
      opening.cancel()
    }
  }

  private func run(_ first: ProtocolVersion, _ opening: Opening) async -> Findings {
    let versions =
      [first] + (ProtocolVersion.tlsFamily.reversed() + [.tlcp, .ssl2]).filter { $0 != first }
    let found = await side(versions) { version in
      await look(
        at: version, after: opening, isFirst: version == first,
        isAskedAtOnce: first == .tls13 && ProtocolVersion.tlsFamily.contains(version)
          && dialer.lanes >= ProtocolVersion.tlsFamily.count)
    }
    var findings = Findings()
    let begun = await opening.value
    guard let start = begun.last, isWorthGoingOn(after: start) else {
      findings.answers = begun
      findings.inventory.answers = found.flatMap(\.vain)
      return findings
    }
    let isSilent = isSilent(begun)
    findings.answers = found.flatMap(\.answers)
    for (version, part) in zip(versions, found) {
      if let tlcp = part.tlcp { findings.tlcp = tlcp }
      findings.inventory.handshakes[version] = part.handshakes
    }
    var surveys = zip(versions, found).compactMap { version, part in
      part.survey.map { (version, $0) }
    }
    var asides = found.compactMap(\.aside)
    if !isSilent {
      for (version, part) in await askAgain(&findings.answers) {
        findings.answers += part.answers
        if let tlcp = part.tlcp { findings.tlcp = tlcp }
        findings.inventory.handshakes[version] = part.handshakes
        if let survey = part.survey { surveys.append((version, survey)) }
      }
    }
    if asides.isEmpty { asides = await lateAside(findings.answers) }
    findings.answers += await followUp(findings.answers)
    await finishOlder(&findings)
    for (version, survey) in surveys {
      findings.inventory.versions[version] = survey.inventory
      if dialer.isFickle { findings.inventory.versions[version]?.doubtDrops() }
      findings.inventory.answers += survey.answers
    }
    findings.inventory.answers += found.flatMap(\.vain)
    for aside in asides {
      findings.inventory.honoursFallbackSign = aside.honoursSign
      findings.inventory.names = aside.names
      findings.inventory.answers += aside.answers
    }
    return findings
  }

  /// Nothing further is learnt from a port that is shut, unreachable or speaks something else.
  private func isWorthGoingOn(after answer: Answer) -> Bool {
    switch answer.end {
    case .refused, .unreachable, .cancelled, .notTLS: false
    case .read, .closed, .reset, .timeout, .malformed, .endless: true
    }
  }

  private func isSilent(_ answers: [Answer]) -> Bool {
    answers.allSatisfy { !$0.receivedAnything && $0.end == .timeout }
  }

  /// The answers for one version once the opening has shown that they are wanted; what was asked at once with
  /// it and turned out to be asked in vain is in `vain`.
  private func answers(
    for version: ProtocolVersion, after opening: Opening, isFirst: Bool, isAskedAtOnce: Bool
  ) async -> VersionFindings {
    var part = VersionFindings()
    let question = Question(version: version, maker: maker)
    // Asking the TLS versions at once saves a round trip; a silent port is not asked for long.
    let early = isAskedAtOnce && !isFirst ? await question.ask(dialer, mayRepeat: true) : []
    let begun = await opening.value
    guard let start = begun.last, isWorthGoingOn(after: start) else {
      part.vain = early.filter(\.receivedAnything)
      return part
    }
    if isFirst {
      part.answers = begun
    } else if isAskedAtOnce {
      part.answers = early
    } else {
      part.answers = await question.ask(dialer, mayRepeat: !isSilent(begun))
    }
    return part
  }

  /// Asks about one version and takes its inventory at once when it is accepted.
  private func look(
    at version: ProtocolVersion, after opening: Opening, isFirst: Bool, isAskedAtOnce: Bool
  ) async -> VersionFindings {
    let part = await answers(
      for: version, after: opening, isFirst: isFirst, isAskedAtOnce: isAskedAtOnce)
    let hasTLS13 = await opening.value.contains { $0.flight.acceptedVersion == .tls13 }
    return await look(at: version, part, hasNewer: hasTLS13)
  }

  private func look(
    at version: ProtocolVersion, _ answered: VersionFindings, hasNewer: Bool
  ) async -> VersionFindings {
    var part = answered
    if version == .tlcp, part.answers.contains(where: { $0.flight.acceptedVersion == .tlcp }) {
      part.tlcp = await tlcp.run(after: part.answers)
      return part
    }
    guard version != .ssl2,
      let first = part.answers.last(where: { $0.flight.acceptedVersion == version })
    else { return part }
    let survey = VersionSurvey(
      dialer: dialer, maker: maker, isFast: isFast, version: version, first: first)
    async let handshakes =
      [.tls12, .tls13].contains(version) ? finish(version) : nil
    if version == .tls12, hasNewer {
      let other = SideSurvey(dialer: dialer, maker: maker)
      async let aside = other.aside(version, first: first, hasNewer: true)
      part.survey = await survey.run()
      part.aside = await aside
    } else {
      part.survey = await survey.run()
    }
    part.handshakes = await handshakes
    return part
  }

  private func finish(_ version: ProtocolVersion) async -> HandshakeSurvey.Findings? {
    await HandshakeSurvey(dialer: dialer, version: version, serverName: maker.serverName).run()
  }

  /// Whole handshakes in the newest version before TLS 1.2 where TLS 1.2 is not accepted.
  private func finishOlder(_ findings: inout Findings) async {
    let accepted = Set(findings.answers.compactMap(\.flight.acceptedVersion))
    guard !accepted.contains(.tls12),
      let version = [.tls11, .tls10].first(where: accepted.contains)
    else { return }
    findings.inventory.handshakes[version] = await finish(version)
  }

  /// The tests of names and of the fallback sign where TLS 1.2 beside TLS 1.3 gave no occasion.
  private func lateAside(_ answers: [Answer]) async -> [Aside] {
    func first(_ version: ProtocolVersion) -> Answer? {
      answers.first { $0.flight.acceptedVersion == version && $0.flight.chain != nil }
    }
    let accepted = ProtocolVersion.tlsFamily.reversed().compactMap { version in
      first(version).map { (version, $0) }
    }
    guard let newest = accepted.first else { return [] }
    let survey = SideSurvey(dialer: dialer, maker: maker)
    // The sign is tried in the second newest version, names in the newest.
    var aside = await survey.aside(newest.0, first: newest.1, hasNewer: false)
    if let older = accepted.dropFirst().first {
      let sign = await survey.aside(older.0, first: older.1, hasNewer: true, triesNames: false)
      aside.honoursSign = sign.honoursSign
      aside.answers += sign.answers
    }
    return [aside]
  }

  /// A server that began to refuse or drop connections gets its unanswered questions once more, one by
  /// one, after growing pauses. Drops that cannot be told from its moods are marked as doubted.
  private func askAgain(
    _ answers: inout [Answer]
  ) async -> [(ProtocolVersion, VersionFindings)] {
    let isFickle = dialer.isFickle
    let pushedBack = answers.filter {
      $0.end == .refused || ($0.outcome == .dropped && ($0.end == .reset || isFickle))
    }
    guard !pushedBack.isEmpty, answers.contains(where: \.receivedAnything) else { return [] }
    let settled = Set(
      answers.filter { $0.outcome != .unknown && $0.outcome != .dropped }.map(\.hello.version))
    var more: [(ProtocolVersion, VersionFindings)] = []
    var pause = Duration.milliseconds(100)
    let open = Set(pushedBack.map(\.hello.version)).subtracting(settled)
    var doubtful = isFickle ? open : []
    for version in open.subtracting([.ssl2]).sorted(by: { $0.rawValue > $1.rawValue }) {
      guard dialer.deadline > .now + pause, (try? await Task.sleep(for: pause)) != nil else {
        break
      }
      var asked = VersionFindings()
      asked.answers = await Question(version: version, maker: maker)
        .ask(dialer, mayRepeat: false)
      let isDropped = asked.answers.last.map { $0.outcome == .dropped } ?? true
      if isDropped, await !isDropSure(version) {
        doubtful.insert(version)
        asked.answers.doubtDrops(in: [version])
      } else if !asked.answers.isEmpty {
        doubtful.remove(version)
      }
      let part = await look(at: version, asked, hasNewer: false)
      more.append((version, part))
      pause *= 2
    }
    answers.doubtDrops(in: doubtful)
    return more
  }

  /// Whether a version is dropped while the server still accepts what it accepted before, time and again
  /// when it is fickle.
  private func isDropSure(_ version: ProtocolVersion) async -> Bool {
    for round in 0..<(dialer.isFickle ? Dialer.roundsOfDoubt : 1) {
      // Twice, since a server may drop every second connection.
      for _ in 0..<(round == 0 ? 0 : 2) {
        let again = await Question(version: version, maker: maker).ask(dialer, mayRepeat: false)
        guard again.last?.outcome == .dropped else { return false }
      }
      guard await dialer.stillAnswers() else { return false }
    }
    return true
  }

  /// What the first answers leave open: the certificate behind a HelloRetryRequest.
  private func followUp(_ answers: [Answer]) async -> [Answer] {
    let retry = answers.first {
      $0.flight.acceptedVersion == .tls13 && $0.flight.hello?.isRetryRequest == true
    }
    guard let group = retry?.flight.hello?.keyShareGroup, KeyAgreement.groups.contains(group) else {
      return []
    }
    return await dialer.ask(
      { [maker] in maker.tls13(name: "tls1.3-share", shares: [group]) }, urgency: 9)
  }

  /// Runs `job` for each version side by side; the results in the order of the versions.
  private func side(
    _ versions: [ProtocolVersion],
    _ job: @escaping @Sendable (ProtocolVersion) async -> VersionFindings
  ) async -> [VersionFindings] {
    var results: [ProtocolVersion: VersionFindings] = [:]
    await withTaskGroup(of: (ProtocolVersion, VersionFindings).self) { group in
      for version in versions { group.addTask { (version, await job(version)) } }
      for await (version, part) in group { results[version] = part }
    }
    return versions.compactMap { results[$0] }
  }
}

extension [Answer] {
  /// Marks the drops of hellos of `versions` as doubted.
  fileprivate mutating func doubtDrops(in versions: Set<ProtocolVersion>) {
    for index in indices
    where self[index].outcome == .dropped && versions.contains(self[index].hello.version) {
      self[index].isDoubted = true
    }
  }
}
