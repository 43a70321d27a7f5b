import AssessmentModel
package import ProbeKit

extension TLSEndpointProbe {
  /// Facts.md says the same at length.
  package static let description = ProbeDescription(
    name: "tls.endpoint",
    title: Bilingual(zh: "TLS/TLCP 端点探测", en: "TLS and TLCP endpoint"),
    objectKinds: [.channel, .device],
    facts: [
      "endpoint.kind": Bilingual(zh: "端点类型", en: "What the endpoint speaks"),
      "endpoint.clear-protocol": Bilingual(zh: "明文协议", en: "Protocol spoken in clear"),
      "endpoint.problems": Bilingual(zh: "探测中的异常", en: "What stood in the way"),
      "tls.protocols": Bilingual(zh: "接受的 TLS 协议版本", en: "TLS versions accepted"),
      "tls.protocols-undetermined": Bilingual(
        zh: "未能确定的协议版本", en: "Versions about which nothing is known"),
      "tls.accepted-suites": Bilingual(
        zh: "接受的全部密码套件", en: "All suites accepted, by version"),
      "tls.groups": Bilingual(zh: "接受的全部密钥交换群", en: "All groups accepted, by version"),
      "tls.signature-algorithms": Bilingual(
        zh: "服务端使用的全部签名算法", en: "All signature algorithms of the server, by version"),
      "tls.server-preference": Bilingual(
        zh: "按服务端顺序选定套件", en: "The server's order of suites decides, by version"),
      "tls.chosen-suite": Bilingual(zh: "各版本选定的密码套件", en: "Suite chosen, by version"),
      "tls.chosen-group": Bilingual(zh: "各版本选定的密钥交换群", en: "Group chosen, by version"),
      "tls.dh-bits": Bilingual(zh: "DH 素数位数", en: "Bits of the DH prime, by version"),
      "tls.chosen-signature-algorithm": Bilingual(
        zh: "密钥交换签名算法", en: "Signature algorithm of the key exchange, by version"),
      "tls.key-exchange-signature-valid": Bilingual(
        zh: "密钥交换签名有效", en: "Key exchange signature verifies, by version"),
      "tls.client-certificate-requested": Bilingual(
        zh: "要求客户端证书", en: "Client certificate requested, by version"),
      "tls.compression": Bilingual(zh: "TLS 压缩", en: "Compression chosen, by version"),
      "tls.renegotiation-info": Bilingual(
        zh: "安全重协商指示", en: "Secure renegotiation indicated, by version"),
      "tls.extended-master-secret": Bilingual(
        zh: "扩展主密钥", en: "Extended master secret, by version"),
      "tls.encrypt-then-mac": Bilingual(
        zh: "先加密后 MAC", en: "Encrypt-then-MAC, by version"),
      "tls.session-tickets": Bilingual(
        zh: "提供会话票据", en: "Session tickets offered, by version"),
      "tls.session-ids": Bilingual(
        zh: "提供会话标识", en: "Session ids given for resumption, by version"),
      "tls.handshake-completed": Bilingual(
        zh: "完成 TLS 握手", en: "A whole handshake was finished, by version"),
      "tls.client-certificate-required": Bilingual(
        zh: "必须提供客户端证书", en: "A handshake without a client certificate is refused, by version"),
      "tls.resumption": Bilingual(zh: "会话重用", en: "How a session was resumed, by version"),
      "tls.ticket-lifetime": Bilingual(
        zh: "会话票据有效期（秒）", en: "Lifetime of tickets in seconds, by version"),
      "tls.early-data": Bilingual(
        zh: "允许 0-RTT 早期数据", en: "Tickets allow early data, which can be replayed, by version"),
      "tls.alpn": Bilingual(zh: "应用层协议协商", en: "Application protocol chosen, by version"),
      "tls.ocsp-staple": Bilingual(zh: "OCSP 装订", en: "OCSP response stapled, by version"),
      "tls.fallback-scsv": Bilingual(
        zh: "拒绝协议降级回退", en: "A fallback to an older version is refused"),
      "tls.sni": Bilingual(
        zh: "对服务器名称的反应", en: "What other server names bring"),
      "tls.certificates": Bilingual(zh: "TLS 服务端证书链", en: "Certificate chains served"),
      "tls.certificate.key-algorithms": Bilingual(
        zh: "服务端证书的密钥算法", en: "Key algorithms of the certificates served"),
      "tls.certificate.key-usages-separate": Bilingual(
        zh: "服务端证书的签名与加密用途分离（TLS 与 TLCP）",
        en: "No served leaf both signs and encrypts (TLS and TLCP)"),
      "tls.certificate.validity": Bilingual(zh: "证书有效期状态", en: "Validity now, worst leaf"),
      "tls.certificate.name-matches": Bilingual(
        zh: "证书与域名相符", en: "Certificates cover the name"),
      "tls.certificate.self-signed": Bilingual(zh: "自签名证书", en: "A leaf is self-signed"),
      "tls.certificate.chain": Bilingual(
        zh: "证书链签名验证", en: "How far the signatures of the chains hold, the worst"),
      "tls.certificate.chain-all-sm2": Bilingual(
        zh: "证书链全部为 SM2", en: "Every key and signature of the chains is SM2"),
      "tls.certificate.root": Bilingual(zh: "证书链的根", en: "Whether the chains' roots are trusted"),
      "tls.certificate.ca-leaf": Bilingual(
        zh: "服务端证书为 CA 证书", en: "A server's certificate says it is a CA"),
      "tls.certificate.signature-digests": Bilingual(
        zh: "证书签名的杂凑算法", en: "Digests of the certificates' signatures"),
      "tls.certificate.revocation-pointers": Bilingual(
        zh: "撤销信息指针", en: "Where the leaves' revocation can be asked for"),
      "tls.protected": Bilingual(
        zh: "接受经鉴别的加密握手", en: "An encrypted, authenticated handshake is accepted"),
      "tlcp.offered": Bilingual(zh: "支持 TLCP", en: "TLCP is offered"),
      "tlcp.accepted-suites": Bilingual(
        zh: "TLCP 接受的全部套件", en: "All TLCP suites accepted"),
      "tlcp.suites-undetermined": Bilingual(
        zh: "未能确定的 TLCP 套件", en: "TLCP suites about which nothing is known"),
      "tlcp.handshake-completed": Bilingual(
        zh: "TLCP 握手完成", en: "TLCP handshakes in the ECC suites were completed"),
      "tlcp.completed-suites": Bilingual(
        zh: "完成握手的 TLCP 套件", en: "TLCP suites whose handshake was completed"),
      "tlcp.client-certificate-required": Bilingual(
        zh: "TLCP 必须提供客户端证书", en: "TLCP handshakes fail without a client certificate"),
      "tlcp.resumption": Bilingual(
        zh: "TLCP 会话重用", en: "A TLCP session was resumed by its id"),
      "tlcp.application-data-exchanged": Bilingual(
        zh: "TLCP 应用数据往返", en: "A request was answered over TLCP"),
      "tlcp.refuses-bad-finished": Bilingual(
        zh: "拒绝错误的 Finished", en: "A wrong Finished is refused"),
      "tlcp.refuses-bad-mac": Bilingual(
        zh: "拒绝错误的 MAC", en: "A record with a wrong MAC is refused"),
      "tlcp.refuses-bad-padding": Bilingual(
        zh: "拒绝错误的填充", en: "A record with wrong padding is refused"),
      "tlcp.chosen-suite": Bilingual(zh: "TLCP 选定的密码套件", en: "TLCP suite chosen"),
      "tlcp.certificates": Bilingual(zh: "TLCP 服务端证书", en: "TLCP certificates served"),
      "tlcp.certificate-order": Bilingual(zh: "双证书顺序", en: "Order of the two certificates"),
      "tlcp.certificate.key-usages-separate": Bilingual(
        zh: "签名与加密证书用途分离", en: "Signing and encryption usages are separate"),
      "tlcp.certificate.validity": Bilingual(
        zh: "TLCP 证书有效期状态", en: "Validity now, worst leaf"),
      "tlcp.certificate.name-matches": Bilingual(
        zh: "TLCP 证书与域名相符", en: "Certificates cover the name"),
      "tlcp.certificate.self-signed": Bilingual(zh: "TLCP 自签名证书", en: "A leaf is self-signed"),
      "tlcp.certificate.key-algorithms": Bilingual(
        zh: "TLCP 证书的密钥算法", en: "Key algorithms of the TLCP certificates served"),
      "tlcp.certificate.chain": Bilingual(
        zh: "TLCP 证书链签名验证", en: "How far the signatures of the chain hold, the worse leaf"),
      "tlcp.certificate.chain-all-sm2": Bilingual(
        zh: "TLCP 证书链全部为 SM2", en: "Every key and signature of the chain is SM2"),
      "tlcp.certificate.root": Bilingual(
        zh: "TLCP 证书链的根", en: "Whether the chain's root is trusted"),
      "tlcp.certificate.ca-leaf": Bilingual(
        zh: "TLCP 服务端证书为 CA 证书", en: "A server's certificate says it is a CA"),
      "tlcp.certificate.signature-digests": Bilingual(
        zh: "TLCP 证书签名的杂凑算法", en: "Digests of the certificates' signatures"),
      "tlcp.certificate.revocation-pointers": Bilingual(
        zh: "TLCP 证书撤销信息指针", en: "Where the leaves' revocation can be asked for"),
      "tlcp.certificate.profile-deviations": Bilingual(
        zh: "与 GM/T 0015 证书格式的偏离", en: "Where the certificates leave GM/T 0015"),
      "tlcp.mutual-handshake-completed": Bilingual(
        zh: "TLCP 双向鉴别握手完成", en: "Mutual TLCP handshakes with the client pair were completed"),
      "tlcp.mutual-completed-suites": Bilingual(
        zh: "完成双向鉴别握手的 TLCP 套件", en: "TLCP suites whose mutual handshake was completed"),
      "tlcp.client-certificate-trusted": Bilingual(
        zh: "TLCP 服务端信任所出示的客户端证书", en: "The server trusts the client certificate shown"),
      "tlcp.dialect": Bilingual(
        zh: "TLCP 双向握手的实现差异", en: "In which of the known dialects the mutual handshake succeeded"),
      "tlcp.refuses-bad-certificate-verify": Bilingual(
        zh: "拒绝错误的 CertificateVerify", en: "A wrong CertificateVerify is refused"),
      "tls13-gm.offered": Bilingual(
        zh: "支持 TLS 1.3 国密套件", en: "An SM suite is accepted in TLS 1.3"),
      "tls13-gm.accepted-suites": Bilingual(
        zh: "全国密 TLS 1.3 接受的套件",
        en: "SM suites accepted with curveSM2 and sm2sig_sm3 alone"),
      "tls13-gm.completed-suites": Bilingual(
        zh: "完成握手的 TLS 1.3 国密套件", en: "SM suites of TLS 1.3 whose handshake was completed"),
      "tls13-gm.handshake-completed": Bilingual(
        zh: "全国密 TLS 1.3 握手完成", en: "Handshakes in the SM suites of TLS 1.3 were completed"),
      "tls13-gm.certificates": Bilingual(
        zh: "TLS 1.3 国密握手的服务端证书", en: "Certificates served to an SM handshake of TLS 1.3"),
      "tls13-gm.certificate-verify-valid": Bilingual(
        zh: "TLS 1.3 国密 CertificateVerify 有效", en: "CertificateVerify under RFC 8998's identity"),
      "tls13-gm.client-certificate-requested": Bilingual(
        zh: "TLS 1.3 国密握手要求客户端证书", en: "Client certificate requested in an SM handshake"),
      "tls13-gm.application-data-exchanged": Bilingual(
        zh: "TLS 1.3 国密应用数据往返", en: "A request was answered over TLS 1.3 with SM suites"),
      "tls13-gm.refuses-bad-finished": Bilingual(
        zh: "TLS 1.3 国密：拒绝错误的 Finished", en: "TLS 1.3 with SM suites: a wrong Finished is refused"),
      "tls13-gm.refuses-bad-mac": Bilingual(
        zh: "TLS 1.3 国密：拒绝错误的认证标签", en: "TLS 1.3 with SM suites: a wrong tag is refused"),
      "tlcp.key-exchange-signature-valid": Bilingual(
        zh: "TLCP 密钥交换签名有效", en: "TLCP key exchange signature verifies"),
      "tlcp.client-certificate-requested": Bilingual(
        zh: "TLCP 要求客户端证书", en: "TLCP client certificate requested"),
    ],
    parameters: [
      "active": Bilingual(
        zh: "full：另发送有意出错的 TLCP 握手，服务端应逐一拒绝；默认 none",
        en: "full: also send TLCP handshakes that are wrong on purpose and must be refused"),
      "client-sign-certificate": Bilingual(
        zh: "客户端签名证书（file:PATH 或 env:NAME，PEM，后可接上级证书）",
        en: "Client signing certificate, its issuers after it: file:PATH or env:NAME"),
      "client-sign-key": Bilingual(
        zh: "客户端签名私钥（file:PATH 或 env:NAME，未加密 PEM）",
        en: "Its private key, clear PEM: file:PATH or env:NAME"),
      "client-encryption-certificate": Bilingual(
        zh: "客户端加密证书（file:PATH 或 env:NAME）",
        en: "Client encryption certificate: file:PATH or env:NAME"),
      "client-encryption-key": Bilingual(
        zh: "客户端加密私钥（file:PATH 或 env:NAME，未加密 PEM）",
        en: "Its private key, clear PEM: file:PATH or env:NAME"),
      "trust-anchors": Bilingual(
        zh: "信任的根证书文件（file:PATH，PEM 或 DER）",
        en: "File of certificates that chains may end at: file:PATH, PEM or DER"),
      "sni": Bilingual(
        zh: "服务器名称（SNI），默认取目标主机名", en: "Server name to ask for; the target's host by default"),
      "request": Bilingual(
        zh: "TLCP 握手完成后作为应用数据发送的无害请求；默认不发送",
        en: "A harmless request to send once a TLCP handshake is finished; none by default"),
      "method": Bilingual(
        zh: "polite（默认）：少量并发连接逐一排除；fast：每个常见套件一个并发连接",
        en: "polite, the default: few connections at once; fast: one for each likely suite at once"),
      "connections": Bilingual(
        zh: "同时打开的连接数上限，默认 8（fast 为 64）",
        en: "Most connections open at once; 8 by default, 64 when fast"),
    ],
    target: "tls://HOST:PORT, tlcp://HOST:PORT or any://HOST:PORT",
    contactsNetwork: true)
}
