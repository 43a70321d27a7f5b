import NationalCrypto

/// The client of a whole handshake, in TLCP or TLS 1.3 (握手客户端): bytes in, bytes to send out; no socket,
/// no clock. What it reads however the bytes are cut, when it is over and how long it puts up with records
/// that bring nothing on is the same for all; the messages and their protection are each protocol's own.
protocol HandshakeClient: Sendable {
  associatedtype State: HandshakeState

  /// Whether our Finished comes after the server's, so that what the server makes of it shows only after
  /// the handshake.
  static var finishesLast: Bool { get }

  var hello: ClientHello { get }
  /// How far the handshake has come.
  var state: State { get set }
  /// What the server answered, as far as it was read.
  var flight: ServerFlight { get set }
  /// Why the handshake or the exchange after it went no further.
  var failure: HandshakeFailure? { get set }
  /// Whether the handshake was completed: both Finished are out, the server's is right.
  var isConnected: Bool { get }
  /// Application data received, at most `longestData` bytes.
  var data: [UInt8] { get set }
  var records: RecordReader { get set }
  var messages: HandshakeAssembler { get set }
  /// Records and messages that brought nothing on.
  var idleRecords: Int { get set }

  /// Reads one record; what is to be sent in answer.
  mutating func read(_ record: Record) throws(HandshakeFailure) -> [UInt8]

  /// Reads one handshake message; what is to be sent in answer.
  mutating func read(_ message: HandshakeMessage) throws(HandshakeFailure) -> [UInt8]

  /// A whole record that carries `content`, at most 2^14 bytes, under the keys of our direction.
  mutating func sealed(
    _ content: [UInt8], _ type: Record.ContentType
  ) throws(HandshakeFailure) -> [UInt8]
}

/// The states of a handshake, which all have an end.
protocol HandshakeState: Sendable, Hashable {
  /// Nothing more is read.
  static var over: Self { get }
}

extension HandshakeClient {
  /// Bytes of application data kept; more is read and dropped.
  static var longestData: Int { 1 << 16 }

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

  /// A record that carries `content`, at most 2^14 bytes; empty before the handshake is completed.
  mutating func seal(_ content: [UInt8], as type: Record.ContentType) -> [UInt8] {
    guard isConnected, content.count <= 1 << 14 else { return [] }
    do throws(HandshakeFailure) { return try sealed(content, type) } catch {
      fail(error)
      return []
    }
  }

  /// The close_notify that ends a connection properly; empty before the handshake is completed.
  mutating func closeNotify() -> [UInt8] { seal([1, 0], as: .alert) }

  private mutating func fail(_ failure: HandshakeFailure) {
    self.failure = failure
    if case .wire(let error) = failure, error.code != .notTLS, error.code != .endless {
      flight.problems.append(error)
    }
    state = .over
  }

  // MARK: Parts of reading

  private mutating func nextRecord() throws(HandshakeFailure) -> Record? {
    do throws(WireError) { return try records.next() } catch { throw .wire(error) }
  }

  private mutating func nextMessage() throws(HandshakeFailure) -> HandshakeMessage? {
    do throws(WireError) { return try messages.next() } catch { throw .wire(error) }
  }

  /// Reads the handshake messages that `content`, of the record at `place`, completes.
  mutating func readMessages(
    _ content: [UInt8], at place: Int
  ) throws(HandshakeFailure) -> [UInt8] {
    do throws(WireError) { try messages.feed(content, at: place + 5) } catch {
      throw .wire(error)
    }
    var output: [UInt8] = []
    while !isOver, let message = try nextMessage() { output += try read(message) }
    return output
  }

  /// Meets an alert in the record at `place`: a warning is counted, close_notify after the handshake ends
  /// the exchange in order, and every other one is a failure.
  mutating func meet(
    _ alert: Alert, isWarning: Bool, at place: Int
  ) throws(HandshakeFailure) {
    if isConnected, alert.code == Alert.closeNotify {
      state = .over
    } else if isWarning {
      flight.warnings.append(alert)
      try countIdle(place, "warning")
    } else {
      flight.alert = alert
      throw .alert(alert)
    }
  }

  /// Keeps application data while there is room.
  mutating func keep(_ content: [UInt8]) {
    data += content.prefix(max(0, Self.longestData - data.count))
  }

  /// Counts what brings nothing on, and gives up when it goes on without end.
  mutating func countIdle(_ place: Int, _ what: String) throws(HandshakeFailure) {
    idleRecords += 1
    guard idleRecords <= FlightReader.patience else {
      throw .wire(
        WireError(.endless, at: place, "\(what) number \(idleRecords) without progress"))
    }
  }

  func unexpected(_ what: String, _ place: Int) -> HandshakeFailure {
    .wire(WireError(.unexpectedMessage, at: place, what))
  }

  /// Runs a computation; what it throws is no fault of the server.
  func compute<Value>(
    _ body: () throws(CryptoError) -> Value
  ) throws(HandshakeFailure) -> Value {
    do throws(CryptoError) { return try body() } catch { throw .unable(error) }
  }

  /// Reads something of the server's; what that throws is a violation.
  func wire<Value>(
    _ body: () throws(WireError) -> Value
  ) throws(HandshakeFailure) -> Value {
    do throws(WireError) { return try body() } catch { throw .wire(error) }
  }
}
