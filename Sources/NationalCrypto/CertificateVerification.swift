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
    let subjectHandle = try X509Handle(der)
    let issuerHandle = try X509Handle(issuer.der)
    guard let key = X509_get0_pubkey(issuerHandle.pointer) else {
      throw CryptoError.drained(operation)
    }
    // libcrypto refuses to verify anything but SM2 under an identity.
    if EVP_PKEY_is_a(key, "SM2") == 1 {
      try CertificateIdentity.set(identity, on: subjectHandle.pointer, operation)
    }
    defer { clearErrorQueue() }
    return X509_verify(subjectHandle.pointer, key) == 1
  }
}

/// The signer's identity by which libcrypto verifies a certificate.
private enum CertificateIdentity {
  static func set(
    _ identity: String, on certificate: OpaquePointer, _ operation: String
  ) throws(CryptoError) {
    let bytes = Array(identity.utf8)
    guard let string = ASN1_OCTET_STRING_new() else { throw CryptoError.drained(operation) }
    guard ASN1_OCTET_STRING_set(string, bytes, Int32(clamping: bytes.count)) == 1 else {
      ASN1_OCTET_STRING_free(string)
      throw CryptoError.drained(operation)
    }
    // The certificate owns the string from here on.
    X509_set0_distinguishing_id(certificate, string)
  }
}
