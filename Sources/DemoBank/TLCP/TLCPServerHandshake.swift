import Bytes
import NationalCrypto

/// The server's side of the handshake.
extension TLCPServerSession {
  mutating func take(message: [UInt8]) throws {
    let body = Array(message[4...])
    switch (step, message[0]) {
    case (.hello, 1):
      transcript = message
      try answer(ByteReader(body))
    case (.certificate, 11):
      transcript += message
      try takeCertificates(ByteReader(body))
      step = .keyExchange
    case (.keyExchange, 16):
      transcript += message
      try takeKeyExchange(ByteReader(body))
      step = clientChain.isEmpty ? .changeCipherSpec : .certificateVerify
    case (.certificateVerify, 15):
      try takeVerification(ByteReader(body))
      transcript += message
      step = .changeCipherSpec
    case (.finished, 20): try takeFinished(message)
    default: throw Alert.unexpectedMessage
    }
  }

  /// ClientHello: `version(2) random(32) session_id<1> suites<2> compressions<1> [extensions]`.
  private mutating func answer(_ hello: ByteReader) throws {
    var hello = hello
    guard try hello.uint16() == 0x0101 else { throw Alert.protocolVersion }
    clientRandom = try hello.take(32)
    var offeredID = try hello.vector(1)
    let id = offeredID.rest()
    var list = try hello.vector(2)
    var offered: [UInt16] = []
    while !list.isAtEnd { offered.append(try list.uint16()) }
    var compressions = try hello.vector(1)
    guard compressions.rest().contains(0) else { throw Alert.handshakeFailure }
    let extensions = try takeExtensions(&hello)
    serverRandom = material.random(32)
    if let kept = material.sessions.find(id), offered.contains(kept.suite),
      let suite = TLCPServer.Suite(rawValue: kept.suite)
    {
      return try resume(id, kept, suite)
    }
    let known = offered.compactMap(TLCPServer.Suite.init(rawValue:))
    let common =
      options.dialect == .gmssl
      ? options.suites.first(where: known.contains) : known.first(where: options.suites.contains)
    guard let chosen = common ?? (options.fault == .unofferedSuite ? .eccGCM : nil) else {
      throw options.dialect == .gmssl ? Alert.insufficientSecurity : .handshakeFailure
    }
    suite = chosen
    if options.resumesSessions, options.dialect != .gmssl { sessionID = material.random(32) }
    var code = suite.rawValue
    if options.fault == .unofferedSuite {
      code = [0xE053, 0xE013, 0xE011].first { !offered.contains($0) } ?? 0xE0FF
    }
    try sayHello(code, extensions)
    hasSaidHello = true
    if options.fault == .endlessRecords { return }
    try sendCertificates()
  }

  /// What GmSSL bears: server_name, trusted_ca_keys, status_request, supported_groups,
  /// signature_algorithms, client_id.
  private static let allowedExtensions: Set<UInt16> = [0, 3, 5, 10, 13, 66]

  /// Reads the extensions as the dialect does; those of ServerHello that answer them.
  private func takeExtensions(_ hello: inout ByteReader) throws -> [UInt8] {
    guard !hello.isAtEnd, options.dialect == .gmssl else { return material.extensions }
    var list = try hello.vector(2)
    var answer: [UInt8] = []
    while !list.isAtEnd {
      let number = try list.uint16()
      var body = try list.vector(2)
      guard Self.allowedExtensions.contains(number) else { throw SilentEnd() }
      guard number == 0 else { continue }
      var names = try body.vector(2)
      guard try names.uint8() == 0 else { throw Alert.decodeError }
      var name = try names.vector(2)
      let text = String(decoding: name.rest(), as: UTF8.self)
      guard options.names.isEmpty || options.names.contains(text) else {
        throw Alert.handshakeFailure
      }
      answer = [0, 0, 0, 0]
    }
    return material.extensions.isEmpty ? answer : material.extensions
  }

