import COpenSSL
import NationalCrypto

/// The AEAD of a TLS 1.3 suite that can be opened here.
enum RecordCipher: Sendable, Hashable {
  case aes128GCM, aes256GCM, chacha20Poly1305

  init?(_ suite: CipherSuite) {
    switch suite.rawValue {
    case 0x1301: self = .aes128GCM
    case 0x1302: self = .aes256GCM
    case 0x1303: self = .chacha20Poly1305
    default: return nil
    }
  }

  var keyLength: Int { self == .aes128GCM ? 16 : 32 }
  static let nonceLength = 12
  static let tagLength = 16

  private var method: OpaquePointer? {
    switch self {
    case .aes128GCM: EVP_aes_128_gcm()
    case .aes256GCM: EVP_aes_256_gcm()
    case .chacha20Poly1305: EVP_chacha20_poly1305()
    }
  }

  /// The plaintext, or `nil` when the tag does not fit.
  func open(
    _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], additional: [UInt8]
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
