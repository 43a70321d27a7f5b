import Bytes
internal import COpenSSL

/// A PKCS#12 container (RFC 7292, 证书与私钥容器), opened by a password to list what it holds.
package struct PKCS12Container: Sendable {
  /// One bag of the container.
  package enum Member: Sendable, Hashable {
    case certificate(der: [UInt8])
    case revocationList(der: [UInt8])
    /// A private key: `sha256` is over the DER in the bag, encrypted when `isEncrypted`.
    case privateKey(KeyDescription?, isEncrypted: Bool, sha256: String)
    /// A secret of another kind; `sha256` is over the DER of its bag.
    case secret(sha256: String)
  }

  /// Bags within bags and bags in all that are looked at.
  private static let maximumDepth = 4
  private static let maximumMembers = 10_000

  private let der: [UInt8]

  package init(der: [UInt8]) { self.der = der }

  /// Everything inside, in order; `nil` when `password` does not open it.
  package func members(password: [UInt8]) -> [Member]? {
    guard der.count <= 16 << 20 else { return nil }
    LegacyAlgorithms.load()
    defer { clearErrorQueue() }
    let container = der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_PKCS12(nil, &next, buffer.count)
    }
    guard let container else { return nil }
    defer { PKCS12_free(container) }
    guard isAuthentic(container, password: password),
      let safes = PKCS12_unpack_authsafes(container)
    else { return nil }
    defer { miping_free_safes(safes) }
    var members: [Member] = []
    for index in 0..<max(0, miping_stack_count(UnsafeRawPointer(safes))) {
      guard
        let safe = miping_stack_element(UnsafeRawPointer(safes), index)?
          .assumingMemoryBound(to: PKCS7.self),
        let bags = bags(of: safe, password: password)
      else { return nil }
      defer { miping_free_bags(bags) }
      guard read(bags, password: password, into: &members, depth: 0) else { return nil }
    }
    return members
  }

  /// Whether the container's code over its contents fits the password; one without a code is not refused.
  private func isAuthentic(_ container: OpaquePointer, password: [UInt8]) -> Bool {
    guard PKCS12_mac_present(container) == 1 else { return true }
    var rounds: UnsafePointer<ASN1_INTEGER>?
    PKCS12_get0_mac(nil, nil, nil, &rounds, container)
    // No number means one round; a number too large to read is -1.
    if let rounds, !(0...ProtectedKey.maximumRounds).contains(ASN1_INTEGER_get(rounds)) {
      return false
    }
    return ProtectedKey.withCharacters(password) {
      PKCS12_verify_mac(container, $0, Int32($1)) == 1
    }
  }

  private func bags(
    of safe: UnsafeMutablePointer<PKCS7>, password: [UInt8]
  ) -> OpaquePointer? {
    switch OBJ_obj2nid(safe.pointee.type) {
    case NID_pkcs7_data:
      return PKCS12_unpack_p7data(safe)
    case NID_pkcs7_encrypted:
      guard let algorithm = safe.pointee.d.encrypted?.pointee.enc_data?.pointee.algorithm else {
        return nil
      }
      let encryption = ProtectedKey.encoded { i2d_X509_ALGOR(algorithm, $0) }
      var reader = DERReader(encryption)
      guard let element = try? reader.next(.sequence),
        ProtectedKey.isAffordable(encryption: element)
      else { return nil }
      return ProtectedKey.withCharacters(password) {
        PKCS12_unpack_p7encdata(safe, $0, Int32($1))
      }
    default:
      return nil
    }
  }

  private func read(
    _ bags: OpaquePointer, password: [UInt8], into members: inout [Member], depth: Int
  ) -> Bool {
    guard depth < PKCS12Container.maximumDepth else { return false }
    for index in 0..<max(0, miping_stack_count(UnsafeRawPointer(bags))) {
      guard members.count < PKCS12Container.maximumMembers,
        let bag = miping_stack_element(UnsafeRawPointer(bags), index).map({ OpaquePointer($0) })
      else { return false }
      switch PKCS12_SAFEBAG_get_nid(bag) {
      case NID_certBag:
        guard let certificate = PKCS12_SAFEBAG_get1_cert(bag) else { continue }
        defer { X509_free(certificate) }
        members.append(.certificate(der: ProtectedKey.encoded { i2d_X509(certificate, $0) }))
      case NID_crlBag:
        guard let list = PKCS12_SAFEBAG_get1_crl(bag) else { continue }
        defer { X509_CRL_free(list) }
        members.append(.revocationList(der: ProtectedKey.encoded { i2d_X509_CRL(list, $0) }))
      case NID_keyBag:
        guard let key = PKCS12_SAFEBAG_get0_p8inf(bag) else { continue }
        var der = ProtectedKey.encoded { i2d_PKCS8_PRIV_KEY_INFO(key, $0) }
        defer { wipe(&der) }
        guard let name = try? SHA256.digest(der) else { return false }
        members.append(
          .privateKey(
            ProtectedKey.describe(privateKeyInfo: key), isEncrypted: false,
            sha256: hexadecimal(name)))
      case NID_pkcs8ShroudedKeyBag:
        guard let key = PKCS12_SAFEBAG_get0_pkcs8(bag) else { continue }
        let der = ProtectedKey.encoded { i2d_X509_SIG(key, $0) }
        guard let name = try? SHA256.digest(der) else { return false }
        members.append(
          .privateKey(
            ProtectedKey.describe(encryptedPrivateKeyInfo: der, password: password),
            isEncrypted: true, sha256: hexadecimal(name)))
      case NID_safeContentsBag:
        guard let inner = PKCS12_SAFEBAG_get0_safes(bag) else { continue }
        guard read(inner, password: password, into: &members, depth: depth + 1) else {
          return false
        }
      default:
        var der = ProtectedKey.encoded { i2d_PKCS12_SAFEBAG(bag, $0) }
        defer { wipe(&der) }
        guard let name = try? SHA256.digest(der) else { return false }
        members.append(.secret(sha256: hexadecimal(name)))
      }
    }
    return true
  }
}
