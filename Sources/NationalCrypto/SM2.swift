internal import COpenSSL

/// SM2 signatures with SM3 (GB/T 32918.2), always under a signer's identity (可辨别标识).
package enum SM2 {
  /// The identity of GM/T 0009 where none is agreed. libcrypto's own default is the empty one.
  package static let defaultIdentity = "1234567812345678"

  /// Whether `signature`, DER SEQUENCE { r, s }, is that of `certificate`'s key over `message`.
  ///
  /// - Throws: when the key is not an SM2 key. A wrong or damaged signature is `false`.
  package static func verify(
    signature: [UInt8], message: [UInt8], publicKeyOf certificate: Certificate,
    identity: String = defaultIdentity
  ) throws(CryptoError) -> Bool {
    try verify(
      signature: signature, message: message,
      subjectPublicKeyInfo: certificate.subjectPublicKeyInfo, identity: identity)
  }

  /// As above, for a key given as the DER of its SubjectPublicKeyInfo.
  package static func verify(
    signature: [UInt8], message: [UInt8], subjectPublicKeyInfo: [UInt8],
    identity: String = defaultIdentity
  ) throws(CryptoError) -> Bool {
    let operation = "verifying an SM2 signature"
    let key = try PublicKeyHandle(subjectPublicKeyInfo: subjectPublicKeyInfo, operation)
    let context = try SignatureContext(key: key.pointer, identity: identity, operation)
    try require(
      EVP_DigestVerifyInit(context.digest, nil, EVP_sm3(), nil, key.pointer), operation)
    defer { clearErrorQueue() }
    return EVP_DigestVerify(
      context.digest, signature, signature.count, message, message.count) == 1
  }

  /// Signs `message` with a PEM private key; the signature is DER SEQUENCE { r, s }.
  ///
  /// - Parameter privateKeyPEM: a clear PKCS#8 or SEC 1 key. Nothing of it leaves this call.
  package static func sign(
    _ message: [UInt8], privateKeyPEM: [UInt8], identity: String = defaultIdentity
  ) throws(CryptoError) -> [UInt8] {
    let operation = "signing with SM2"
    let key = try PrivateKeyHandle(pem: privateKeyPEM, operation)
    let context = try SignatureContext(key: key.pointer, identity: identity, operation)
    try require(EVP_DigestSignInit(context.digest, nil, EVP_sm3(), nil, key.pointer), operation)
    var length = 0
    try require(
      EVP_DigestSign(context.digest, nil, &length, message, message.count), operation)
    var signature = [UInt8](repeating: 0, count: length)
    try require(
      EVP_DigestSign(context.digest, &signature, &length, message, message.count), operation)
    return Array(signature.prefix(length))
  }

  /// The SubjectPublicKeyInfo, as DER, that belongs to a PEM private key.
  package static func subjectPublicKeyInfo(
    ofPrivateKeyPEM pem: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let operation = "deriving an SM2 public key"
    let key = try PrivateKeyHandle(pem: pem, operation)
    var output: UnsafeMutablePointer<UInt8>?
    let length = i2d_PUBKEY(key.pointer, &output)
    guard length > 0, let output else { throw CryptoError.drained(operation) }
    defer { miping_free(output) }
    return Array(UnsafeBufferPointer(start: output, count: Int(length)))
  }
}

/// A digest context bound to a key and an identity.
private struct SignatureContext: ~Copyable {
  let digest: OpaquePointer
  private let key: OpaquePointer

  init(key pointer: OpaquePointer, identity: String, _ operation: String) throws(CryptoError) {
    clearErrorQueue()
    guard EVP_PKEY_is_a(pointer, "SM2") == 1 else {
      throw CryptoError(operation: operation, detail: "the key is not an SM2 key")
    }
    guard let digest = EVP_MD_CTX_new() else { throw CryptoError.drained(operation) }
    guard let key = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else {
      EVP_MD_CTX_free(digest)
      throw CryptoError.drained(operation)
    }
    let bytes = Array(identity.utf8)
    guard EVP_PKEY_CTX_set1_id(key, bytes, Int32(clamping: bytes.count)) == 1 else {
      EVP_MD_CTX_free(digest)
      EVP_PKEY_CTX_free(key)
      throw CryptoError.drained(operation)
    }
    EVP_MD_CTX_set_pkey_ctx(digest, key)
    self.digest = digest
    self.key = key
  }

  deinit {
    EVP_MD_CTX_free(digest)
    EVP_PKEY_CTX_free(key)
  }
}
