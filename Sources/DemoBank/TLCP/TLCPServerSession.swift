import Bytes
import NationalCrypto

/// The server's side of one TLCP connection: the client's bytes in, bytes to send out.
struct TLCPServerSession: Sendable {
  enum Step: Sendable {
    case hello, certificate, keyExchange, certificateVerify, changeCipherSpec, finished, connected
  }

  /// What alerts are sent here (GB/T 38636 6.4.3.2).
  enum Alert: UInt8, Error {
    case closeNotify = 0
    case unexpectedMessage = 10
    case badRecordMAC = 20
    case recordOverflow = 22
    case handshakeFailure = 40
    case badCertificate = 42
    case unsupportedCertificate = 43
    case unknownCA = 48
    case decodeError = 50
    case decryptError = 51
    case protocolVersion = 70
    case insufficientSecurity = 71
    case internalError = 80
  }

  /// Ends the connection without an alert.
  struct SilentEnd: Error {}

  private static let longestRecord = 16_384 + 2048
  private static let longestMessages = 1 << 16

  var isOver = false
  var hasSaidHello = false
  let material: TLCPServerMaterial
  let options: TLCPServer.Options
  var step = Step.hello
  var input: [UInt8] = []
  var messages: [UInt8] = []
  var transcript: [UInt8] = []
  var output: [UInt8] = []
  private var request: [UInt8] = []
  var suite = TLCPServer.Suite.eccGCM
  var clientRandom: [UInt8] = []
  var serverRandom: [UInt8] = []
  var sessionID: [UInt8] = []
  var master: [UInt8] = []
  var isResuming = false
  var keyShare: TLCPServerMaterial.KeyShare?
  /// The client's certificates; empty until it shows some.
  var clientChain: [Certificate] = []
  var reading: TLCPServerRecords?
  var writing: TLCPServerRecords?

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
    } catch is SilentEnd {
      isOver = true
    } catch is ByteError {
      refuse(.decodeError)
    } catch {
      refuse(.internalError)
    }
    return output
  }

  // MARK: Records

  mutating func refuse(_ alert: Alert) {
    isOver = true
    // A record that cannot be sealed leaves the bare end of the connection.
    try? send(21, [alert == .closeNotify ? 1 : 2, alert.rawValue])
  }

  mutating func send(_ type: UInt8, _ content: [UInt8]) throws {
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
    guard input[1] == 1 || (options.dialect == .tongsuo && input[1] == 3),
      options.fault != .tlsOnly
    else { throw Alert.protocolVersion }
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
      guard options.dialect != .gmssl || messages.isEmpty else { throw Alert.unexpectedMessage }
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

  func protection(
    _ direction: TLCPServerRecords.Direction
  ) throws(CryptoError) -> TLCPServerRecords {
    let isRandom = direction == .fromServer && options.dialect == .tongsuo && !suite.isCBC
    let first = isRandom ? material.random(8).reduce(0) { $0 << 8 | UInt64($1) } : 0
    return try TLCPServerRecords(
      direction, suite: suite, master: master, clientRandom: clientRandom,
      serverRandom: serverRandom, firstNonce: first)
  }

  /// Any request gets the one reply; an empty record is none.
  private mutating func takeRequest(_ content: [UInt8]) throws {
    guard step == .connected else { throw Alert.unexpectedMessage }
    request += content
    guard PeerSocket.isWholeRequest(request) else { return }
    if options.dialect == .tongsuo { try send(23, []) }
    try send(23, PeerSocket.reply)
    refuse(.closeNotify)
  }
}
