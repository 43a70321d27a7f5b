/// The suites of the IANA registry with those of old SSL and of drafts, family by family.
extension SuiteTable {
  private static let rsa = Family("RSA", .rsa, .rsa)
  private static let rsaExport = Family("RSA_EXPORT", .rsa, .rsa)
  private static let rsaExport1024 = Family("RSA_EXPORT1024", .rsa, .rsa)
  private static let dhDSS = Family("DH_DSS", .dh, .dss)
  private static let dhRSA = Family("DH_RSA", .dh, .rsa)
  private static let dheDSS = Family("DHE_DSS", .dhe, .dss)
  private static let dheDSSExport1024 = Family("DHE_DSS_EXPORT1024", .dhe, .dss)
  private static let dheRSA = Family("DHE_RSA", .dhe, .rsa)
  private static let dhAnonymous = Family("DH_anon", .dhe, .anonymous)
  private static let ecdhECDSA = Family("ECDH_ECDSA", .ecdh, .ecdsa)
  private static let ecdheECDSA = Family("ECDHE_ECDSA", .ecdhe, .ecdsa)
  private static let ecdhRSA = Family("ECDH_RSA", .ecdh, .rsa)
  private static let ecdheRSA = Family("ECDHE_RSA", .ecdhe, .rsa)
  private static let ecdhAnonymous = Family("ECDH_anon", .ecdhe, .anonymous)
  private static let psk = Family("PSK", .psk, .sharedSecret)
  private static let dhePSK = Family("DHE_PSK", .dhe, .sharedSecret)
  private static let rsaPSK = Family("RSA_PSK", .rsa, .sharedSecret)
  private static let ecdhePSK = Family("ECDHE_PSK", .ecdhe, .sharedSecret)
  private static let kerberos = Family("KRB5", .kerberos, .kerberos)
  private static let kerberosExport = Family("KRB5_EXPORT", .kerberos, .kerberos)
  private static let password = Family("ECCPWD", .password, .sharedSecret)
  private static let tls13 = Family("", .any, .any)

  /// RSA and the finite-field families in the order in which the registry repeats them.
  private static let finite = [rsa, dhDSS, dhRSA, dheDSS, dheRSA, dhAnonymous]
  private static let sharedKeys = [psk, dhePSK, rsaPSK]

  private static let nullMD5 = Protection("NULL_MD5", "NULL", .stream, "MD5")
  private static let nullSHA = Protection("NULL_SHA", "NULL", .stream, "SHA-1")
  private static let nullSHA256 = Protection("NULL_SHA256", "NULL", .stream, "SHA-256")
  private static let nullSHA384 = Protection("NULL_SHA384", "NULL", .stream, "SHA-384")
  private static let rc4MD5 = Protection("RC4_128_MD5", "RC4-128", .stream, "MD5")
  private static let rc4SHA = Protection("RC4_128_SHA", "RC4-128", .stream, "SHA-1")
  private static let rc4Export = Protection("RC4_40_MD5", "RC4-40", .stream, "MD5")
  private static let rc2Export = Protection("RC2_CBC_40_MD5", "RC2-40", .cbc, "MD5")
  private static let ideaSHA = Protection("IDEA_CBC_SHA", "IDEA", .cbc, "SHA-1")
  private static let des40 = Protection("DES40_CBC_SHA", "DES-40", .cbc, "SHA-1")
  private static let des = Protection("DES_CBC_SHA", "DES", .cbc, "SHA-1")
  private static let tripleDES = Protection("3DES_EDE_CBC_SHA", "3DES", .cbc, "SHA-1")
  private static let seed = Protection("SEED_CBC_SHA", "SEED", .cbc, "SHA-1")

  private static func cbc(_ cipher: String, _ bits: Int, _ digest: String) -> Protection {
    let tail = digest == "SHA-1" ? "SHA" : digest.replacing("-", with: "")
    return Protection("\(cipher)_\(bits)_CBC_\(tail)", "\(cipher)-\(bits)", .cbc, digest)
  }

  private static func cbcPair(_ cipher: String) -> [Protection] {
    [cbc(cipher, 128, "SHA-256"), cbc(cipher, 256, "SHA-384")]
  }

