import Bytes

/// One record (记录): `type(1) version(2) length(2) fragment`.
struct Record: Sendable, Hashable {
  /// 20 to 24 in TLS, also 80 in GM/T 0024.
  enum ContentType: UInt8, Sendable, Hashable {
    case changeCipherSpec = 20
    case alert = 21
    case handshake = 22
    case applicationData = 23
    case heartbeat = 24
    case siteToSite = 80
  }

  var type: ContentType
  var version: ProtocolVersion
  var fragment: [UInt8]
  /// Offset of its first header byte in the stream.
  var place: Int

  /// The five header bytes, which TLS 1.3 authenticates.
  var header: [UInt8] {
    var writer = ByteWriter()
    writer.uint8(type.rawValue)
    writer.uint16(version.rawValue)
    writer.uint16(UInt16(truncatingIfNeeded: fragment.count))
    return writer.bytes
  }
}

/// Cuts a stream into records, however TCP cut it.
struct RecordReader: Sendable {
  /// The longest fragment any version allows: 2^14 and 2048 for the protection.
  static let maximumLength = (1 << 14) + 2048

  private var waiting: [UInt8] = []
  private var place = 0
  private var hasRead = false

  mutating func feed(_ bytes: [UInt8]) { waiting += bytes }

  /// Bytes of an unfinished record.
  var unfinished: Int { waiting.count }
  /// Offset of the first byte not given out yet.
  var nextPlace: Int { place }
  /// What has not been given out yet.
  var rest: [UInt8] { waiting }

  /// The next whole record, or `nil` when more bytes are needed.
  ///
  /// - Throws: `notTLS` while nothing was read yet, else a violation; the reader is then of no use.
  mutating func next() throws(WireError) -> Record? {
    guard let first = waiting.first else { return nil }
    guard let type = Record.ContentType(rawValue: first) else {
      throw WireError(
        hasRead ? .unexpectedMessage : .notTLS, at: place, "record type \(first)")
    }
    guard waiting.count >= 3 else { return nil }
    let version = ProtocolVersion(rawValue: UInt16(waiting[1]) << 8 | UInt16(waiting[2]))
    guard version.hasKnownMajor else {
      throw WireError(
        hasRead ? .wrongVersion : .notTLS, at: place + 1, "record version \(version)")
    }
    guard waiting.count >= 5 else { return nil }
    let length = Int(waiting[3]) << 8 | Int(waiting[4])
    guard length <= Self.maximumLength else {
      throw WireError(
        .oversizedRecord, at: place + 3, "\(length) bytes, at most \(Self.maximumLength) allowed")
    }
    guard waiting.count >= 5 + length else { return nil }
    let record = Record(
      type: type, version: version, fragment: Array(waiting[5..<5 + length]), place: place)
    waiting.removeFirst(5 + length)
    place += 5 + length
    hasRead = true
    return record
  }
}
