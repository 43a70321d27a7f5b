import AssessmentModel
import NationalCrypto

/// The facts of `tls.certificate.*` and `tlcp.certificate.*` that need the whole chain and the anchors.
struct CertificateFacts: Sendable {
  /// Their names without the family before them.
  static let names = [
    "chain", "chain-all-sm2", "root", "ca-leaf", "signature-digests", "revocation-pointers",
  ]

  /// Chains of one family that are looked into, the first ones served.
  private static let mostChains = 16

  /// `nil` when none were given.
  var anchors: [Certificate]?

  /// `facts` with those of the certificates in `answers` added.
  func added(to facts: [String: FactValue], of answers: [Answer]) -> [String: FactValue] {
    var facts = facts
    let accepted = answers.filter { $0.flight.acceptedVersion != nil && $0.flight.chain != nil }
    var tls: [[[UInt8]]] = []
    for answer in accepted where answer.flight.acceptedVersion != .tlcp {
      if let chain = answer.flight.chain, !tls.contains(chain), tls.count < Self.mostChains {
        tls.append(chain)
      }
    }
    state(tls.compactMap { ServedChain($0).certificates }, leaves: 1, "tls", &facts)
    let pairs = accepted.filter { $0.flight.acceptedVersion == .tlcp }
    guard let pair = pairs.first(where: \.flight.isComplete) ?? pairs.first,
      let chain = pair.flight.chain.flatMap({ ServedChain($0) })
    else { return facts }
    statePair(chain, others: [], &facts)
    return facts
  }

  /// States what the TLCP chain served first shows, and of it and `others` how their signatures hold.
  func statePair(
    _ chain: ServedChain, others: [ServedChain], _ facts: inout [String: FactValue]
  ) {
    facts["tlcp.certificate.key-algorithms"] = .list(
      Set(([chain] + others).flatMap(\.keyLabels)).sorted().map { .text($0) })
    let readable = ([chain] + others).compactMap(\.certificates)
    guard readable.count == others.count + 1, let first = readable.first, !first.isEmpty else {
      return
    }
    state(readable, leaves: 2, "tlcp", &facts)
    facts["tlcp.certificate.profile-deviations"] = .list(
      PairProfile.findings(first).map(\.fact))
  }

  /// - Parameter leaves: how many certificates at the start of a chain are the server's own.
  func state(
    _ chains: [[Certificate]], leaves: Int, _ family: String,
    _ facts: inout [String: FactValue]
  ) {
    var checks: [ChainCheck] = []
    var own: [Certificate] = []
    for chain in chains.prefix(Self.mostChains) where !chain.isEmpty {
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
