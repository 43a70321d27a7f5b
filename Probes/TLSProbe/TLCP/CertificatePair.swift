import NationalCrypto

/// The two certificates of a TLCP server (双证书: 签名证书 and 加密证书) found in the list it serves.
struct CertificatePair: Sendable, Hashable {
  /// How the list is ordered; names as in facts.
  enum Order: String, Sendable, Hashable, CaseIterable {
    case signEnc = "sign-enc"
    case encSign = "enc-sign"
    case encMissing = "enc-missing"
    case encLate = "enc-late"
    case empty
    case unclear
  }

  /// What a certificate's key usage allows (GM/T 0015).
  private enum Role {
    case signing, encryption
    /// Both kinds of use, none, or no keyUsage extension: its place decides.
    case open

    init(_ certificate: Certificate) {
      let usages = Set(certificate.keyUsage ?? [])
      let signs = !usages.isDisjoint(with: ["digitalSignature", "nonRepudiation"])
      let encrypts = !usages.isDisjoint(
        with: ["keyEncipherment", "dataEncipherment", "keyAgreement"])
      switch (signs, encrypts) {
      case (true, false): self = .signing
      case (false, true): self = .encryption
      case (true, true), (false, false): self = .open
      }
    }
  }

  var order: Order
  /// Whether one leaf may only sign and the other only encrypt.
  var separatesKeyUsages: Bool

  init(_ chain: [Certificate]) {
    separatesKeyUsages = false
    guard let first = chain.first else {
      order = .empty
      return
    }
    guard chain.count > 1, !chain[1].isCA else {
      order = chain.dropFirst(2).contains { !$0.isCA } ? .encLate : .encMissing
      return
    }
    let later = chain.dropFirst(2).contains { !$0.isCA && Role($0) == .encryption }
    switch (Role(first), Role(chain[1])) {
    case (.signing, .encryption):
      order = .signEnc
      separatesKeyUsages = true
    case (.encryption, .signing):
      order = .encSign
      separatesKeyUsages = true
    case (.signing, .signing): order = later ? .encLate : .unclear
    case (.encryption, .encryption): order = .unclear
    case (.signing, .open), (.open, .encryption), (.open, .open): order = .signEnc
    case (.encryption, .open), (.open, .signing): order = .encSign
    }
  }
}
