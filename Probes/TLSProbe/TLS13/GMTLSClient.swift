import NationalCrypto

/// The client of a TLS 1.3 handshake with the SM suites of RFC 8998 (国密 TLS 1.3): bytes in, bytes to send
/// out; no socket, no clock. One key share, on curveSM2; the server's proof must be an SM2 signature.
struct GMTLSClient: Sendable {
  /// The signer's identity in CertificateVerify (RFC 8998 3.2.1).
  static let identity = "TLSv1.3+GM+Cipher+Suite"

  /// A fault made on purpose, to see whether the server notices.
  enum Deviation: String, Sendable, Hashable, CaseIterable {
    case finished = "bad-finished"
    case mac = "bad-mac"
  }

  enum State: Sendable, Hashable {
    case hello, extensions, certificate, verify, finished, connected, over
  }

  /// Application data kept; more is counted as read and dropped.
  static let longestData = 1 << 16

  var state = State.hello
  var flight = ServerFlight()
  var failure: HandshakeFailure?
  /// Whether the server's Finished is right and ours is sent.
  var isConnected = false
  /// Whether the server closed in order, with close_notify.
  var isClosedByPeer = false
  /// NewSessionTicket messages met after the handshake.
  var tickets = 0
  var data: [UInt8] = []

  let hello: ClientHello
  let key: SM2EphemeralKey
  let pair: ClientPair?
  let deviation: Deviation?
  var records = RecordReader()
  var messages = HandshakeAssembler()
  var transcript: [UInt8]
  var secrets: HandshakeSecrets?
  var incoming: TrafficKeys?
  var outgoing: TrafficKeys?
  var requestContext: [UInt8] = []
  var idleRecords = 0

  /// - Parameters:
  ///   - key: the private half of the hello's key share.
  ///   - pair: its signing certificate is shown when the server asks.
  init(
    _ hello: ClientHello, key: SM2EphemeralKey, pair: ClientPair? = nil,
    deviation: Deviation? = nil
  ) {
    self.hello = hello
    self.key = key
    self.pair = pair
    self.deviation = deviation
    transcript = hello.message.encoded
  }

  var isOver: Bool { state == .over }
  /// Bytes that belong to no whole record yet.
  var rest: [UInt8] { records.rest }
  /// Whether the server took our Finished for right: it went on under the keys of application data.
  var isAcceptedByPeer: Bool { isConnected && (tickets > 0 || !data.isEmpty || isClosedByPeer) }

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

  /// A record that carries `content`, empty before the handshake is completed.
  mutating func seal(_ content: [UInt8], as type: Record.ContentType) -> [UInt8] {
    guard isConnected, content.count <= 1 << 14 else { return [] }
    do throws(CryptoError) { return try outgoing?.seal(content, type) ?? [] } catch {
      fail(.unable(error))
      return []
    }
  }

  /// The close_notify that ends a connection properly.
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

  func compute<Value>(
    _ body: () throws(CryptoError) -> Value
  ) throws(HandshakeFailure) -> Value {
    do throws(CryptoError) { return try body() } catch { throw .unable(error) }
  }

  mutating func read(_ record: Record) throws(HandshakeFailure) -> [UInt8] {
    switch record.type {
    case .changeCipherSpec:
      // A disguise for old boxes in between (RFC 8446 D.4).
      try countIdle(record.place, "ChangeCipherSpec")
      return []
    case .handshake, .alert:
      guard incoming == nil || record.type == .alert else {
        throw unexpected("clear handshake after ServerHello", record.place)
      }
      return try read(record.type.rawValue, record.fragment, record)
    case .applicationData:
      guard incoming != nil else {
        throw unexpected("application data before any keys", record.place)
      }
      let opened = try compute { () throws(CryptoError) in try incoming?.open(record) }
      guard let inner = opened else { throw .record(place: record.place) }
      return try read(inner.type, inner.bytes, record)
    case .heartbeat, .siteToSite:
      throw unexpected("record type \(record.type.rawValue)", record.place)
    }
  }

  mutating func read(
    _ type: UInt8, _ content: [UInt8], _ record: Record
  ) throws(HandshakeFailure) -> [UInt8] {
    if content.isEmpty { try countIdle(record.place, "empty record") }
    switch Record.ContentType(rawValue: type) {
    case .handshake:
      var output: [UInt8] = []
      do throws(WireError) { try messages.feed(content, at: record.place + 5) } catch {
        throw .wire(error)
      }
      while !isOver, let message = try nextMessage() { output += try read(message) }
      return output
    case .alert:
      if !content.isEmpty { try readAlert(content, record) }
    case .applicationData:
      guard isConnected else { throw unexpected("early application data", record.place) }
      data += content.prefix(max(0, Self.longestData - data.count))
    case .changeCipherSpec, .heartbeat, .siteToSite, nil:
      throw unexpected("protected content type \(type)", record.place)
    }
    return []
  }

  mutating func nextMessage() throws(HandshakeFailure) -> HandshakeMessage? {
    do throws(WireError) { return try messages.next() } catch { throw .wire(error) }
  }

  mutating func readAlert(
    _ content: [UInt8], _ record: Record
  ) throws(HandshakeFailure) {
    var clear = record
    clear.fragment = content
    let alert: Alert
    do throws(WireError) { alert = try Alert(clear) } catch { throw .wire(error) }
    if isConnected, alert.code == 0 {
      isClosedByPeer = true
      state = .over
      return
    }
    // The level says nothing in TLS 1.3: all but close_notify and user_canceled end it (RFC 8446 6).
    if alert.code == 90 {
      flight.warnings.append(alert)
      return try countIdle(record.place, "warning")
    }
    flight.alert = alert
    throw .alert(alert)
  }
}
