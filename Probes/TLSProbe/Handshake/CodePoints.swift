/// A key exchange group (密钥交换群) by its code.
struct NamedGroup: RawRepresentable, Sendable, Hashable {
  var rawValue: UInt16

  init(rawValue: UInt16) { self.rawValue = rawValue }

  static let p256 = NamedGroup(rawValue: 23)
  static let p384 = NamedGroup(rawValue: 24)
  static let p521 = NamedGroup(rawValue: 25)
  static let x25519 = NamedGroup(rawValue: 29)
  static let x448 = NamedGroup(rawValue: 30)
  static let sm2 = NamedGroup(rawValue: 41)
  static let ffdhe2048 = NamedGroup(rawValue: 256)
  static let ffdhe3072 = NamedGroup(rawValue: 257)
  static let ffdhe4096 = NamedGroup(rawValue: 258)
  static let ffdhe6144 = NamedGroup(rawValue: 259)
  static let ffdhe8192 = NamedGroup(rawValue: 260)
  /// The groups of RFC 7919.
  static let finiteFields: [NamedGroup] = [
    .ffdhe2048, .ffdhe3072, .ffdhe4096, .ffdhe6144, .ffdhe8192,
  ]

  var code: String { fourDigits(rawValue) }

  /// What hellos offer for TLS 1.3: elliptic, finite-field, then the hybrids with ML-KEM.
  static let tls13: [NamedGroup] =
    [.x25519, .p256, .p384, .p521, .x448]
    + ([256, 257, 258, 259, 260, 31, 32, 33, 4588, 4587, 4589] as [UInt16]).map(
      NamedGroup.init(rawValue:))

  /// What TLS 1.3 servers hardly ever have: ML-KEM alone, the hybrid with curveSM2, the drafts' hybrid.
  static let rareTLS13: [NamedGroup] = ([512, 513, 514, 4590, 0x6399] as [UInt16]).map(
    NamedGroup.init(rawValue:))

  /// What hellos offer up to TLS 1.2: the curves of RFC 4492 as well, and curveSM2.
  static let classic: [NamedGroup] =
    [.x25519, .p256, .p384, .p521, .x448]
    + ([26, 27, 28, 41] as [UInt16] + Array(1...22)).map(NamedGroup.init(rawValue:))
}

/// A signature scheme (签名算法) by its code in TLS 1.2 and 1.3.
struct SignatureScheme: RawRepresentable, Sendable, Hashable {
  var rawValue: UInt16

  init(rawValue: UInt16) { self.rawValue = rawValue }

  var code: String { fourDigits(rawValue) }

  private static func list(_ codes: UInt16...) -> [SignatureScheme] {
    codes.map(SignatureScheme.init(rawValue:))
  }

  static let sm2 = SignatureScheme(rawValue: 0x0708)
  static let rsa = list(
    0x0804, 0x0401, 0x0805, 0x0501, 0x0806, 0x0601, 0x0809, 0x080A, 0x080B, 0x0301, 0x0201, 0x0101)
  static let elliptic = list(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0303, 0x0203)
  static let dss = list(0x0402, 0x0502, 0x0602, 0x0302, 0x0202)
  static let all = elliptic + rsa + dss + [sm2]
}

/// Extension numbers this module writes or reads.
enum ExtensionNumber {
  static let serverName: UInt16 = 0
  static let statusRequest: UInt16 = 5
  static let supportedGroups: UInt16 = 10
  static let pointFormats: UInt16 = 11
  static let signatureAlgorithms: UInt16 = 13
  static let applicationProtocols: UInt16 = 16
  static let padding: UInt16 = 21
  static let encryptThenMAC: UInt16 = 22
  static let extendedMasterSecret: UInt16 = 23
  static let sessionTicket: UInt16 = 35
  static let supportedVersions: UInt16 = 43
  static let keyShare: UInt16 = 51
  static let renegotiationInfo: UInt16 = 0xFF01
}
