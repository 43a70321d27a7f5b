import AssessmentModel
import NationalCrypto

/// Where the certificates of a TLCP server, read by position, leave the profile of GM/T 0015
/// (证书格式规范): data, no verdict.
enum PairProfile {
  /// What is amiss with a certificate, as facts name it.
  enum Deviation: String, Sendable, Hashable, CaseIterable {
    case version = "version-not-3"
    case key = "key-not-sm2"
    case explicitCurve = "explicit-curve"
    case signature = "signature-not-sm2-sm3"
    case keyUsageMissing = "key-usage-missing"
    case keyUsageNotCritical = "key-usage-not-critical"
    case signingBitMissing = "signing-usage-missing"
    case signingMayEncrypt = "signing-may-encrypt"
    case encryptionBitMissing = "encryption-usage-missing"
    case encryptionMaySign = "encryption-may-sign"
    case leafIsCA = "leaf-is-ca"
    case notCA = "issuer-not-ca"
    case caNotCritical = "ca-not-critical"
    case caBitMissing = "ca-usage-missing"
    case serverAuthMissing = "server-auth-missing"
    case nameMissing = "name-missing"
    case subjectsDiffer = "subjects-differ"
    case issuersDiffer = "issuers-differ"
    case sameKey = "same-key"
  }

  /// One deviation of the certificate with this index in the list.
  struct Finding: Sendable, Hashable {
    var index: Int
    var deviation: Deviation

    var fact: FactValue {
      ["certificate": .integer(index), "deviation": .text(deviation.rawValue)]
    }
  }

  private static let signing: Set<String> = ["digitalSignature", "nonRepudiation"]
  private static let encrypting: Set<String> = [
    "keyEncipherment", "dataEncipherment", "keyAgreement",
  ]

  static func findings(_ chain: [Certificate]) -> [Finding] {
    var list: [Finding] = []
    for (index, certificate) in chain.enumerated() {
      list += deviations(certificate, at: index).map { Finding(index: index, deviation: $0) }
    }
    guard chain.count > 1, !chain[1].isCA else { return list }
    func add(_ deviation: Deviation) { list.append(Finding(index: 1, deviation: deviation)) }
    if chain[0].subject != chain[1].subject { add(.subjectsDiffer) }
    if chain[0].issuer != chain[1].issuer { add(.issuersDiffer) }
    if chain[0].subjectPublicKeyInfo == chain[1].subjectPublicKeyInfo { add(.sameKey) }
    return list
  }

  private static func deviations(_ certificate: Certificate, at index: Int) -> [Deviation] {
    var list: [Deviation] = []
    if certificate.version != 3 { list.append(.version) }
    if certificate.keyAlgorithm != "SM2" { list.append(.key) }
    if certificate.key.curveForm == .explicit { list.append(.explicitCurve) }
    if !certificate.isSignedWithSM2AndSM3 { list.append(.signature) }
    // Position 1 is a leaf unless it says otherwise; then the pair is not whole.
    let isLeaf = index == 0 || (index == 1 && !certificate.isCA)
    guard let usage = certificate.keyUsage.map({ Set($0) }) else {
      // Roots of old have none.
      if isLeaf || !certificate.isSelfIssued { list.append(.keyUsageMissing) }
      return list + placeDeviations(certificate, isLeaf: isLeaf)
    }
    if !certificate.isKeyUsageCritical { list.append(.keyUsageNotCritical) }
    switch (isLeaf, index) {
    case (true, 0):
      if usage.isDisjoint(with: signing) { list.append(.signingBitMissing) }
      if !usage.isDisjoint(with: encrypting) { list.append(.signingMayEncrypt) }
    case (true, _):
      if usage.isDisjoint(with: encrypting) { list.append(.encryptionBitMissing) }
      if usage.contains("digitalSignature") { list.append(.encryptionMaySign) }
    case (false, _):
      if !usage.contains("keyCertSign") { list.append(.caBitMissing) }
    }
    return list + placeDeviations(certificate, isLeaf: isLeaf)
  }

  private static func placeDeviations(
    _ certificate: Certificate, isLeaf: Bool
  ) -> [Deviation] {
    guard isLeaf else {
      guard certificate.isCA else { return [.notCA] }
      return certificate.isBasicConstraintsCritical ? [] : [.caNotCritical]
    }
    var list: [Deviation] = []
    if certificate.isCA { list.append(.leafIsCA) }
    if let purposes = certificate.extendedKeyUsage,
      !purposes.contains("serverAuth"), !purposes.contains("anyExtendedKeyUsage")
    {
      list.append(.serverAuthMissing)
    }
    if certificate.dnsNames.isEmpty, certificate.ipAddresses.isEmpty {
      list.append(.nameMissing)
    }
    return list
  }
}
