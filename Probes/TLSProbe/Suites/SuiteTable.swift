/// Every suite of the IANA registry of TLS suites known here, the old SSL and draft ones that servers
/// still have, and the TLCP ones (GB/T 38636-2020 and GM/T 0024-2014), by code.
enum SuiteTable {
  /// Key exchange and authentication with the name's first part.
  struct Family {
    let name: String
    let keyExchange: SuiteParts.KeyExchange
    let authentication: SuiteParts.Authentication

    init(
      _ name: String, _ keyExchange: SuiteParts.KeyExchange,
      _ authentication: SuiteParts.Authentication
    ) {
      self.name = name
      self.keyExchange = keyExchange
      self.authentication = authentication
    }
  }

  /// Cipher, mode and digest with the name's last part.
  struct Protection {
    let name: String
    let cipher: String
    let mode: SuiteParts.Mode
    let digest: String

    init(_ name: String, _ cipher: String, _ mode: SuiteParts.Mode, _ digest: String) {
      self.name = name
      self.cipher = cipher
      self.mode = mode
      self.digest = digest
    }
  }

  /// Consecutive codes from `first`: each family with each protection in turn.
  struct Block {
    let first: UInt16
    let families: [Family]
    let protections: [Protection]

    init(_ first: UInt16, _ families: [Family], _ protections: [Protection]) {
      self.first = first
      self.families = families
      self.protections = protections
    }
  }

  static let parts: [UInt16: SuiteParts] = {
    var table: [UInt16: SuiteParts] = [:]
    for block in classicBlocks + pairBlocks + tlcpBlocks {
      var code = block.first
      for family in block.families {
        for protection in block.protections {
          let joint = family.name.isEmpty ? "TLS_" : "TLS_\(family.name)_WITH_"
          let isTLCP = block.first >= 0xE000 && block.first < 0xE100
          table[code] = SuiteParts(
            name: (isTLCP ? family.name + "_" : joint) + protection.name,
            keyExchange: family.keyExchange, authentication: family.authentication,
            cipher: protection.cipher, mode: protection.mode, digest: protection.digest,
            isExport: family.name.contains("EXPORT"))
          code += 1
        }
      }
    }
    return table
  }()

  /// All codes, in order.
  static let all: [CipherSuite] = parts.keys.sorted().map(CipherSuite.init(rawValue:))

  private static let rsa = Family("RSA", .rsa, .rsa)
  private static let sm2Agreement = Family("ECDHE", .sm2Agreement, .sm2)
  private static let sm2Encryption = Family("ECC", .sm2Encryption, .sm2)
  private static let sm9Agreement = Family("IBSDH", .sm9Agreement, .sm9)
  private static let sm9Encryption = Family("IBC", .sm9Encryption, .sm9)

  private static func tlcp(
    _ code: UInt16, _ family: Family, _ cipher: String, _ mode: SuiteParts.Mode, _ digest: String
  ) -> Block {
    let name = cipher == "SM1" ? "SM1" : "\(cipher)_\(mode.rawValue)"
    let tail = digest == "SHA-1" ? "SHA1" : digest.replacing("-", with: "")
    return Block(code, [family], [Protection("\(name)_\(tail)", cipher, mode, digest)])
  }

  private static let tlcpBlocks: [Block] = [
    tlcp(0xE001, sm2Agreement, "SM1", .cbc, "SM3"), tlcp(0xE003, sm2Encryption, "SM1", .cbc, "SM3"),
    tlcp(0xE005, sm9Agreement, "SM1", .cbc, "SM3"), tlcp(0xE007, sm9Encryption, "SM1", .cbc, "SM3"),
    tlcp(0xE009, rsa, "SM1", .cbc, "SM3"), tlcp(0xE00A, rsa, "SM1", .cbc, "SHA-1"),
    tlcp(0xE011, sm2Agreement, "SM4", .cbc, "SM3"), tlcp(0xE013, sm2Encryption, "SM4", .cbc, "SM3"),
    tlcp(0xE015, sm9Agreement, "SM4", .cbc, "SM3"), tlcp(0xE017, sm9Encryption, "SM4", .cbc, "SM3"),
    tlcp(0xE019, rsa, "SM4", .cbc, "SM3"), tlcp(0xE01A, rsa, "SM4", .cbc, "SHA-1"),
    tlcp(0xE01C, rsa, "SM4", .cbc, "SHA-256"),
    tlcp(0xE051, sm2Agreement, "SM4", .gcm, "SM3"), tlcp(0xE053, sm2Encryption, "SM4", .gcm, "SM3"),
    tlcp(0xE055, sm9Agreement, "SM4", .gcm, "SM3"), tlcp(0xE057, sm9Encryption, "SM4", .gcm, "SM3"),
    tlcp(0xE059, rsa, "SM4", .gcm, "SM3"), tlcp(0xE05A, rsa, "SM4", .gcm, "SHA-256"),
  ]
}
