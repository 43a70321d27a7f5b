import NationalCrypto

/// Takes the inventory of one version that a server accepts, from its first answer on.
struct VersionSurvey: Sendable {
  var dialer: Dialer
  var maker: HelloMaker
  /// One lane for each likely code instead of few.
  var isFast: Bool
  var version: ProtocolVersion
  /// The answer that accepts the version.
  var first: Answer

  struct Result: Sendable {
    var inventory = Inventory.Version()
    var answers: [Answer] = []
  }

  private var label: String { version.name.lowercased() }

  func run() async -> Result {
    version == .tls13 ? await surveyTLS13() : await surveyClassic()
  }

  // MARK: TLS 1.3

  private func surveyTLS13() async -> Result {
    var result = Result()
    let hello = first.flight.hello
    result.inventory.suites.codes = [hello?.suite.rawValue].compactMap { $0 }
    result.inventory.groups.codes = [hello?.keyShareGroup?.rawValue].compactMap { $0 }
    async let schemes = surveySchemes13(hello?.keyShareGroup)
    let start = result.inventory.suites
    async let fastSuites = isFast ? surveySuites13(start) : []
    for found in await dialer.run(InventoryPlan.groups13(seen: hello, isFast: isFast).map(groups13))
    {
      result.inventory.groups.add(found)
      result.answers += found.answers
    }
    for answer in result.answers where answer.flight.acceptedVersion == version {
      if let suite = answer.flight.hello?.suite { result.inventory.suites.add(suite.rawValue) }
    }
    let suites = isFast ? await fastSuites : await surveySuites13(result.inventory.suites)
    for found in suites {
      result.inventory.suites.add(found)
      result.answers += found.answers
    }
    let (signatures, more) = await schemes
    result.inventory.schemes = signatures
    result.answers += more
    result.inventory.prefersOwnOrder = await preference(
      result.inventory.suites, &result.answers)
    return result
  }

  private func surveySuites13(_ known: Inventory.Found) async -> [Elimination.Result] {
    await dialer.run(InventoryPlan.suites13(except: known.codes, isFast: isFast).map(suites13))
  }

  private func suites13(_ lane: InventoryPlan.Lane) -> Elimination {
    let name = "\(label)-suites"
    return Elimination(
      candidates: lane.codes, urgency: 6,
      hello: { [maker] codes, _ in
        maker.retry13(
          name: name, suites: codes.map(CipherSuite.init(rawValue:)),
          groups: NamedGroup.tls13 + [.sm2])
      }, selection: { $0.flight.hello?.suite.rawValue })
  }

  private func groups13(_ lane: InventoryPlan.Lane) -> Elimination {
    let name = "\(label)-groups"
    return Elimination(
      candidates: lane.codes, hopes: lane.hopes, urgency: 5,
      hello: { [maker] codes, hopes in
        maker.retry13(
          name: name, suites: hopes.suites.isEmpty ? SuiteOffer.tls13 : hopes.suites,
          groups: codes.map(NamedGroup.init(rawValue:)))
      }, selection: { $0.flight.hello?.keyShareGroup?.rawValue })
  }

  /// CertificateVerify is protected: only flights that can be opened show its scheme.
  private func surveySchemes13(_ chosen: NamedGroup?) async -> (Inventory.Found, [Answer]) {
    var found = Inventory.Found()
    let asked = await agreeing(chosen)
    let telling = asked.last ?? first
    guard let group = telling.flight.hello?.keyShareGroup, KeyAgreement.groups.contains(group)
    else {
      found.troubles = ["no group that can be agreed on was selected"]
      return (found, asked)
    }
    let known = telling.flight.verification?.scheme
    found.codes = [known?.rawValue].compactMap { $0 }
    let name = "\(label)-signatures"
    let suites = SuiteOffer.tls13.filter { RecordCipher($0) != nil }
    let eliminations = InventoryPlan.schemes13(except: known, isFast: isFast).map { lane in
      Elimination(
        candidates: lane.codes, urgency: 6,
        hello: { [maker] codes, _ in
          maker.share13(
            name: name, suites: suites, group: group,
            schemes: codes.map(SignatureScheme.init(rawValue:)))
        }, selection: { $0.flight.verification?.scheme.rawValue })
    }
    var answers = asked
    for result in await dialer.run(eliminations) {
      found.add(result)
      answers += result.answers
    }
    return (found, answers)
  }

  /// What a server that selected a group unknown here, as the hybrids with ML-KEM, makes of a hello with
  /// nothing but groups that can be agreed on; nothing is asked where that is not needed.
  private func agreeing(_ chosen: NamedGroup?) async -> [Answer] {
    if let chosen, KeyAgreement.groups.contains(chosen) { return [] }
    return await dialer.ask(
      { [maker] in
        var exchange = maker.tls13(name: "tls1.3-share")
        exchange.hello.groups = KeyAgreement.groups
        return exchange
      }, urgency: 9)
  }

  // MARK: SSL 3.0 to TLS 1.2

