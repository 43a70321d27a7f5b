/// PIN blocks as the service works with them: nibbles, one an element (PIN数据块).
struct ServiceBlock: Sendable {
  /// Formats 0 to 4 by number; other codes have none.
  let format: Int
  let faults: Set<PINServiceFault>

  /// What a block holds. The digits are not looked at: an answer about them would give them away.
  struct Content: Sendable, Hashable {
    var digits: [UInt8]
    /// The account the digits were found under.
    var account: String
  }
  /// Why a block is refused. Callers are told one code for all.
  enum Refusal: Error, Sendable { case control, length, longLength, fill, digits }

  var length: Int { format == 4 ? 16 : 8 }
  var bindsAccount: Bool { [0, 3, 4].contains(format) }

  /// 16 nibbles: four zeros and the 12 digits left of the check digit. A text of 12 digits is these already.
  static func accountField(_ account: String) -> [UInt8] {
    let digits = account.utf8.map { $0 & 15 }
    let twelve = digits.count == 12 ? digits : Array(digits.dropLast().suffix(12))
    return [UInt8](repeating: 0, count: 16 - twelve.count) + twelve
  }

  /// 32 nibbles: the digits beyond 12, all digits, zeros.
  static func panField(_ pan: String) -> [UInt8] {
    let digits = pan.utf8.map { $0 & 15 }
    let padded = [UInt8](repeating: 0, count: max(0, 12 - digits.count)) + digits
    return [UInt8(padded.count - 12) & 15] + padded
      + [UInt8](repeating: 0, count: max(0, 31 - padded.count))
  }

  func content(
    of block: [UInt8], account: String, under cipher: ServiceCipher
  ) throws(DemoError) -> Result<Content, Refusal> {
    let field = try opened(block, account: account, under: cipher)
    // Everything is looked at before anything is said, so that every refusal takes the same time.
    let count = Int(field[1])
    var refusals: [Refusal] = []
    let isCompact = format != 4
    if field[0] != UInt8(format), !(faults.contains(.looseControl) && isCompact) {
      refusals.append(.control)
    }
    let least = faults.contains(.shortPINs) ? 0 : 4
    if !(least...12).contains(count) { refusals.append(count > 12 ? .longLength : .length) }
    let digits = Array(field[2..<min(16, 2 + count)])
    var fill = Array(field[min(16, 2 + count)..<16])
    if faults.contains(.looseFill), isCompact { _ = fill.popLast() }
    if faults.contains(.looseMiddle), isCompact, let first = fill.first, let last = fill.last {
      fill = [first, last]
    }
    let isFilled: Bool
    switch format {
    case 0, 2: isFilled = fill.allSatisfy { $0 == 15 }
    case 3: isFilled = fill.allSatisfy { $0 >= 10 }
    case 4: isFilled = fill.allSatisfy { $0 == 10 }
    default: isFilled = true
    }
    if !isFilled { refusals.append(.fill) }
    let looksAtDigits =
      faults.contains(.digitOracle) || faults.contains(.digitOracleFormat3) && format == 3
    if looksAtDigits, digits.contains(where: { $0 > 9 }) {
      refusals.append(.digits)
    }
    if let first = refusals.first { return .failure(first) }
    return .success(Content(digits: digits, account: account))
  }

  private func opened(
    _ block: [UInt8], account: String, under cipher: ServiceCipher
  ) throws(DemoError) -> [UInt8] {
    let outer = Self.nibbles(try cipher.decrypt(block))
    guard format == 4 else {
      return bindsAccount ? Self.xor(outer, Self.accountField(account)) : outer
    }
    let inner = Self.bytes(Self.xor(outer, Self.panField(account)))
    return Self.nibbles(try cipher.decrypt(inner))
  }

  /// - Parameter counter: for the fault that counts instead of drawing.
  func sealed(
    _ digits: [UInt8], account: String, under cipher: ServiceCipher, counter: Int
  ) throws(DemoError) -> [UInt8] {
    var field = [UInt8(format), UInt8(digits.count)] + digits
    while field.count < 16 {
      switch format {
      case 0, 2: field.append(15)
      case 3: field.append(faults.contains(.constantFill) ? 10 : .random(in: 10...15))
      case 4: field.append(10)
      default: field.append(.random(in: 0...15))
      }
    }
    guard format == 4 else {
      let clear = bindsAccount ? Self.xor(field, Self.accountField(account)) : field
      return try cipher.encrypt(Self.bytes(clear))
    }
    for place in 0..<16 {
      if faults.contains(.zeroRandom) {
        field.append(0)
      } else if faults.contains(.countingRandom) {
        field.append(UInt8(counter >> (60 - 4 * place) & 15))
      } else {
        field.append(.random(in: 0...15))
      }
    }
    let inner = Self.nibbles(try cipher.encrypt(Self.bytes(field)))
    return try cipher.encrypt(Self.bytes(Self.xor(inner, Self.panField(account))))
  }

  private static func xor(_ one: [UInt8], _ two: [UInt8]) -> [UInt8] {
    zip(one, two).map { $0 ^ $1 }
  }

  static func nibbles(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { [$0 >> 4, $0 & 15] } }

  static func bytes(_ nibbles: [UInt8]) -> [UInt8] {
    stride(from: 0, to: nibbles.count - 1, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }
}
