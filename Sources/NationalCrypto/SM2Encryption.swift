internal import COpenSSL

/// SM2 encryption with SM3 (GB/T 32918.4); ciphertexts are DER as GM/T 0009 has them:
/// SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, ciphertext OCTET STRING }.
extension SM2 {
  /// Encrypts `message`, at most 64 KiB, for the holder of a key given as SubjectPublicKeyInfo.
  package static func encrypt(
    _ message: [UInt8], subjectPublicKeyInfo: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let operation = "encrypting with SM2"
    let key = try PublicKeyHandle(subjectPublicKeyInfo: subjectPublicKeyInfo, operation)
    return try transform(
      message, key.pointer, operation, start: EVP_PKEY_encrypt_init, step: EVP_PKEY_encrypt)
  }

  /// The message in `ciphertext`.
  ///
  /// - Parameter privateKeyPEM: a clear PKCS#8 or SEC 1 key. Nothing of it leaves this call.
  /// - Throws: also when the ciphertext is damaged or was made for another key.
  package static func decrypt(
    _ ciphertext: [UInt8], privateKeyPEM: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let operation = "decrypting with SM2"
    let key = try PrivateKeyHandle(pem: privateKeyPEM, operation)
    return try transform(
      ciphertext, key.pointer, operation, start: EVP_PKEY_decrypt_init, step: EVP_PKEY_decrypt)
  }

  private typealias Step = (
    OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?,
    UnsafePointer<UInt8>?, Int
  ) -> Int32

  private static func transform(
    _ input: [UInt8], _ key: OpaquePointer, _ operation: String,
    start: (OpaquePointer?) -> Int32, step: Step
  ) throws(CryptoError) -> [UInt8] {
    guard EVP_PKEY_is_a(key, "SM2") == 1, !input.isEmpty, input.count <= 1 << 16 else {
      throw CryptoError(
        operation: operation,
        detail: "an SM2 key and 1 to 65536 bytes expected, \(input.count) bytes found")
    }
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
      throw CryptoError.drained(operation)
    }
    defer { EVP_PKEY_CTX_free(context) }
    try require(start(context), operation)
    var length = 0
    try require(step(context, nil, &length, input, input.count), operation)
    var output = [UInt8](repeating: 0, count: length)
    try require(step(context, &output, &length, input, input.count), operation)
    return Array(output.prefix(length))
  }
}
