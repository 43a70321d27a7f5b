import Bytes

/// Reads what one side of a recorded connection sent: bytes in, what could be read in clear as state.
///
/// It needs nothing of the other side, so that the order in which the two sides arrive does not count.
struct SideReader: Sendable {
  /// Alerts kept.
  static let mostAlerts = 32
  /// A long chain is no violation; the length of the message bounds it as well.
  static let longestChain = 4096
  /// Bytes of whole records kept as evidence: up to the first protected one.
  static let longestEvidence = 1 << 16
  /// Explicit nonce and tag of GCM, the shortest protection there is in TLCP.
  private static let shortestProtection = 24
  /// Bytes of something that is no TLS kept as evidence: enough to recognise it, too few for a secret.
  private static let clearEvidence = 8

  /// The first ClientHello, where this side is the client.
  private(set) var hello: RecordedHello?
  /// What a server said, where this side is one.
  private(set) var flight = ServerFlight()
  /// Alerts in clear.
  private(set) var alerts: [Alert] = []
  private(set) var hasChangedCipher = false
  /// Whether a protected record came after ChangeCipherSpec.
  private(set) var hasProtected = false
  /// The violation that ended the reading.
  private(set) var problem: WireError?
  /// What could not be read on, without a violation that has a name.
  private(set) var remark: WireError?
  /// Whole records as they came, for evidence.
  private(set) var evidence: [[UInt8]] = []
  private(set) var byteCount = 0

  private var records = RecordReader()
  private var messages = HandshakeAssembler()
  private var evidenceBytes = 0
  private var isEvidenceFull = false
  /// Handshake messages are no longer in clear, or can no longer be told apart.
  private var isSealed = false
  private var hasEnded = false

  /// Whether this side began with a record of TLS or TLCP.
  private(set) var speaksTLS = false
  /// Bytes held, roughly.
  var retained: Int { min(byteCount, evidenceBytes * 2) + records.unfinished }

  mutating func feed(_ bytes: [UInt8]) {
    byteCount += bytes.count
    // Short steps: the record reader moves what it holds for every record.
    var rest = bytes[...]
    while !rest.isEmpty, problem == nil {
      records.feed(Array(rest.prefix(4096)))
      rest = rest.dropFirst(4096)
      do throws(WireError) {
        while let record = try records.next() {
          speaksTLS = true
          if isEvidence(record) { keep(record.header + record.fragment) }
          try read(record)
        }
      } catch {
        fail(error)
      }
    }
  }

  /// The sender closed its side: what is unfinished stays so.
  mutating func end() {
    guard problem == nil, !hasEnded else { return }
    hasEnded = true
    if records.unfinished > 0 {
      fail(
        WireError(
          .truncatedRecord, at: records.nextPlace,
          "the sender closed after \(records.unfinished) bytes of a record"))
    } else if !isSealed, !messages.isBetweenMessages {
      fail(
        WireError(
          .truncatedRecord, at: records.nextPlace,
          "the sender closed inside a handshake message"))
    }
  }

  /// Application data proves something only where it is the first protected record.
  private func isEvidence(_ record: Record) -> Bool {
    record.type != .applicationData || (hasChangedCipher && flight.hello?.version != .tls13)
  }

  private mutating func keep(_ bytes: [UInt8]) {
    guard !hasProtected, !isEvidenceFull else { return }
    isEvidenceFull = evidenceBytes + bytes.count > Self.longestEvidence
    guard !isEvidenceFull else { return }
    evidence.append(bytes)
    evidenceBytes += bytes.count
  }

  private mutating func fail(_ error: WireError) {
    switch error.code {
    case .malformedMessage:
      problem = WireError(.badHandshakeLength, at: error.place, error.detail)
    case .unexpectedMessage:
      // Only the record reader throws it here: a record type that does not exist.
      problem = WireError(.notTLS, at: error.place, error.detail)
    case .notTLS, .truncatedRecord, .oversizedRecord, .badHandshakeLength, .wrongVersion,
      .unofferedSuite, .unknownSuite, .unofferedCompression, .unofferedExtension, .unofferedGroup,
      .missingKeyExchange, .emptyCertificate, .unreadableCertificate, .undecryptable, .endless:
      problem = error
    }
    let isClear = problem?.code == .notTLS || problem?.code == .wrongVersion
    keep(Array(records.rest.prefix(isClear ? Self.clearEvidence : Self.longestEvidence)))
    records = RecordReader()
    messages = HandshakeAssembler()
  }

  /// Handshake messages are not read any more; records are.
  private mutating func seal(_ reason: WireError? = nil) {
    isSealed = true
    remark = remark ?? reason
    messages = HandshakeAssembler()
  }

