import Bytes
import NationalCrypto

/// Reading the server's handshake messages, and our own flight.
extension GMTLSClient {
  mutating func read(
    _ message: HandshakeMessage
  ) throws(HandshakeFailure) -> [UInt8] {
    switch (state, message.kind) {
    case (.hello, .serverHello): try readHello(message)
    case (.extensions, .encryptedExtensions):
      flight.encryptedExtensions = try wire { () throws(WireError) in
        try ExtensionList.read(message, named: "EncryptedExtensions")
      }
      transcript += message.encoded
      state = .certificate
    case (.certificate, .certificateRequest) where !flight.requestsClientCertificate:
      flight.requestsClientCertificate = true
      var reader = message.reader
      if var context = try? reader.vector(1) { requestContext = context.rest() }
      transcript += message.encoded
    case (.certificate, .certificate):
      flight.chain = try wire { () throws(WireError) in
        try CertificateMessage.read(message, isTLS13: true)
      }
      transcript += message.encoded
      state = .verify
    case (.verify, .certificateVerify): try readVerification(message)
    case (.finished, .finished): return try readFinished(message)
    case (.connected, .newSessionTicket): tickets += 1
    default: throw unexpected("handshake message \(message.kind.rawValue)", message.place)
    }
    return []
  }

  private mutating func readHello(_ message: HandshakeMessage) throws(HandshakeFailure) {
    let answer = try wire { () throws(WireError) in try ServerHello(message) }
    flight.take(answer, answering: hello)
    transcript += message.encoded
    guard !flight.isRefusedByUs, answer.version == .tls13, !answer.isRetryRequest,
      let cipher = RecordCipher(answer.suite)
    else {
      // A HelloRetryRequest is an answer too: the share it wants is not the one GM needs.
      state = .over
      return
    }
    guard answer.keyShareGroup == .sm2, let share = answer.keyShare else {
      throw .wire(
        WireError(.unofferedGroup, at: message.place, "no key share on curveSM2, the one offered"))
    }
    let shared: [UInt8]
    do throws(CryptoError) { shared = try key.sharedSecret(with: share) } catch {
      throw .keyExchange("the server's key share: \(error.detail)")
    }
    let covered = transcript
    let secrets = try compute { () throws(CryptoError) in
      try HandshakeSecrets(
        cipher.hash, shared: shared, transcript: cipher.hash.digest(covered))
    }
    incoming = try compute { () throws(CryptoError) in
      try TrafficKeys(cipher, secret: secrets.server)
    }
    self.secrets = secrets
    state = .extensions
  }

  private mutating func readVerification(
    _ message: HandshakeMessage
  ) throws(HandshakeFailure) {
    var reader = message.reader
    let scheme: SignatureScheme
    let signature: [UInt8]
    do {
      scheme = SignatureScheme(rawValue: try reader.uint16())
      var inner = try reader.vector(2)
      signature = inner.rest()
      try reader.requireEnd("CertificateVerify")
    } catch {
      throw .wire(WireError(.malformedMessage, at: message.place, "CertificateVerify: \(error)"))
    }
    let content = try signedContent(isClient: false)
    flight.verification = ServerFlight.Verification(
      scheme: scheme, signature: signature, content: content)
    guard scheme == .sm2 else {
      throw .keyExchange("CertificateVerify with \(scheme.code), 0708 expected")
    }
    guard let leaf = ServedChain(flight.chain ?? []).leaf, leaf.keyAlgorithm == "SM2" else {
      throw .keyExchange("the first certificate has no SM2 key")
    }
    func verifies(_ identity: String) -> Bool {
      (try? SM2.verify(
        signature: signature, message: content, publicKeyOf: leaf, identity: identity)) ?? false
    }
    guard verifies(Self.identity) else {
      throw .keyExchange(
        verifies(SM2.defaultIdentity)
          ? "CertificateVerify is made under the identity \(SM2.defaultIdentity), "
            + "\(Self.identity) expected"
          : "CertificateVerify is not a signature of the certificate's key over this handshake")
    }
    transcript += message.encoded
    state = .finished
  }

