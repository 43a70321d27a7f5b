internal import COpenSSL

/// The block cipher SM4 (GB/T 32907), 128-bit key and block, block by block.
package enum SM4 {
  /// Encrypts whole blocks of 16 bytes, each by itself (ECB); the base of other modes.
  package static func encryptBlocks(
    _ blocks: [UInt8], key: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let operation = "encrypting with SM4"
    guard key.count == 16, blocks.count.isMultiple(of: 16), blocks.count < 1 << 30 else {
      throw CryptoError(
        operation: operation,
        detail: "a key of \(key.count) bytes and \(blocks.count) bytes of data, "
          + "16 and a multiple of 16 expected")
    }
    guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.drained(operation) }
    defer { EVP_CIPHER_CTX_free(context) }
    try require(EVP_EncryptInit_ex2(context, EVP_sm4_ecb(), key, nil, nil), operation)
    try require(EVP_CIPHER_CTX_set_padding(context, 0), operation)
    var output = [UInt8](repeating: 0, count: blocks.count + 16)
    var written: Int32 = 0
    try require(
      EVP_EncryptUpdate(context, &output, &written, blocks, Int32(blocks.count)), operation)
    guard Int(written) == blocks.count else {
      throw CryptoError(
        operation: operation, detail: "\(written) bytes, \(blocks.count) expected")
    }
    return Array(output.prefix(Int(written)))
  }
}