  private mutating func read(_ record: Record) throws(WireError) {
    if hasChangedCipher { return readLater(record) }
    switch record.type {
    case .handshake:
      try checkVersion(of: record)
      guard !isSealed else { return }
      try messages.feed(record.fragment, at: record.place + 5)
      while !isSealed, let message = try messages.next() { try read(message) }
    case .alert: readAlert(record)
    case .changeCipherSpec:
      try checkVersion(of: record)
      hasChangedCipher = true
    case .applicationData, .heartbeat, .siteToSite:
      // A client's side does not show the version; TLS 1.3 needs no ChangeCipherSpec.
      guard let selected = flight.hello, selected.version != .tls13 else { return }
      remark =
        remark
        ?? WireError(
          .unexpectedMessage, at: record.place,
          "record type \(record.type.rawValue) before ChangeCipherSpec")
    }
  }

  /// After ChangeCipherSpec everything is protected, save an alert of a peer that gave up before.
  private mutating func readLater(_ record: Record) {
    if flight.hello?.version == .tls13 || flight.hello?.isRetryRequest == true {
      // In TLS 1.3 ChangeCipherSpec means nothing, and may stand between the two hellos.
      guard record.type == .handshake, !isSealed else { return }
      do throws(WireError) {
        try messages.feed(record.fragment, at: record.place + 5)
        while !isSealed, let message = try messages.next() { try read(message) }
      } catch {
        fail(error)
      }
      return
    }
    if record.type == .alert, record.fragment.count == 2 { return readAlert(record) }
    if record.type != .changeCipherSpec, record.fragment.count >= Self.shortestProtection {
      hasProtected = true
    }
  }

  private mutating func readAlert(_ record: Record) {
    guard let alert = try? Alert(record) else {
      remark =
        remark
        ?? WireError(
          .malformedMessage, at: record.place, "alert of \(record.fragment.count) bytes")
      return
    }
    if alerts.count < Self.mostAlerts { alerts.append(alert) }
  }

  /// After ServerHello every record has its version; in TLS 1.3 the field means nothing.
  private func checkVersion(of record: Record) throws(WireError) {
    guard let selected = flight.hello?.version, selected != .tls13, record.version != selected
    else { return }
    throw WireError(
      .wrongVersion, at: record.place + 1,
      "record version \(record.version) after \(selected) was selected")
  }

  // MARK: Handshake messages

  private mutating func read(_ message: HandshakeMessage) throws(WireError) {
    if message.kind == .helloRequest { return }
    if hello != nil {
      // Of a client nothing but its hello is needed.
      seal()
      return
    }
    guard let selected = flight.hello, !selected.isRetryRequest else {
      switch message.kind {
      case .clientHello where flight.hello == nil: hello = try RecordedHello(message)
      case .serverHello: try readServerHello(message)
      default: seal(unexpected(message))
      }
      return
    }
    switch message.kind {
    case .certificate where flight.chain == nil: try readCertificate(message)
    case .serverKeyExchange where flight.keyExchange == nil && !flight.isComplete:
      flight.keyExchange = try ServerKeyExchange(
        message, suite: selected.suite, version: selected.version)
    case .certificateRequest: flight.requestsClientCertificate = true
    case .certificateStatus, .newSessionTicket: break
    case .serverHelloDone where !flight.isComplete:
      flight.isComplete = true
      if selected.suite.parts?.needsServerKeyExchange(in: selected.version) == true,
        flight.keyExchange == nil
      {
        flight.problems.append(
          WireError(
            .missingKeyExchange, at: message.place, "no ServerKeyExchange under \(selected.suite)"))
      }
    default: seal(unexpected(message))
    }
  }

  private mutating func readServerHello(_ message: HandshakeMessage) throws(WireError) {
    let answer = try ServerHello(message)
    flight.hello = answer
    if answer.suite.parts == nil {
      flight.problems.append(
        WireError(
          .unknownSuite, at: answer.place + 39 + answer.sessionID.count, "suite \(answer.suite)"))
    }
    if answer.version == .tls13, !answer.isRetryRequest { seal() }
  }

  private mutating func readCertificate(_ message: HandshakeMessage) throws(WireError) {
    let chain = try CertificateMessage.read(message, isTLS13: false, atMost: Self.longestChain)
    flight.chain = chain
    if chain.isEmpty || chain.contains(where: \.isEmpty) {
      flight.problems.append(
        WireError(
          .emptyCertificate, at: message.place,
          chain.isEmpty ? "Certificate without a certificate" : "a certificate of no bytes"))
    }
  }

  private func unexpected(_ message: HandshakeMessage) -> WireError {
    WireError(
      .unexpectedMessage, at: message.place,
      "handshake message \(message.kind.rawValue) was not expected here")
  }
}

extension SuiteParts {
  /// Whether a full handshake under the suite must bring ServerKeyExchange (RFC 5246 7.4.3; in TLCP also
  /// with RSA, GB/T 38636).
  func needsServerKeyExchange(in version: ProtocolVersion) -> Bool {
    switch keyExchange {
    case .sm2Encryption, .sm2Agreement: true
    case .rsa: version == .tlcp
    case .ecdhe, .dhe: authentication != .sharedSecret
    case .dh, .ecdh, .psk, .kerberos, .srp, .password, .fortezza, .gost, .sm9Encryption,
      .sm9Agreement, .none, .any:
      false
    }
  }
}