  private static func gcmPair(_ cipher: String) -> [Protection] {
    [
      Protection("\(cipher)_128_GCM_SHA256", "\(cipher)-128", .gcm, "SHA-256"),
      Protection("\(cipher)_256_GCM_SHA384", "\(cipher)-256", .gcm, "SHA-384"),
    ]
  }

  private static let ccmPair = [
    Protection("AES_128_CCM", "AES-128", .ccm, "SHA-256"),
    Protection("AES_256_CCM", "AES-256", .ccm, "SHA-256"),
  ]
  private static let ccm8Pair = [
    Protection("AES_128_CCM_8", "AES-128", .ccm8, "SHA-256"),
    Protection("AES_256_CCM_8", "AES-256", .ccm8, "SHA-256"),
  ]
  private static let chacha = Protection(
    "CHACHA20_POLY1305_SHA256", "CHACHA20", .aead, "SHA-256")

  /// The suites of SSL 3 to TLS 1.1, and TLS 1.2's and 1.3's that stand alone.
  static let classicBlocks: [Block] = [
    Block(
      0x0000, [Family("NULL", .none, .none)],
      [
        Protection("NULL_NULL", "NULL", .stream, "NULL")
      ]),
    Block(0x0001, [rsa], [nullMD5, nullSHA]), Block(0x0003, [rsaExport], [rc4Export]),
    Block(0x0004, [rsa], [rc4MD5, rc4SHA]), Block(0x0006, [rsaExport], [rc2Export]),
    Block(0x0007, [rsa], [ideaSHA]), Block(0x0008, [rsaExport], [des40]),
    Block(0x0009, [rsa], [des, tripleDES]),
    Block(0x000B, [Family("DH_DSS_EXPORT", .dh, .dss)], [des40]),
    Block(0x000C, [dhDSS], [des, tripleDES]),
    Block(0x000E, [Family("DH_RSA_EXPORT", .dh, .rsa)], [des40]),
    Block(0x000F, [dhRSA], [des, tripleDES]),
    Block(0x0011, [Family("DHE_DSS_EXPORT", .dhe, .dss)], [des40]),
    Block(0x0012, [dheDSS], [des, tripleDES]),
    Block(0x0014, [Family("DHE_RSA_EXPORT", .dhe, .rsa)], [des40]),
    Block(0x0015, [dheRSA], [des, tripleDES]),
    Block(0x0017, [Family("DH_anon_EXPORT", .dhe, .anonymous)], [rc4Export]),
    Block(0x0018, [dhAnonymous], [rc4MD5]),
    Block(0x0019, [Family("DH_anon_EXPORT", .dhe, .anonymous)], [des40]),
    Block(0x001A, [dhAnonymous], [des, tripleDES]),
    Block(
      0x001C, [Family("FORTEZZA_KEA", .fortezza, .fortezza)],
      [
        nullSHA, Protection("FORTEZZA_CBC_SHA", "SKIPJACK", .cbc, "SHA-1"),
      ]),
    Block(
      0x001E, [kerberos],
      [
        des, tripleDES, rc4SHA, ideaSHA, Protection("DES_CBC_MD5", "DES", .cbc, "MD5"),
        Protection("3DES_EDE_CBC_MD5", "3DES", .cbc, "MD5"), rc4MD5,
        Protection("IDEA_CBC_MD5", "IDEA", .cbc, "MD5"),
      ]),
    Block(
      0x0026, [kerberosExport],
      [
        Protection("DES_CBC_40_SHA", "DES-40", .cbc, "SHA-1"),
        Protection("RC2_CBC_40_SHA", "RC2-40", .cbc, "SHA-1"),
        Protection("RC4_40_SHA", "RC4-40", .stream, "SHA-1"),
        Protection("DES_CBC_40_MD5", "DES-40", .cbc, "MD5"), rc2Export, rc4Export,
      ]),
    Block(0x002C, [psk, dhePSK, rsaPSK], [nullSHA]),
    Block(0x002F, finite, [cbc("AES", 128, "SHA-1")]),
    Block(0x0035, finite, [cbc("AES", 256, "SHA-1")]),
    Block(0x003B, [rsa], [nullSHA256, cbc("AES", 128, "SHA-256"), cbc("AES", 256, "SHA-256")]),
    Block(0x003E, [dhDSS, dhRSA, dheDSS], [cbc("AES", 128, "SHA-256")]),
    Block(0x0041, finite, [cbc("CAMELLIA", 128, "SHA-1")]),
    Block(
      0x0060, [rsaExport1024],
      [
        Protection("RC4_56_MD5", "RC4-56", .stream, "MD5"),
        Protection("RC2_CBC_56_MD5", "RC2-56", .cbc, "MD5"), des,
      ]),
    Block(0x0063, [dheDSSExport1024], [des]),
    Block(
      0x0064, [rsaExport1024, dheDSSExport1024],
      [
        Protection("RC4_56_SHA", "RC4-56", .stream, "SHA-1")
      ]),
    Block(0x0066, [dheDSS], [rc4SHA]), Block(0x0067, [dheRSA], [cbc("AES", 128, "SHA-256")]),
    Block(0x0068, [dhDSS, dhRSA, dheDSS, dheRSA], [cbc("AES", 256, "SHA-256")]),
    Block(0x006C, [dhAnonymous], [cbc("AES", 128, "SHA-256"), cbc("AES", 256, "SHA-256")]),
    Block(
      0x0080, [Family("GOSTR341094", .gost, .gost), Family("GOSTR341001", .gost, .gost)],
      [
        Protection("28147_CNT_IMIT", "GOST28147", .ctr, "GOST28147-IMIT")
      ]),
    Block(0x0084, finite, [cbc("CAMELLIA", 256, "SHA-1")]),
    Block(
      0x008A, sharedKeys,
      [
        rc4SHA, tripleDES, cbc("AES", 128, "SHA-1"), cbc("AES", 256, "SHA-1"),
      ]),
    Block(0x0096, finite, [seed]),
    Block(0x00BA, finite, [cbc("CAMELLIA", 128, "SHA-256")]),
    Block(0x00C0, finite, [cbc("CAMELLIA", 256, "SHA-256")]),
    Block(
      0x00C6, [tls13],
      [
        Protection("SM4_GCM_SM3", "SM4", .gcm, "SM3"),
        Protection("SM4_CCM_SM3", "SM4", .ccm, "SM3"),
      ]),
    Block(
      0x1301, [tls13],
      gcmPair("AES") + [chacha] + [
        Protection("AES_128_CCM_SHA256", "AES-128", .ccm, "SHA-256"),
        Protection("AES_128_CCM_8_SHA256", "AES-128", .ccm8, "SHA-256"),
        Protection("AEGIS_256_SHA512", "AEGIS-256", .aead, "SHA-512"),
        Protection("AEGIS_128L_SHA256", "AEGIS-128L", .aead, "SHA-256"),
      ]),
    Block(
      0xC001, [ecdhECDSA, ecdheECDSA, ecdhRSA, ecdheRSA, ecdhAnonymous],
      [
        nullSHA, rc4SHA, tripleDES, cbc("AES", 128, "SHA-1"), cbc("AES", 256, "SHA-1"),
      ]),
    Block(
      0xC100, [Family("GOSTR341112_256", .gost, .gost)],
      [
        Protection("KUZNYECHIK_CTR_OMAC", "KUZNYECHIK", .ctr, "KUZNYECHIK-OMAC"),
        Protection("MAGMA_CTR_OMAC", "MAGMA", .ctr, "MAGMA-OMAC"),
        Protection("28147_CNT_IMIT", "GOST28147", .ctr, "GOST28147-IMIT"),
      ]),
    Block(
      0xC103, [Family("GOSTR341112_256", .any, .any)],
      [
        Protection("KUZNYECHIK_MGM_L", "KUZNYECHIK", .aead, "STREEBOG-256"),
        Protection("MAGMA_MGM_L", "MAGMA", .aead, "STREEBOG-256"),
        Protection("KUZNYECHIK_MGM_S", "KUZNYECHIK", .aead, "STREEBOG-256"),
        Protection("MAGMA_MGM_S", "MAGMA", .aead, "STREEBOG-256"),
      ]),
    Block(0xFEFE, [Family("RSA_FIPS", .rsa, .rsa)], [des, tripleDES]),
  ]

