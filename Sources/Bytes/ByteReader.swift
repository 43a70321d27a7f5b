/// Reads big-endian wire data with every length checked; never traps on any input.
///
/// Offsets count from the start of the outermost data, so an error in a nested vector still names its
/// place on the wire.
package struct ByteReader: Sendable {
  private let bytes: [UInt8]
  /// The place of the next byte to read.
  package private(set) var offset: Int
  private let end: Int
  /// What `bytes[0]` is counted as: the place of these bytes in a longer stream.
  private let base: Int

  package init(_ bytes: [UInt8], base: Int = 0) {
    self.bytes = bytes
    self.offset = 0
    self.end = bytes.count
    self.base = base
  }

  private init(_ bytes: [UInt8], offset: Int, end: Int, base: Int) {
    self.bytes = bytes
    self.offset = offset
    self.end = end
    self.base = base
  }

  package var remaining: Int { end - offset }
  package var isAtEnd: Bool { offset == end }
  /// `offset` as counted in the whole stream.
  package var place: Int { base + offset }

  package mutating func uint8() throws(ByteError) -> UInt8 {
    try require(1)
    defer { offset += 1 }
    return bytes[offset]
  }

  package mutating func uint16() throws(ByteError) -> UInt16 { UInt16(try unsigned(2)) }
  package mutating func uint24() throws(ByteError) -> Int { Int(try unsigned(3)) }
  package mutating func uint32() throws(ByteError) -> UInt32 { UInt32(try unsigned(4)) }
  package mutating func uint64() throws(ByteError) -> UInt64 { try unsigned(8) }

  /// The next `count` bytes.
  package mutating func take(_ count: Int) throws(ByteError) -> [UInt8] {
    try require(count)
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  /// All bytes that are left.
  package mutating func rest() -> [UInt8] {
    defer { offset = end }
    return Array(bytes[offset..<end])
  }

  /// A vector whose length stands before it in `lengthBytes` bytes (1 to 3).
  package mutating func vector(_ lengthBytes: Int) throws(ByteError) -> ByteReader {
    let length = Int(clamping: try unsigned(lengthBytes))
    try require(length)
    defer { offset += length }
    return ByteReader(bytes, offset: offset, end: offset + length, base: base)
  }

  /// Refuses bytes after the end of what was expected.
  package func requireEnd(_ what: String) throws(ByteError) {
    guard isAtEnd else { throw .unexpectedBytes(place: place, count: remaining, after: what) }
  }

  private mutating func unsigned(_ count: Int) throws(ByteError) -> UInt64 {
    try require(count)
    defer { offset += count }
    return bytes[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func require(_ count: Int) throws(ByteError) {
    guard count >= 0, count <= remaining else {
      throw .truncated(place: place, wanted: count, available: remaining)
    }
  }
}

/// Why bytes could not be read; every case says where.
package enum ByteError: Error, Sendable, Hashable, CustomStringConvertible {
  case truncated(place: Int, wanted: Int, available: Int)
  case unexpectedBytes(place: Int, count: Int, after: String)

  package var place: Int {
    switch self {
    case .truncated(let place, _, _), .unexpectedBytes(let place, _, _): place
    }
  }

  package var description: String {
    switch self {
    case .truncated(let place, let wanted, let available):
      "offset \(place): \(wanted) bytes expected, \(available) left"
    case .unexpectedBytes(let place, let count, let what):
      "offset \(place): \(count) bytes after the end of \(what)"
    }
  }
}
