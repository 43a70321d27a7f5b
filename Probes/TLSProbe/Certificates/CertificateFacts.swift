import AssessmentModel
import NationalCrypto

/// The facts of `tls.certificate.*` and `tlcp.certificate.*` that need the whole chain and the anchors.
struct CertificateFacts: Sendable {
  /// `nil` when none were given.
  var anchors: [Certificate]?

  /// `facts` with those of the certificates in `answers` added.
  func added(to facts: [String: FactValue], of answers: [Answer]) -> [String: FactValue] {
    var facts = facts
    let accepted = answers.filter { $0.flight.acceptedVersion != nil && $0.flight.chain != nil }
    let tls = Set(accepted.filter { $0.flight.acceptedVersion != .tlcp }.compactMap(\.flight.chain))
    state(tls.compactMap { ServedChain($0).certificates }, leaves: 1, "tls", &facts)
    let pairs = accepted.filter { $0.flight.acceptedVersion == .tlcp }
    guard let pair = pairs.first(where: \.flight.isComplete) ?? pairs.first,
      let chain = pair.flight.chain.flatMap({ ServedChain($0) })
    else { return facts }
    facts["tlcp.certificate.key-algorithms"] = .list(
      Set(chain.keyLabels).sorted().map { .text($0) })
    guard let certificates = chain.certificates, !certificates.isEmpty else { return facts }
    state([certificates], leaves: 2, "tlcp", &facts)
    facts["tlcp.certificate.profile-deviations"] = .list(
      PairProfile.findings(certificates).map(\.fact))
    return facts
  }

  /// - Parameter leaves: how many certificates at the start of a chain are the server's own.
  private func state(
    _ chains: [[Certificate]], leaves: Int, _ family: String,
    _ facts: inout [String: FactValue]
  ) {
    var checks: [ChainCheck] = []
    var own: [Certificate] = []
    for chain in chains where !chain.isEmpty {
      // Past the first, a CA is no leaf: the encryption certificate is missing.
      let first = chain.prefix(1) + chain.dropFirst().prefix(leaves - 1).filter { !$0.isCA }
      own += first
      checks += first.map { ChainCheck($0, served: chain, anchors: anchors ?? []) }
    }
    guard let worst = checks.map(\.state).max() else { return }
    let prefix = "\(family).certificate"
    facts["\(prefix).chain"] = .text(worst.rawValue)
    facts["\(prefix).chain-all-sm2"] = .boolean(checks.allSatisfy(\.isAllSM2))
    let ends = checks.map(\.endsAtAnchor)
    if !ends.contains(nil) {
      facts["\(prefix).root"] = .text(
        anchors == nil ? "no-anchors" : ends.contains(false) ? "unknown" : "trusted")
    }
    facts["\(prefix).ca-leaf"] = .boolean(own.contains(where: \.isCA))
    // A root's signature on itself proves nothing and is not counted.
    let digests = checks.flatMap(\.path).filter { !$0.isSelfIssued || own.contains($0) }
      .compactMap(\.signatureDigest)
    facts["\(prefix).signature-digests"] = .list(Set(digests).sorted().map { .text($0) })
    var pointers: [FactValue] = []
    if own.allSatisfy({ !$0.crlLocations.isEmpty }) { pointers.append("crl") }
    if own.allSatisfy({ !$0.ocspLocations.isEmpty }) { pointers.append("ocsp") }
    facts["\(prefix).revocation-pointers"] = .list(pointers)
  }
}
