import AssessmentModel
import NationalCrypto

/// Turns the connections of one server into facts, in the words of `tls.endpoint`.
///
/// A fact needs its message: what was not seen is not stated, and nothing is said to be refused.
struct CaptureFacts {
  /// Violations, alerts and gaps listed.
  static let longestList = 200

  private let readings: [FlowReading]
  private let chains: [ServedChain]
  private let now: String
  private(set) var facts: [String: FactValue] = [:]

  /// - Parameters:
  ///   - readings: of one server, in the order the connections began.
  ///   - chains: those that the readings number.
  ///   - isCut: parts of the capture were not read.
  ///   - now: UTC, `YYYY-MM-DDThh:mm:ssZ`.
  init(
    _ readings: [FlowReading], chains: [ServedChain], isCut: Bool, now: String
  ) {
    self.readings = readings
    self.chains = chains
    self.now = now
    stateCapture(isCut: isCut)
    stateAccepted()
    stateChoices()
    stateCertificates()
    stateTLCP()
    if tls.contains(where: isProtected) || tlcp.contains(where: isProtected) {
      facts["tls.protected"] = true
    }
  }

  /// Connections with a ServerHello of the TLS family whose version was offered.
  private var tls: [FlowReading] {
    readings.filter { reading in
      guard let version = reading.flight.hello?.version, reading.isVersionAccepted else {
        return false
      }
      return version != .tlcp
    }
  }

  private var tlcp: [FlowReading] { readings.filter { $0.flight.hello?.version == .tlcp } }

  // MARK: The capture

  private mutating func stateCapture(isCut: Bool) {
    facts["capture.server"] = readings.first?.server.map { .text($0.description) }
    facts["capture.connections"] = .integer(readings.count)
    facts["capture.incomplete"] = .boolean(isCut || readings.contains { !$0.gaps.isEmpty })
    let gaps = readings.filter { !$0.gaps.isEmpty }.map { reading in
      place(reading, ["gaps": .list(reading.gaps.map(\.rawValue).sorted().map { .text($0) })])
    }
    if !gaps.isEmpty { facts["capture.gaps"] = .list(Array(gaps.prefix(Self.longestList))) }
    facts["capture.problems"] = listed(\.problems) { problem in
      [
        "code": .text(problem.error.code.rawValue), "offset": .integer(problem.error.place),
        "message": .text(problem.error.detail), "from": .text(problem.from.rawValue),
      ]
    }
    let remarks = listed(\.remarks) { remark in
      [
        "offset": .integer(remark.error.place), "message": .text(remark.error.detail),
        "from": .text(remark.from.rawValue),
      ]
    }
    if remarks != [] { facts["capture.remarks"] = remarks }
    facts["capture.alerts"] = listed(\.alerts) { sent in
      [
        "level": .integer(Int(sent.alert.level)), "description": .integer(Int(sent.alert.code)),
        "record-version": .text(fourDigits(sent.alert.recordVersion.rawValue)),
        "from": .text(sent.from.rawValue),
      ]
    }
    if let shown = readings.first(where: { $0.flight.hello != nil }) ?? readings.first {
      facts["capture.closed"] = [
        "how": .text(shown.closing?.manner.rawValue ?? "open"),
        "from": .optional(shown.closing?.from.rawValue),
        "server-bytes": .integer(shown.serverBytes),
      ]
    }
  }

  /// Names the connection where there are several.
  private func place(_ reading: FlowReading, _ fields: [String: FactValue]) -> FactValue {
    var fields = fields
    if readings.count > 1 {
      fields["connection"] = .integer(reading.number)
      fields["client"] = reading.client.map { .text($0.description) }
    }
    return .record(fields)
  }

  private func listed<Item>(
    _ items: (FlowReading) -> [Item], _ fields: (Item) -> [String: FactValue]
  ) -> FactValue {
    var list: [FactValue] = []
    for reading in readings {
      for item in items(reading) where list.count < Self.longestList {
        list.append(place(reading, fields(item)))
      }
    }
    return .list(list)
  }

  // MARK: Accepted

