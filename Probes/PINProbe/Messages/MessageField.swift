/// How one data element (数据元) of ISO 8583:1987 is written, as card networks in China use it.
struct MessageField {
  enum Content {
    /// Decimal digits.
    case numeric
    /// A sign C or D, then digits.
    case signedAmount
    /// Track 2: digits and the separator `=` or D.
    case track
    /// Printable characters.
    case text
    /// Any bytes: private and chip data.
    case open
    /// Raw bytes, hexadecimal in dialects that are text throughout.
    case binary
  }
  var content: Content
  /// Digits of the length in front: 0, 2 or 3.
  var lengthDigits: Int
  /// Length, or greatest length where one stands in front.
  var length: Int

  private init(_ content: Content, _ length: Int, lengthDigits: Int = 0) {
    self.content = content
    self.length = length
    self.lengthDigits = lengthDigits
  }

  /// `nil` for a number that no message here carries.
  init?(number: Int) {
    guard MessageField.table.indices.contains(number), let field = MessageField.table[number]
    else { return nil }
    self = field
  }

  private static let table: [MessageField?] = (0...128).map { form($0) }

  private static func form(_ number: Int) -> MessageField? {
    switch number {
    case 2: MessageField(.numeric, 19, lengthDigits: 2)
    case 3, 11, 12: MessageField(.numeric, 6)
    case 4, 5, 6: MessageField(.numeric, 12)
    case 7: MessageField(.numeric, 10)
    case 8, 9, 10: MessageField(.numeric, 8)
    case 13, 14, 15, 16, 17, 18: MessageField(.numeric, 4)
    case 19, 20, 21, 22, 23, 24: MessageField(.numeric, 3)
    case 25, 26: MessageField(.numeric, 2)
    case 27: MessageField(.numeric, 1)
    case 28, 29, 30, 31: MessageField(.signedAmount, 9)
    case 32, 33: MessageField(.numeric, 11, lengthDigits: 2)
    case 34: MessageField(.text, 28, lengthDigits: 2)
    case 35: MessageField(.track, 37, lengthDigits: 2)
    case 36: MessageField(.track, 104, lengthDigits: 3)
    case 37: MessageField(.text, 12)
    case 38: MessageField(.text, 6)
    case 39: MessageField(.text, 2)
    case 40: MessageField(.text, 3)
    case 41: MessageField(.text, 8)
    case 42: MessageField(.text, 15)
    case 43: MessageField(.text, 40)
    case 44: MessageField(.text, 25, lengthDigits: 2)
    case 45: MessageField(.text, 76, lengthDigits: 2)
    case 49, 50, 51: MessageField(.text, 3)
    case 52, 64, 96, 128: MessageField(.binary, 8)
    case 53: MessageField(.numeric, 16)
    case 54: MessageField(.text, 120, lengthDigits: 3)
    case 46...48, 55...63, 104...127: MessageField(.open, 999, lengthDigits: 3)
    case 66: MessageField(.numeric, 1)
    case 67: MessageField(.numeric, 2)
    case 68, 69, 70: MessageField(.numeric, 3)
    case 71, 72: MessageField(.numeric, 4)
    case 73: MessageField(.numeric, 6)
    case 74...81: MessageField(.numeric, 10)
    case 82...85: MessageField(.numeric, 12)
    case 86...89: MessageField(.numeric, 16)
    case 90: MessageField(.numeric, 42)
    case 91: MessageField(.text, 1)
    case 92: MessageField(.text, 2)
    case 93: MessageField(.text, 5)
    case 94: MessageField(.text, 7)
    case 95: MessageField(.text, 42)
    case 97: MessageField(.signedAmount, 17)
    case 98: MessageField(.text, 25)
    case 99, 100: MessageField(.numeric, 11, lengthDigits: 2)
    case 101: MessageField(.text, 17, lengthDigits: 2)
    case 102, 103: MessageField(.text, 28, lengthDigits: 2)
    default: nil
    }
  }
}
