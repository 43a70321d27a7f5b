import Bytes
import NationalCrypto

/// The server's side of one TLCP connection: the client's bytes in, bytes to send out.
struct TLCPServerSession: Sendable {
  private enum Step: Sendable {
    case hello, certificate, keyExchange, changeCipherSpec, finished, connected
  }

  /// What alerts are sent here (GB/T 38636 6.4.3.2).
  private enum Alert: UInt8, Error {
    case closeNotify = 0
    case unexpectedMessage = 10
    case badRecordMAC = 20
    case recordOverflow = 22
    case handshakeFailure = 40
    case unsupportedCertificate = 43
    case decodeError = 50
    case decryptError = 51
    case protocolVersion = 70
    case internalError = 80
  }

  private static let longestRecord = 16_384 + 2048
  private static let longestMessages = 1 << 16

  private(set) var isOver = false
  private(set) var hasSaidHello = false
  private let material: TLCPServerMaterial
  private let options: TLCPServer.Options
  private var step = Step.hello
  private var input: [UInt8] = []
  private var messages: [UInt8] = []
  private var transcript: [UInt8] = []
  private var output: [UInt8] = []
  private var request: [UInt8] = []
  private var suite = TLCPServer.Suite.eccGCM
  private var clientRandom: [UInt8] = []
  private var serverRandom: [UInt8] = []
  private var sessionID: [UInt8] = []
  private var master: [UInt8] = []
  private var isResuming = false
  private var reading: TLCPServerRecords?
  private var writing: TLCPServerRecords?

  init(_ material: TLCPServerMaterial, _ options: TLCPServer.Options) {
    self.material = material
    self.options = options
  }

  /// Takes what came from the client; what is to be sent.
  mutating func take(_ bytes: [UInt8]) -> [UInt8] {
    input += bytes
    output = []
    do {
      while !isOver, try takeRecord() {}
    } catch let alert as Alert {
      refuse(alert)
    } catch is ByteError {
      refuse(.decodeError)
    } catch {
      refuse(.internalError)
    }
    return output
  }

  // MARK: Records

  private mutating func refuse(_ alert: Alert) {
    isOver = true
    // A record that cannot be sealed leaves the bare end of the connection.
    try? send(21, [alert == .closeNotify ? 1 : 2, alert.rawValue])
  }

