import NationalCrypto

/// What the client sends after the server's flight.
extension TLCPClient {
  mutating func takeKeys(
    master: [UInt8], _ answer: ServerHello
  ) throws(HandshakeFailure) {
    self.master = master
    let (random, mode) = (hello.random, mode)
    keys = try compute { () throws(CryptoError) in
      try TLCPKeys(
        master: master, clientRandom: random, serverRandom: answer.random, mode: mode)
    }
  }

  /// Certificate if asked for, ClientKeyExchange, CertificateVerify with a certificate, ChangeCipherSpec,
  /// Finished: each in a record of its own, since some servers read no other way.
  mutating func ownFlight() throws(HandshakeFailure) -> [UInt8] {
    guard let answer = flight.hello else { return [] }
    let encryptionKey = try provenKey()
    var output: [UInt8] = []
    let shown = flight.requestsClientCertificate ? pair : nil
    if flight.requestsClientCertificate { output += clear(.certificate, certificates(shown)) }
    let (premaster, exchange) =
      isAgreement
      ? try agreedPremaster(encryptionKey, shown) : try encryptedPremaster(encryptionKey)
    output += clear(.clientKeyExchange, exchange)
    if let shown { output += clear(.certificateVerify, try verification(shown)) }
    let random = hello.random
    let master = try compute { () throws(CryptoError) in
      try TLCPKeys.master(
        premaster: premaster, clientRandom: random, serverRandom: answer.random)
    }
    try takeKeys(master: master, answer)
    output += try ownFinished()
    hasShownPair = shown != nil
    hasFinished = true
    state = .changeCipherSpec
    return output
  }

  /// The body of Certificate, an empty list without a pair.
  private func certificates(_ shown: ClientPair?) -> [UInt8] {
    let list = shown?.chain(withEncryption: isAgreement) ?? []
    var body = ByteWriter()
    body.vector(3) { inner in
      for der in list { inner.vector(3) { $0.append(der) } }
    }
    return body.bytes
  }

  /// ECC: 0101 and 46 random bytes, sent under the server's encryption key.
  private func encryptedPremaster(
    _ encryptionKey: [UInt8]
  ) throws(HandshakeFailure) -> (premaster: [UInt8], exchange: [UInt8]) {
    let premaster = [1, 1] + source.bytes(46)
    let encrypted = try compute { () throws(CryptoError) in
      try source.encrypt(premaster, encryptionKey)
    }
    var body = ByteWriter()
    body.vector(2) { $0.append(encrypted) }
    return (premaster, body.bytes)
  }

  /// ECDHE: SM2 key agreement over the two encryption keys and two ephemeral ones.
  private func agreedPremaster(
    _ encryptionKey: [UInt8], _ shown: ClientPair?
  ) throws(HandshakeFailure) -> (premaster: [UInt8], exchange: [UInt8]) {
    guard let shown else {
      throw .keyExchange("no CertificateRequest, which the key agreement needs")
    }
    // `curve type(1) curve(2) point<1>`, the point uncompressed.
    guard let parameters = flight.keyExchange?.parameters, parameters.count == 69,
      parameters[0] == 3, parameters[3] == 65
    else { throw .keyExchange("ServerKeyExchange holds no point of 65 bytes") }
    let point: [UInt8]
    do throws(CryptoError) {
      point = try SM2.publicPoint(ofSubjectPublicKeyInfo: encryptionKey)
    } catch {
      throw .keyExchange(error.description)
    }
    let peer = SM2KeyAgreement.Peer(publicPoint: point, ephemeralPoint: Array(parameters[4...]))
    let own = try compute { () throws(CryptoError) in try source.ephemeral() }
    let premaster: [UInt8]
    do throws(CryptoError) { premaster = try shown.agree(own, peer) } catch {
      throw .keyExchange(error.description)
    }
    var inner = ByteWriter()
    inner.uint8(3)
    inner.uint16(NamedGroup.sm2.rawValue)
    inner.vector(1) { $0.append(own.publicPoint) }
    guard dialect.countsKeyExchange else { return (premaster, inner.bytes) }
    var body = ByteWriter()
    body.vector(2) { $0.append(inner.bytes) }
    return (premaster, body.bytes)
  }

