internal import COpenSSL
import NationalCrypto

/// Checks many SM2 signatures (GB/T 32918.2) under one public key and one signer identity.
final class SignatureCheck {
  private let key: OpaquePointer
  private let context: OpaquePointer
  private let digest: OpaquePointer

  /// - Throws: when the key, DER of a SubjectPublicKeyInfo, is not an SM2 key.
  init(subjectPublicKeyInfo der: [UInt8], identity: String) throws(CryptoError) {
    let operation = "reading an SM2 public key"
    let key = der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_PUBKEY(nil, &next, buffer.count)
    }
    guard let key else { throw CryptoFailure.drained(operation) }
    guard EVP_PKEY_is_a(key, "SM2") == 1 else {
      EVP_PKEY_free(key)
      throw CryptoError(operation: operation, detail: "the key is not an SM2 key")
    }
    let name = Array(identity.utf8)
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
      EVP_PKEY_free(key)
      throw CryptoFailure.drained(operation)
    }
    guard EVP_PKEY_CTX_set1_id(context, name, Int32(clamping: name.count)) == 1,
      let digest = EVP_MD_CTX_new()
    else {
      EVP_PKEY_CTX_free(context)
      EVP_PKEY_free(key)
      throw CryptoFailure.drained(operation)
    }
    EVP_MD_CTX_set_pkey_ctx(digest, context)
    self.key = key
    self.context = context
    self.digest = digest
  }

  deinit {
    EVP_MD_CTX_free(digest)
    EVP_PKEY_CTX_free(context)
    EVP_PKEY_free(key)
  }

  /// Whether `signature`, DER SEQUENCE { r, s } with minimal integers, is right over `message`.
  func isValid(_ signature: [UInt8], over message: [UInt8]) throws(CryptoError) -> Bool {
    guard EVP_DigestVerifyInit(digest, nil, EVP_sm3(), nil, key) == 1 else {
      throw CryptoFailure.drained("verifying an SM2 signature")
    }
    defer { ERR_clear_error() }
    return EVP_DigestVerify(digest, signature, signature.count, message, message.count) == 1
  }

  /// DER SEQUENCE { r, s } of `r || s`, 64 bytes; nil for another length.
  static func der(fromRaw raw: [UInt8]) -> [UInt8]? {
    guard raw.count == 64 else { return nil }
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var digits = Array(bytes.drop { $0 == 0 })
      if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
      return [0x02, UInt8(truncatingIfNeeded: digits.count)] + digits
    }
    let body = integer(raw[..<32]) + integer(raw[32...])
    return [0x30, UInt8(truncatingIfNeeded: body.count)] + body
  }
}
