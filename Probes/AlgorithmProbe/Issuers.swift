import NationalCrypto

/// Finds the signers of certificates among the certificates found.
struct Issuers {
  /// Certificates of one name that are tried for one signature: bounds the work on hostile folders.
  private static let maximumCandidates = 32

  private let bySubject: [String: Set<Certificate>]

  init(_ assets: [Asset]) {
    var bySubject: [String: Set<Certificate>] = [:]
    for certificate in assets.compactMap(\.certificate)
    where bySubject[certificate.subject, default: []].count < Issuers.maximumCandidates {
      bySubject[certificate.subject, default: []].insert(certificate)
    }
    self.bySubject = bySubject
  }

  /// Strength of the key that made the signature on `certificate`; `nil` when it is not among those found.
  func signerStrength(of certificate: Certificate) -> Strength? {
    if certificate.isSelfIssued, isSigned(certificate, by: certificate) {
      return Strength(key: certificate.key)
    }
    let signer = bySubject[certificate.issuer]?.first { isSigned(certificate, by: $0) }
    return signer.flatMap { Strength(key: $0.key) }
  }

  /// A key that cannot be read has signed nothing that could be told.
  private func isSigned(_ certificate: Certificate, by issuer: Certificate) -> Bool {
    (try? certificate.isSigned(by: issuer)) == true
  }
}
