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
  /// The last result. Memory of its own, since the checks of access that a property of a class has take as long as
  /// copying it.
  private let output = UnsafeMutableRawBufferPointer.allocate(
    byteCount: RecordHash.resultSize, alignment: 8)
  private static let resultSize = 32

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
    OPENSSL_cleanse(output.baseAddress, output.count)
    output.deallocate()
    EVP_MD_CTX_free(work)
    if let keyed {
      EVP_MD_CTX_free(keyed.inner)
      EVP_MD_CTX_free(keyed.outer)
    }
  }

  /// The last result, 32 bytes.
  package var result: [UInt8] { Array(output) }

  /// Computes over `message`; the answer is in ``result``.
  package func compute(_ message: [UInt8]) throws(CryptoError) {
    if let keyed {
      try require(EVP_MD_CTX_copy_ex(work, keyed.inner))
    } else {
      try require(EVP_DigestInit_ex2(work, nil, nil))
    }
    try require(EVP_DigestUpdate(work, message, message.count))
    try finish()
    guard let keyed else { return }
    try require(EVP_MD_CTX_copy_ex(work, keyed.outer))
    try require(EVP_DigestUpdate(work, output.baseAddress, output.count))
    try finish()
  }

  /// Both digests have exactly ``resultSize`` bytes.
  private func finish() throws(CryptoError) {
    try require(
      EVP_DigestFinal_ex(work, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil))
  }

  /// Appends the last result.
  func appendResult(to bytes: inout [UInt8]) { bytes.append(contentsOf: output) }

  /// Whether the last result begins with `value`; never for an empty or too long one.
  func resultBegins(with value: [UInt8]) -> Bool {
    guard !value.isEmpty, value.count <= output.count, let result = output.baseAddress else {
      return false
    }
    return memcmp(result, value, value.count) == 0
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

  private func require(_ code: Int32) throws(CryptoError) {
    guard code == 1 else { throw RecordHash.failure(name) }
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
