package import AssessmentModel
package import NationalCrypto

/// A cryptographic asset (密码资产) found in a file: what it is and what it is made with, never its secret.
package struct Asset: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case certificate
    case privateKey = "private-key"
    case publicKey = "public-key"
    case crl
    case csr
    case secretKey = "secret-key"
    case parameters
    case container
  }

  /// Whether a password is needed to read a secret.
  package enum Protection: String, Sendable, Hashable { case clear, encrypted }

  package var kind: Kind
  /// `nil` for what has no key (CRL) and for what is closed.
  package var key: KeyDescription?
  package var signature: Signature?
  package var notBefore: String?
  package var notAfter: String?
  package var protection: Protection?
  /// Lower-case hexadecimal over the DER as found.
  package var sha256: String
  package var place: Place
  /// Kept for finding issuers among the assets; not stated.
  package var certificate: Certificate?

  package init(
    _ kind: Kind, key: KeyDescription? = nil, signature: Signature? = nil,
    notBefore: String? = nil, notAfter: String? = nil, protection: Protection? = nil,
    sha256: String, place: Place, certificate: Certificate? = nil
  ) {
    self.kind = kind
    self.key = key
    self.signature = signature
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.protection = protection
    self.sha256 = sha256
    self.place = place
    self.certificate = certificate
  }

  /// What signs a certificate, CRL or CSR.
  package struct Signature: Sendable, Hashable {
    /// Dotted identifier of the algorithm.
    package var algorithm: String
    /// `nil` for algorithms without a digest of their own choice.
    package var digest: String?
    /// Strength of the signer's key where the signer is known.
    package var signerStrength: Strength?

    package init(_ identifier: AlgorithmIdentifier) {
      algorithm = identifier.dotted
      digest = SignatureAlgorithm.digest(of: identifier)
    }

    package init(of certificate: Certificate) {
      algorithm = certificate.signatureAlgorithmIdentifier
      digest = certificate.signatureDigest
    }

    /// The weaker of digest and signer, as far as they are known.
    package var strength: Strength? {
      let ofDigest = digest.flatMap(Strength.init(digest:)) ?? Strength(signature: algorithm)
      guard let ofDigest else { return nil }
      return signerStrength.map { min($0, ofDigest) } ?? ofDigest
    }
  }

  /// Where it was found.
  package struct Place: Sendable, Hashable, Comparable {
    /// Relative to the target, `/` between names.
    package var path: String
    /// The bag or certificate within a container, from 0: `member-3`.
    package var member: Int?
    /// First line of a PEM block, from 1.
    package var line: Int?
    /// Offset of a DER value, from 0.
    package var offset: Int?

    package init(_ path: String, member: Int? = nil, line: Int? = nil, offset: Int? = nil) {
      self.path = path
      self.member = member
      self.line = line
      self.offset = offset
    }

    package static func < (first: Place, second: Place) -> Bool {
      (first.path, first.line ?? 0, first.offset ?? 0, first.member ?? -1)
        < (second.path, second.line ?? 0, second.offset ?? 0, second.member ?? -1)
    }

    package var fact: FactValue {
      var fields: [String: FactValue] = ["path": .text(path)]
      if let member { fields["member"] = .text("member-\(member)") }
      if let line { fields["line"] = .integer(line) }
      if let offset { fields["offset"] = .integer(offset) }
      return .record(fields)
    }
  }

  /// Key algorithm and size in one word: `RSA-1024`, `SM2`, `EC-P-256`, `Ed25519`.
  package var label: String? {
    guard let key else { return nil }
    switch key.algorithm {
    case "RSA", "RSA-PSS", "DSA", "DH":
      return key.bits.map { "\(key.algorithm)-\($0)" } ?? key.algorithm
    case "EC": return key.curve.map { "EC-\($0)" } ?? "EC"
    default: return key.algorithm
    }
  }

  /// The asset as a fact; `null` stands for what does not apply or is not known.
  package var fact: FactValue {
    var fields: [String: FactValue] = [
      "kind": .text(kind.rawValue),
      "algorithm": .optional(key?.algorithm),
      "bits": key?.bits.map { .integer($0) } ?? .null,
      "curve": .optional(key?.curve),
      "signature-digest": .optional(signature?.digest),
      "not-before": .optional(notBefore),
      "not-after": .optional(notAfter),
      "protection": .optional(protection?.rawValue),
      "strength": .optional(key.flatMap(Strength.init(key:))?.rawValue),
      "gm-approved": key.map { .boolean(isApproved($0)) } ?? .null,
      "sha256": .text(sha256),
      "place": place.fact,
    ]
    if let signature {
      fields["signature-strength"] = .optional(signature.strength?.rawValue)
      fields["signature-gm-approved"] = .boolean(
        signature.algorithm == SignatureAlgorithm.sm2WithSM3)
    }
    return .record(fields)
  }
}
