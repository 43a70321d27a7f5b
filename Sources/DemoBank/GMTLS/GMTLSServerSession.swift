import Bytes
import NationalCrypto

/// The server's side of one TLS 1.3 connection with SM suites: the client's bytes in, bytes to send out.
struct GMTLSServerSession: Sendable {
  private enum Step: Sendable {
    case hello, secondHello, certificate, certificateVerify, finished, connected
  }

  private enum Alert: UInt8, Error {
    case unexpectedMessage = 10
    case badRecordMAC = 20
    case recordOverflow = 22
    case handshakeFailure = 40
    case badCertificate = 42
    case illegalParameter = 47
    case decodeError = 50
    case decryptError = 51
    case protocolVersion = 70
    case internalError = 80
  }

  /// What a ClientHello offers, as far as it matters here.
  private struct Offer {
    var sessionID: [UInt8] = []
    var suites: [UInt16] = []
    var versions: [UInt16] = []
    var groups: [UInt16] = []
    var schemes: [UInt16] = []
    var share: [UInt8]?
  }

  private static let identity = "TLSv1.3+GM+Cipher+Suite"
  private static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]
  private static let longestMessages = 1 << 16

  private(set) var isOver = false
  private let identity: GMTLSServer.Identity
  private let options: GMTLSServer.Options
  private var step = Step.hello
  private var input: [UInt8] = []
  private var messages: [UInt8] = []
  private var transcript: [UInt8] = []
  private var output: [UInt8] = []
  private var request: [UInt8] = []
  private var suite = GMTLSServer.Suite.sm4GCM
  private var keys: GMTLSKeys?
  private var application: (client: [UInt8], server: [UInt8])?
  private var reading: GMTLSRecords?
  private var writing: GMTLSRecords?
  private var client: Certificate?

  init(_ identity: GMTLSServer.Identity, _ options: GMTLSServer.Options) {
    self.identity = identity
    self.options = options
  }

  /// Takes what came from the client; what is to be sent.
  mutating func take(_ bytes: [UInt8]) -> [UInt8] {
    input += bytes
    output = []
    do {
      while !isOver, try takeRecord() {}
    } catch let alert as Alert {
      refuse(alert.rawValue)
    } catch is ByteError {
      refuse(Alert.decodeError.rawValue)
    } catch {
      refuse(Alert.internalError.rawValue)
    }
    return output
  }

  // MARK: Records

  private mutating func refuse(_ code: UInt8) {
    isOver = true
    // A record that cannot be sealed leaves the bare end of the connection.
    try? send(21, [code == 0 ? 1 : 2, code])
  }

  private mutating func send(_ type: UInt8, _ content: [UInt8]) throws {
    if let sealed = try writing?.write(type, content) {
      output += sealed
    } else {
      output += [type, 3, 3, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }
  }

  /// Whether a whole record was there.
  private mutating func takeRecord() throws -> Bool {
    guard input.count >= 5 else { return false }
    let length = Int(input[3]) << 8 | Int(input[4])
    guard (20...23).contains(input[0]), length <= 16_384 + 256 else { throw Alert.recordOverflow }
    guard input[1] == 3 else { throw Alert.protocolVersion }
    guard input.count >= 5 + length else { return false }
    var type = input[0]
    var content = Array(input[5..<5 + length])
    input.removeFirst(5 + length)
    if type == 20 { return true }
    if type == 23 {
      let opened = try reading?.read(content, checks: options.fault != .ignoresRecords)
      guard let opened else { throw Alert.badRecordMAC }
      (type, content) = opened
    }
    switch type {
    case 21:
      if step == .connected, content == [1, 0] { refuse(0) } else { isOver = true }
    case 22:
      messages += content
      guard messages.count <= Self.longestMessages else { throw Alert.decodeError }
      while !isOver, let message = nextMessage() { try take(message: message) }
    default:
      guard step == .connected else { throw Alert.unexpectedMessage }
      request += content
      guard PeerSocket.isWholeRequest(request) else { return true }
      try send(23, PeerSocket.reply)
      refuse(0)
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

  // MARK: Handshake

  private mutating func take(message: [UInt8]) throws {
    let body = ByteReader(Array(message[4...]))
    switch (step, message[0]) {
    case (.hello, 1), (.secondHello, 1): try answer(try Self.offer(body), message)
    case (.certificate, 11):
      transcript += message
      try takeCertificate(body)
    case (.certificateVerify, 15):
      try takeVerification(body)
      transcript += message
    case (.finished, 20):
      guard let keys else { throw Alert.internalError }
      let expected = try GMTLSKeys.proof(keys.clientHandshake, transcript)
      guard options.fault == .ignoresFinished || Array(message[4...]) == expected else {
        throw Alert.decryptError
      }
      guard let application else { throw Alert.internalError }
      reading = try GMTLSRecords(suite, application.client)
      step = .connected
      // lifetime(4) age_add(4) nonce<1> ticket<2> extensions<2>
      if options.sendsTicket {
        try send(22, [4, 0, 0, 17, 0, 0, 2, 0, 1, 2, 3, 4, 1, 0, 0, 3, 9, 9, 9, 0, 0])
      }
    default: throw Alert.unexpectedMessage
    }
  }

  private static func offer(_ hello: ByteReader) throws -> Offer {
    var hello = hello
    var offer = Offer()
    func codes(_ list: ByteReader) throws -> [UInt16] {
      var list = list
      var codes: [UInt16] = []
      while !list.isAtEnd { codes.append(try list.uint16()) }
      return codes
    }
    _ = try hello.take(34)
    var id = try hello.vector(1)
    offer.sessionID = id.rest()
    offer.suites = try codes(try hello.vector(2))
    _ = try hello.vector(1)
    guard !hello.isAtEnd else { return offer }
    var list = try hello.vector(2)
    while !list.isAtEnd {
      let number = try list.uint16()
      var body = try list.vector(2)
      switch number {
      case 10: offer.groups = try codes(try body.vector(2))
      case 13: offer.schemes = try codes(try body.vector(2))
      case 43: offer.versions = try codes(try body.vector(1))
      case 51:
        var shares = try body.vector(2)
        while !shares.isAtEnd {
          let group = try shares.uint16()
          var key = try shares.vector(2)
          if group == 41 { offer.share = key.rest() }
        }
      default: break
      }
    }
    return offer
  }

  private mutating func answer(_ offer: Offer, _ message: [UInt8]) throws {
    guard offer.versions.contains(0x0304) else { throw Alert.protocolVersion }
    guard let chosen = options.suites.first(where: { offer.suites.contains($0.rawValue) }),
      offer.groups.contains(41), offer.schemes.contains(0x0708)
    else { throw Alert.handshakeFailure }
    suite = chosen
    let preferred = options.preferredGroup.flatMap { offer.groups.contains($0) ? $0 : nil }
    guard let share = offer.share, preferred == nil else {
      guard step == .hello else { throw Alert.illegalParameter }
      let group = preferred ?? 41
      // The first hello counts as its hash only (RFC 8446 4.4.1).
      transcript = [254, 0, 0, 32] + (try SM3.digest(message))
      try sendHello(
        Self.retryRandom, offer, [0, 51, 0, 2, UInt8(group >> 8), UInt8(group & 0xFF)])
      step = .secondHello
      return
    }
    transcript += message
    let own = try SM2EphemeralKey()
    var point = own.publicPoint
    if options.fault == .badPoint { point[64] ^= 1 }
    guard let shared = try? own.sharedSecret(with: share) else { throw Alert.illegalParameter }
    var random = SystemRandomNumberGenerator()
    try sendHello(
      (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }, offer,
      [0, 51, 0, 69, 0, 41, 0, 65] + point)
    let keys = try GMTLSKeys(shared: shared, messages: transcript)
    self.keys = keys
    try send(20, [1])
    reading = try GMTLSRecords(suite, keys.clientHandshake)
    writing = try GMTLSRecords(suite, keys.serverHandshake)
    try sendFlight(keys)
  }

  private mutating func sendMessage(_ type: UInt8, _ body: [UInt8]) throws {
    let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) }
    transcript += [type] + length + body
    try send(22, [type] + length + body)
  }

  private mutating func sendHello(
    _ random: [UInt8], _ offer: Offer, _ keyShare: [UInt8]
  ) throws {
    let extensions = [0, 43, 0, 2, 3, 4] + keyShare
    var body: [UInt8] = [3, 3] + random + [UInt8(offer.sessionID.count)] + offer.sessionID
    body += [0, UInt8(suite.rawValue & 0xFF), 0, 0, UInt8(extensions.count)] + extensions
    try sendMessage(2, body)
  }

  private static func signed(_ side: String, _ messages: [UInt8]) throws(CryptoError) -> [UInt8] {
    [UInt8](repeating: 32, count: 64) + Array("TLS 1.3, \(side) CertificateVerify".utf8) + [0]
      + (try SM3.digest(messages))
  }

  /// EncryptedExtensions, CertificateRequest on demand, Certificate, CertificateVerify, Finished.
  private mutating func sendFlight(_ keys: GMTLSKeys) throws {
    func counted(_ bytes: [UInt8]) -> [UInt8] {
      [16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }
    try sendMessage(8, [0, 0])
    // An empty context, and signature_algorithms with sm2sig_sm3.
    if options.asksForCertificate { try sendMessage(13, [0, 0, 8, 0, 13, 0, 4, 0, 2, 7, 8]) }
    try sendMessage(11, [0] + counted(identity.chain.flatMap { counted($0) + [0, 0] }))
    var covered = try Self.signed("server", transcript)
    if options.fault == .badSignature { covered.append(0) }
    let signature = try SM2.sign(
      covered, privateKeyPEM: identity.key,
      identity: options.fault == .otherIdentity ? SM2.defaultIdentity : Self.identity)
    let scheme: [UInt8] = options.fault == .otherScheme ? [4, 3] : [7, 8]
    try sendMessage(
      15, scheme + [UInt8(signature.count >> 8), UInt8(signature.count & 0xFF)] + signature)
    var proof = try GMTLSKeys.proof(keys.serverHandshake, transcript)
    if options.fault == .wrongFinished { proof[0] ^= 1 }
    try sendMessage(20, proof)
    if options.fault == .wrongRecord { output[output.count - 1] ^= 1 }
    let secrets = try keys.application(transcript)
    application = secrets
    writing = try GMTLSRecords(suite, secrets.server)
    step = options.asksForCertificate ? .certificate : .finished
  }

  private mutating func takeCertificate(_ body: ByteReader) throws {
    var body = body
    _ = try body.vector(1)
    var list = try body.vector(3)
    try body.requireEnd("Certificate")
    guard !list.isAtEnd else {
      step = .finished
      return
    }
    var entry = try list.vector(3)
    guard let certificate = try? Certificate(der: entry.rest()) else { throw Alert.badCertificate }
    client = certificate
    step = .certificateVerify
  }

  private mutating func takeVerification(_ body: ByteReader) throws {
    var body = body
    guard try body.uint16() == 0x0708, let client else { throw Alert.illegalParameter }
    var signature = try body.vector(2)
    let covered = try Self.signed("client", transcript)
    let isRight = try? SM2.verify(
      signature: signature.rest(), message: covered, publicKeyOf: client,
      identity: Self.identity)
    guard isRight == true else { throw Alert.decryptError }
    step = .finished
  }
}
