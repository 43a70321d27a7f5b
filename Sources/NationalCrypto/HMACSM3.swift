internal import COpenSSL

/// HMAC with SM3 (GB/T 15852.2): the message authentication code of 32 bytes.
///
/// One key, any number of messages: the key is set up once.
package struct HMACSM3: ~Copyable {
  private let context: OpaquePointer

  package init(key: [UInt8]) throws(CryptoError) {
    let operation = "starting HMAC-SM3"
    clearErrorQueue()
    guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else {
      throw CryptoError.drained(operation)
    }
    defer { EVP_MAC_free(algorithm) }
    guard let context = EVP_MAC_CTX_new(algorithm) else { throw CryptoError.drained(operation) }
    // Keys are padded with zeros to a block, so one zero is the empty key, which libcrypto does not take.
    let key = key.isEmpty ? [0] : key
    guard miping_start_hmac_sm3(context, key, key.count) == 1 else {
      EVP_MAC_CTX_free(context)
      throw CryptoError.drained(operation)
    }
    self.context = context
  }

  deinit { EVP_MAC_CTX_free(context) }

  /// The code of `message`.
  package mutating func code(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
    let operation = "computing HMAC-SM3"
    try require(EVP_MAC_init(context, nil, 0, nil), operation)
    try require(EVP_MAC_update(context, message, message.count), operation)
    var code = [UInt8](repeating: 0, count: 32)
    var length = 0
    try require(EVP_MAC_final(context, &code, &length, code.count), operation)
    guard length == code.count else {
      throw CryptoError(operation: operation, detail: "\(length) bytes, 32 expected")
    }
    return code
  }
}
