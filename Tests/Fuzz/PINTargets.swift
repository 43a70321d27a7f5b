import Bytes

@testable import PINProbe

/// Where the PIN probe takes in bytes of others.
enum PINTargets {
  private static let algorithms: [PINAlgorithm] = [
    .des, .tdes2, .tdes3, .aes128, .aes192, .aes256, .sm4,
  ]

  /// A block, and the PAN it is opened with; the first byte says as what and under which cipher, the second how
  /// long the PAN is. What opens must give the same block again when it is made anew.
  static func blocks(_ bytes: [UInt8]) {
    guard bytes.count > 2 else { return }
    _ = PAN(String(decoding: bytes.prefix(40), as: UTF8.self))
    _ = PIN(String(decoding: bytes.prefix(20), as: UTF8.self))
    guard let format = PINBlockFormat(rawValue: bytes[0] & 7) else { return }
    let algorithm = algorithms[Int(bytes[0] >> 3) % algorithms.count]
    let length = Int(bytes[1]) % 20
    let pan = PAN(digits: bytes.dropFirst(2).prefix(length).map { 0x30 + $0 % 10 })
    let block = Array(bytes.dropFirst(2 + length))
    reopen(block, format, pan)
    guard
      let cipher = try? PINKeyCipher(
        algorithm, key: Array(repeating: 0x23, count: algorithm.keyLength))
    else { preconditionFailure("\(algorithm) takes no key") }
    _ = try? cipher.pin(ofEnciphered: block, format: format, pan: pan)
    seal(block, format, pan, cipher)
  }

  /// A clear block that opens is what is made of its PIN and its fill.
  private static func reopen(_ block: [UInt8], _ format: PINBlockFormat, _ pan: PAN?) {
    if let wide = word(UInt128.self, of: block) {
      if let pin = try? ExtendedBlock.pin(ofField: wide) {
        let random = ExtendedBlock.random(ofField: wide)
        precondition((try? ExtendedBlock.field(of: pin, random: random)) == wide)
      }
      for convention in LegacyBlock.allCases {
        guard let pan, let pin = try? convention.pin(ofClearBlock: wide, pan: pan) else { continue }
        precondition((try? convention.clearBlock(of: pin, pan: pan)) == wide)
      }
    }
    guard let compact = word(UInt64.self, of: block),
      let pin = try? CompactBlock.pin(ofClearBlock: compact, format: format, pan: pan)
    else { return }
    let fill = CompactBlock.fill(
      ofField: format.bindsPAN ? compact ^ (pan?.accountField ?? 0) : compact)
    let again = try? CompactBlock.clearBlock(of: pin, format: format, pan: pan, fill: fill.nibbles)
    precondition(again == compact)
  }

  /// Enciphered, a block opens as it does in clear.
  private static func seal(
    _ block: [UInt8], _ format: PINBlockFormat, _ pan: PAN?, _ cipher: borrowing PINKeyCipher
  ) {
    guard block.count == format.length, cipher.algorithm.blockLength == format.length,
      let pan
    else { return }
    if let wide = word(UInt128.self, of: block),
      let sealed = try? cipher.sealExtended(wide, pan: pan)
    {
      let opened = try? cipher.pin(
        ofEnciphered: PINProbe.bytes(of: sealed.block), format: format, pan: pan)
      precondition(opened == (try? ExtendedBlock.pin(ofField: wide)))
    } else if let compact = word(UInt64.self, of: block), let sealed = try? cipher.encipher(compact)
    {
      let opened = try? cipher.pin(
        ofEnciphered: PINProbe.bytes(of: sealed), format: format, pan: pan)
      precondition(
        opened == (try? CompactBlock.pin(ofClearBlock: compact, format: format, pan: pan)))
    }
  }

  /// ISO 8583 messages among other bytes, and what concerns PINs in them.
  static func messages(_ bytes: [UInt8]) {
    for withPINs in [false, true] {
      let finder = MessageFinder(bytes, withPINs: withPINs)
      var end = 0
      for found in finder.messages(in: 0..<bytes.count, isTail: true) {
        let message = found.message
        precondition(message.start >= end && message.start < message.end)
        precondition(message.end <= bytes.count)
        end = message.end
        for range in message.values.values {
          precondition(range.lowerBound > message.start && range.upperBound <= message.end)
        }
        _ = message.pan(in: bytes)?.masked
        _ = message.pinData(in: bytes)
        _ = message.privatePIN(in: bytes)
        _ = message.saysSingleLength(in: bytes)
      }
    }
  }

  /// A log: its lines, the columns below its first line, and messages in it.
  static func logs(_ bytes: [UInt8]) {
    let index = CanaryIndex(.none)
    var scanner = ChunkScanner(index)
    let buffer = bytes + [UInt8](repeating: 0, count: ChunkScanner.padding)
    var ends = RecordEnds()
    var header: ColumnHeader?
    var start = 0
    while start < bytes.count {
      let next =
        buffer.withUnsafeBytes { ends.next(in: $0, from: start, end: bytes.count) } ?? bytes.count
      _ = scanner.scanRecord(buffer, start, next)
      scanner.scanDump(buffer, start, next)
      if let header {
        scanner.scanColumns(buffer, start, next, header)
      } else if case .header(let found) = buffer.withUnsafeBytes({
        ColumnHeader.read($0, start, next)
      }) {
        header = found
      }
      start = next
    }
    scanner.scanDump(buffer, bytes.count, bytes.count)
    scanner.scanBinary(buffer, 0..<bytes.count, isTail: true)
    for sighting in LogFile.merged(scanner.takeSightings()) {
      precondition(sighting.run.upperBound <= bytes.count)
    }
  }
}
