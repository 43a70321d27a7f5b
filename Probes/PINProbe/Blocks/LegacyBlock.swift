/// Two conventions of 16 bytes under one SM4 encipherment, common before GB/T 21078.1-2023 admitted SM4
/// (存量SM4 PIN数据块). Neither is a format of the standard, and both are deterministic.
package enum LegacyBlock: String, Sendable, Hashable, CaseIterable {
  /// A format 0 block of 8 bytes followed by eight bytes FF: 8 bytes of known plaintext for an attacker.
  case format0FollowedByFF = "format-0-followed-by-ff"
  /// A length byte, the digits and F up to 16 bytes, XOR a field of 16 bytes that ends in the 12 account digits.
  case widenedFormat0 = "widened-format-0"

  /// The PIN of a deciphered block.
  package func pin(ofClearBlock block: UInt128, pan: PAN) throws(PINBlockDefect) -> PIN {
    switch self {
    case .format0FollowedByFF:
      guard UInt64(truncatingIfNeeded: block) == .max else { throw .fill }
      return try CompactBlock.pin(
        ofClearBlock: UInt64(truncatingIfNeeded: block >> 64), format: .format0, pan: pan)
    case .widenedFormat0:
      let field = block ^ UInt128(pan.accountField)
      guard UInt64(truncatingIfNeeded: field) == .max else { throw .fill }
      return try CompactBlock.pin(
        ofField: UInt64(truncatingIfNeeded: field >> 64), format: .format0)
    }
  }

  /// The block before encipherment.
  package func clearBlock(of pin: PIN, pan: PAN) throws(PINBlockDefect) -> UInt128 {
    let field = UInt128(try CompactBlock.field(of: pin, format: .format0)) << 64
    let tail = UInt128(UInt64.max)
    switch self {
    case .format0FollowedByFF: return (field ^ UInt128(pan.accountField) << 64) | tail
    case .widenedFormat0: return (field | tail) ^ UInt128(pan.accountField)
    }
  }
}
