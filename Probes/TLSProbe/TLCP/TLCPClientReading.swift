import NationalCrypto

/// Reading the server's handshake messages.
extension TLCPClient {
  mutating func read(_ message: HandshakeMessage) throws(HandshakeFailure) -> [UInt8] {
    if message.kind == .helloRequest {
      try countIdle(message.place, "HelloRequest")
      return []
    }
    switch (state, message.kind) {
    case (.hello, .serverHello): try readHello(message)
    case (.flight, _):
      try wire { () throws(WireError) in try readFlight(message) }
      transcript += message.encoded
      if flight.isComplete { return try ownFlight() }
    case (.changeCipherSpec, .newSessionTicket): transcript += message.encoded
    case (.finished, .finished): return try readFinished(message)
    default: throw unexpected("handshake message \(message.kind.rawValue)", message.place)
    }
    return []
  }

  mutating func readHello(_ message: HandshakeMessage) throws(HandshakeFailure) {
    let answer = try wire { () throws(WireError) in try ServerHello(message) }
    flight.take(answer, answering: hello)
    transcript += message.encoded
    // To resume an agreed session takes no certificate.
    let isOffered = offered.map { !$0.id.isEmpty && $0.id == answer.sessionID } ?? false
    let agreed = pair == nil && !isOffered ? nil : TLCPMode(ecdhe: answer.suite)
    guard !flight.isRefusedByUs,
      let mode = TLCPMode(ecc: answer.suite) ?? agreed
    else {
      state = .over
      return
    }
    isAgreement = agreed != nil
    self.mode = mode
    state = .flight
    guard let offered, isOffered else { return }
    guard answer.suite == offered.suite else {
      throw .wire(
        WireError(
          .unofferedSuite, at: message.place,
          "a session of \(offered.suite) resumed under \(answer.suite)"))
    }
    isResumed = true
    try takeKeys(master: offered.master, answer)
    state = .changeCipherSpec
  }

  mutating func readFlight(_ message: HandshakeMessage) throws(WireError) {
    switch message.kind {
    case .certificate where flight.chain == nil:
      let chain = try CertificateMessage.read(message, isTLS13: false)
      flight.chain = chain
      if chain.isEmpty {
        flight.problems.append(
          WireError(.emptyCertificate, at: message.place, "Certificate without a certificate"))
      }
    case .serverKeyExchange where flight.keyExchange == nil:
      guard let selected = flight.hello else { return }
      flight.keyExchange = try ServerKeyExchange(
        message, suite: selected.suite, version: selected.version)
      // The number is taken for what it is; the point decides.
      if isAgreement, let group = flight.keyExchange?.group, group != .sm2 {
        flight.problems.append(
          WireError(
            .unofferedGroup, at: message.place + 5, "curve \(group.code), 0029 expected"))
      }
    case .certificateRequest: flight.requestsClientCertificate = true
    case .certificateStatus: break
    case .serverHelloDone: flight.isComplete = true
    default:
      throw WireError(
        .unexpectedMessage, at: message.place, "handshake message \(message.kind.rawValue)")
    }
  }
}
