internal import COpenSSL

/// SM4 with cipher block chaining (GB/T 17964 CBC): whole blocks, the caller pads.
package enum SM4CBC {
  /// - Parameters:
  ///   - blocks: a multiple of 16 bytes.
  ///   - key: 16 bytes.
  ///   - iv: 16 bytes, never used twice with a key and not to be foretold.
  package static func encrypt(
    _ blocks: [UInt8], key: [UInt8], iv: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try run(blocks, key: key, iv: iv, encrypts: true, "encrypting with SM4-CBC")
  }

  /// As above, the other way; whether the result makes sense is the caller's question.
  package static func decrypt(
    _ blocks: [UInt8], key: [UInt8], iv: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    try run(blocks, key: key, iv: iv, encrypts: false, "decrypting with SM4-CBC")
  }

  private static func run(
    _ blocks: [UInt8], key: [UInt8], iv: [UInt8], encrypts: Bool, _ operation: String
  ) throws(CryptoError) -> [UInt8] {
    guard key.count == 16, iv.count == 16, blocks.count.isMultiple(of: 16),
      blocks.count < 1 << 30
    else {
      throw CryptoError(
        operation: operation,
        detail: "key of \(key.count), IV of \(iv.count), data of \(blocks.count) bytes; "
          + "16, 16 and a multiple of 16 expected")
    }
    guard !blocks.isEmpty else { return [] }
    clearErrorQueue()
    guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.drained(operation) }
    defer { EVP_CIPHER_CTX_free(context) }
    try require(
      EVP_CipherInit_ex2(context, EVP_sm4_cbc(), key, iv, encrypts ? 1 : 0, nil), operation)
    try require(EVP_CIPHER_CTX_set_padding(context, 0), operation)
    var output = [UInt8](repeating: 0, count: blocks.count + 16)
    var written: Int32 = 0
    try require(
      EVP_CipherUpdate(context, &output, &written, blocks, Int32(blocks.count)), operation)
    guard Int(written) == blocks.count else {
      throw CryptoError(
        operation: operation, detail: "\(written) bytes, \(blocks.count) expected")
    }
    return Array(output.prefix(Int(written)))
  }
}
