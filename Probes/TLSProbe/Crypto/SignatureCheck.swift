import COpenSSL
import NationalCrypto

/// Verifies the signatures of TLS handshakes, all algorithms but SM2.
enum SignatureCheck {
  /// Padding and digest of a signature.
  private struct Method {
    var digest: OpaquePointer?
    var isPSS = false
    /// Key types it goes with, as libcrypto names them.
    var keys: [String]
  }

  private static func method(of scheme: SignatureScheme) -> Method? {
    let digest: OpaquePointer?
    switch scheme.rawValue >> 8 {
    case 1: digest = EVP_md5()
    case 2: digest = EVP_sha1()
    case 3: digest = EVP_sha224()
    case 4: digest = EVP_sha256()
    case 5: digest = EVP_sha384()
    case 6: digest = EVP_sha512()
    default: digest = nil
    }
    switch (scheme.rawValue >> 8, scheme.rawValue & 0xFF) {
    case (1...6, 1): return Method(digest: digest, keys: ["RSA"])
    case (1...6, 2): return Method(digest: digest, keys: ["DSA"])
    case (1...6, 3): return Method(digest: digest, keys: ["EC"])
    case (8, 4): return Method(digest: EVP_sha256(), isPSS: true, keys: ["RSA"])
    case (8, 5): return Method(digest: EVP_sha384(), isPSS: true, keys: ["RSA"])
    case (8, 6): return Method(digest: EVP_sha512(), isPSS: true, keys: ["RSA"])
    case (8, 9): return Method(digest: EVP_sha256(), isPSS: true, keys: ["RSA-PSS"])
    case (8, 10): return Method(digest: EVP_sha384(), isPSS: true, keys: ["RSA-PSS"])
    case (8, 11): return Method(digest: EVP_sha512(), isPSS: true, keys: ["RSA-PSS"])
    case (8, 7): return Method(digest: nil, keys: ["ED25519"])
    case (8, 8): return Method(digest: nil, keys: ["ED448"])
    default: return nil
    }
  }

  /// Whether `signature` is that of `certificate`'s key over `message`; a key type other than the
  /// scheme's is `false`.
  ///
  /// - Returns: `nil` for a scheme not known here.
  static func isValid(
    _ signature: [UInt8], over message: [UInt8], scheme: SignatureScheme,
    by certificate: Certificate
  ) throws(CryptoError) -> Bool? {
    guard let method = method(of: scheme) else { return nil }
    return try isValid(signature, over: message, method, by: certificate)
  }

  /// As TLS 1.0 and 1.1 sign: RSA over MD5 and SHA-1 together, others over SHA-1 (RFC 4346 7.4.3).
  static func isValidBeforeTLS12(
    _ signature: [UInt8], over message: [UInt8], by certificate: Certificate
  ) throws(CryptoError) -> Bool? {
    let isRSA = certificate.keyAlgorithm == "RSA"
    let method = Method(
      digest: isRSA ? EVP_md5_sha1() : EVP_sha1(), keys: isRSA ? ["RSA"] : ["EC", "DSA"])
    return try isValid(signature, over: message, method, by: certificate)
  }

  private static func isValid(
    _ signature: [UInt8], over message: [UInt8], _ method: Method, by certificate: Certificate
  ) throws(CryptoError) -> Bool {
    let operation = "verifying a handshake signature"
    ERR_clear_error()
    let key = try PublicKey.of(certificate)
    defer { extendLifetime(key) }
    guard method.keys.contains(where: { EVP_PKEY_is_a(key.pointer, $0) == 1 }) else { return false }
    guard let context = EVP_MD_CTX_new() else { throw cryptoFailure(operation) }
    defer { EVP_MD_CTX_free(context) }
    var parameters: OpaquePointer?
    guard EVP_DigestVerifyInit(context, &parameters, method.digest, nil, key.pointer) == 1 else {
      throw cryptoFailure(operation)
    }
    if method.isPSS {
      guard EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
        EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
      else { throw cryptoFailure(operation) }
    }
    defer { ERR_clear_error() }
    return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
