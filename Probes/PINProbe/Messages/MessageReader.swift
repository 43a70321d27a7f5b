/// Reads ISO 8583 messages in any of the known dialects; never traps, whatever the bytes.
package enum MessageReader {
  /// No message is longer.
  static let maximumLength = 8192
  /// DE 52 and DE 63 in the first bitmap.
  private static var pinBits: UInt64 { 1 << 12 | 1 << 1 }

  /// Whether a message type may begin here: version 0, class 1 to 8, any function, origin 0 to 5.
  static func isText(_ bytes: [UInt8], at start: Int) -> Bool {
    guard start >= 0, start + 4 <= bytes.count else { return false }
    return bytes[start] == UInt8(ascii: "0") && (0x31...0x38).contains(bytes[start + 1])
      && (0x30...0x39).contains(bytes[start + 2]) && (0x30...0x35).contains(bytes[start + 3])
  }

  static func isPacked(_ bytes: [UInt8], at start: Int) -> Bool {
    guard start >= 0, start + 2 <= bytes.count else { return false }
    return (1...8).contains(bytes[start]) && bytes[start + 1] >> 4 <= 9
      && bytes[start + 1] & 15 <= 5
  }

  /// Every way to read a message that begins at `start` and ends at a place `accepts` agrees with.
  ///
  /// - Parameters:
  ///   - limit: the end of the bytes that may belong to it.
  ///   - withPINs: whether only messages with DE 52 or DE 63 matter.
  package static func readings(
    _ bytes: [UInt8], at start: Int, limit: Int, withPINs: Bool = false, accepts: (Int) -> Bool
  ) -> [Message] {
    let limit = min(limit, bytes.count, start + maximumLength)
    let dialects: [MessageDialect]
    let typeLength: Int
    if isText(bytes, at: start) {
      (dialects, typeLength) = (MessageDialect.afterText, 4)
    } else if isPacked(bytes, at: start) {
      (dialects, typeLength) = (MessageDialect.afterPacked, 2)
    } else {
      return []
    }
    var readings: [Message] = []
    for dialect in dialects {
      let message = read(
        bytes, start, bitmapAt: start + typeLength, limit: limit, dialect,
        needed: withPINs ? pinBits : .max)
      if let message, accepts(message.end) { readings.append(message) }
    }
    return readings
  }

  private static func read(
    _ bytes: [UInt8], _ start: Int, bitmapAt: Int, limit: Int, _ dialect: MessageDialect,
    needed: UInt64
  ) -> Message? {
    var place = bitmapAt
    guard let first = bitmap(bytes, &place, limit: limit, dialect), first & needed != 0 else {
      return nil
    }
    var second: UInt64 = 0
    if first >> 63 == 1 {
      guard let word = bitmap(bytes, &place, limit: limit, dialect) else { return nil }
      second = word
    }
    var message = Message(dialect: dialect, start: start, end: place)
    for number in 2...128 {
      let word = number <= 64 ? first : second
      guard word >> UInt64((128 - number) % 64) & 1 == 1 else { continue }
      guard let field = MessageField(number: number),
        let count = length(field, bytes, &place, limit: limit, dialect),
        let end = end(of: field, count: count, from: place, bytes, limit: limit, dialect)
      else { return nil }
      switch number {
      case 2, 35, 52, 53, 63:
        message.values[number] = place..<end
        message.digitCounts[number] = count
      default: break
      }
      place = end
    }
    message.end = place
    return message
  }

  private static func bitmap(
    _ bytes: [UInt8], _ place: inout Int, limit: Int, _ dialect: MessageDialect
  ) -> UInt64? {
    let length = dialect.hexadecimalBitmap ? 16 : 8
    guard place + length <= limit else { return nil }
    defer { place += length }
    guard dialect.hexadecimalBitmap else {
      return bytes[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    var value: UInt64 = 0
    for digit in bytes[place..<place + 16] {
      guard let nibble = hexadecimalNibble(digit) else { return nil }
      value = value << 4 | UInt64(nibble)
    }
    return value
  }

  /// How many digits, characters or bytes a field has; moves past a length in front.
  private static func length(
    _ field: MessageField, _ bytes: [UInt8], _ place: inout Int, limit: Int,
    _ dialect: MessageDialect
  ) -> Int? {
    guard field.lengthDigits > 0 else { return field.length }
    let size = dialect.packedLengths ? (field.lengthDigits + 1) / 2 : field.lengthDigits
    guard place + size <= limit else { return nil }
    var count = 0
    for byte in bytes[place..<place + size] {
      if dialect.packedLengths {
        guard byte >> 4 <= 9, byte & 15 <= 9 else { return nil }
        count = count * 100 + Int(byte >> 4) * 10 + Int(byte & 15)
      } else {
        guard (0x30...0x39).contains(byte) else { return nil }
        count = count * 10 + Int(byte - 0x30)
      }
    }
    place += size
    return count > 0 && count <= field.length ? count : nil
  }

  /// Where a field ends when its contents are of the right kind.
  private static func end(
    of field: MessageField, count: Int, from start: Int, _ bytes: [UInt8], limit: Int,
    _ dialect: MessageDialect
  ) -> Int? {
    func span(_ size: Int, _ isRight: (UInt8) -> Bool) -> Int? {
      guard start + size <= limit, bytes[start..<start + size].allSatisfy(isRight) else {
        return nil
      }
      return start + size
    }
    switch field.content {
    case .numeric:
      return dialect.packedDigits
        ? span((count + 1) / 2) { $0 >> 4 <= 9 && ($0 & 15 <= 9 || $0 & 15 == 15) }
        : span(count) { (0x30...0x39).contains($0) }
    case .track:
      return dialect.packedDigits
        ? span((count + 1) / 2) { isTrackNibble($0 >> 4) && isTrackNibble($0 & 15) }
        : span(count) {
          (0x30...0x39).contains($0) || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "D")
            || $0 == UInt8(ascii: "*")
        }
    case .signedAmount:
      let size = dialect.packedDigits ? 1 + count / 2 : count
      guard start + size <= limit,
        bytes[start] == UInt8(ascii: "C") || bytes[start] == UInt8(ascii: "D")
      else { return nil }
      return start + size
    case .text: return span(count) { $0 >= 0x20 && $0 != 0x7F }
    case .open: return span(count) { _ in true }
    case .binary:
      return dialect.hexadecimalFields
        ? span(2 * count) { hexadecimalNibble($0) != nil || $0 == UInt8(ascii: "*") }
        : span(count) { _ in true }
    }
  }

  private static func isTrackNibble(_ nibble: UInt8) -> Bool {
    nibble <= 9 || nibble == 13 || nibble == 15
  }

  /// Whether `text`, of at most four bytes, is `length` in ASCII digits, packed digits or binary.
  static func isLength(_ text: ArraySlice<UInt8>, of length: Int) -> Bool {
    var decimal: Int? = 0
    var packed = 0
    var binary = 0
    for byte in text {
      decimal = decimal.flatMap { (0x30...0x39).contains(byte) ? $0 * 10 + Int(byte & 15) : nil }
      packed = packed * 100 + Int(byte >> 4) * 10 + Int(byte & 15)
      binary = binary * 256 + Int(byte)
    }
    return decimal == length || packed == length || binary == length
  }
}
