internal import COpenSSL

/// Owns a public key of libcrypto.
struct PublicKeyHandle: ~Copyable {
  let pointer: OpaquePointer

  init(subjectPublicKeyInfo der: [UInt8], _ operation: String) throws(CryptoError) {
    clearErrorQueue()
    let pointer = SM2KeyForm.usual(der).withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_PUBKEY(nil, &next, buffer.count)
    }
    guard let pointer else { throw CryptoError.drained(operation) }
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(pointer) }
}

/// The ways in which a SubjectPublicKeyInfo can say that its key is an SM2 one.
enum SM2KeyForm {
  /// SEQUENCE { SEQUENCE { id-ecPublicKey, SM2 curve }, BIT STRING }, up to the point's 65 bytes.
  private static let header: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
    0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00,
  ]

  /// An SM2 key with explicit parameters, or with the curve's identifier as that of the key, in the one
  /// form that libcrypto takes for SM2; every other key as it is.
  static func usual(_ der: [UInt8]) -> [UInt8] {
    var outer = DERReader(der)
    guard let element = try? outer.next(.sequence), outer.isAtEnd,
      let key = try? KeyDescription(subjectPublicKeyInfo: element), key.algorithm == "SM2"
    else { return der }
    var parts = element.reader
    guard (try? parts.next(.sequence)) != nil, let value = try? parts.next(.bitString),
      value.content.count == 66, value.content.dropFirst().first == 4
    else { return der }
    return header + value.content.dropFirst()
  }
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
