import NationalCrypto

/// The client of a TLCP handshake (TLCP 客户端): bytes in, bytes to send out; no socket, no clock.
///
/// It finishes the suites ECC_SM4_CBC_SM3 and ECC_SM4_GCM_SM3, in full or resumed by session id, however
/// the server's bytes are cut, and then opens and seals records. With a pair of its own it answers a
/// request for certificates and finishes ECDHE_SM4_CBC_SM3 and ECDHE_SM4_GCM_SM3 too; without, its answer
/// is an empty Certificate.
struct TLCPClient: Sendable {
  /// What the client makes up; recorded exchanges are replayed with their own.
  struct Source: Sendable {
    var bytes: @Sendable (Int) -> [UInt8]
    /// The premaster secret encrypted for a key given as SubjectPublicKeyInfo.
    var encrypt: @Sendable ([UInt8], [UInt8]) throws(CryptoError) -> [UInt8]
    var ephemeral: @Sendable () throws(CryptoError) -> SM2EphemeralKey

    init(
      bytes: @escaping @Sendable (Int) -> [UInt8],
      encrypt: @escaping @Sendable ([UInt8], [UInt8]) throws(CryptoError) -> [UInt8] = {
        (message, key) throws(CryptoError) in
        try SM2.encrypt(message, subjectPublicKeyInfo: key)
      },
      ephemeral: @escaping @Sendable () throws(CryptoError) -> SM2EphemeralKey = {
        () throws(CryptoError) in try SM2EphemeralKey()
      }
    ) {
      self.bytes = bytes
      self.encrypt = encrypt
      self.ephemeral = ephemeral
    }
  }

  /// A session that may be resumed (会话重用).
  struct Session: Sendable, Hashable {
    var id: [UInt8]
    var suite: CipherSuite
    var master: [UInt8]
  }

  /// A fault made on purpose, to see whether the server notices.
  enum Deviation: String, Sendable, Hashable, CaseIterable {
    case finished = "bad-finished"
    case mac = "bad-mac"
    case padding = "bad-padding"
    /// A CertificateVerify over something else.
    case verify = "bad-certificate-verify"
  }

  enum State: Sendable, Hashable {
    case hello, flight, changeCipherSpec, finished, connected, over
  }

  /// Application data kept; more is counted as read and dropped.
  static let longestData = 1 << 16

  var state = State.hello
  var flight = ServerFlight()
  var failure: HandshakeFailure?
  /// Whether the handshake was completed: both Finished are right.
  var isConnected = false
  var isResumed = false
  /// Whether our certificates were shown and their key proven.
  var hasShownPair = false
  /// Whether our Finished is out in a full handshake.
  var hasFinished = false
  /// Whether the server followed with its ChangeCipherSpec: it took our flight for right.
  var hasServerFollowed = false
  /// What can be resumed; `nil` before the server has finished, and without an id.
  var session: Session?
  /// Application data received.
  var data: [UInt8] = []
  var keys: TLCPKeys?
  var master: [UInt8] = []

  let hello: ClientHello
  let offered: Session?
  let source: Source
  let deviation: Deviation?
  let pair: ClientPair?
  let dialect: TLCPDialect
  var records = RecordReader()
  var messages = HandshakeAssembler()
  var mode = TLCPMode.cbc
  /// Whether the premaster is agreed on (ECDHE) and not sent (ECC).
  var isAgreement = false
  var transcript: [UInt8]
  var incoming: TLCPProtection?
  var outgoing: TLCPProtection?
  var idleRecords = 0

  /// - Parameters:
  ///   - sent: the ClientHello message as it was sent; by default as `hello` writes it.
  ///   - offered: the session whose id `hello` carries.
  init(
    _ hello: ClientHello, sent: [UInt8]? = nil, resuming offered: Session? = nil,
    deviation: Deviation? = nil, pair: ClientPair? = nil,
    dialect: TLCPDialect = .tongsuo, source: Source
  ) {
    self.hello = hello
    self.offered = offered
    self.deviation = deviation
    self.pair = pair
    self.dialect = dialect
    self.source = source
    transcript = sent ?? hello.message.encoded
  }

  var isOver: Bool { state == .over }
  /// Bytes that belong to no whole record yet.
  var rest: [UInt8] { records.rest }