  /// The body of CertificateVerify: our signature over the messages so far.
  private func verification(_ shown: ClientPair) throws(HandshakeFailure) -> [UInt8] {
    let (messages, dialect) = (transcript, dialect)
    let isWrong = deviation == .verify
    let signature = try compute { () throws(CryptoError) in
      let content = dialect.signsDigest ? try SM3.digest(messages) : messages
      return try shown.sign(isWrong ? content + [0] : content, SM2.defaultIdentity)
    }
    var body = ByteWriter()
    body.vector(2) { $0.append(signature) }
    return body.bytes
  }

  /// The encryption key, once the signing key has vouched for it.
  func provenKey() throws(HandshakeFailure) -> [UInt8] {
    guard let ders = flight.chain, ders.count > 1 else {
      throw .keyExchange("\(flight.chain?.count ?? 0) certificates, a pair expected")
    }
    let pair: [Certificate]
    do throws(CryptoError) {
      pair = [try Certificate(der: ders[0]), try Certificate(der: ders[1])]
    } catch {
      throw .keyExchange("\(error)")
    }
    guard
      let isValid = TLCPKeyExchange.isSignatureValid(
        flight, chain: pair, clientRandom: hello.random)
    else { throw .keyExchange("no ServerKeyExchange") }
    guard isValid else {
      throw .keyExchange(
        "the first certificate's key has not signed the second certificate for this handshake")
    }
    return pair[1].subjectPublicKeyInfo
  }

  mutating func ownFinished() throws(HandshakeFailure) -> [UInt8] {
    guard let keys else { return [] }
    let (mode, master, messages) = (mode, master, transcript)
    outgoing = try compute { () throws(CryptoError) in try TLCPProtection(mode, keys.client) }
    var proof = try compute { () throws(CryptoError) in
      try TLCPKeys.verifyData(master: master, isClient: true, messages: messages)
    }
    if deviation == .finished { proof[0] ^= 1 }
    let message = HandshakeMessage(kind: .finished, body: proof, place: 0).encoded
    transcript += message
    let damage: TLCPProtection.Damage? =
      switch deviation {
      case .mac: .mac
      case .padding: .padding
      case .finished, .verify, nil: nil
      }
    return Self.record(.changeCipherSpec, [1]) + (try sealed(message, .handshake, damage: damage))
  }

  mutating func readFinished(_ message: HandshakeMessage) throws(HandshakeFailure) -> [UInt8] {
    let (master, covered) = (master, transcript)
    let expected = try compute { () throws(CryptoError) in
      try TLCPKeys.verifyData(master: master, isClient: false, messages: covered)
    }
    guard isEqualInConstantTime(expected, message.body) else {
      throw .finished(place: message.place)
    }
    transcript += message.encoded
    let output = isResumed ? try ownFinished() : []
    isConnected = true
    state = .connected
    idleRecords = 0
    if let answer = flight.hello, !answer.sessionID.isEmpty {
      session = Session(id: answer.sessionID, suite: answer.suite, master: master)
    }
    return output
  }

  mutating func clear(_ kind: HandshakeMessage.Kind, _ body: [UInt8]) -> [UInt8] {
    let message = HandshakeMessage(kind: kind, body: body, place: 0).encoded
    transcript += message
    return Self.record(.handshake, message)
  }

  mutating func sealed(
    _ content: [UInt8], _ type: Record.ContentType
  ) throws(HandshakeFailure) -> [UInt8] {
    try sealed(content, type, damage: nil)
  }

  private mutating func sealed(
    _ content: [UInt8], _ type: Record.ContentType, damage: TLCPProtection.Damage?
  ) throws(HandshakeFailure) -> [UInt8] {
    let iv = mode == .cbc ? source.bytes(16) : []
    let fragment = try compute { () throws(CryptoError) in
      try outgoing?.seal(content, type, iv: iv, damage: damage)
    }
    return Self.record(type, fragment ?? [])
  }

  static func record(_ type: Record.ContentType, _ fragment: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.uint8(type.rawValue)
    writer.uint16(ProtocolVersion.tlcp.rawValue)
    writer.vector(2) { $0.append(fragment) }
    return writer.bytes
  }
}

extension HandshakeMessage.Kind {
  static let clientKeyExchange = Self(rawValue: 16)
}
