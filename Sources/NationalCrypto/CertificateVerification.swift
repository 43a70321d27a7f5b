internal import COpenSSL

extension Certificate {
  /// Whether `issuer`'s key made the signature on this certificate. Names, times and usages are not looked at.
  ///
  /// - Parameter identity: the signer's identity of SM2 (可辨别标识); other algorithms have none.
  /// - Throws: when the issuer's key cannot be read. A signature that is wrong or damaged is `false`.
  package func isSigned(
    by issuer: Certificate, identity: String = SM2.defaultIdentity
  ) throws(CryptoError) -> Bool {
    let operation = "verifying a certificate"
    if issuer.keyAlgorithm == "SM2" {
      // Not by libcrypto's certificates: they know neither explicit parameters nor the curve's own
      // identifier as that of the key.
      guard isSignedWithSM2AndSM3 else { return false }
      return try SM2.verify(
        signature: Array(der[signatureValue]), message: Array(der[signedPart]),
        publicKeyOf: issuer, identity: identity)
    }
    let subjectHandle = try X509Handle(der)
    let issuerHandle = try X509Handle(issuer.der)
    guard let key = X509_get0_pubkey(issuerHandle.pointer) else {
      throw CryptoError.drained(operation)
    }
    defer { clearErrorQueue() }
    return X509_verify(subjectHandle.pointer, key) == 1
  }
}