  /// Reads on; what is to be sent in answer. After a failure the rest is not read.
  mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    records.feed(bytes)
    do throws(HandshakeFailure) {
      while !isOver, let record = try nextRecord() { output += try read(record) }
    } catch {
      fail(error)
    }
    return output
  }

  /// The peer ended its side: an unfinished record or message is a violation.
  mutating func end() {
    guard !isOver else { return }
    if records.unfinished > 0 || !messages.isBetweenMessages {
      fail(
        .wire(
          WireError(
            .truncatedRecord, at: records.nextPlace,
            "the peer closed inside a record or handshake message")))
    }
    state = .over
  }

  /// Records that carry `content`, empty before the handshake is completed.
  mutating func seal(_ content: [UInt8], as type: Record.ContentType) -> [UInt8] {
    guard isConnected, content.count <= 1 << 14 else { return [] }
    do throws(HandshakeFailure) {
      return try protected(content, type)
    } catch {
      fail(error)
      return []
    }
  }

  /// The close_notify that ends a connection properly; empty before the handshake is completed.
  mutating func closeNotify() -> [UInt8] { seal([1, 0], as: .alert) }

  mutating func fail(_ failure: HandshakeFailure) {
    self.failure = failure
    if case .wire(let error) = failure, error.code != .notTLS, error.code != .endless {
      flight.problems.append(error)
    }
    state = .over
  }

  // MARK: Records

  mutating func nextRecord() throws(HandshakeFailure) -> Record? {
    do throws(WireError) { return try records.next() } catch { throw .wire(error) }
  }

  mutating func read(_ sealed: Record) throws(HandshakeFailure) -> [UInt8] {
    var record = sealed
    if incoming != nil, record.type != .changeCipherSpec {
      let opened = try compute { () throws(CryptoError) in try incoming?.open(record) }
      guard let content = opened else { throw .record(place: record.place) }
      record.fragment = content
    }
    guard record.fragment.count <= 1 << 14 else {
      throw .wire(
        WireError(
          .oversizedRecord, at: record.place,
          "\(record.fragment.count) bytes of content, at most 16384 allowed"))
    }
    if record.fragment.isEmpty { try countIdle(record.place, "empty record") }
    switch record.type {
    case .handshake: return try readHandshake(record)
    case .alert:
      if !record.fragment.isEmpty { try readAlert(record) }
    case .changeCipherSpec: try readChange(record)
    case .applicationData:
      // Empty ones are a counter-measure of old and may come at any time after the keys.
      guard isConnected else { throw unexpected("application data", record.place) }
      if !record.fragment.isEmpty {
        idleRecords = 0
        data += record.fragment.prefix(max(0, Self.longestData - data.count))
      }
    case .heartbeat, .siteToSite:
      throw unexpected("record type \(record.type.rawValue)", record.place)
    }
    return []
  }

  func unexpected(_ what: String, _ place: Int) -> HandshakeFailure {
    .wire(WireError(.unexpectedMessage, at: place, what))
  }

  mutating func countIdle(_ place: Int, _ what: String) throws(HandshakeFailure) {
    idleRecords += 1
    guard idleRecords <= FlightReader.patience else {
      throw .wire(
        WireError(.endless, at: place, "\(what) number \(idleRecords) without progress"))
    }
  }

  mutating func readAlert(_ record: Record) throws(HandshakeFailure) {
    let alert: Alert
    do throws(WireError) { alert = try Alert(record) } catch { throw .wire(error) }
    guard alert.endsHandshake else {
      flight.warnings.append(alert)
      try countIdle(record.place, "warning")
      return
    }
    if isConnected, alert.code == 0 {
      state = .over
      return
    }
    flight.alert = alert
    throw .alert(alert)
  }

  mutating func readChange(_ record: Record) throws(HandshakeFailure) {
    guard state == .changeCipherSpec, messages.isBetweenMessages, record.fragment == [1],
      let keys
    else { throw unexpected("ChangeCipherSpec", record.place) }
    let mode = mode
    incoming = try compute { () throws(CryptoError) in try TLCPProtection(mode, keys.server) }
    hasServerFollowed = hasFinished
    state = .finished
  }

  /// Runs a computation; what it throws is no fault of the server.
  func compute<Value>(
    _ body: () throws(CryptoError) -> Value
  ) throws(HandshakeFailure) -> Value {
    do throws(CryptoError) { return try body() } catch { throw .unable(error) }
  }
}