  private mutating func send(_ type: UInt8, _ content: [UInt8]) throws {
    let random = material.random
    if let sealed = try writing?.write(type, content, random: random) {
      output += sealed
    } else {
      let version: [UInt8] = options.fault == .tlsOnly ? [3, 3] : [1, 1]
      output += [type] + version + [UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
      output += content
    }
  }

  /// Whether a whole record was there.
  private mutating func takeRecord() throws -> Bool {
    guard input.count >= 5 else { return false }
    let length = Int(input[3]) << 8 | Int(input[4])
    guard (20...23).contains(input[0]), length <= Self.longestRecord else {
      throw Alert.recordOverflow
    }
    guard input[1] == 1, options.fault != .tlsOnly else { throw Alert.protocolVersion }
    guard input.count >= 5 + length else { return false }
    let type = input[0]
    var content = Array(input[5..<5 + length])
    input.removeFirst(5 + length)
    if type != 20, reading != nil {
      let opened = try reading?.read(type, content, checks: options.fault != .ignoresRecords)
      guard let opened else { throw Alert.badRecordMAC }
      content = opened
    }
    switch type {
    case 20: try takeChange(content)
    case 21: takeAlert(content)
    case 22:
      messages += content
      guard messages.count <= Self.longestMessages else { throw Alert.decodeError }
      while !isOver, let message = nextMessage() { try take(message: message) }
    default: try takeRequest(content)
    }
    return true
  }

  private mutating func nextMessage() -> [UInt8]? {
    guard messages.count >= 4 else { return nil }
    let length = 4 + (Int(messages[1]) << 16 | Int(messages[2]) << 8 | Int(messages[3]))
    guard messages.count >= length else { return nil }
    defer { messages.removeFirst(length) }
    return Array(messages[..<length])
  }

  private mutating func takeAlert(_ content: [UInt8]) {
    if step == .connected, content == [1, 0] {
      refuse(.closeNotify)
    } else {
      isOver = true
    }
  }

  private mutating func takeChange(_ content: [UInt8]) throws {
    guard step == .changeCipherSpec, content == [1], messages.isEmpty else {
      throw Alert.unexpectedMessage
    }
    reading = try protection(.fromClient)
    step = .finished
  }

  private func protection(
    _ direction: TLCPServerRecords.Direction
  ) throws(CryptoError) -> TLCPServerRecords {
    try TLCPServerRecords(
      direction, suite: suite, master: master, clientRandom: clientRandom,
      serverRandom: serverRandom)
  }

  /// Any request gets the one reply; an empty record is none.
  private mutating func takeRequest(_ content: [UInt8]) throws {
    guard step == .connected else { throw Alert.unexpectedMessage }
    request += content
    guard PeerSocket.isWholeRequest(request) else { return }
    try send(23, PeerSocket.reply)
    refuse(.closeNotify)
  }

  // MARK: Handshake

  private mutating func take(message: [UInt8]) throws {
    let body = Array(message[4...])
    switch (step, message[0]) {
    case (.hello, 1):
      transcript = message
      try answer(ByteReader(body))
    case (.certificate, 11):
      transcript += message
      guard body == [0, 0, 0] else { throw Alert.unsupportedCertificate }
      guard options.clientCertificate != .required else { throw Alert.handshakeFailure }
      step = .keyExchange
    case (.keyExchange, 16):
      transcript += message
      try takeKeyExchange(ByteReader(body))
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
    serverRandom = material.random(32)
    if let kept = material.sessions.find(id), offered.contains(kept.suite),
      let suite = TLCPServer.Suite(rawValue: kept.suite)
    {
      return try resume(id, kept, suite)
    }
    guard
      let chosen = offered.lazy.compactMap(TLCPServer.Suite.init(rawValue:))
        .first(where: options.suites.contains) ?? (options.fault == .unofferedSuite ? .eccGCM : nil)
    else { throw Alert.handshakeFailure }
    suite = chosen
    if options.resumesSessions { sessionID = material.random(32) }
    var code = suite.rawValue
    if options.fault == .unofferedSuite {
      code = [0xE053, 0xE013, 0xE011].first { !offered.contains($0) } ?? 0xE0FF
    }
    try sayHello(code)
    hasSaidHello = true
    if options.fault == .endlessRecords { return }
    try sendCertificates()
  }

  private mutating func sendMessage(_ type: UInt8, _ body: [UInt8]) throws {
    let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) }
    transcript += [type] + length + body
    try send(22, [type] + length + body)
  }

  private mutating func sayHello(_ code: UInt16) throws {
    var body: [UInt8] = [1, 1] + serverRandom + [UInt8(sessionID.count)] + sessionID
    body += [UInt8(code >> 8), UInt8(code & 0xFF), 0]
    let extensions = material.extensions
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
    var covered = clientRandom + serverRandom + counted(material.encryptionCertificate)
    if options.fault == .badSignature { covered.append(0) }
    guard let signature = material.sign(covered) else { throw Alert.internalError }
    try sendMessage(
      12, [UInt8(signature.count >> 8), UInt8(signature.count & 0xFF)] + signature)
    if options.clientCertificate != .none {
      // One type, ecdsa_sign; no names, so any issuer will do.
      try sendMessage(13, [1, 64, 0, 0])
    }
    try sendMessage(14, [])
    step = options.clientCertificate == .none ? .keyExchange : .certificate
  }

  private mutating func takeKeyExchange(_ body: ByteReader) throws {
    var body = body
    var encrypted = try body.vector(2)
    try body.requireEnd("ClientKeyExchange")
    guard let premaster = material.decrypt(encrypted.rest()), premaster.count == 48,
      premaster.starts(with: [1, 1])
    else { throw Alert.decryptError }
    master = try SM3PRF.derive(
      secret: premaster, label: "master secret", seed: clientRandom + serverRandom, length: 48)
    step = .changeCipherSpec
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
    try sayHello(kept.suite)
    hasSaidHello = true
    try sendFinished()
    step = .changeCipherSpec
  }
}
