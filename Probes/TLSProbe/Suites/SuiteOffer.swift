/// Which suites go into which hello.
enum SuiteOffer {
  /// Some servers fail on hellos with more suites than about 128: with a sign among them 120.
  static let most = 119
  /// Hellos of SSL 3.0 have no extensions and so no padding: with more they come to 256 bytes and over, where
  /// some servers fail.
  static let mostForSSL3 = 100

  static func most(for version: ProtocolVersion) -> Int {
    version == .ssl3 ? mostForSSL3 : most
  }

  /// TLCP suites, those without client certificates first.
  static let tlcp: [CipherSuite] = {
    let first: [UInt16] = [0xE053, 0xE013, 0xE051, 0xE011, 0xE059, 0xE05A, 0xE019, 0xE01C]
    let others = SuiteTable.all.filter { isTLCP($0) && !first.contains($0.rawValue) }
    return first.map(CipherSuite.init(rawValue:)) + others
  }()

  /// TLS 1.3 suites that encrypt: those of RFC 8446, then those of RFC 8998.
  static let tls13: [CipherSuite] =
    ([0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0x00C6, 0x00C7] as [UInt16])
    .map(CipherSuite.init(rawValue:))

  /// Every TLS 1.3 suite of the registry.
  static let everyTLS13: [CipherSuite] =
    tls13 + SuiteTable.all.filter { $0.parts?.keyExchange == .any && !tls13.contains($0) }

  static func isTLCP(_ suite: CipherSuite) -> Bool { suite.rawValue >> 8 == 0xE0 }

  /// Suites for SSL 3.0 to TLS 1.2 in hellos of at most `most`, asked in turn: what proves an identity
  /// and encrypts, the strongest first; then shared keys and other rare kinds; then NULL, anonymous and
  /// export suites by themselves, which some servers' parsers do not bear among others.
  static func classic(_ version: ProtocolVersion) -> [[CipherSuite]] {
    version == .tls12 ? forTLS12 : version == .ssl3 ? forSSL3 : beforeTLS12
  }

  private static let forTLS12 = chunks(isTLS12: true, most: most)
  private static let beforeTLS12 = chunks(isTLS12: false, most: most)
  private static let forSSL3 = chunks(isTLS12: false, most: mostForSSL3)

  private static func chunks(isTLS12: Bool, most: Int) -> [[CipherSuite]] {
    let usable = SuiteTable.all.filter { suite in
      guard let parts = suite.parts, !isTLCP(suite), parts.keyExchange != .any else {
        return false
      }
      return isTLS12 || !parts.needsTLS12
    }
    // Old versions have few suites: the common and the rare ones fit one hello.
    let isShort = usable.count { rarity($0) < 2 } <= most
    let byGroup = Dictionary(grouping: usable) {
      isShort && rarity($0) < 2 ? 0 : rarity($0)
    }
    return [0, 1, 2].flatMap { group in
      let ordered = (byGroup[group] ?? []).sorted {
        (rarity($0), rank($0), $0) < (rarity($1), rank($1), $1)
      }
      return stride(from: 0, to: ordered.count, by: most).map {
        Array(ordered[$0..<min($0 + most, ordered.count)])
      }
    }
  }

  /// `suites` in as few offers as `most` allows, odd ones by themselves: NULL, anonymous and export suites.
  static func chunks(_ suites: [CipherSuite], most: Int = most) -> [[CipherSuite]] {
    [suites.filter { rarity($0) < 2 }, suites.filter { rarity($0) == 2 }].flatMap { list in
      stride(from: 0, to: list.count, by: most).map {
        Array(list[$0..<min($0 + most, list.count)])
      }
    }
  }

  /// The suites that every server worth the name has some of.
  static let common: [CipherSuite] =
    ([
      0xC02F, 0xC02B, 0xC030, 0xC02C, 0xCCA8, 0xCCA9, 0x009E, 0x009C, 0x009D, 0xC027, 0xC023,
      0xC013,
      0xC009, 0xC014, 0xC00A, 0x0033, 0x0039, 0x002F, 0x0035, 0x003C, 0x000A, 0x0005,
    ] as [UInt16]).map(CipherSuite.init(rawValue:))

  /// Suites whose server certificate is of the kind asked for.
  static func classic(
    _ version: ProtocolVersion, authentication: SuiteParts.Authentication
  ) -> [CipherSuite] {
    (classic(version).first ?? []).filter { $0.parts?.authentication == authentication }
  }

  private static func rarity(_ suite: CipherSuite) -> Int {
    guard let parts = suite.parts else { return 1 }
    if !parts.isEncrypting || !parts.isAuthenticated || parts.isExport { return 2 }
    switch parts.authentication {
    case .rsa, .ecdsa, .dss: break
    case .sm2, .sm9, .gost, .anonymous, .sharedSecret, .kerberos, .fortezza, .none, .any: return 1
    }
    switch parts.cipher {
    case let cipher where cipher.hasPrefix("ARIA") || cipher == "SEED": return 1
    default: break
    }
    switch parts.keyExchange {
    case .rsa, .dhe, .ecdhe: return 0
    case .dh, .ecdh, .psk, .kerberos, .srp, .password, .fortezza, .gost, .sm2Encryption,
      .sm2Agreement, .sm9Encryption, .sm9Agreement, .none, .any:
      return 1
    }
  }

  /// Forward secrecy first, then AEAD, elliptic before finite-field, so that a server following the client's order shows its best.
  private static func rank(_ suite: CipherSuite) -> Int {
    guard let parts = suite.parts else { return 9 }
    let isAEAD = [.gcm, .ccm, .ccm8, .aead].contains(parts.mode)
    let exchange = parts.keyExchange == .ecdhe ? 0 : parts.keyExchange == .dhe ? 1 : 4
    return exchange + (isAEAD ? 0 : 2)
  }
}
