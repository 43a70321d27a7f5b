import Bytes

/// Reads a server's first flight from bytes in any fragmentation: bytes in, `flight` out; no socket, no clock.
struct FlightReader: AnswerReader {
  /// Empty records and warnings accepted in one flight.
  static let patience = 32

  private(set) var flight = ServerFlight()
  private let hello: ClientHello
  /// The shared secret of one of the hello's key shares with the server's public key.
  private let agree: @Sendable (NamedGroup, [UInt8]) -> [UInt8]?
  private var records = RecordReader()
  private var messages = HandshakeAssembler()
  private var keys: HandshakeKeys?
  /// Handshake messages of both sides so far: what TLS 1.3 hashes.
  private var transcript: [UInt8]
  private var idleRecords = 0

  /// - Parameter sent: the ClientHello message as it was sent; by default as `hello` writes it.
  init(
    answering hello: ClientHello, sent: [UInt8]? = nil,
    agree: @escaping @Sendable (NamedGroup, [UInt8]) -> [UInt8]? = { _, _ in nil }
  ) {
    self.hello = hello
    self.agree = agree
    transcript = sent ?? hello.message.encoded
  }

  /// Bytes that belong to no whole record yet.
  var rest: [UInt8] { records.rest }

  /// Reads on; afterwards `flight` holds all that is known.
  mutating func feed(_ bytes: [UInt8]) throws(WireError) {
    records.feed(bytes)
    while !flight.isOver, let record = try records.next() {
      try read(record)
    }
  }

  /// The peer ended its side: an unfinished record or message is a violation.
  func end() throws(WireError) {
    guard !flight.isOver else { return }
    if records.unfinished > 0 {
      throw WireError(
        .truncatedRecord, at: records.nextPlace,
        "the peer closed after \(records.unfinished) bytes of a record")
    }
    if !messages.isBetweenMessages {
      throw WireError(
        .truncatedRecord, at: records.nextPlace, "the peer closed inside a handshake message")
    }
  }

  private mutating func read(_ record: Record) throws(WireError) {
    if record.fragment.isEmpty { try countIdle(record.place, "empty record") }
    switch record.type {
    case .handshake:
      guard keys == nil else {
        throw WireError(.unexpectedMessage, at: record.place, "clear handshake after ServerHello")
      }
      try read(fragment: record.fragment, at: record.place + 5)
    case .alert:
      guard !record.fragment.isEmpty else { return }
      try read(try Alert(record), at: record.place)
    case .changeCipherSpec:
      guard flight.hello?.version == .tls13 else {
        throw WireError(.unexpectedMessage, at: record.place, "ChangeCipherSpec")
      }
      try countIdle(record.place, "ChangeCipherSpec")
    case .applicationData:
      guard !record.fragment.isEmpty else { return }
      try readProtected(record)
    case .heartbeat, .siteToSite:
      throw WireError(
        .unexpectedMessage, at: record.place, "record type \(record.type.rawValue)")
    }
  }

  private mutating func countIdle(_ place: Int, _ what: String) throws(WireError) {
    idleRecords += 1
    guard idleRecords <= Self.patience else {
      throw WireError(.endless, at: place, "\(what) number \(idleRecords) without progress")
    }
  }

  private mutating func read(_ alert: Alert, at place: Int) throws(WireError) {
    if alert.endsHandshake {
      flight.alert = alert
      flight.isOver = true
    } else {
      flight.warnings.append(alert)
      try countIdle(place, "warning")
    }
  }

  private mutating func readProtected(_ record: Record) throws(WireError) {
    guard keys != nil else {
      throw WireError(.unexpectedMessage, at: record.place, "application data before any keys")
    }
    guard let inner = try? keys?.open(record) else {
      flight.problems.append(
        WireError(.undecryptable, at: record.place, "the record does not open"))
      flight.isOver = true
      return
    }
    switch Record.ContentType(rawValue: inner.type) {
    case .handshake:
      if inner.bytes.isEmpty { try countIdle(record.place, "empty record") }
      try read(fragment: inner.bytes, at: record.place)
    case .alert:
      var clear = record
      clear.fragment = inner.bytes
      try read(try Alert(clear), at: record.place)
    case .changeCipherSpec, .applicationData, .heartbeat, .siteToSite, nil:
      throw WireError(
        .unexpectedMessage, at: record.place, "protected content type \(inner.type)")
    }
  }

  private mutating func read(fragment: [UInt8], at place: Int) throws(WireError) {
    try messages.feed(fragment, at: place)
    while !flight.isOver, let message = try messages.next() {
      try read(message)
    }
  }