  private mutating func stateAccepted() {
    let seen = Set(tls.compactMap(\.flight.hello?.version))
    if !seen.isEmpty {
      let known = ProtocolVersion.tlsFamily.filter(seen.contains)
      let others = seen.subtracting(known).sorted { $0.rawValue < $1.rawValue }
      facts["tls.protocols"] = .list((known + others).map { .text($0.name) })
    }
    facts["tls.accepted-suites"] = codes { reading in
      reading.isSuiteAccepted ? reading.flight.hello?.suite.code : nil
    }
    facts["tls.groups"] = codes { reading in
      (reading.flight.hello?.version == .tls13
        ? reading.flight.hello?.keyShareGroup : reading.flight.keyExchange?.group)?.code
    }
    facts["tls.signature-algorithms"] = codes { $0.flight.keyExchange?.scheme?.code }
  }

  /// The codes seen, by version; `nil`, an absent fact, without any.
  private func codes(_ code: (FlowReading) -> String?) -> FactValue? {
    byVersion(code) { codes in .list(Set(codes).sorted().map { .text($0) }) }
  }

  /// What the connections of each version have to say, put together.
  private func byVersion<Value>(
    _ value: (FlowReading) -> Value?, _ together: ([Value]) -> FactValue
  ) -> FactValue? {
    var values: [String: [Value]] = [:]
    for reading in tls {
      guard let version = reading.flight.hello?.version, let value = value(reading) else {
        continue
      }
      values[version.name, default: []].append(value)
    }
    return values.isEmpty ? nil : .record(values.mapValues(together))
  }

  private mutating func stateChoices() {
    facts["tls.dh-bits"] = byVersion(\.flight.keyExchange?.primeBits) {
      $0.min().map { .integer($0) } ?? .null
    }
    facts["tls.key-exchange-signature-valid"] = byVersion(\.isSignatureValid) {
      .boolean(!$0.contains(false))
    }
    facts["tls.client-certificate-requested"] = byVersion({ reading in
      reading.flight.isComplete && reading.chain != nil
        ? reading.flight.requestsClientCertificate : nil
    }) { .boolean($0.contains(true)) }
    facts["tls.compression"] = byVersion({ classic($0)?.compression }) { methods in
      switch methods.max() ?? 0 {
      case 0: "none"
      case 1: "deflate"
      case let other: .text("code-\(other)")
      }
    }
    facts["tls.renegotiation-info"] = byVersion({ reading in
      classic(reading).map { $0.extensions[ExtensionNumber.renegotiationInfo] != nil }
    }) { .boolean(!$0.contains(false)) }
    facts["tls.extended-master-secret"] = byVersion({ reading in
      guard reading.offersExtendedMasterSecret == true else { return nil }
      return classic(reading).map { $0.extensions[ExtensionNumber.extendedMasterSecret] != nil }
    }) { .boolean(!$0.contains(false)) }
  }

  /// The ServerHello of a version that has these properties.
  private func classic(_ reading: FlowReading) -> ServerHello? {
    reading.flight.hello.flatMap { $0.version == .tls13 ? nil : $0 }
  }

  // MARK: Certificates

  private mutating func stateCertificates() {
    let found = numbers(of: tls).filter { !chains[$0].entries.isEmpty }
    guard !found.isEmpty else { return }
    var versions: [Int: Set<ProtocolVersion>] = [:]
    for reading in tls {
      guard let version = reading.flight.hello?.version, let chain = reading.chain else { continue }
      versions[chain, default: []].insert(version)
    }
    facts["tls.certificates"] = .list(
      found.map { number in
        [
          "authentication": .optional(chains[number].authentication),
          "chain": chains[number].fact,
          "protocols": .list(
            ProtocolVersion.tlsFamily.filter { versions[number]?.contains($0) ?? false }
              .map { .text($0.name) }),
        ]
      })
    facts["tls.certificate.key-algorithms"] = .list(
      Set(found.flatMap { chains[$0].keyLabels }).sorted().map { .text($0) })
    CertificateFacts().state(
      found.compactMap { chains[$0].certificates }, leaves: 1, "tls", &facts)
    let leaves = found.map { [chains[$0].leaf].compactMap(\.self) }
    state(
      CertificateChecks(leaves: leaves.flatMap(\.self)), under: "tls",
      names: names(tls, Dictionary(uniqueKeysWithValues: zip(found, leaves))))
  }

