internal import COpenSSL

/// A digest algorithm (密码杂凑算法) this module computes.
package enum DigestAlgorithm: String, Sendable, Hashable, CaseIterable {
  case sm3, sha256, sha1, md5

  /// Length of its result in bytes.
  package var length: Int {
    switch self {
    case .sm3, .sha256: 32
    case .sha1: 20
    case .md5: 16
    }
  }

  var method: OpaquePointer? {
    switch self {
    case .sm3: EVP_sm3()
    case .sha256: EVP_sha256()
    case .sha1: EVP_sha1()
    case .md5: EVP_md5()
    }
  }
}

/// Digests data of any size piece by piece.
///
/// After `finish` it stands at the start again, ready for the next data.
package struct IncrementalDigest: ~Copyable {
  private let algorithm: DigestAlgorithm
  private let context: OpaquePointer

  package init(_ algorithm: DigestAlgorithm) throws(CryptoError) {
    guard let context = EVP_MD_CTX_new() else {
      throw CryptoError.drained("starting \(algorithm.rawValue)")
    }
    guard EVP_DigestInit_ex2(context, algorithm.method, nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw CryptoError.drained("starting \(algorithm.rawValue)")
    }
    self.algorithm = algorithm
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds `bytes` to what is digested.
  package mutating func update(_ bytes: [UInt8]) throws(CryptoError) {
    let result = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    try require(result, "digesting with \(algorithm.rawValue)")
  }

  /// Adds the bytes of a buffer; nothing is copied.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    try require(
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count),
      "digesting with \(algorithm.rawValue)")
  }

  /// The digest of all that was added since the start or the last `finish`.
  package mutating func finish() throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: algorithm.length)
    let result = digest.withUnsafeMutableBufferPointer {
      EVP_DigestFinal_ex(context, $0.baseAddress, nil)
    }
    try require(result, "finishing \(algorithm.rawValue)")
    try require(EVP_DigestInit_ex2(context, nil, nil), "starting \(algorithm.rawValue)")
    return digest
  }
}

/// The digest of `bytes`, `algorithm.length` bytes long.
package func digest(
  _ bytes: [UInt8], _ algorithm: DigestAlgorithm
) throws(CryptoError) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: algorithm.length)
  let result = bytes.withUnsafeBytes { input in
    digest.withUnsafeMutableBufferPointer { output in
      EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, algorithm.method, nil)
    }
  }
  try require(result, "digesting with \(algorithm.rawValue)")
  return digest
}

/// SM3 (GB/T 32905), the national digest of 256 bits.
package enum SM3 {
  package static func digest(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    try NationalCrypto.digest(bytes, .sm3)
  }
}

/// SHA-256, the digest by which most tools name certificates and keys.
package enum SHA256 {
  package static func digest(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    try NationalCrypto.digest(bytes, .sha256)
  }
}