  /// The suites that come in pairs of 128 and 256 bits (RFC 5288, 5289, 5487, 6209, 6367, 6655 …).
  static let pairBlocks: [Block] = [
    Block(0x009C, [rsa, dheRSA, dhRSA, dheDSS, dhDSS, dhAnonymous] + sharedKeys, gcmPair("AES")),
    Block(0x00AE, sharedKeys, cbcPair("AES") + [nullSHA256, nullSHA384]),
    Block(
      0xC01A,
      [
        Family("SRP_SHA", .srp, .sharedSecret), Family("SRP_SHA_RSA", .srp, .rsa),
        Family("SRP_SHA_DSS", .srp, .dss),
      ], [tripleDES]),
    Block(
      0xC01D,
      [
        Family("SRP_SHA", .srp, .sharedSecret), Family("SRP_SHA_RSA", .srp, .rsa),
        Family("SRP_SHA_DSS", .srp, .dss),
      ], [cbc("AES", 128, "SHA-1")]),
    Block(
      0xC020,
      [
        Family("SRP_SHA", .srp, .sharedSecret), Family("SRP_SHA_RSA", .srp, .rsa),
        Family("SRP_SHA_DSS", .srp, .dss),
      ], [cbc("AES", 256, "SHA-1")]),
    Block(0xC023, [ecdheECDSA, ecdhECDSA, ecdheRSA, ecdhRSA], cbcPair("AES")),
    Block(0xC02B, [ecdheECDSA, ecdhECDSA, ecdheRSA, ecdhRSA], gcmPair("AES")),
    Block(
      0xC033, [ecdhePSK],
      [
        rc4SHA, tripleDES, cbc("AES", 128, "SHA-1"), cbc("AES", 256, "SHA-1"),
      ] + cbcPair("AES") + [nullSHA, nullSHA256, nullSHA384]),
    Block(0xC03C, finite + [ecdheECDSA, ecdhECDSA, ecdheRSA, ecdhRSA], cbcPair("ARIA")),
    Block(
      0xC050,
      [rsa, dheRSA, dhRSA, dheDSS, dhDSS, dhAnonymous, ecdheECDSA, ecdhECDSA, ecdheRSA, ecdhRSA],
      gcmPair("ARIA")),
    Block(0xC064, sharedKeys, cbcPair("ARIA")), Block(0xC06A, sharedKeys, gcmPair("ARIA")),
    Block(0xC070, [ecdhePSK], cbcPair("ARIA")),
    Block(0xC072, [ecdheECDSA, ecdhECDSA, ecdheRSA, ecdhRSA], cbcPair("CAMELLIA")),
    Block(
      0xC07A,
      [rsa, dheRSA, dhRSA, dheDSS, dhDSS, dhAnonymous, ecdheECDSA, ecdhECDSA, ecdheRSA, ecdhRSA]
        + sharedKeys, gcmPair("CAMELLIA")),
    Block(0xC094, sharedKeys + [ecdhePSK], cbcPair("CAMELLIA")),
    Block(0xC09C, [rsa, dheRSA], ccmPair), Block(0xC0A0, [rsa, dheRSA], ccm8Pair),
    Block(0xC0A4, [psk, dhePSK], ccmPair),
    Block(0xC0A8, [psk, Family("PSK_DHE", .dhe, .sharedSecret)], ccm8Pair),
    Block(0xC0AC, [ecdheECDSA], ccmPair + ccm8Pair),
    Block(
      0xC0B0, [password],
      gcmPair("AES") + [
        Protection("AES_128_CCM_SHA256", "AES-128", .ccm, "SHA-256"),
        Protection("AES_256_CCM_SHA384", "AES-256", .ccm, "SHA-384"),
      ]),
    // Integrity alone in TLS 1.3 (RFC 9150).
    Block(
      0xC0B4, [tls13],
      [
        Protection("SHA256_SHA256", "NULL", .stream, "SHA-256"),
        Protection("SHA384_SHA384", "NULL", .stream, "SHA-384"),
      ]),
    // The same algorithms before RFC 7905, from a draft that servers of 2014 and 2015 carry.
    Block(0xCC13, [ecdheRSA, ecdheECDSA, dheRSA], [chacha]),
    Block(0xCCA8, [ecdheRSA, ecdheECDSA, dheRSA, psk, ecdhePSK, dhePSK, rsaPSK], [chacha]),
    Block(
      0xD001, [ecdhePSK],
      gcmPair("AES") + [
        Protection("AES_128_CCM_8_SHA256", "AES-128", .ccm8, "SHA-256")
      ]),
    Block(0xD005, [ecdhePSK], [Protection("AES_128_CCM_SHA256", "AES-128", .ccm, "SHA-256")]),
  ]
}
