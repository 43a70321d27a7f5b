import COpenSSL
import NationalCrypto

/// The AEAD of a TLS 1.3 suite that can be opened here.
enum RecordCipher: Sendable, Hashable {
  case aes128GCM, aes256GCM, chacha20Poly1305
  /// The suites of RFC 8998.
  case sm4GCM, sm4CCM

  init?(_ suite: CipherSuite) {
    switch suite.rawValue {
    case 0x1301: self = .aes128GCM
    case 0x1302: self = .aes256GCM
    case 0x1303: self = .chacha20Poly1305
    case 0x00C6: self = .sm4GCM
    case 0x00C7: self = .sm4CCM
    default: return nil
    }
  }

  var keyLength: Int {
    switch self {
    case .aes128GCM, .sm4GCM, .sm4CCM: 16
    case .aes256GCM, .chacha20Poly1305: 32
    }
  }

  /// The hash of the suite's key schedule.
  var hash: ScheduleHash {
    switch self {
    case .aes128GCM, .chacha20Poly1305: .sha256
    case .aes256GCM: .sha384
    case .sm4GCM, .sm4CCM: .sm3
    }
  }
  static let nonceLength = 12
  static let tagLength = 16

  /// The plaintext, or `nil` when the tag does not fit.
  func open(
    _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8]? {
    switch self {
    case .aes128GCM: try open(sealed, EVP_aes_128_gcm(), key, nonce, additional)
    case .aes256GCM: try open(sealed, EVP_aes_256_gcm(), key, nonce, additional)
    case .chacha20Poly1305: try open(sealed, EVP_chacha20_poly1305(), key, nonce, additional)
    case .sm4GCM: try SM4GCM(key: key).open(sealed, nonce: nonce, additional: additional)
    case .sm4CCM: try SM4CCM(key: key).open(sealed, nonce: nonce, additional: additional)
    }
  }

  /// Ciphertext, then the tag; `nil` for the ciphers that are only read here.
  func seal(
    _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8]? {
    switch self {
    case .aes128GCM, .aes256GCM, .chacha20Poly1305: nil
    case .sm4GCM: try SM4GCM(key: key).seal(plaintext, nonce: nonce, additional: additional)
    case .sm4CCM: try SM4CCM(key: key).seal(plaintext, nonce: nonce, additional: additional)
    }
  }

  /// Opens with a cipher of libcrypto.
  private func open(
    _ sealed: [UInt8], _ method: OpaquePointer?, _ key: [UInt8], _ nonce: [UInt8],
    _ additional: [UInt8]
  ) throws(CryptoError) -> [UInt8]? {
    let operation = "opening a record"
    guard sealed.count >= Self.tagLength else { return nil }
    let ciphertext = Array(sealed.dropLast(Self.tagLength))
    var tag = Array(sealed.suffix(Self.tagLength))
    guard let context = EVP_CIPHER_CTX_new() else { throw cryptoFailure(operation) }
    defer { EVP_CIPHER_CTX_free(context) }
    guard key.count == keyLength, nonce.count == Self.nonceLength,
      EVP_DecryptInit_ex(context, method, nil, key, nonce) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
    else { throw cryptoFailure(operation) }
    var length: Int32 = 0
    guard EVP_DecryptUpdate(context, nil, &length, additional, Int32(additional.count)) == 1 else {
      throw cryptoFailure(operation)
    }
    var plaintext = [UInt8](repeating: 0, count: ciphertext.count + 16)
    guard
      EVP_DecryptUpdate(context, &plaintext, &length, ciphertext, Int32(ciphertext.count)) == 1
    else { throw cryptoFailure(operation) }
    var tail: Int32 = 0
    var last = [UInt8](repeating: 0, count: 16)
    guard EVP_DecryptFinal_ex(context, &last, &tail) == 1 else {
      ERR_clear_error()
      return nil
    }
    return Array(plaintext.prefix(Int(length))) + last.prefix(Int(tail))
  }
}
