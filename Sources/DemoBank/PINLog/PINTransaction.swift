import Bytes
import NationalCrypto

/// A made-up SM4 key for PINs.
struct PINKey {
  let bytes: [UInt8]
  var text: String { hexadecimal(bytes).uppercased() }

  init(using generator: inout some RandomNumberGenerator) {
    bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}

/// One made-up transaction with a PIN, and its PIN block of format 4 under SM4 (GB/T 21078.1-2023 10.4).
struct PINTransaction {
  let pan: String
  let pin: String
  /// The 32 hexadecimal digits of the PIN field, of the values between the encipherments, and of the block.
  let field: String
  let between: (a: String, b: String)
  let block: String

  /// - Parameter random: the random field R; drawn when it is not given.
  init(
    pan: String? = nil, random: UInt64? = nil, key: PINKey,
    using generator: inout some RandomNumberGenerator
  ) throws(CryptoError) {
    self.pan = pan ?? PINTransaction.makePAN(using: &generator)
    var digits = ""
    // Not a date, an expiry or a padded number, so that it shows as a PIN wherever it stands.
    for bounds in [3...9, 4...9, 2...9, 1...9, 0...9, 1...9] {
      digits += String(Int.random(in: bounds, using: &generator))
    }
    pin = digits
    let random = random ?? UInt64.random(in: 0...UInt64.max, using: &generator)
    let tail = String(random, radix: 16, uppercase: true)
    field = "46\(digits)AAAAAAAA" + String(repeating: "0", count: 16 - tail.count) + tail
    let a = try SM4.encryptBlocks(PINTransaction.bytes(field), key: key.bytes)
    let panField = PINTransaction.bytes(PINTransaction.panField(self.pan))
    let b = zip(a, panField).map { $0 ^ $1 }
    between = (hexadecimal(a).uppercased(), hexadecimal(b).uppercased())
    block = hexadecimal(try SM4.encryptBlocks(b, key: key.bytes)).uppercased()
  }

  /// The older convention: a block of format 0 and eight bytes FF, enciphered once.
  func legacyBlock(key: PINKey) throws(CryptoError) -> String {
    let clear = PINTransaction.bytes(clearBlock + String(repeating: "F", count: 16))
    return hexadecimal(try SM4.encryptBlocks(clear, key: key.bytes)).uppercased()
  }

  /// The clear block of format 0: PIN field XOR the 12 digits of the account.
  var clearBlock: String {
    let account = "0000" + pan.dropLast().suffix(12)
    let field = PINTransaction.bytes("06\(pin)FFFFFFFF")
    return hexadecimal(zip(field, PINTransaction.bytes(account)).map { $0 ^ $1 }).uppercased()
  }

  /// As a log may show it: six digits and four.
  var maskedPAN: String {
    pan.prefix(6) + String(repeating: "*", count: pan.count - 10) + pan.suffix(4)
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    Bytes.bytes(fromHexadecimal: hexadecimal) ?? []
  }

  /// How many digits above 12, the digits, zeros: 32 nibbles.
  private static func panField(_ pan: String) -> String {
    let start = "\(pan.count - 12)\(pan)"
    return start + String(repeating: "0", count: 32 - start.count)
  }

  /// 16 digits with a right check digit.
  private static func makePAN(using generator: inout some RandomNumberGenerator) -> String {
    var digits = [6, 2, 0, 0, 0, 0]
    for _ in 0..<9 { digits.append(Int.random(in: 0...9, using: &generator)) }
    var sum = 0
    for (index, digit) in digits.enumerated() {
      let counted = index.isMultiple(of: 2) ? 2 * digit : digit
      sum += counted > 9 ? counted - 9 : counted
    }
    return (digits + [(10 - sum % 10) % 10]).map(String.init).joined()
  }
}
