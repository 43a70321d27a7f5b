import Bytes

/// The first messages of SSL 2.0, which has a framing of its own: a length of two bytes whose highest bit
/// is set, then the message. The certificate comes with the SERVER-HELLO.
enum SSL2 {
  /// Every cipher kind of the draft and of the old implementations, three bytes each.
  static let ciphers: [UInt32] = [
    0x07_00C0, 0x05_0080, 0x03_0080, 0x01_0080, 0x08_0080, 0x06_0040, 0x04_0080, 0x02_0080,
    0x07_01C0, 0x06_0140,
  ]

  /// `length(2) CLIENT-HELLO=1 version(2)=0002 lengths(2 each) ciphers challenge(16)`.
  static func clientHello(challenge: [UInt8]) -> [UInt8] {
    var body = ByteWriter()
    body.uint8(1)
    body.uint16(ProtocolVersion.ssl2.rawValue)
    body.uint16(UInt16(ciphers.count * 3))
    body.uint16(0)
    body.uint16(UInt16(challenge.count))
    for cipher in ciphers {
      body.uint8(UInt8(truncatingIfNeeded: cipher >> 16))
      body.uint16(UInt16(truncatingIfNeeded: cipher))
    }
    body.append(challenge)
    var message = ByteWriter()
    message.uint16(0x8000 | UInt16(body.bytes.count))
    message.append(body.bytes)
    return message.bytes
  }

  /// A SERVER-HELLO: `4 session-id-hit(1) certificate-type(1) version(2) lengths(2 each) certificate
  /// ciphers connection-id`.
  struct ServerHello: Sendable, Hashable {
    /// The kinds client and server have in common.
    var ciphers: [UInt32]
    /// X.509, DER; `nil` when none is served.
    var certificate: [UInt8]?

    /// - Parameter reader: after the message's type.
    init(_ reader: inout ByteReader) throws(ByteError) {
      _ = try reader.take(2)
      _ = try reader.uint16()
      let certificateLength = Int(try reader.uint16())
      let cipherLength = Int(try reader.uint16())
      let connectionLength = Int(try reader.uint16())
      let der = try reader.take(certificateLength)
      certificate = der.isEmpty ? nil : Array(der)
      let kinds = try reader.take(cipherLength)
      ciphers = stride(from: 0, to: kinds.count - kinds.count % 3, by: 3).map { place in
        UInt32(kinds[place]) << 16 | UInt32(kinds[place + 1]) << 8 | UInt32(kinds[place + 2])
      }
      _ = try reader.take(connectionLength)
      try reader.requireEnd("SERVER-HELLO")
    }
  }
}

/// Reads the answer to an SSL 2.0 hello: SSL 2.0's own, or an alert of a server that knows better.
struct SSL2Reader: AnswerReader {
  private(set) var flight = ServerFlight()
  private var waiting: [UInt8] = []
  private var records = RecordReader()

  var rest: [UInt8] { waiting }

  mutating func feed(_ bytes: [UInt8]) throws(WireError) {
    waiting += bytes
    guard let first = waiting.first else { return }
    if first & 0x80 != 0 { return try readMessage() }
    records.feed(bytes)
    while !flight.isOver, let record = try records.next() {
      guard record.type == .alert, !record.fragment.isEmpty else {
        // Whatever it is about, it is TLS and not SSL 2.0.
        flight.isRefusedBySSL2 = true
        flight.isOver = true
        return
      }
      let alert = try Alert(record)
      if alert.endsHandshake {
        flight.alert = alert
        flight.isOver = true
      }
    }
  }

  func end() throws(WireError) {
    guard !flight.isOver, !waiting.isEmpty else { return }
    throw WireError(
      .truncatedRecord, at: 0, "the peer closed after \(waiting.count) bytes of an answer")
  }

  private mutating func readMessage() throws(WireError) {
    guard waiting.count >= 3 else { return }
    let length = Int(waiting[0] & 0x7F) << 8 | Int(waiting[1])
    guard waiting[2] == 0 || waiting[2] == 4 else {
      throw WireError(.notTLS, at: 2, "message \(waiting[2]), ERROR or SERVER-HELLO expected")
    }
    guard waiting.count >= 2 + length else { return }
    flight.isOver = true
    guard waiting[2] == 4, length > 0 else {
      flight.isRefusedBySSL2 = true
      return
    }
    var reader = ByteReader(Array(waiting[3..<2 + length]), base: 3)
    do throws(ByteError) {
      var hello = try SSL2.ServerHello(&reader)
      hello.ciphers = hello.ciphers.filter(SSL2.ciphers.contains)
      if hello.ciphers.isEmpty {
        flight.isRefusedBySSL2 = true
      } else {
        flight.ssl2 = hello
        flight.chain = hello.certificate.map { [$0] }
      }
    } catch {
      throw WireError(error, in: "SERVER-HELLO")
    }
  }
}
