/// The extended PIN block of 16 bytes (扩展型PIN数据块), format 4, as one word; the first nibble is highest.
///
/// Its clear form is the PIN field: control 4, length, digits, A up to nibble 16, then 16 random nibbles R. The
/// PAN is bound by enciphering twice, see ``PINKeyCipher``.
package enum ExtendedBlock {
  /// The PIN of a PIN field.
  package static func pin(ofField field: UInt128) throws(PINBlockDefect) -> PIN {
    try CompactBlock.pin(ofField: UInt64(truncatingIfNeeded: field >> 64), format: .format4)
  }

  /// The random field R of a PIN field.
  package static func random(ofField field: UInt128) -> UInt64 {
    UInt64(truncatingIfNeeded: field)
  }

  /// The PIN field of a PIN.
  package static func field(of pin: PIN, random: UInt64) throws(PINBlockDefect) -> UInt128 {
    UInt128(try CompactBlock.field(of: pin, format: .format4)) << 64 | UInt128(random)
  }
}
