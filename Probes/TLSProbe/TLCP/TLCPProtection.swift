import NationalCrypto

/// Protects one direction of a TLCP connection (记录层保护); counts the records.
struct TLCPProtection: Sendable {
  /// A fault put into a sealed record on purpose, to see whether the other side notices.
  enum Damage: Sendable, Hashable {
    /// A flipped bit in the MAC, or in the tag of GCM.
    case mac
    /// A flipped bit in the first byte of the padding, MAC right; CBC only.
    case padding
  }

  private let mode: TLCPMode
  private let side: TLCPKeys.Side
  private let cipher: SM4GCM?
  private var sequence: UInt64 = 0

  init(_ mode: TLCPMode, _ side: TLCPKeys.Side) throws(CryptoError) {
    self.mode = mode
    self.side = side
    cipher = mode == .gcm ? try SM4GCM(key: side.key) : nil
  }

  /// The fragment that carries `content`, at most 2^14 bytes.
  ///
  /// - Parameter iv: 16 fresh random bytes for CBC; GCM takes the sequence number instead.
  mutating func seal(
    _ content: [UInt8], _ type: Record.ContentType, iv: [UInt8], damage: Damage? = nil
  ) throws(CryptoError) -> [UInt8] {
    let additional = header(type, content.count)
    defer { sequence &+= 1 }
    if let cipher {
      let nonce = Self.bytes(sequence)
      var sealed = try cipher.seal(content, nonce: side.iv + nonce, additional: additional)
      if damage == .mac { sealed[sealed.count - 1] ^= 1 }
      return nonce + sealed
    }
    var code = try mac(additional + content)
    if damage == .mac { code[0] ^= 1 }
    var plain = content + code
    // A whole block more than needed when the padding is to be wrong: its first byte is not its length.
    let last = 15 - plain.count % 16 + (damage == .padding ? 16 : 0)
    var padding = [UInt8](repeating: UInt8(truncatingIfNeeded: last), count: last + 1)
    if damage == .padding { padding[0] ^= 1 }
    plain += padding
    return iv + (try SM4CBC.encrypt(plain, key: side.key, iv: iv))
  }

  /// The content of `record`; `nil` when it is not authentic. Which part was wrong is not told, and the
  /// checks of padding and MAC are all made whatever the first ones find.
  mutating func open(_ record: Record) throws(CryptoError) -> [UInt8]? {
    defer { sequence &+= 1 }
    let fragment = record.fragment
    if let cipher {
      guard fragment.count >= 8 + SM4GCM.tagLength else { return nil }
      return try cipher.open(
        Array(fragment.dropFirst(8)), nonce: side.iv + fragment.prefix(8),
        additional: header(record.type, fragment.count - 8 - SM4GCM.tagLength))
    }
    // IV, then at least MAC and padding: 48 bytes.
    guard fragment.count >= 64, fragment.count.isMultiple(of: 16) else { return nil }
    let plain = try SM4CBC.decrypt(
      Array(fragment.dropFirst(16)), key: side.key, iv: Array(fragment.prefix(16)))
    return try content(of: plain, record.type)
  }

  private func content(
    of plain: [UInt8], _ type: Record.ContentType
  ) throws(CryptoError) -> [UInt8]? {
    let stated = Int(plain[plain.count - 1])
    let fits: UInt8 = stated + 33 <= plain.count ? 1 : 0
    let padding = stated * Int(fits)
    var difference: UInt8 = 0
    for back in 1...min(256, plain.count) {
      let isPadding: UInt8 = back <= padding + 1 ? 0xFF : 0
      difference |= (plain[plain.count - back] ^ UInt8(truncatingIfNeeded: stated)) & isPadding
    }
    let length = plain.count - 33 - padding
    let content = Array(plain.prefix(length))
    let code = try mac(header(type, length) + content)
    let isCodeRight = isEqualInConstantTime(code, Array(plain[length..<length + 32]))
    // No short circuit: all has been computed by now.
    return fits == 1 && difference == 0 && isCodeRight ? content : nil
  }

  private func mac(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    var mac = try HMACSM3(key: side.mac)
    return try mac.code(of: bytes)
  }

  /// `sequence(8) type(1) version(2) length(2)`: what MAC and tag cover besides the content.
  private func header(_ type: Record.ContentType, _ length: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.bytes(sequence))
    writer.uint8(type.rawValue)
    writer.uint16(ProtocolVersion.tlcp.rawValue)
    writer.uint16(UInt16(truncatingIfNeeded: length))
    return writer.bytes
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8 as Range<UInt64>).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }
}
