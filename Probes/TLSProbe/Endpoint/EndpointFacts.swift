import AssessmentModel
import Bytes
import NationalCrypto

/// Turns the answers of an endpoint into facts; pure, so that recorded answers give the same.
struct EndpointFacts {
  /// The answers to the questions first, then those of the inventory.
  private let answers: [Answer]
  private let inventory: Inventory
  private let name: String
  private let now: String
  private let kind: EndpointKind
  private let chains: [[[UInt8]]: ServedChain]
  private(set) var facts: [String: FactValue] = [:]
  let unavailable: Unavailability?

  /// - Parameters:
  ///   - name: what the certificates should cover: the name asked for, else the host.
  ///   - now: UTC, `YYYY-MM-DDThh:mm:ssZ`.
  ///   - place: address and port, for messages.
  init(
    _ questions: [Answer], inventory: Inventory = Inventory(), name: String, now: String,
    place: String
  ) {
    answers = questions + inventory.answers
    self.inventory = inventory
    self.name = name
    self.now = now
    let served = Set(answers.compactMap(\.flight.chain))
    chains = Dictionary(uniqueKeysWithValues: served.map { ($0, ServedChain($0)) })
    (kind, unavailable) = EndpointKind.of(questions, at: place)
    facts["endpoint.kind"] = .text(kind.rawValue)
    if kind == .other, let clear = answers.first(where: { $0.end == .notTLS }) {
      facts["endpoint.clear-protocol"] = .text(ClearProtocol(clear.clearBytes).rawValue)
      facts["tls.protected"] = false
    }
    stateProblems()
    guard unavailable == nil, kind != .other else { return }
    facts["endpoint.clear-protocol"] = "none"
    stateProtocols()
    stateChoices()
    facts.merge(InventoryFacts(inventory, answers: accepting).facts) { _, new in new }
    stateSSL2()
    facts.merge(HandshakeFacts(inventory.handshakes, answers: accepting).facts) { _, new in new }
    stateCertificates()
    stateTLCP()
    stateProtected()
  }

  /// The answers that accept TLS, the first of each version first.
  private var accepting: [Answer] {
    answers.filter { ($0.flight.acceptedVersion ?? .tlcp) != .tlcp }
  }

  private func chain(of answer: Answer) -> ServedChain? {
    answer.flight.chain.flatMap { chains[$0] }
  }

  // MARK: Protocols

  /// Versions about which nothing can be said: neither accepted by any answer nor refused by one.
  private var undetermined: [ProtocolVersion] {
    let accepted = Set(answers.compactMap(\.flight.acceptedVersion))
    return (ProtocolVersion.everyTLS + [.tlcp]).filter { version in
      !accepted.contains(version)
        && !answers.contains { answer in
          answer.hello.version == version && answer.outcome != .unknown
        }
    }
  }

  private mutating func stateProtocols() {
    let accepted = Set(answers.compactMap(\.flight.acceptedVersion))
    let open = undetermined
    facts["tls.protocols-undetermined"] = .list(open.map { .text($0.name) })
    let isAnyKnown = ProtocolVersion.everyTLS.contains { !open.contains($0) }
    if isAnyKnown {
      facts["tls.protocols"] = .list(
        ProtocolVersion.everyTLS.filter(accepted.contains).map { .text($0.name) })
    }
    if accepted.contains(.tlcp) {
      facts["tlcp.offered"] = true
    } else if !open.contains(.tlcp) {
      facts["tlcp.offered"] = false
    }
  }

  // MARK: Choices by protocol

  /// `value` of the first answer of each version that has one; `nil`, an absent fact, when none has.
  private func byVersion(_ value: (Answer) -> FactValue?) -> FactValue? {
    var values: [String: FactValue] = [:]
    for answer in accepting {
      guard let version = answer.flight.acceptedVersion, values[version.name] == nil,
        let value = value(answer)
      else { continue }
      values[version.name] = value
    }
    return values.isEmpty ? nil : .record(values)
  }