  private func surveyClassic() async -> Result {
    var result = Result()
    result.inventory.suites.codes = [first.flight.hello?.suite.rawValue].compactMap { $0 }
    let suites = SuiteSurvey(dialer: dialer, maker: maker, isFast: isFast, version: version)
    for found in await suites.run(seen: first) {
      result.inventory.suites.add(found)
      result.answers += found.answers
    }
    for answer in [first] + result.answers where answer.flight.acceptedVersion == version {
      let exchange = answer.flight.keyExchange
      if let group = exchange?.group { result.inventory.groups.add(group.rawValue) }
      if let scheme = exchange?.scheme { result.inventory.schemes.add(scheme.rawValue) }
    }
    let left = leftOver(result.inventory, seen: [first] + result.answers)
    let found = await dialer.run(left.groups + left.schemes)
    for (index, part) in found.enumerated() {
      if index < left.groups.count {
        result.inventory.groups.add(part)
      } else {
        result.inventory.schemes.add(part)
      }
      result.answers += part.answers
    }
    result.inventory.prefersOwnOrder = await preference(
      result.inventory.suites, &result.answers)
    return result
  }

  /// The groups and signature schemes of TLS 1.2 that the suites' lanes did not show.
  private func leftOver(
    _ inventory: Inventory.Version, seen: [Answer]
  ) -> (groups: [Elimination], schemes: [Elimination]) {
    guard version == .tls12 else { return ([], []) }
    let accepted = inventory.suites.codes.map(CipherSuite.init(rawValue:))
    // Exchanges under a shared key have another form, which is not read.
    func suites(_ kinds: Set<SuiteParts.KeyExchange>) -> [CipherSuite] {
      accepted.filter { suite in
        guard let parts = suite.parts else { return false }
        return kinds.contains(parts.keyExchange) && parts.authentication != .sharedSecret
      }
    }
    let elliptic = suites([.ecdhe])
    // With an elliptic certificate only, servers refuse hellos without the certificate's own curve.
    let free = elliptic.filter { $0.parts?.authentication != .ecdsa }
    let name = "\(label)-groups"
    let groupSuites = free.isEmpty ? elliptic : free
    let groups =
      groupSuites.isEmpty
      ? []
      : lanes(NamedGroup.classic.map(\.rawValue), except: inventory.groups.codes).map { codes in
        Elimination(
          candidates: codes, anchor: free.isEmpty ? certificateCurve(seen)?.rawValue : nil,
          urgency: 9,
          hello: { [maker, version] codes, _ in
            maker.offer(
              version, name: name, suites: groupSuites,
              groups: codes.map(NamedGroup.init(rawValue:)))
          }, selection: { $0.flight.keyExchange?.group?.rawValue })
      }
    let signing = suites([.ecdhe, .dhe]).filter { $0.parts?.isAuthenticated ?? false }
    let signatureName = "\(label)-signatures"
    let schemes =
      signing.isEmpty
      ? []
      : lanes(SignatureScheme.all.map(\.rawValue), except: inventory.schemes.codes).map { codes in
        Elimination(
          candidates: codes, urgency: 9,
          hello: { [maker, version] codes, _ in
            maker.offer(
              version, name: signatureName, suites: signing,
              schemes: codes.map(SignatureScheme.init(rawValue:)))
          }, selection: { $0.flight.keyExchange?.scheme?.rawValue })
      }
    return (groups, schemes)
  }

  private func lanes(_ codes: [UInt16], except known: [UInt16]) -> [[UInt16]] {
    InventoryPlan.leftOver(codes.filter { !known.contains($0) }, isFast: isFast).map(\.codes)
  }

  /// The curve of the elliptic certificate served, where it is one of the common ones.
  private func certificateCurve(_ seen: [Answer]) -> NamedGroup? {
    let answer = seen.first { $0.flight.hello?.suite.parts?.authentication == .ecdsa }
    guard let chain = answer?.flight.chain else { return nil }
    switch ServedChain(chain).leaf?.curve {
    case "P-256": return .p256
    case "P-384": return .p384
    case "P-521": return .p521
    default: return nil
    }
  }

  // MARK: Preference

  /// Whether the server's order decides, from what is known or one more hello, added to `asked`.
  private func preference(
    _ suites: Inventory.Found, _ asked: inout [Answer]
  ) async -> Bool? {
    let accepted = suites.codes.map(CipherSuite.init(rawValue:))
    guard accepted.count > 1 else { return nil }
    // The usual hello only: narrow ones rule suites out by their groups and schemes.
    let offered = first.hello.suites.filter(accepted.contains)
    guard let chosen = first.flight.hello?.suite else { return nil }
    if offered.first != chosen, offered.contains(chosen) { return true }
    let others = accepted.filter { $0 != chosen }
    let name = "\(label)-preference"
    let more = await dialer.ask(
      { [maker, version] in
        version == .tls13
          ? maker.retry13(name: name, suites: others + [chosen], groups: NamedGroup.tls13 + [.sm2])
          : maker.offer(version, name: name, suites: others + [chosen])
      }, urgency: 9)
    asked += more
    guard let answer = more.last, answer.flight.acceptedVersion == version else { return nil }
    return answer.flight.hello?.suite != others.first
  }
}
