import Bytes

/// One handshake message: `type(1) length(3) body`.
struct HandshakeMessage: Sendable, Hashable {
  struct Kind: RawRepresentable, Sendable, Hashable {
    var rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    static let helloRequest = Kind(rawValue: 0)
    static let clientHello = Kind(rawValue: 1)
    static let serverHello = Kind(rawValue: 2)
    static let newSessionTicket = Kind(rawValue: 4)
    static let encryptedExtensions = Kind(rawValue: 8)
    static let certificate = Kind(rawValue: 11)
    static let serverKeyExchange = Kind(rawValue: 12)
    static let certificateRequest = Kind(rawValue: 13)
    static let serverHelloDone = Kind(rawValue: 14)
    static let certificateVerify = Kind(rawValue: 15)
    static let finished = Kind(rawValue: 20)
    static let certificateStatus = Kind(rawValue: 22)
  }

  var kind: Kind
  var body: [UInt8]
  /// Offset of its first byte: in the stream where the record is in the clear.
  var place: Int

  /// Header and body: what transcript hashes cover.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.uint8(kind.rawValue)
    writer.vector(3) { $0.append(body) }
    return writer.bytes
  }

  /// Reads the body; its places count from the message's own.
  var reader: ByteReader { ByteReader(body, base: place + 4) }
}

/// Puts handshake messages together from record fragments; a message may span records and a record may
/// hold several.
struct HandshakeAssembler: Sendable {
  static let longestMessage = 1 << 18
  static let longestFlight = 1 << 19

  private var waiting: [UInt8] = []
  private var place = 0
  private var total = 0

  var isBetweenMessages: Bool { waiting.isEmpty }

  mutating func feed(_ fragment: [UInt8], at place: Int) throws(WireError) {
    if waiting.isEmpty { self.place = place }
    waiting += fragment
    total += fragment.count
    guard total <= Self.longestFlight else {
      throw WireError(
        .badHandshakeLength, at: place,
        "handshake of more than \(Self.longestFlight) bytes")
    }
  }

  mutating func next() throws(WireError) -> HandshakeMessage? {
    guard waiting.count >= 4 else { return nil }
    let length = Int(waiting[1]) << 16 | Int(waiting[2]) << 8 | Int(waiting[3])
    guard length <= Self.longestMessage else {
      throw WireError(
        .badHandshakeLength, at: place + 1,
        "message of \(length) bytes, at most \(Self.longestMessage) expected")
    }
    guard waiting.count >= 4 + length else { return nil }
    let message = HandshakeMessage(
      kind: .init(rawValue: waiting[0]), body: Array(waiting[4..<4 + length]), place: place)
    waiting.removeFirst(4 + length)
    place += 4 + length
    return message
  }
}