  private mutating func stateChoices() {
    facts["tls.chosen-suite"] = byVersion { $0.flight.hello.map { .text($0.suite.code) } }
    facts["tls.chosen-group"] = byVersion { answer in
      (answer.flight.acceptedVersion == .tls13
        ? answer.flight.hello?.keyShareGroup : answer.flight.keyExchange?.group)
        .map { .text($0.code) }
    }
    facts["tls.dh-bits"] = byVersion { $0.flight.keyExchange?.primeBits.map { .integer($0) } }
    facts["tls.chosen-signature-algorithm"] = byVersion { answer in
      (answer.flight.verification?.scheme ?? answer.flight.keyExchange?.scheme)
        .map { .text($0.code) }
    }
    facts["tls.key-exchange-signature-valid"] = byVersion {
      signatureIsValid($0).map { .boolean($0) }
    }
    facts["tls.client-certificate-requested"] = byVersion {
      $0.flight.isComplete && $0.flight.chain != nil
        ? .boolean($0.flight.requestsClientCertificate) : nil
    }
    facts["tls.compression"] = byVersion { answer in
      guard let hello = answer.flight.hello, hello.version != .tls13 else { return nil }
      switch hello.compression {
      case 0: return "none"
      case 1: return "deflate"
      default: return .text("code-\(hello.compression)")
      }
    }
    facts["tls.renegotiation-info"] = byVersion { answer in
      guard let hello = answer.flight.hello, hello.version != .tls13 else { return nil }
      return .boolean(hello.extensions[ExtensionNumber.renegotiationInfo] != nil)
    }
    facts["tls.extended-master-secret"] = byVersion { answer in
      guard let hello = answer.flight.hello, hello.version != .tls13,
        answer.hello.offersExtendedMasterSecret
      else { return nil }
      return .boolean(hello.extensions[ExtensionNumber.extendedMasterSecret] != nil)
    }
  }

  /// One SERVER-HELLO lists all cipher kinds of SSL 2.0; they complete the other versions' lists.
  private mutating func stateSSL2() {
    guard let hello = answers.lazy.compactMap(\.flight.ssl2).first else { return }
    var lists: [String: FactValue] = [:]
    if case .record(let known)? = facts["tls.accepted-suites"] {
      lists = known
    } else if accepting.contains(where: { $0.flight.acceptedVersion != .ssl2 }) {
      return
    }
    lists[ProtocolVersion.ssl2.name] = .list(
      hello.ciphers.sorted().map { kind in
        .text(
          fourDigits(UInt16(truncatingIfNeeded: kind >> 8))
            + hexadecimal([UInt8(truncatingIfNeeded: kind)]).uppercased())
      })
    facts["tls.accepted-suites"] = .record(lists)
  }

  private func signatureIsValid(_ answer: Answer) -> Bool? {
    HandshakeSignature.isValid(
      answer.flight, leaf: chain(of: answer)?.leaf, clientRandom: answer.hello.random)
  }

  // MARK: Certificates

  private mutating func stateCertificates() {
    var order: [[[UInt8]]] = []
    var versions: [[[UInt8]]: Set<ProtocolVersion>] = [:]
    for answer in accepting {
      guard let version = answer.flight.acceptedVersion, let ders = answer.flight.chain,
        !ders.isEmpty
      else { continue }
      if versions[ders] == nil { order.append(ders) }
      versions[ders, default: []].insert(version)
    }
    guard !order.isEmpty else { return }
    let found = order.compactMap { ders in chains[ders].map { (ders, $0) } }
    facts["tls.certificates"] = .list(
      found.map { ders, chain in
        [
          "authentication": .optional(chain.authentication),
          "chain": chain.fact,
          "protocols": .list(
            ProtocolVersion.everyTLS.filter { versions[ders]?.contains($0) ?? false }
              .map { .text($0.name) }),
        ]
      })
    facts["tls.certificate.key-algorithms"] = .list(
      Set(found.flatMap(\.1.keyLabels)).sorted().map { .text($0) })
    let leaves = found.compactMap(\.1.leaf)
    state(CertificateChecks(leaves: leaves), under: "tls")
    stateSeparation(of: leaves)
  }

  /// Whether no leaf may both sign and have keys encrypted to it; not known for a leaf without key usage.
  private mutating func stateSeparation(of leaves: [Certificate]) {
    let usages = leaves.map(\.keyUsage)
    guard !usages.isEmpty, usages.allSatisfy({ $0 != nil }) else { return }
    let encrypting: Set<String> = ["keyEncipherment", "dataEncipherment", "keyAgreement"]
    facts["tls.certificate.key-usages-separate"] = .boolean(
      usages.allSatisfy { usage in
        let usage = Set(usage ?? [])
        return !usage.contains("digitalSignature") || usage.isDisjoint(with: encrypting)
      })
  }

  private mutating func state(_ checks: CertificateChecks, under family: String) {
    facts["\(family).certificate.validity"] = checks.validity(at: now).map { .text($0) }
    facts["\(family).certificate.name-matches"] = checks.matches(name).map { .boolean($0) }
    facts["\(family).certificate.self-signed"] = checks.hasSelfSigned.map { .boolean($0) }
  }

