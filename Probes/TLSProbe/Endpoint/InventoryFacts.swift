import AssessmentModel

/// The facts of an inventory. What was not settled for every accepted version is left out.
struct InventoryFacts {
  private let inventory: Inventory
  /// Answers that accept TLS.
  private let answers: [Answer]
  private(set) var facts: [String: FactValue] = [:]

  init(_ inventory: Inventory, answers: [Answer]) {
    self.inventory = inventory
    self.answers = answers
    let accepted = Set(answers.compactMap(\.flight.acceptedVersion))
    let versions = ProtocolVersion.tlsFamily.filter(accepted.contains)
    guard !versions.isEmpty else { return }
    state("tls.accepted-suites", \.suites, of: versions, needsAll: true)
    state("tls.groups", \.groups, of: versions, needsAll: false)
    state("tls.signature-algorithms", \.schemes, of: versions, needsAll: false)
    facts["tls.server-preference"] = byVersion(versions) { version in
      inventory.versions[version]?.prefersOwnOrder.map { .boolean($0) }
    }
    facts["tls.fallback-scsv"] = inventory.honoursFallbackSign.map { .boolean($0) }
    stateExtensions(versions)
    stateNames()
  }

  /// - Parameter needsAll: one version left open leaves the whole fact out, so that nobody takes a part
  ///   for all.
  private mutating func state(
    _ fact: String, _ part: KeyPath<Inventory.Version, Inventory.Found>,
    of versions: [ProtocolVersion], needsAll: Bool
  ) {
    let settled = versions.filter { inventory.versions[$0]?[keyPath: part].isSettled ?? false }
    if needsAll, settled != versions { return }
    facts[fact] = byVersion(settled) { version in
      inventory.versions[version].map { found in
        .list(found[keyPath: part].codes.sorted().map { .text(fourDigits($0)) })
      }
    }
  }

  private func byVersion(
    _ versions: [ProtocolVersion], _ value: (ProtocolVersion) -> FactValue?
  ) -> FactValue? {
    var values: [String: FactValue] = [:]
    for version in versions { values[version.name] = value(version) }
    return values.isEmpty ? nil : .record(values)
  }

  // MARK: Extensions

  /// `value` of the first answer of each version that has one.
  private func first(
    _ versions: [ProtocolVersion], _ value: (Answer) -> FactValue?
  ) -> FactValue? {
    byVersion(versions) { version in
      answers.lazy.filter { $0.flight.acceptedVersion == version }.compactMap(value).first
    }
  }

  private mutating func stateExtensions(_ versions: [ProtocolVersion]) {
    let classic = versions.filter { $0 != .tls13 }
    facts["tls.encrypt-then-mac"] = first(classic) { answer in
      guard answer.hello.offersEncryptThenMAC, let hello = answer.flight.hello,
        hello.suite.parts?.mode == .cbc
      else { return nil }
      return .boolean(hello.extensions[ExtensionNumber.encryptThenMAC] != nil)
    }
    facts["tls.session-tickets"] = first(classic) { answer in
      guard answer.hello.offersTicket, let hello = answer.flight.hello else { return nil }
      return .boolean(hello.extensions[ExtensionNumber.sessionTicket] != nil)
    }
    // With a ticket on offer, servers leave the session id out.
    facts["tls.session-ids"] = first(classic) { answer in
      guard !answer.hello.offersTicket, let hello = answer.flight.hello else { return nil }
      return .boolean(!hello.sessionID.isEmpty)
    }
    facts["tls.ocsp-staple"] = first(versions) { answer in
      guard answer.hello.asksForStaple, answer.flight.isComplete, answer.flight.chain != nil else {
        return nil
      }
      return .boolean(answer.flight.hasStaple)
    }
    facts["tls.alpn"] = first(versions) { answer in
      guard !answer.hello.applicationProtocols.isEmpty, let hello = answer.flight.hello else {
        return nil
      }
      let extensions =
        answer.flight.acceptedVersion == .tls13
        ? answer.flight.encryptedExtensions : hello.extensions
      guard let extensions else { return nil }
      return .text(ServerHello.applicationProtocol(in: extensions) ?? "none")
    }
  }

  // MARK: Names

  private mutating func stateNames() {
    var values: [String: FactValue] = [:]
    for test in inventory.names {
      values[test.name] = reaction(test).map { .text($0) }
    }
    facts["tls.sni"] = values.isEmpty ? nil : .record(values)
  }

  /// `same-certificate`, `other-certificate`, `alert-N` or `dropped`.
  private func reaction(_ test: Inventory.NameTest) -> String? {
    switch test.answer.outcome {
    case .accepted:
      guard let chain = test.answer.flight.chain, let usual = test.usual.flight.chain else {
        return nil
      }
      return chain.first == usual.first ? "same-certificate" : "other-certificate"
    case .declined: return test.answer.flight.alert.map { "alert-\($0.code)" }
    case .dropped: return "dropped"
    case .unknown: return nil
    }
  }
}
