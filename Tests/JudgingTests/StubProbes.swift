import AssessmentModel
import ProbeKit

/// The probes as the catalog sees them, with the facts each states.
enum StubProbes {
  static let all = [
    probe(
      "tls.endpoint", kinds: [.channel, .device],
      facts: [
        "endpoint.clear-protocol", "endpoint.kind", "endpoint.problems", "tlcp.accepted-suites",
        "tlcp.certificate-order", "tlcp.certificate.key-usages-separate",
        "tlcp.certificate.name-matches", "tlcp.certificate.self-signed",
        "tlcp.certificate.validity", "tlcp.certificates", "tlcp.chosen-suite",
        "tlcp.client-certificate-requested", "tlcp.handshake-completed",
        "tlcp.key-exchange-signature-valid", "tlcp.offered", "tls.accepted-suites",
        "tls.certificate.key-algorithms", "tls.certificate.name-matches",
        "tls.certificate.self-signed", "tls.certificate.validity", "tls.certificates",
        "tls.chosen-group", "tls.chosen-signature-algorithm", "tls.chosen-suite",
        "tls.client-certificate-requested", "tls.compression", "tls.dh-bits",
        "tls.extended-master-secret", "tls.groups", "tls.key-exchange-signature-valid",
        "tls.protected", "tls.protocols", "tls.protocols-undetermined", "tls.renegotiation-info",
        "tls.signature-algorithms",
      ], parameters: ["sni", "method", "connections"]),
    probe(
      "algorithm.assets", kinds: [.assetStore],
      facts: [
        "assets", "assets.algorithms", "assets.expired", "assets.inspected-at",
        "assets.private-keys-in-clear", "assets.problems", "assets.signature-digests",
        "assets.unreadable",
      ], parameters: ["passwords"]),
  ]

  private static func probe(
    _ name: String, kinds: Set<ObjectKind>, facts: [String], parameters: [String]
  ) -> ProbeDescription {
    func named(_ names: [String]) -> [String: Bilingual] {
      Dictionary(uniqueKeysWithValues: names.map { ($0, Bilingual(zh: $0, en: $0)) })
    }
    return ProbeDescription(
      name: name, title: Bilingual(zh: name, en: name), objectKinds: kinds, facts: named(facts),
      parameters: named(parameters), target: "tls://HOST:PORT", contactsNetwork: true)
  }
}
