import Bytes
import NationalCrypto

/// Makes the enciphered blocks the suite presents and opens those it gets, good ones and bad ones.
///
/// Works on raw nibbles: a codec would refuse to make what a service must refuse to take.
struct BlockWorkshop: Sendable {
  let model: ServiceModel

  /// A PIN field: its first 16 nibbles, and for format 4 the random field.
  struct Field: Sendable, Hashable, CustomReflectable {
    var high: UInt64
    var low: UInt64 = 0
    var customMirror: Mirror { Mirror(self, children: []) }

    /// Nibble 1 is the control field.
    func nibble(_ number: Int) -> UInt8 { UInt8(high >> UInt64(64 - 4 * number) & 15) }

    mutating func set(_ number: Int, to value: UInt8) {
      let shift = UInt64(64 - 4 * number)
      high = high & ~(15 << shift) | UInt64(value & 15) << shift
    }
  }

  enum Lacking: Error { case clearKey, crypto(CryptoError), block }

  /// The PIN field of a PIN with fresh fill, where the format has one.
  func field(_ pin: PIN, _ format: PINBlockFormat) -> Field {
    var generator = SystemRandomNumberGenerator()
    let fill = CompactBlock.randomFill(for: pin, format: format, using: &generator)
    let high = (try? CompactBlock.field(of: pin, format: format, fill: fill)) ?? 0
    return Field(high: high, low: format == .format4 ? .random(in: 0...UInt64.max) : 0)
  }

  func sealed(
    _ field: Field, _ format: PINBlockFormat, pan: PAN, under key: ServiceKey
  ) throws(Lacking) -> String {
    guard let clear = key.clear else { throw .clearKey }
    return try sealed(field, format, pan: pan, algorithm: key.algorithm, key: clear)
  }

  func sealed(
    _ field: Field, _ format: PINBlockFormat, pan: PAN, algorithm: PINAlgorithm, key: [UInt8]
  ) throws(Lacking) -> String {
    do throws(CryptoError) {
      let cipher = try PINKeyCipher(algorithm, key: key)
      if format == .format4 {
        let whole = UInt128(field.high) << 64 | UInt128(field.low)
        return hexadecimal(bytes(of: try cipher.sealExtended(whole, pan: pan).block)).uppercased()
      }
      let clear = field.high ^ (format.bindsPAN ? pan.accountField : 0)
      return hexadecimal(bytes(of: try cipher.encipher(clear))).uppercased()
    } catch { throw .crypto(error) }
  }

  /// Every form a block takes on its way, by the names the search of logs gives them.
  func stages(
    of field: Field, _ format: PINBlockFormat, pan: PAN, under key: ServiceKey
  ) -> [(what: String, bytes: [UInt8])] {
    guard let clear = key.clear, let cipher = try? PINKeyCipher(key.algorithm, key: clear) else {
      return []
    }
    if format == .format4 {
      let whole = UInt128(field.high) << 64 | UInt128(field.low)
      guard let sealed = try? cipher.sealExtended(whole, pan: pan) else { return [] }
      return [
        ("pin-field", bytes(of: whole)), ("intermediate-a", bytes(of: sealed.a)),
        ("intermediate-b", bytes(of: sealed.b)), ("enciphered-block", bytes(of: sealed.block)),
      ]
    }
    let open = field.high ^ (format.bindsPAN ? pan.accountField : 0)
    guard let sealed = try? cipher.encipher(open) else { return [] }
    return [
      ("pin-field", bytes(of: field.high)), ("clear-block", bytes(of: open)),
      ("enciphered-block", bytes(of: sealed)),
    ]
  }

