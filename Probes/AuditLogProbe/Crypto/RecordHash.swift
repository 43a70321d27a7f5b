internal import COpenSSL
import Glibc
package import NationalCrypto

/// A digest or a keyed code (HMAC, RFC 2104) computed over many messages, one context for all of them.
///
/// For HMAC the states after the two padded key blocks are computed once and copied for every message,
/// which is faster than libcrypto's own HMAC object.
package final class RecordHash {
  private let name: String
  private let work: OpaquePointer
  /// After the inner and the outer block of the key; nil: a plain digest.
  private let keyed: (inner: OpaquePointer, outer: OpaquePointer)?
  /// The last result, 32 bytes.
  package private(set) var result = [UInt8](repeating: 0, count: 32)

  /// A plain digest.
  package init(_ digest: ProtectionDigest) throws(CryptoError) {
    name = digest.rawValue
    work = try RecordHash.context(digest)
    keyed = nil
  }

  /// HMAC under `key`, of any length.
  package init(_ digest: ProtectionDigest, key: [UInt8]) throws(CryptoError) {
    name = "hmac-\(digest.rawValue)"
    var block = key.count > 64 ? try NationalCrypto.digest(key, digest.algorithm) : key
    defer { wipe(&block) }
    block += [UInt8](repeating: 0, count: 64 - block.count)
    let work = try RecordHash.context(digest)
    do throws(CryptoError) {
      let inner = try RecordHash.context(digest, after: block, pad: 0x36)
      do throws(CryptoError) {
        let outer = try RecordHash.context(digest, after: block, pad: 0x5C)
        keyed = (inner, outer)
      } catch {
        EVP_MD_CTX_free(inner)
        throw error
      }
    } catch {
      EVP_MD_CTX_free(work)
      throw error
    }
    self.work = work
  }

  deinit {
    EVP_MD_CTX_free(work)
    if let keyed {
      EVP_MD_CTX_free(keyed.inner)
      EVP_MD_CTX_free(keyed.outer)
    }
  }

  /// Computes over `message`; the answer is in ``result``.
  package func compute(_ message: [UInt8]) throws(CryptoError) {
    if let keyed {
      try RecordHash.require(EVP_MD_CTX_copy_ex(work, keyed.inner), name)
    } else {
      try RecordHash.require(EVP_DigestInit_ex2(work, nil, nil), name)
    }
    try RecordHash.require(EVP_DigestUpdate(work, message, message.count), name)
    try RecordHash.require(EVP_DigestFinal_ex(work, &result, nil), name)
    guard let keyed else { return }
    try RecordHash.require(EVP_MD_CTX_copy_ex(work, keyed.outer), name)
    try RecordHash.require(EVP_DigestUpdate(work, result, result.count), name)
    try RecordHash.require(EVP_DigestFinal_ex(work, &result, nil), name)
  }

  /// Whether the last result begins with `value`; never for an empty or too long one.
  func resultBegins(with value: [UInt8]) -> Bool {
    !value.isEmpty && value.count <= result.count && memcmp(result, value, value.count) == 0
  }

  private static func context(
    _ digest: ProtectionDigest, after block: [UInt8] = [], pad: UInt8 = 0
  ) throws(CryptoError) -> OpaquePointer {
    let method: OpaquePointer? =
      switch digest {
      case .sm3: EVP_sm3()
      case .sha256: EVP_sha256()
      }
    guard let context = EVP_MD_CTX_new() else { throw failure(digest.rawValue) }
    var padded = block.map { $0 ^ pad }
    defer { wipe(&padded) }
    guard EVP_DigestInit_ex2(context, method, nil) == 1,
      padded.isEmpty || EVP_DigestUpdate(context, padded, padded.count) == 1
    else {
      EVP_MD_CTX_free(context)
      throw failure(digest.rawValue)
    }
    return context
  }

  private static func require(_ code: Int32, _ name: String) throws(CryptoError) {
    guard code == 1 else { throw failure(name) }
  }

  private static func failure(_ name: String) -> CryptoError {
    CryptoFailure.drained("computing \(name)")
  }
}

/// Errors of libcrypto met in this module.
enum CryptoFailure {
  /// The newest entry of the error queue, which is empty afterwards.
  static func drained(_ operation: String) -> CryptoError {
    let code = ERR_peek_last_error()
    let reason = miping_error_reason(code).map { String(cString: $0) }
    ERR_clear_error()
    return CryptoError(operation: operation, detail: reason ?? "libcrypto gave no reason")
  }
}
