/// One way of writing an ISO 8583 message (报文编码方式). The message type says whether it is text itself.
package struct MessageDialect: Sendable, Hashable {
  /// The bitmap is 16 hexadecimal digits instead of 8 bytes.
  package var hexadecimalBitmap: Bool
  /// Digits are packed two a byte (BCD), an odd one padded on either side.
  package var packedDigits: Bool
  /// Lengths in front of fields are packed.
  package var packedLengths: Bool
  /// Binary fields are hexadecimal text.
  package var hexadecimalFields: Bool

  /// In the order in which they are tried after a message type in text.
  static let afterText: [MessageDialect] = [
    MessageDialect(false, packed: false, false, hexadecimal: false),
    MessageDialect(true, packed: false, false, hexadecimal: true),
    MessageDialect(true, packed: false, false, hexadecimal: false),
    MessageDialect(false, packed: false, false, hexadecimal: true),
    MessageDialect(false, packed: false, true, hexadecimal: false),
    MessageDialect(false, packed: true, true, hexadecimal: false),
    MessageDialect(false, packed: true, false, hexadecimal: false),
  ]

  /// After a packed message type.
  static let afterPacked: [MessageDialect] = [
    MessageDialect(false, packed: true, true, hexadecimal: false),
    MessageDialect(false, packed: false, false, hexadecimal: false),
    MessageDialect(false, packed: false, true, hexadecimal: false),
    MessageDialect(false, packed: true, false, hexadecimal: false),
    MessageDialect(true, packed: true, true, hexadecimal: false),
  ]

  private init(_ hexadecimalBitmap: Bool, packed: Bool, _ lengths: Bool, hexadecimal: Bool) {
    self.hexadecimalBitmap = hexadecimalBitmap
    packedDigits = packed
    packedLengths = lengths
    hexadecimalFields = hexadecimal
  }
}
