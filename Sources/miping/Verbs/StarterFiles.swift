/// The commented files of `miping init`. They are read strictly: keys not shown in Controls/README.md and
/// here are refused.
enum StarterFiles {
  static func scope(level: Int) -> String {
    """
    # 测评范围 / What is assessed, with whose permission. Check it with: miping plan scope.yaml
    system:
      zh: 核心账务系统（示例）
      en: Core ledger (example)
      level: \(level)
      operator: 示例银行

    # 授权：主动检测只在这些日期（首尾两天均全天有效）对这些地址进行。
    # Permission: active tests run only on these days (both in full) and against these addresses.
    authorisation:
      document: 授权书-示例
      from: "2026-01-01"
      to: "2026-12-31"
      targets: ["127.0.0.0/8"]

    # 时限对每次检测；大日志和 PIN 服务需要更长。active: full 允许主动发送错误报文。
    # The deadline is one inspection's: long logs and PIN services need more. active: full also sends wrong messages.
    # limits: {connections-per-object: 8, inspections: 64, deadline: 30s, active: none}

    # 对象种类 / kinds: room channel device application data organisation
    #   audit-log pin-service crypto-device asset-store
    objects:
      - {id: room-a, kind: room, zh: 主机房, en: Main machine room, owner: facilities}
      - id: gw-01
        kind: channel
        at: "any://127.0.0.1:8443"        # tls:// tlcp:// any://HOST:PORT; without it people answer
        # sni: pay.bank.example
        owner: net-crypto
        # product: {certificate: GM00112021xxxx, module-grade: 2}
      - {id: host-01, kind: device, owner: platform}
      - {id: teller, kind: application, owner: core-dev}
      # 数据经 gw-01 传输，存于 host-01，由 hsm-01 保护
      # Data travel over gw-01, rest in host-01 and are protected by hsm-01.
      - {id: acct-data, kind: data, travels: [gw-01], rests-in: [host-01], protected-by: [hsm-01]}
      - {id: hsm-01, kind: crypto-device, owner: core-ops}
      # - {id: gw-keys, kind: asset-store, path: certificates, serves: [gw-01]}
      # - {id: core-audit, kind: audit-log, log: logs/core-audit.yaml, serves: [host-01]}
      # - {id: pin-hsm, kind: pin-service, service: pin/service.yaml, logs: pin/switch.log, serves: [acct-data]}

    # 不适用须有理由 / Not applicable needs a reason.
    not-applicable:
      - {unit: dev.label, reason: 系统未使用安全标记, approved-by: 示例负责人}
      - {unit: app.label, reason: 系统未使用安全标记, approved-by: 示例负责人}

    attestations: attest
    waivers: waivers.yaml

    # 密评问答口径，可逐条停用 / Published judgements, each can be switched off.
    # judgements: {"13.2": false}

    """
  }

  static let answers = """
    # 人工核查答复 / Answers of people. `miping plan scope.yaml` lists every question with its id.
    assessor: 张三（虚构）
    date: "2026-01-15"
    answers:
      # - ask: net.product-grade
      #   object: gw-01
      #   verdict: met                # met | not-met
      #   method: document            # interview document look configuration tool-test
      #   observed: 查看产品认证证书，模块等级二级
      #   evidence: [files/certificate.pdf]
      #   valid-until: "2027-01-15"
      # - unit: pol.system            # 管理单元 / management units
      #   verdict: 部分符合            # 符合 | 部分符合 | 不符合
      #   method: interview
      #   observed: 制度已发布，未覆盖密钥管理
      []
    high-risk: []
      # - {code: "7.2", unit: net.conf, object: gw-01, decision: mitigated, why: 应用层已全部加密}
    compensations: []
      # - {from-unit: net.conf, from-object: gw-01, to-unit: app.tconf, to-object: acct-data, reason: 通道承载全部数据}

    """

  static let waivers = """
    # 豁免：只影响门限，从不改变判定、得分与结论 / Waivers change the gate only, never a verdict, score or conclusion.
    []
    # - id: W-2026-001
    #   match: {code: "7.2", object: gw-01}
    #   reason: 切换窗口在二季度
    #   approved-by: 示例负责人
    #   effective: "2026-01-15"
    #   expires: "2026-06-30"         # 最后一天全天有效 / last day in full

    """
}
