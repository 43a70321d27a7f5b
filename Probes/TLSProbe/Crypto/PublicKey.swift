import COpenSSL
import NationalCrypto

/// A certificate's key as libcrypto holds it. It is never changed, so all threads may verify with it.
///
/// Who uses `pointer` keeps the object until then: the memory of keys may let go of it.
final class PublicKey: @unchecked Sendable {
  let pointer: OpaquePointer

  private static let known = BoundedMemory<[UInt8], PublicKey>(most: 256)

  /// Larger keys could fill the memory.
  private static let usualLength = 4096

  /// The key of `certificate`; remembered, since libcrypto is slow to read one.
  static func of(_ certificate: Certificate) throws(CryptoError) -> PublicKey {
    let information = certificate.subjectPublicKeyInfo
    guard information.count <= usualLength else { return try PublicKey(information) }
    return try known.value(of: information) { () throws(CryptoError) in try PublicKey(information) }
  }

  private init(_ information: [UInt8]) throws(CryptoError) {
    let key = information.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_PUBKEY(nil, &next, buffer.count)
    }
    guard let key else { throw cryptoFailure("reading a public key") }
    pointer = key
  }

  deinit { EVP_PKEY_free(pointer) }
}
