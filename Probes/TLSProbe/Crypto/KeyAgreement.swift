import COpenSSL
import NationalCrypto

/// One side of a Diffie-Hellman agreement of TLS 1.3, elliptic or over a field of RFC 7919: an ephemeral
/// key pair.
///
/// A class because it owns libcrypto's key, which is never changed after it was made.
final class KeyAgreement: @unchecked Sendable {
  let group: NamedGroup
  /// As key_share carries it: 04 X Y, the bare bytes of X25519 and X448, or a number as long as the prime.
  let publicKey: [UInt8]
  private let secret: Secret

  private enum Secret {
    /// A key of libcrypto, owned.
    case libcrypto(OpaquePointer)
    /// libcrypto 3.0 has no agreement over this curve.
    case sm2(SM2EphemeralKey)
  }

  /// Groups that can be agreed on here.
  static let groups: [NamedGroup] =
    [.x25519, .p256, .p384, .p521, .x448, .sm2] + NamedGroup.finiteFields

  private static func algorithm(of group: NamedGroup) -> (algorithm: String, name: String?)? {
    switch group {
    case .x25519: ("X25519", nil)
    case .x448: ("X448", nil)
    case .p256: ("EC", "P-256")
    case .p384: ("EC", "P-384")
    case .p521: ("EC", "P-521")
    case .ffdhe2048: ("DH", "ffdhe2048")
    case .ffdhe3072: ("DH", "ffdhe3072")
    case .ffdhe4096: ("DH", "ffdhe4096")
    case .ffdhe6144: ("DH", "ffdhe6144")
    case .ffdhe8192: ("DH", "ffdhe8192")
    default: nil
    }
  }

  init(_ group: NamedGroup) throws(CryptoError) {
    if group == .sm2 {
      let pair = try SM2EphemeralKey()
      self.group = group
      publicKey = pair.publicPoint
      secret = .sm2(pair)
      return
    }
    let operation = "making an ephemeral key"
    guard let (algorithm, name) = Self.algorithm(of: group) else {
      throw CryptoError(operation: operation, detail: "group \(group.code) is not known")
    }
    guard let context = EVP_PKEY_CTX_new_from_name(nil, algorithm, nil) else {
      throw cryptoFailure(operation)
    }
    defer { EVP_PKEY_CTX_free(context) }
    guard EVP_PKEY_keygen_init(context) == 1 else { throw cryptoFailure(operation) }
    if let name, EVP_PKEY_CTX_set_group_name(context, name) != 1 {
      throw cryptoFailure(operation)
    }
    var made: OpaquePointer?
    guard EVP_PKEY_generate(context, &made) == 1, let made else { throw cryptoFailure(operation) }
    do {
      publicKey = try Self.encodedPublicKey(of: made)
    } catch {
      EVP_PKEY_free(made)
      throw error
    }
    self.group = group
    secret = .libcrypto(made)
  }

  /// An X25519 pair from its private bytes, for recorded exchanges.
  init(x25519 privateKey: [UInt8]) throws(CryptoError) {
    let operation = "reading an X25519 key"
    guard
      let made = EVP_PKEY_new_raw_private_key_ex(
        nil, "X25519", nil, privateKey, privateKey.count)
    else { throw cryptoFailure(operation) }
    do {
      publicKey = try Self.encodedPublicKey(of: made)
    } catch {
      EVP_PKEY_free(made)
      throw error
    }
    group = .x25519
    secret = .libcrypto(made)
  }

  deinit {
    if case .libcrypto(let key) = secret { EVP_PKEY_free(key) }
  }

  private static func encodedPublicKey(of key: OpaquePointer) throws(CryptoError) -> [UInt8] {
    var output: UnsafeMutablePointer<UInt8>?
    let length = EVP_PKEY_get1_encoded_public_key(key, &output)
    guard length > 0, let output else { throw cryptoFailure("writing a public key") }
    defer { miping_free(output) }
    return Array(UnsafeBufferPointer(start: output, count: length))
  }

  /// The shared secret with the other side's public key.
  func sharedSecret(with other: [UInt8]) throws(CryptoError) -> [UInt8] {
    // RFC 8446 4.2.8.1: as long as the prime, which libcrypto does not insist on.
    if NamedGroup.finiteFields.contains(group), other.count != publicKey.count {
      throw CryptoError(
        operation: "agreeing on a secret",
        detail: "public key of \(other.count) bytes, expected \(publicKey.count)")
    }
    switch secret {
    case .libcrypto(let key): return try Self.sharedSecret(of: key, with: other)
    case .sm2(let pair): return try pair.sharedSecret(with: other)
    }
  }

  private static func sharedSecret(
    of key: OpaquePointer, with other: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let operation = "agreeing on a secret"
    guard let peer = EVP_PKEY_new() else { throw cryptoFailure(operation) }
    defer { EVP_PKEY_free(peer) }
    guard EVP_PKEY_copy_parameters(peer, key) == 1,
      EVP_PKEY_set1_encoded_public_key(peer, other, other.count) == 1,
      let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
    else { throw cryptoFailure(operation) }
    defer { EVP_PKEY_CTX_free(context) }
    var length = 0
    guard EVP_PKEY_derive_init(context) == 1 else { throw cryptoFailure(operation) }
    // RFC 8446 7.4.1: leading zeros of the secret stay.
    if EVP_PKEY_is_a(key, "DH") == 1, EVP_PKEY_CTX_set_dh_pad(context, 1) != 1 {
      throw cryptoFailure(operation)
    }
    guard EVP_PKEY_derive_set_peer(context, peer) == 1,
      EVP_PKEY_derive(context, nil, &length) == 1
    else { throw cryptoFailure(operation) }
    var secret = [UInt8](repeating: 0, count: length)
    guard EVP_PKEY_derive(context, &secret, &length) == 1 else { throw cryptoFailure(operation) }
    return Array(secret.prefix(length))
  }
}
