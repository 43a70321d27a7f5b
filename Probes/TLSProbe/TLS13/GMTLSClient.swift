import NationalCrypto

/// The client of a TLS 1.3 handshake with the SM suites of RFC 8998 (国密 TLS 1.3). One key share, on
/// curveSM2; the server's proof must be an SM2 signature.
struct GMTLSClient: HandshakeClient {
  /// The signer's identity in CertificateVerify (RFC 8998 3.2.1).
  static let identity = "TLSv1.3+GM+Cipher+Suite"

  /// A fault made on purpose, to see whether the server notices.
  enum Deviation: String, Sendable, Hashable, CaseIterable {
    case finished = "bad-finished"
    case mac = "bad-mac"
  }

  enum State: HandshakeState {
    case hello, extensions, certificate, verify, finished, connected, over
  }

  static let finishesLast = true

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

  /// Whether the server took our Finished for right: it went on under the keys of application data.
  var isAcceptedByPeer: Bool { isConnected && (tickets > 0 || !data.isEmpty || isClosedByPeer) }

  mutating func sealed(
    _ content: [UInt8], _ type: Record.ContentType
  ) throws(HandshakeFailure) -> [UInt8] {
    try compute { () throws(CryptoError) in try outgoing?.seal(content, type) ?? [] }
  }

  // MARK: Records

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

  private mutating func read(
    _ type: UInt8, _ content: [UInt8], _ record: Record
  ) throws(HandshakeFailure) -> [UInt8] {
    if content.isEmpty { try countIdle(record.place, "empty record") }
    switch Record.ContentType(rawValue: type) {
    case .handshake: return try readMessages(content, at: record.place)
    case .alert:
      if !content.isEmpty { try readAlert(content, record) }
    case .applicationData:
      guard isConnected else { throw unexpected("early application data", record.place) }
      keep(content)
    case .changeCipherSpec, .heartbeat, .siteToSite, nil:
      throw unexpected("protected content type \(type)", record.place)
    }
    return []
  }

  private mutating func readAlert(
    _ content: [UInt8], _ record: Record
  ) throws(HandshakeFailure) {
    var clear = record
    clear.fragment = content
    let alert = try wire { () throws(WireError) in try Alert(clear) }
    if isConnected, alert.code == Alert.closeNotify { isClosedByPeer = true }
    // The level says nothing in TLS 1.3: all but close_notify and user_canceled end it (RFC 8446 6).
    try meet(alert, isWarning: alert.code == Alert.userCanceled, at: record.place)
  }
}
