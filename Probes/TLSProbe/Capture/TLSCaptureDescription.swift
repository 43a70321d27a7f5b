import AssessmentModel
package import ProbeKit

extension TLSCaptureProbe {
  /// Facts.md says the same at length.
  package static let description = ProbeDescription(
    name: "tls.capture",
    title: Bilingual(zh: "抓包文件中的 TLS/TLCP 握手", en: "TLS and TLCP handshakes in a capture"),
    objectKinds: [.channel],
    facts: ownFacts.merging(
      TLSEndpointProbe.description.facts.filter { sharedFacts.contains($0.key) }
    ) { own, _ in own },
    parameters: [
      "server": Bilingual(
        zh: "抓包中有多个服务端时，ADDRESS:PORT 指明其中一个",
        en: "ADDRESS:PORT, which server of a capture that holds several")
    ],
    target: "path of a pcap or pcapng file or of a transcript",
    contactsNetwork: false)

  /// Facts that mean the same as those of `tls.endpoint`, as far as the capture shows them.
  private static let sharedFacts = Set(
    CertificateFacts.names.flatMap { ["tls.certificate.\($0)", "tlcp.certificate.\($0)"] }
  ).union([
    "tls.protocols", "tls.dh-bits", "tls.key-exchange-signature-valid",
    "tls.client-certificate-requested", "tls.compression", "tls.renegotiation-info",
    "tls.extended-master-secret", "tls.certificates", "tls.certificate.key-algorithms",
    "tls.certificate.validity", "tls.certificate.name-matches", "tls.certificate.self-signed",
    "tls.protected", "tlcp.offered", "tlcp.certificates", "tlcp.certificate-order",
    "tlcp.certificate.key-usages-separate", "tlcp.certificate.validity",
    "tlcp.certificate.name-matches", "tlcp.certificate.self-signed",
    "tlcp.key-exchange-signature-valid", "tlcp.client-certificate-requested",
    "tlcp.certificate.key-algorithms", "tlcp.certificate.profile-deviations",
  ])

  private static let ownFacts: [String: Bilingual] = [
    "tls.accepted-suites": Bilingual(
      zh: "已见选定的密码套件", en: "Suites seen selected, by version"),
    "tls.groups": Bilingual(zh: "已见选定的密钥交换群", en: "Groups seen selected, by version"),
    "tls.signature-algorithms": Bilingual(
      zh: "已见使用的签名算法", en: "Key exchange signature algorithms seen, by version"),
    "tlcp.accepted-suites": Bilingual(zh: "已见选定的 TLCP 套件", en: "TLCP suites seen selected"),
    "tlcp.handshake-completed": Bilingual(
      zh: "TLCP 握手完成", en: "A TLCP handshake was finished on both sides"),
    "tlcp.other-certificates": Bilingual(
      zh: "其他 TLCP 证书列表", en: "TLCP certificate lists other than the first"),
    "capture.server": Bilingual(zh: "服务端地址与端口", en: "Address and port of the server"),
    "capture.servers": Bilingual(zh: "抓包中的全部服务端", en: "All servers in the capture"),
    "capture.connections": Bilingual(zh: "该服务端的连接数", en: "Connections of the server"),
    "capture.alerts": Bilingual(zh: "明文告警", en: "Alerts in clear"),
    "capture.closed": Bilingual(zh: "连接的关闭方式", en: "How the connection was closed"),
    "capture.incomplete": Bilingual(zh: "抓包不完整", en: "Parts of the connections are missing"),
    "capture.gaps": Bilingual(zh: "缺失的部分", en: "What is missing, and why"),
    "capture.problems": Bilingual(zh: "协议违规", en: "Violations of the protocol"),
    "capture.remarks": Bilingual(
      zh: "未能继续解析之处", en: "Where reading ended without a violation that has a code"),
  ]
}
