import NationalCrypto

/// What the client sends after the server's flight.
extension TLCPClient {
  mutating func takeKeys(
    master: [UInt8], _ answer: ServerHello
  ) throws(TLCPFailure) {
    self.master = master
    let (random, mode) = (hello.random, mode)
    keys = try compute { () throws(CryptoError) in
      try TLCPKeys(
        master: master, clientRandom: random, serverRandom: answer.random, mode: mode)
    }
  }

  /// Certificate if asked for, ClientKeyExchange, ChangeCipherSpec, Finished: each in a record of its
  /// own, since some servers read no other way.
  mutating func ownFlight() throws(TLCPFailure) -> [UInt8] {
    guard let answer = flight.hello else { return [] }
    let encryptionKey = try provenKey()
    var output: [UInt8] = []
    if flight.requestsClientCertificate { output += clear(.certificate, [0, 0, 0]) }
    let premaster = [1, 1] + source.bytes(46)
    let random = hello.random
    let source = source
    let encrypted = try compute { () throws(CryptoError) in
      try source.encrypt(premaster, encryptionKey)
    }
    var exchange = ByteWriter()
    exchange.vector(2) { $0.append(encrypted) }
    output += clear(.clientKeyExchange, exchange.bytes)
    let master = try compute { () throws(CryptoError) in
      try TLCPKeys.master(
        premaster: premaster, clientRandom: random, serverRandom: answer.random)
    }
    try takeKeys(master: master, answer)
    output += try ownFinished()
    hasFinished = true
    state = .changeCipherSpec
    return output
  }

  /// The encryption key, once the signing key has vouched for it.
  func provenKey() throws(TLCPFailure) -> [UInt8] {
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

  mutating func ownFinished() throws(TLCPFailure) -> [UInt8] {
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
      case .finished, nil: nil
      }
    return Self.record(.changeCipherSpec, [1]) + (try protected(message, .handshake, damage))
  }

  mutating func readFinished(_ message: HandshakeMessage) throws(TLCPFailure) -> [UInt8] {
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

  mutating func protected(
    _ content: [UInt8], _ type: Record.ContentType, _ damage: TLCPProtection.Damage? = nil
  ) throws(TLCPFailure) -> [UInt8] {
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
