import Bytes

/// A cipher suite (密码套件) by its two-byte code; codes nobody registered stay representable.
struct CipherSuite: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
  var rawValue: UInt16

  init(rawValue: UInt16) { self.rawValue = rawValue }
  init(_ code: UInt16) { self.init(rawValue: code) }

  /// Four upper-case hexadecimal digits.
  var code: String { fourDigits(rawValue) }

  var description: String { parts.map { "\(code) \($0.name)" } ?? code }

  /// What the suite consists of; `nil` for a code not in the table.
  var parts: SuiteParts? { SuiteTable.parts[rawValue] }

  static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }

  /// TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): a sign, not a suite.
  static let renegotiationSign = CipherSuite(0x00FF)
  /// TLS_FALLBACK_SCSV (RFC 7507): a sign that the client can do more than it offers.
  static let fallbackSign = CipherSuite(0x5600)
}

/// A suite taken apart. Rating it is the catalog's work.
struct SuiteParts: Sendable, Hashable {
  /// How the session keys come about. `any`: settled by a TLS 1.3 extension.
  enum KeyExchange: String, Sendable, Hashable {
    case rsa = "RSA"
    case dh = "DH"
    case dhe = "DHE"
    case ecdh = "ECDH"
    case ecdhe = "ECDHE"
    case psk = "PSK"
    case kerberos = "KRB5"
    case srp = "SRP"
    case password = "ECCPWD"
    case fortezza = "FORTEZZA"
    case gost = "GOST"
    /// Encryption of the premaster under the SM2 key (TLCP ECC suites).
    case sm2Encryption = "SM2-encryption"
    /// SM2 key agreement (TLCP ECDHE suites).
    case sm2Agreement = "SM2-agreement"
    case sm9Encryption = "SM9-encryption"
    case sm9Agreement = "SM9-agreement"
    case none = "NULL"
    case any
  }

  /// Who vouches for the server. `any`: the certificate alone says (TLS 1.3).
  enum Authentication: String, Sendable, Hashable {
    case rsa = "RSA"
    case dss = "DSS"
    case ecdsa = "ECDSA"
    case sm2 = "SM2"
    case sm9 = "SM9"
    case gost = "GOST"
    case anonymous
    case sharedSecret = "shared-secret"
    case kerberos = "KRB5"
    case fortezza = "FORTEZZA"
    case none = "NULL"
    case any
  }

  enum Mode: String, Sendable, Hashable {
    case stream, cbc = "CBC", gcm = "GCM", ccm = "CCM", ccm8 = "CCM_8", aead = "AEAD", ctr = "CTR"
  }

  var name: String
  var keyExchange: KeyExchange
  var authentication: Authentication
  /// `AES-128`, `SM4`, `NULL`…
  var cipher: String
  var mode: Mode
  /// Of the MAC in CBC and stream suites, of the key derivation in AEAD suites; `MD5`, `SHA-1`, `SM3`…
  var digest: String
  var isExport: Bool

  var isEncrypting: Bool { cipher != "NULL" }

  /// Whether some identity of the server is proven by the handshake.
  var isAuthenticated: Bool { authentication != .anonymous && authentication != .none }

  /// AEAD suites and those with SHA-2 MACs exist from TLS 1.2 on (RFC 5246 1.2).
  var needsTLS12: Bool {
    mode == .gcm || mode == .ccm || mode == .ccm8 || mode == .aead || digest.hasPrefix("SHA-2")
      || digest == "SHA-384"
  }
}

/// Four upper-case hexadecimal digits: how suites, groups and signature algorithms are written.
func fourDigits(_ code: UInt16) -> String {
  hexadecimal([UInt8(code >> 8), UInt8(code & 0xFF)]).uppercased()
}