  /// The chains served, each once, in the order they were first seen.
  private func numbers(of readings: [FlowReading]) -> [Int] {
    var seen: Set<Int> = []
    return readings.compactMap(\.chain).filter { seen.insert($0).inserted }
  }

  /// Whether the leaves of each chain cover every name that a client asked for when it was served.
  private func names(_ readings: [FlowReading], _ leaves: [Int: [Certificate]]) -> Bool? {
    struct Asked: Hashable {
      var name: String
      var chain: Int
    }
    let asked = readings.compactMap { reading -> Asked? in
      guard let name = reading.serverName, let chain = reading.chain else { return nil }
      return Asked(name: name, chain: chain)
    }
    let answers = Set(asked).compactMap { one in
      leaves[one.chain].flatMap { CertificateChecks(leaves: $0).matches(one.name) }
    }
    return answers.isEmpty ? nil : !answers.contains(false)
  }

  private mutating func state(
    _ checks: CertificateChecks, under family: String, names: Bool?
  ) {
    facts["\(family).certificate.validity"] = checks.validity(at: now).map { .text($0) }
    facts["\(family).certificate.name-matches"] = names.map { .boolean($0) }
    facts["\(family).certificate.self-signed"] = checks.hasSelfSigned.map { .boolean($0) }
  }

  // MARK: TLCP

  private mutating func stateTLCP() {
    guard !tlcp.isEmpty else { return }
    facts["tlcp.offered"] = true
    let suites = Set(tlcp.filter(\.isSuiteAccepted).compactMap(\.flight.hello?.suite.code))
    if !suites.isEmpty { facts["tlcp.accepted-suites"] = .list(suites.sorted().map { .text($0) }) }
    let complete = tlcp.filter(\.flight.isComplete)
    if !complete.isEmpty {
      facts["tlcp.client-certificate-requested"] = .boolean(
        complete.contains(where: \.flight.requestsClientCertificate))
    }
    let signatures = tlcp.compactMap(\.isSignatureValid)
    if !signatures.isEmpty {
      facts["tlcp.key-exchange-signature-valid"] = .boolean(!signatures.contains(false))
    }
    let finished = tlcp.map(\.isHandshakeCompleted)
    if finished.contains(true) {
      facts["tlcp.handshake-completed"] = true
    } else if !finished.contains(nil) {
      facts["tlcp.handshake-completed"] = false
    }
    stateTLCPCertificates()
  }

  private mutating func stateTLCPCertificates() {
    let served = numbers(of: tlcp)
    guard let first = served.first else { return }
    facts["tlcp.certificates"] = chains[first].fact
    if served.count > 1 {
      facts["tlcp.other-certificates"] = .list(
        served.dropFirst().prefix(Self.longestList).map { chains[$0].fact })
    }
    CertificateFacts().statePair(
      chains[first], others: served.dropFirst().prefix(Self.longestList).map { chains[$0] }, &facts)
    if let certificates = chains[first].certificates {
      facts["tlcp.certificate-order"] = .text(CertificatePair(certificates).order.rawValue)
    }
    let readable = served.compactMap { chains[$0].certificates }
    guard readable.count == served.count else { return }
    facts["tlcp.certificate.key-usages-separate"] = .boolean(
      readable.allSatisfy { CertificatePair($0).separatesKeyUsages })
    let leaves = readable.map { $0.filter { !$0.isCA } }
    state(
      CertificateChecks(leaves: leaves.flatMap(\.self)), under: "tlcp",
      names: names(tlcp, Dictionary(uniqueKeysWithValues: zip(served, leaves))))
  }

  // MARK: Protection

  /// Whether the connection shows an encrypted handshake with a server that is authenticated. That none
  /// does proves nothing about the server.
  private func isProtected(_ reading: FlowReading) -> Bool {
    guard reading.isSuiteAccepted, let hello = reading.flight.hello, let parts = hello.suite.parts,
      parts.isEncrypting, parts.isAuthenticated, let chain = reading.chain,
      !chains[chain].entries.isEmpty
    else { return false }
    // Static RSA proves the key only by finishing; the certificate under such a suite counts.
    if hello.version != .tlcp, parts.keyExchange == .rsa { return true }
    return reading.isSignatureValid == true
  }
}
