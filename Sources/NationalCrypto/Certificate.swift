package import AssessmentModel
import Bytes

/// An X.509 certificate (数字证书) as it was found: the facts in it, nothing judged.
///
/// Equal when their DER is equal.
package struct Certificate: Sendable, Hashable {
  /// Larger certificates are refused; the longest seen in the field are some tens of kilobytes.
  package static let maximumLength = 1 << 20

  /// The bytes, exactly one certificate.
  package let der: [UInt8]
  /// SubjectPublicKeyInfo as DER.
  package let subjectPublicKeyInfo: [UInt8]
  /// Names as RFC 4514 writes them; text beyond ASCII as UTF-8.
  package let subject: String
  package let issuer: String
  /// Whether subject and issuer are the same name.
  package let isSelfIssued: Bool
  /// Lower-case hexadecimal, two digits a byte, `-` before a negative one: `openssl x509 -serial`.
  package let serial: String
  /// UTC, `YYYY-MM-DDThh:mm:ssZ`; `nil` when the field holds no time by RFC 5280 4.1.2.5.
  package let notBefore: String?
  package let notAfter: String?
  package let key: KeyDescription
  /// libcrypto's long name, else the dotted identifier.
  package let signatureAlgorithm: String
  /// Dotted identifier of the signature algorithm.
  package let signatureAlgorithmIdentifier: String
  /// MD5, SHA-1, SHA-256, SM3 …; `nil` for algorithms without a digest of their own choice (Ed25519).
  package let signatureDigest: String?
  /// Names of RFC 5280 4.2.1.3 in the order of their bits; `nil` without the extension.
  package let keyUsage: [String]?
  /// Names of RFC 5280 4.2.1.12 or dotted identifiers; `nil` without the extension.
  package let extendedKeyUsage: [String]?
  /// `cA` of basicConstraints; false without the extension.
  package let isCA: Bool
  /// dNSName and iPAddress entries of subjectAltName; a damaged extension has none.
  package let dnsNames: [String]
  package let ipAddresses: [String]
  /// From 1; extensions need 3.
  package let version: Int
  package let isKeyUsageCritical: Bool
  package let isBasicConstraintsCritical: Bool
  /// Where revocation can be asked for: URIs of cRLDistributionPoints and of OCSP in authorityInfoAccess.
  package let crlLocations: [String]
  package let ocspLocations: [String]
  /// What the issuer signed, and its signature; ranges of `der`.
  let signedPart: Range<Int>
  let signatureValue: Range<Int>
  /// Lower-case hexadecimal, over `der`.
  package let sha256: String
  package let sm3: String

  /// RSA, EC, SM2, Ed25519 …
  package var keyAlgorithm: String { key.algorithm }
  package var keyBits: Int? { key.bits }
  package var curve: String? { key.curve }

  /// Whether the key is on the SM2 curve and the signature is SM2 with SM3 (GB/T 32918, GM/T 0015).
  package var isSignedWithSM2AndSM3: Bool {
    signatureAlgorithmIdentifier == SignatureAlgorithm.sm2WithSM3
  }

  package init(der: [UInt8]) throws(CryptoError) {
    let operation = "reading a certificate"
    guard der.count <= Certificate.maximumLength else {
      throw CryptoError(
        operation: operation,
        detail: "\(der.count) bytes, at most \(Certificate.maximumLength) expected")
    }
    let fields: CertificateFields
    do throws(DERError) { fields = try CertificateFields(der) } catch {
      throw CryptoError(operation: operation, detail: error.description)
    }
    let handle = try X509Handle(der)
    self.der = der
    subjectPublicKeyInfo = Array(fields.subjectPublicKeyInfo.encoded)
    subject = try handle.subject()
    issuer = try handle.issuer()
    isSelfIssued = handle.isSelfIssued
    serial = fields.serial
    notBefore = fields.notBefore
    notAfter = fields.notAfter
    key = fields.key
    signatureAlgorithmIdentifier = fields.signature.dotted
    signatureAlgorithm = ObjectIdentifier.longName(fields.signature.dotted)
    signatureDigest = SignatureAlgorithm.digest(of: fields.signature)
    keyUsage = fields.extensions.keyUsage
    extendedKeyUsage = fields.extensions.extendedKeyUsage
    isCA = fields.extensions.isCA
    dnsNames = fields.extensions.dnsNames
    ipAddresses = fields.extensions.ipAddresses
    version = fields.version
    isKeyUsageCritical = fields.extensions.isKeyUsageCritical
    isBasicConstraintsCritical = fields.extensions.isBasicConstraintsCritical
    crlLocations = fields.extensions.crlLocations
    ocspLocations = fields.extensions.ocspLocations
    signedPart = fields.signedPart.encoded.indices
    signatureValue = fields.signatureValue.indices
    sha256 = hexadecimal(try SHA256.digest(der))
    sm3 = hexadecimal(try SM3.digest(der))
  }

  /// A certificate in PEM: the first block of `text` must be one.
  package init(pem text: [UInt8]) throws(CryptoError) {
    guard let block = PEMDocument(text).blocks.first, block.label.hasSuffix("CERTIFICATE") else {
      throw CryptoError(operation: "reading a certificate", detail: "no PEM certificate found")
    }
    try self.init(der: block.der)
  }

  package static func == (first: Certificate, second: Certificate) -> Bool {
    first.der == second.der
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(der) }

  /// The certificate as a fact.
  ///
  /// `null` stands for what is absent or unknown: `curve` of a key without one, `key-usage` without that
  /// extension (an empty list is an extension with no bit set), a digest of a signature that has none.
  package var fact: FactValue {
    [
      "subject": .text(subject),
      "issuer": .text(issuer),
      "self-issued": .boolean(isSelfIssued),
      "serial": .text(serial),
      "not-before": .optional(notBefore),
      "not-after": .optional(notAfter),
      "key-algorithm": .text(keyAlgorithm),
      "key-bits": keyBits.map { .integer($0) } ?? .null,
      "curve": .optional(curve),
      "curve-form": .optional(key.curveForm?.rawValue),
      "signature-algorithm": .text(signatureAlgorithm),
      "signature-digest": .optional(signatureDigest),
      "key-usage": keyUsage.map { .list($0.map { .text($0) }) } ?? .null,
      "extended-key-usage": extendedKeyUsage.map { .list($0.map { .text($0) }) } ?? .null,
      "ca": .boolean(isCA),
      "dns-names": .list(dnsNames.map { .text($0) }),
      "ip-addresses": .list(ipAddresses.map { .text($0) }),
      "sha256": .text(sha256),
      "sm3": .text(sm3),
    ]
  }
}

extension FactValue {
  /// The text, or `null` for none.
  package static func optional(_ text: String?) -> FactValue { text.map { .text($0) } ?? .null }
}