  func opened(
    _ block: [UInt8], _ format: PINBlockFormat, pan: PAN, under key: ServiceKey
  ) throws(Lacking) -> Field {
    guard let clear = key.clear else { throw .clearKey }
    guard block.count == format.length, key.algorithm.blockLength == format.length else {
      throw .block
    }
    do throws(CryptoError) {
      let cipher = try PINKeyCipher(key.algorithm, key: clear)
      if let wide = word(UInt128.self, of: block) {
        let field = try cipher.openExtended(wide, pan: pan)
        return Field(
          high: UInt64(truncatingIfNeeded: field >> 64), low: UInt64(truncatingIfNeeded: field))
      }
      let compact = word(UInt64.self, of: block) ?? 0
      let clear = try cipher.decipher(compact)
      return Field(high: clear ^ (format.bindsPAN ? pan.accountField : 0))
    } catch { throw .crypto(error) }
  }

  /// A translation of `block` between two format codes, for account `pan` and, where there is one, `pan2`.
  func translation(
    of block: String, _ from: String, _ to: String, pan: PAN, pan2: PAN? = nil,
    source: ServiceKey, destination: ServiceKey, wideAccount: Bool
  ) -> ServiceCall {
    var values = accountValues(pan, wide: wideAccount)
    let other = accountValues(pan2 ?? pan, wide: wideAccount)
    values[.pan2] = other[.pan]
    values[.account2] = other[.account]
    values[.accountField2] = other[.accountField]
    values[.block] = block
    values[.sourceFormat] = from
    values[.destinationFormat] = to
    values[.sourceKey] = source.device
    values[.destinationKey] = destination.device
    values[.sourceAlgorithm] = BlockWorkshop.digit(source.algorithm)
    values[.destinationAlgorithm] = BlockWorkshop.digit(destination.algorithm)
    values[.sourceKeyLength] = String(source.algorithm.keyLength / 8)
    values[.destinationKeyLength] = String(destination.algorithm.keyLength / 8)
    return ServiceCall(role: .translate, values: values)
  }

  func accountValues(_ pan: PAN, wide: Bool) -> [Placeholder: String] {
    let digits = String(decoding: pan.digits, as: UTF8.self)
    let twelve = String(digits.dropLast().suffix(12))
    let account = String(repeating: "0", count: 12 - twelve.utf8.count) + twelve
    return [.pan: digits, .account: account, .accountField: wide ? digits : account]
  }

  private static func digit(_ algorithm: PINAlgorithm) -> String {
    switch algorithm {
    case .des, .tdes2, .tdes3: "1"
    case .sm4: "2"
    case .aes128, .aes192, .aes256: "3"
    }
  }
}

/// Account numbers near a test account.
extension PAN {
  /// One of the 12 account digits, 1 the leftmost; nil where the number has none there.
  func accountDigit(_ index: Int) -> UInt8? {
    let place = length - 14 + index
    let digits = digits
    return digits.indices.contains(place) ? digits[place] - 0x30 : nil
  }

  /// This number with account digits replaced and the check digit put right.
  func replacing(_ changes: [Int: UInt8]) -> PAN {
    var digits = digits
    for (index, value) in changes where digits.indices.contains(length - 14 + index) {
      digits[length - 14 + index] = 0x30 + value % 10
    }
    return PAN.withCheckDigit(digits) ?? self
  }

  /// This number with its leading digit changed and nothing that formats 0 and 3 could see.
  func replacingLeadingDigit() -> PAN? {
    guard length > 13 else { return nil }
    var digits = digits
    digits[0] = digits[0] == 0x39 ? 0x38 : digits[0] + 1
    return PAN.withCheckDigit(digits)
  }

  func replacingCheckDigit() -> PAN {
    var digits = digits
    if let last = digits.popLast() { digits.append(last == 0x39 ? 0x30 : last + 1) }
    return PAN(digits: digits) ?? self
  }

  private static func withCheckDigit(_ digits: [UInt8]) -> PAN? {
    for check in UInt8(0x30)...0x39 {
      guard let pan = PAN(digits: digits.dropLast() + [check]) else { return nil }
      if pan.hasValidCheckDigit { return pan }
    }
    return nil
  }
}
