internal import COpenSSL

/// Owns a public key of libcrypto.
struct PublicKeyHandle: ~Copyable {
  let pointer: OpaquePointer

  init(subjectPublicKeyInfo der: [UInt8], _ operation: String) throws(CryptoError) {
    clearErrorQueue()
    let pointer = der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_PUBKEY(nil, &next, buffer.count)
    }
    guard let pointer else { throw CryptoError.drained(operation) }
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(pointer) }
}

/// Owns a private key of libcrypto, which wipes it when it is freed.
struct PrivateKeyHandle: ~Copyable {
  let pointer: OpaquePointer

  init(pem: [UInt8], _ operation: String) throws(CryptoError) {
    clearErrorQueue()
    guard pem.count <= 1 << 20,
      let input = BIO_new_mem_buf(pem, Int32(pem.count))
    else { throw CryptoError.drained(operation) }
    defer { BIO_free(input) }
    // Without a callback of ours libcrypto would ask for a password on the terminal.
    guard let pointer = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in 0 }, nil) else {
      throw CryptoError.drained(operation)
    }
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(pointer) }
}

/// Overwrites secret bytes in a way the compiler does not drop.
package func wipe(_ bytes: inout [UInt8]) {
  bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
  bytes.removeAll()
}