  // MARK: TLCP

  private var tlcpAnswer: Answer? {
    let accepted = answers.filter { $0.flight.acceptedVersion == .tlcp }
    return accepted.first { $0.flight.isComplete } ?? accepted.first
  }

  private mutating func stateTLCP() {
    guard let answer = tlcpAnswer, let hello = answer.flight.hello else { return }
    facts["tlcp.chosen-suite"] = .text(hello.suite.code)
    if answer.flight.isComplete {
      facts["tlcp.client-certificate-requested"] = .boolean(
        answer.flight.requestsClientCertificate)
    }
    guard let chain = chain(of: answer) else { return }
    facts["tlcp.certificates"] = chain.fact
    guard let certificates = chain.certificates else {
      if answer.flight.keyExchange != nil { facts["tlcp.key-exchange-signature-valid"] = false }
      return
    }
    let pair = CertificatePair(certificates)
    facts["tlcp.certificate-order"] = .text(pair.order.rawValue)
    facts["tlcp.certificate.key-usages-separate"] = .boolean(pair.separatesKeyUsages)
    if facts["tls.certificate.key-usages-separate"] != false {
      facts["tls.certificate.key-usages-separate"] = .boolean(pair.separatesKeyUsages)
    }
    facts["tlcp.key-exchange-signature-valid"] = TLCPKeyExchange.isSignatureValid(
      answer.flight, chain: certificates, clientRandom: answer.hello.random
    ).map { .boolean($0) }
    state(CertificateChecks(leaves: certificates.filter { !$0.isCA }), under: "tlcp")
  }

  // MARK: Protection

  /// Whether one answer is an encrypted handshake with a server that is authenticated; `nil` when the
  /// answer does not show it: a TLS 1.3 flight that could not be opened, a scheme not known here, a suite
  /// with a shared secret.
  private func isProtected(_ answer: Answer) -> Bool? {
    guard let version = answer.flight.acceptedVersion, let parts = answer.flight.hello?.suite.parts,
      parts.isEncrypting, parts.isAuthenticated
    else { return false }
    if version == .tlcp { return facts["tlcp.key-exchange-signature-valid"]?.boolean }
    // Who holds the shared secret is proven to each other alone.
    if parts.authentication == .sharedSecret { return nil }
    guard let chain = answer.flight.chain else { return version == .tls13 ? nil : false }
    guard !chain.isEmpty else { return false }
    // Static RSA proves the key only by finishing; the certificate under such a suite counts.
    if version != .tls13, parts.keyExchange == .rsa { return true }
    return signatureIsValid(answer)
  }

  private mutating func stateProtected() {
    // One by one: most often the first shows it, and each costs a verification.
    if answers.lazy.map(isProtected).contains(true) {
      facts["tls.protected"] = true
    } else if undetermined.isEmpty, !answers.lazy.map(isProtected).contains(nil) {
      facts["tls.protected"] = false
    }
  }

  // MARK: Problems

  /// What stood in the way, each once: whoever reads the facts sees what they rest on.
  private mutating func stateProblems() {
    var seen: Set<[String]> = []
    var list: [FactValue] = []
    func add(_ answer: Answer, _ message: String, _ code: String? = nil, _ place: Int? = nil) {
      guard seen.insert([answer.name, message]).inserted else { return }
      var entry: [String: FactValue] = ["where": .text(answer.name), "message": .text(message)]
      if let code { entry["code"] = .text(code) }
      if let place { entry["offset"] = .integer(place) }
      list.append(.record(entry))
    }
    for answer in answers {
      for problem in answer.flight.problems {
        add(answer, problem.detail, problem.code.rawValue, problem.place)
      }
      if case .malformed(let error) = answer.end {
        add(answer, error.detail, error.code.rawValue, error.place)
      } else if answer.outcome == .unknown || answer.end == .timeout
        || (answer.flight.hello != nil && answer.end != .read),
        let trouble = answer.trouble
      {
        add(answer, trouble)
      }
      for case .unreadable(_, let reason) in chain(of: answer)?.entries ?? [] {
        add(answer, reason, WireError.Code.unreadableCertificate.rawValue)
      }
    }
    for version in ProtocolVersion.tlsFamily {
      for (what, trouble) in inventory.troubles(of: version) {
        list.append([
          "where": .text(version.name.lowercased()),
          "message": .text("the list of \(what) is not complete: \(trouble)"),
        ])
      }
    }
    facts["endpoint.problems"] = .list(list)
  }
}
