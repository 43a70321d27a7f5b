import NationalCrypto

/// How far the signatures above one certificate hold (证书链验证): from it to a root, by the certificates
/// served and those given as anchors. Times and names are other facts.
struct ChainCheck: Sendable {
  /// From best to worst, as facts name them.
  enum State: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Every signature up to a self-signed certificate or an anchor verifies.
    case verified
    /// They do, some under the empty identity instead of the default one only.
    case nonStandardIdentity = "non-standard-identity"
    /// An issuer is neither served nor given.
    case incomplete
    /// A signature is not that of the issuer named.
    case broken

    static func < (first: Self, second: Self) -> Bool {
      let order = allCases
      return (order.firstIndex(of: first) ?? 0) < (order.firstIndex(of: second) ?? 0)
    }
  }

  /// Longer chains are called incomplete.
  private static let longest = 10
  /// Issuers of one name that are tried; each costs a verification.
  private static let mostCandidates = 4

  private(set) var state = State.verified
  /// The certificate first, its issuers after it, as far as they were found.
  private(set) var path: [Certificate]
  /// Whether it ends at an anchor; `nil` when it does not end.
  private(set) var endsAtAnchor: Bool?

  init(_ certificate: Certificate, served: [Certificate], anchors: [Certificate]) {
    path = [certificate]
    var current = certificate
    while path.count <= Self.longest {
      if anchors.contains(current) {
        endsAtAnchor = true
        return
      }
      if current.isSelfIssued {
        note(Self.signature(on: current, by: current))
        if state < .incomplete { endsAtAnchor = false }
        return
      }
      let candidates = (anchors + served).lazy.filter { [path] in
        $0.subject == current.issuer && !path.contains($0)
      }.prefix(Self.mostCandidates)
      let judged = candidates.map { ($0, Self.signature(on: current, by: $0)) }
      guard let best = judged.min(by: { $0.1 < $1.1 }) else { break }
      note(best.1)
      guard best.1 != .broken else { return }
      path.append(best.0)
      current = best.0
    }
    note(.incomplete)
  }

  private mutating func note(_ found: State) { state = max(state, found) }

  /// One signature: digests of the certificate and of the issuer tried.
  private struct Signature: Sendable, Hashable {
    var certificate: String
    var issuer: String
  }

  private static let signatures = BoundedMemory<Signature, State>(most: 1024)

  /// Whether `issuer` signed `certificate`; remembered.
  private static func signature(on certificate: Certificate, by issuer: Certificate) -> State {
    let signature = Signature(certificate: certificate.sha256, issuer: issuer.sha256)
    return signatures.value(of: signature) { verified(certificate, by: issuer) }
  }

  /// A signature that fails under the default identity is tried under the empty one: certificates made
  /// with an identity that was never set are met in practice.
  private static func verified(_ certificate: Certificate, by issuer: Certificate) -> State {
    if (try? certificate.isSigned(by: issuer)) == true { return .verified }
    guard issuer.keyAlgorithm == "SM2",
      (try? certificate.isSigned(by: issuer, identity: "")) == true
    else { return .broken }
    return .nonStandardIdentity
  }

  /// Whether every key is an SM2 key and every signature SM2 with SM3.
  var isAllSM2: Bool {
    path.allSatisfy { $0.keyAlgorithm == "SM2" && $0.isSignedWithSM2AndSM3 }
  }
}
