/// The five formats of a PIN block (PIN数据块格式), GB/T 21078.1-2023 10.3 and 10.4, ISO 9564-1:2017 9.3 and 9.4.
///
/// The raw value is the control field, the first nibble of the PIN field. The set is closed: the values 5 to F
/// are reserved or private and name no format of the standard.
package enum PINBlockFormat: UInt8, Sendable, Hashable, CaseIterable {
  /// 10.3.2: PIN field XOR 12 digits of the PAN, filled with F.
  case format0 = 0
  /// 10.3.3: no PAN; filled with a transaction field.
  case format1 = 1
  /// 10.3.4: no PAN, filled with F; offline to a card.
  case format2 = 2
  /// 10.3.5: as format 0, filled with nibbles A to F that vary.
  case format3 = 3
  /// 10.4: 16 bytes, enciphered twice with the PAN field between, by AES or SM4.
  case format4 = 4

  /// Bytes of a block, clear or enciphered.
  package var length: Int { self == .format4 ? 16 : 8 }

  /// Whether the account number takes part, so that the block belongs to one card.
  package var bindsPAN: Bool {
    switch self {
    case .format0, .format3, .format4: true
    case .format1, .format2: false
    }
  }

  /// As facts write it.
  package var name: String { "format-\(rawValue)" }
}