  /// What a CertificateVerify signs (RFC 8446 4.4.3).
  private func signedContent(isClient: Bool) throws(HandshakeFailure) -> [UInt8] {
    let covered = transcript
    let digest = try compute { () throws(CryptoError) in try SM3.digest(covered) }
    let side = isClient ? "client" : "server"
    return [UInt8](repeating: 0x20, count: 64) + Array("TLS 1.3, \(side) CertificateVerify".utf8)
      + [0] + digest
  }

  private mutating func readFinished(
    _ message: HandshakeMessage
  ) throws(HandshakeFailure) -> [UInt8] {
    guard let secrets, let cipher = incoming?.cipher else { return [] }
    let covered = transcript
    let expected = try compute { () throws(CryptoError) in
      try HandshakeSecrets.verifyData(
        cipher.hash, secret: secrets.server, transcript: cipher.hash.digest(covered))
    }
    guard isEqualInConstantTime(expected, message.body) else {
      throw .finished(place: message.place)
    }
    guard messages.isBetweenMessages else {
      throw unexpected("handshake bytes after Finished", message.place)
    }
    transcript += message.encoded
    flight.isComplete = true
    let upToServer = transcript
    let output = try ownFlight(secrets, cipher)
    incoming = try compute { () throws(CryptoError) in
      try TrafficKeys(
        cipher,
        secret: secrets.application(
          isClient: false, transcript: cipher.hash.digest(upToServer)))
    }
    outgoing = try compute { () throws(CryptoError) in
      try TrafficKeys(
        cipher,
        secret: secrets.application(isClient: true, transcript: cipher.hash.digest(upToServer)))
    }
    isConnected = true
    state = .connected
    idleRecords = 0
    return output
  }

  /// ChangeCipherSpec for the boxes in between, Certificate and CertificateVerify if asked for, Finished.
  private mutating func ownFlight(
    _ secrets: HandshakeSecrets, _ cipher: RecordCipher
  ) throws(HandshakeFailure) -> [UInt8] {
    var keys = try compute { () throws(CryptoError) in
      try TrafficKeys(cipher, secret: secrets.client)
    }
    var output: [UInt8] = hello.sessionID.isEmpty ? [] : [20, 3, 3, 0, 1, 1]
    func sealed(
      _ message: [UInt8], isDamaged: Bool = false
    ) throws(HandshakeFailure) -> [UInt8] {
      try compute { () throws(CryptoError) in
        try keys.seal(message, .handshake, isDamaged: isDamaged) ?? []
      }
    }
    for message in try certificateMessages() { output += try sealed(message) }
    let covered = transcript
    var proof = try compute { () throws(CryptoError) in
      try HandshakeSecrets.verifyData(
        cipher.hash, secret: secrets.client, transcript: cipher.hash.digest(covered))
    }
    if deviation == .finished { proof[0] ^= 1 }
    let finished = HandshakeMessage(kind: .finished, body: proof, place: 0).encoded
    return output + (try sealed(finished, isDamaged: deviation == .mac))
  }

  /// What answers a CertificateRequest, added to the transcript: our signing certificate and its proof, or
  /// an empty list.
  private mutating func certificateMessages() throws(HandshakeFailure) -> [[UInt8]] {
    guard flight.requestsClientCertificate else { return [] }
    var body = ByteWriter()
    body.vector(1) { $0.append(requestContext) }
    body.vector(3) { list in
      for der in pair?.chain(withEncryption: false) ?? [] {
        list.vector(3) { $0.append(der) }
        list.uint16(0)
      }
    }
    let certificate = HandshakeMessage(kind: .certificate, body: body.bytes, place: 0).encoded
    transcript += certificate
    guard let pair else { return [certificate] }
    let content = try signedContent(isClient: true)
    let signature = try compute { () throws(CryptoError) in
      try pair.sign(content, Self.identity)
    }
    var proof = ByteWriter()
    proof.uint16(SignatureScheme.sm2.rawValue)
    proof.vector(2) { $0.append(signature) }
    let verify = HandshakeMessage(kind: .certificateVerify, body: proof.bytes, place: 0).encoded
    transcript += verify
    return [certificate, verify]
  }
}
