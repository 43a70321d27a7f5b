import Glibc

/// PIN blocks of ISO 8583 messages in recordings (线路报文), and how many of them are in clear.
///
/// A recording is a capture file (pcap, pcapng), whose TCP payloads are taken flow by flow, or the bytes of a
/// connection as they were.
struct WireCapture {
  /// So much of one recording is read.
  static let limit = 64 << 20
  private static let pieceLength = 64 << 10
  /// The chance of a false alarm up to which clear blocks are proof.
  private static let chanceLimit = 1e-5
  /// The chance that an enciphered block passes for a clear one: formats 0 and 2 together, format 3, and
  /// 16 bytes. The last is mostly format 4 with a PIN of 12 digits.
  private static let chances: [Kind: Double] = [.compact: 1.3e-7, .format3: 4.9e-6, .wide: 6.4e-8]

  struct Unreadable: Error { var reason: String }

  private enum Kind: Hashable, CaseIterable { case compact, format3, wide }

  private(set) var messages = 0
  private var found: [Kind: Int] = [:]
  private(set) var isCut = false

  var clearBlocks: Int { found.values.reduce(0, +) }

  /// Whether so many cannot be chance: for k among n the probability is below (n p)^k / k!.
  var isProof: Bool {
    Kind.allCases.contains { kind in
      guard let count = found[kind], let chance = Self.chances[kind] else { return false }
      var bound = 1.0
      for number in 1...max(1, min(count, 20)) {
        bound *= Double(messages) * chance / Double(number)
      }
      return count > 0 && bound < Self.chanceLimit
    }
  }

  mutating func read(_ path: String, goesOn: () -> Bool) throws(Unreadable) {
    let bytes = try contents(path)
    for stream in TCPStreams.streams(ofCapture: bytes) ?? [bytes] {
      let finder = MessageFinder(stream, withPINs: true)
      var start = 0
      while start < stream.count {
        guard goesOn() else {
          isCut = true
          return
        }
        // Piece by piece, so that a deadline is met; a message may reach into the next piece.
        let next = start + Self.pieceLength
        let end = min(next + MessageReader.maximumLength, stream.count)
        let found = finder.messages(in: start..<end, isTail: end == stream.count)
          .filter { $0.message.start < next }
        for one in found { judge(one.message, stream) }
        start = max(next, found.last?.message.end ?? 0)
      }
    }
  }

  private mutating func judge(_ message: Message, _ bytes: [UInt8]) {
    let pan = message.pan(in: bytes)
    if let (block, _) = message.pinData(in: bytes), let word = word(UInt64.self, of: block) {
      messages += 1
      let formats: [PINBlockFormat] = pan == nil ? [.format2] : [.format0, .format3, .format2]
      let clear = formats.first { format in
        let field = word ^ (format.bindsPAN ? pan?.accountField ?? 0 : 0)
        return (try? CompactBlock.pin(ofField: field, format: format)) != nil
      }
      if let clear { found[clear == .format3 ? .format3 : .compact, default: 0] += 1 }
    }
    if let (block, _) = message.privatePIN(in: bytes), let wide = word(UInt128.self, of: block) {
      messages += 1
      let field = UInt64(truncatingIfNeeded: wide >> 64)
      let isOlder =
        UInt64(truncatingIfNeeded: wide) == .max
        && (try? CompactBlock.pin(ofField: field ^ (pan?.accountField ?? 0), format: .format0))
          != nil
      if isOlder || (try? CompactBlock.pin(ofField: field, format: .format4)) != nil {
        found[.wide, default: 0] += 1
      }
    }
  }

  private mutating func contents(_ path: String) throws(Unreadable) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while bytes.count <= Self.limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
    isCut = true
    return Array(bytes.prefix(Self.limit))
  }
}