  private mutating func read(_ message: HandshakeMessage) throws(WireError) {
    if message.kind == .helloRequest {
      try countIdle(message.place, "HelloRequest")
      return
    }
    guard let selected = flight.hello else {
      guard message.kind == .serverHello else {
        throw WireError(
          .unexpectedMessage, at: message.place,
          "handshake message \(message.kind.rawValue), ServerHello expected")
      }
      try readHello(message)
      return
    }
    if selected.version == .tls13 {
      try readTLS13(message)
    } else {
      try readClassic(message, selected)
    }
  }

  private mutating func readHello(_ message: HandshakeMessage) throws(WireError) {
    let answer = try ServerHello(message)
    flight.take(answer, answering: hello)
    transcript += message.encoded
    if flight.isRefusedByUs {
      flight.isOver = true
      return
    }
    guard answer.version == .tls13 else { return }
    if answer.isRetryRequest {
      flight.isComplete = true
      flight.isOver = true
      return
    }
    guard let group = answer.keyShareGroup, let share = answer.keyShare,
      hello.keyShares.contains(where: { $0.group == group })
    else {
      flight.problems.append(
        WireError(.unofferedGroup, at: message.place, "no key share of a group that was offered"))
      flight.isOver = true
      return
    }
    if let secret = agree(group, share) {
      keys = try? HandshakeKeys(suite: answer.suite, shared: secret, transcript: transcript)
    }
    // What cannot be opened is not read: the ServerHello says what there is to know.
    if keys == nil { flight.isOver = true }
  }

  private mutating func readTLS13(_ message: HandshakeMessage) throws(WireError) {
    switch message.kind {
    case .encryptedExtensions:
      flight.encryptedExtensions = try ExtensionList.read(message, named: "EncryptedExtensions")
    case .certificateRequest: flight.requestsClientCertificate = true
    case .certificate: try readCertificate(message, isTLS13: true)
    case .certificateVerify:
      var reader = message.reader
      do throws(ByteError) {
        let scheme = SignatureScheme(rawValue: try reader.uint16())
        var signature = try reader.vector(2)
        let digest = (try? keys?.hash.digest(transcript)) ?? []
        flight.verification = ServerFlight.Verification(
          scheme: scheme, signature: signature.rest(),
          content: [UInt8](repeating: 0x20, count: 64)
            + Array("TLS 1.3, server CertificateVerify".utf8) + [0] + digest)
        try reader.requireEnd("CertificateVerify")
      } catch {
        throw WireError(error, in: "CertificateVerify")
      }
    case .finished:
      flight.isComplete = true
      flight.isOver = true
    default:
      throw WireError(
        .unexpectedMessage, at: message.place, "handshake message \(message.kind.rawValue)")
    }
    transcript += message.encoded
  }

  private mutating func readClassic(
    _ message: HandshakeMessage, _ selected: ServerHello
  ) throws(WireError) {
    switch message.kind {
    case .certificate: try readCertificate(message, isTLS13: false)
    case .serverKeyExchange:
      guard flight.keyExchange == nil else { throw repeated(message) }
      flight.keyExchange = try ServerKeyExchange(
        message, suite: selected.suite, version: selected.version)
    case .certificateRequest: flight.requestsClientCertificate = true
    case .certificateStatus: flight.hasStaple = true
    case .serverHelloDone:
      if selected.suite.parts?.needsServerKeyExchange(in: selected.version) == true,
        flight.keyExchange == nil
      {
        flight.problems.append(
          WireError(
            .missingKeyExchange, at: message.place, "no ServerKeyExchange under \(selected.suite)"))
      }
      flight.isComplete = true
      flight.isOver = true
    default:
      throw WireError(
        .unexpectedMessage, at: message.place, "handshake message \(message.kind.rawValue)")
    }
  }

  private mutating func readCertificate(
    _ message: HandshakeMessage, isTLS13: Bool
  ) throws(WireError) {
    guard flight.chain == nil else { throw repeated(message) }
    let certificates = try CertificateMessage.readStapled(message, isTLS13: isTLS13)
    let chain = certificates.chain
    flight.chain = chain
    if certificates.hasStaple { flight.hasStaple = true }
    if chain.isEmpty {
      flight.problems.append(
        WireError(.emptyCertificate, at: message.place, "Certificate without a certificate"))
    }
  }

  private func repeated(_ message: HandshakeMessage) -> WireError {
    WireError(
      .unexpectedMessage, at: message.place,
      "a second handshake message \(message.kind.rawValue)")
  }
}