  private mutating func sendMessage(_ type: UInt8, _ body: [UInt8]) throws {
    let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) }
    transcript += [type] + length + body
    try send(22, [type] + length + body)
  }

  private mutating func sayHello(_ code: UInt16, _ extensions: [UInt8]) throws {
    var body: [UInt8] = [1, 1] + serverRandom + [UInt8(sessionID.count)] + sessionID
    body += [UInt8(code >> 8), UInt8(code & 0xFF), 0]
    if !extensions.isEmpty {
      body += [UInt8(extensions.count >> 8), UInt8(extensions.count & 0xFF)] + extensions
    }
    try sendMessage(2, body)
  }

  private mutating func sendCertificates() throws {
    func counted(_ bytes: [UInt8]) -> [UInt8] {
      [16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }
    try sendMessage(11, counted(material.chain.flatMap(counted)))
    var parameters: [UInt8] = []
    if suite.isAgreement {
      guard let share = material.keyShare() else { throw Alert.internalError }
      keyShare = share
      parameters = [3, 0, 41, 65] + share.point
    }
    var covered =
      clientRandom + serverRandom
      + (suite.isAgreement ? parameters : counted(material.encryptionCertificate))
    if options.fault == .badSignature { covered.append(0) }
    guard let signature = material.sign(covered) else { throw Alert.internalError }
    try sendMessage(
      12, parameters + [UInt8(signature.count >> 8), UInt8(signature.count & 0xFF)] + signature)
    let asks = options.clientCertificate != .none || suite.isAgreement
    if asks { try sendMessage(13, material.certificateRequest) }
    try sendMessage(14, [])
    step = asks ? .certificate : .keyExchange
  }

  private mutating func takeCertificates(_ body: ByteReader) throws {
    var body = body
    var list = try body.vector(3)
    try body.requireEnd("Certificate")
    while !list.isAtEnd {
      var entry = try list.vector(3)
      guard let certificate = try? Certificate(der: entry.rest()),
        certificate.keyAlgorithm == "SM2"
      else { throw Alert.badCertificate }
      clientChain.append(certificate)
    }
    switch options.clientCertificate {
    case .mistrusted: throw clientChain.isEmpty ? Alert.handshakeFailure : .unknownCA
    case .required where clientChain.isEmpty: throw Alert.handshakeFailure
    case .none, .requested, .required: break
    }
    if suite.isAgreement {
      guard clientChain.count > 1, !clientChain[1].isCA else { throw Alert.handshakeFailure }
    } else if options.dialect == .gmssl, clientChain.count > 1, !clientChain[1].isCA {
      throw Alert.badCertificate
    }
  }

  private mutating func takeKeyExchange(_ body: ByteReader) throws {
    var body = body
    let premaster: [UInt8]
    if suite.isAgreement {
      var inner = options.dialect == .tongsuo ? body : try body.vector(2)
      guard try inner.uint8() == 3, try inner.uint16() == 41 else { throw Alert.decodeError }
      var point = try inner.vector(1)
      try inner.requireEnd("ClientKeyExchange")
      if options.dialect != .tongsuo { try body.requireEnd("ClientKeyExchange") }
      guard
        let lasting = try? SM2.publicPoint(
          ofSubjectPublicKeyInfo: clientChain[1].subjectPublicKeyInfo),
        let agreed = keyShare?.agree(lasting, point.rest())
      else { throw Alert.decryptError }
      premaster = agreed
    } else {
      var encrypted = try body.vector(2)
      try body.requireEnd("ClientKeyExchange")
      guard let opened = material.decrypt(encrypted.rest()), opened.count == 48,
        opened.starts(with: [1, 1])
      else { throw Alert.decryptError }
      premaster = opened
    }
    master = try SM3PRF.derive(
      secret: premaster, label: "master secret", seed: clientRandom + serverRandom, length: 48)
  }

  private func takeVerification(_ body: ByteReader) throws {
    var body = body
    var signature = try body.vector(2)
    try body.requireEnd("CertificateVerify")
    guard options.fault != .ignoresClientSignature, let signer = clientChain.first else { return }
    let content = options.dialect == .gmssl ? transcript : try SM3.digest(transcript)
    let isRight = try? SM2.verify(
      signature: signature.rest(), message: content, publicKeyOf: signer)
    guard isRight == true else { throw Alert.decryptError }
  }

  private func proof(_ label: String) throws(CryptoError) -> [UInt8] {
    try SM3PRF.derive(
      secret: master, label: label, seed: SM3.digest(transcript), length: 12)
  }

  private mutating func takeFinished(_ message: [UInt8]) throws {
    let expected = try proof("client finished")
    if options.fault != .ignoresFinished {
      guard Array(message[4...]) == expected else { throw Alert.decryptError }
    }
    transcript += message
    step = .connected
    guard !isResuming else { return }
    try sendFinished()
    if !sessionID.isEmpty {
      material.sessions.keep(.init(suite: suite.rawValue, master: master), as: sessionID)
    }
  }

  private mutating func sendFinished() throws {
    var data = try proof("server finished")
    if options.fault == .wrongFinished { data[11] ^= 0x80 }
    try send(20, [1])
    writing = try protection(.fromServer)
    try sendMessage(20, data)
    if options.fault == .wrongRecord, output.count > 20 { output[output.count - 20] ^= 1 }
  }

  /// Hello with the id that was offered, then our ChangeCipherSpec and Finished first.
  private mutating func resume(
    _ id: [UInt8], _ kept: TLCPSessionStore.Session, _ suite: TLCPServer.Suite
  ) throws {
    self.suite = suite
    sessionID = id
    master = kept.master
    isResuming = true
    try sayHello(kept.suite, material.extensions)
    hasSaidHello = true
    try sendFinished()
    step = .changeCipherSpec
  }
}
