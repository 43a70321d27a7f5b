import NationalCrypto

/// The SM2 signature on a manifest (清单签名): `manifest.sig`, DER SEQUENCE { r, s } over the exact bytes of
/// `manifest.json`, with SM3 and the signer's identity.
///
/// `openssl dgst -sm3 -verify KEY -sigopt distid:1234567812345678 -signature manifest.sig manifest.json`
/// says the same.
package enum ManifestSignature {
  /// Longer signature files are refused; an SM2 signature has at most 72 bytes.
  static let maximumLength = 1 << 12

  /// The public key a signature is checked with.
  package struct Signer: Sendable, Hashable {
    /// DER of the SubjectPublicKeyInfo.
    package var subjectPublicKeyInfo: [UInt8]
    /// 可辨别标识, agreed with the signer.
    package var identity: String

    package init(subjectPublicKeyInfo: [UInt8], identity: String = SM2.defaultIdentity) {
      self.subjectPublicKeyInfo = subjectPublicKeyInfo
      self.identity = identity
    }

    /// Reads the first certificate or public key of a PEM text.
    package init(
      pem: [UInt8], identity: String = SM2.defaultIdentity
    ) throws(SealingError) {
      for block in PEMDocument(pem).blocks {
        switch block.label {
        case "PUBLIC KEY":
          self.init(subjectPublicKeyInfo: block.der, identity: identity)
          return
        case "CERTIFICATE":
          let certificate = try withCrypto { () throws(CryptoError) in
            try Certificate(der: block.der)
          }
          self.init(
            subjectPublicKeyInfo: certificate.subjectPublicKeyInfo, identity: identity)
          return
        case _: continue
        }
      }
      throw .crypto(
        CryptoError(
          operation: "reading the signer's key",
          detail: "no CERTIFICATE or PUBLIC KEY block found, one is expected"))
    }
  }

  /// Signs the bytes of a manifest with a clear PEM private key.
  package static func sign(
    _ manifest: [UInt8], privateKeyPEM: [UInt8], identity: String = SM2.defaultIdentity
  ) throws(SealingError) -> [UInt8] {
    try withCrypto { () throws(CryptoError) in
      try SM2.sign(manifest, privateKeyPEM: privateKeyPEM, identity: identity)
    }
  }

  /// Whether `signature` is `signer`'s over the bytes of a manifest. A damaged signature is `false`.
  ///
  /// - Throws: when the signer's key is not an SM2 key.
  package static func verify(
    _ signature: [UInt8], of manifest: [UInt8], by signer: Signer
  ) throws(SealingError) -> Bool {
    try withCrypto { () throws(CryptoError) in
      try SM2.verify(
        signature: signature, message: manifest,
        subjectPublicKeyInfo: signer.subjectPublicKeyInfo, identity: signer.identity)
    }
  }
}
