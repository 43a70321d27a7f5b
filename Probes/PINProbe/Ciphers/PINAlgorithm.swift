/// A cipher for PIN blocks (PIN加密算法), by the names the sample files use.
///
/// GB/T 21078.4-2023 approves TDEA (clause 4), AES (6) and SM4 (7). Single DES is not approved; it is here
/// because it is found in the field.
package enum PINAlgorithm: String, Sendable, Hashable, CaseIterable {
  case des = "DES"
  case tdes2 = "TDES-2K"
  case tdes3 = "TDES-3K"
  case aes128 = "AES-128"
  case aes192 = "AES-192"
  case aes256 = "AES-256"
  case sm4 = "SM4"

  /// Bytes of a key.
  package var keyLength: Int {
    switch self {
    case .des: 8
    case .tdes2, .aes128, .sm4: 16
    case .tdes3, .aes192: 24
    case .aes256: 32
    }
  }

  /// Bytes of a cipher block.
  package var blockLength: Int {
    switch self {
    case .des, .tdes2, .tdes3: 8
    case .aes128, .aes192, .aes256, .sm4: 16
    }
  }
}
