import NationalCrypto

/// The client of a TLCP handshake (TLCP 客户端).
///
/// It finishes the suites ECC_SM4_CBC_SM3 and ECC_SM4_GCM_SM3, in full or resumed by session id, however
/// the server's bytes are cut, and then opens and seals records. With a pair of its own it answers a
/// request for certificates and finishes ECDHE_SM4_CBC_SM3 and ECDHE_SM4_GCM_SM3 too; without, its answer
/// is an empty Certificate.
struct TLCPClient: HandshakeClient {
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

  enum State: HandshakeState {
    case hello, flight, changeCipherSpec, finished, connected, over
  }

  /// A full handshake ends with the server's Finished; what it makes of ours in a resumed one is not asked.
  static let finishesLast = false

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

  // MARK: Records

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
    case .handshake: return try readMessages(record.fragment, at: record.place)
    case .alert:
      if !record.fragment.isEmpty { try readAlert(record) }
    case .changeCipherSpec: try readChange(record)
    case .applicationData:
      // Empty ones are a counter-measure of old and may come at any time after the keys.
      guard isConnected else { throw unexpected("application data", record.place) }
      if !record.fragment.isEmpty {
        idleRecords = 0
        keep(record.fragment)
      }
    case .heartbeat, .siteToSite:
      throw unexpected("record type \(record.type.rawValue)", record.place)
    }
    return []
  }

  private mutating func readAlert(_ record: Record) throws(HandshakeFailure) {
    let alert = try wire { () throws(WireError) in try Alert(record) }
    try meet(alert, isWarning: !alert.endsHandshake, at: record.place)
  }

  private mutating func readChange(_ record: Record) throws(HandshakeFailure) {
    guard state == .changeCipherSpec, messages.isBetweenMessages, record.fragment == [1],
      let keys
    else { throw unexpected("ChangeCipherSpec", record.place) }
    let mode = mode
    incoming = try compute { () throws(CryptoError) in try TLCPProtection(mode, keys.server) }
    hasServerFollowed = hasFinished
    state = .finished
  }
}
