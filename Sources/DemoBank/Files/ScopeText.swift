/// The scope file of the bank (测评范围文件): what is assessed, with whose permission, within which limits.
struct ScopeText {
  var days: DemoDays
  var ports: DemoPorts

  var text: String {
    """
    # 测评范围 / Scope. A fictitious bank: every name, number and person here is invented.
    # YAML: keys are kebab-case, unknown keys are refused. Paths are taken from this file's folder.

    system:
      zh: 示例银行核心账务系统（虚构）
      en: Core ledger of Example Bank (fictitious)
      level: 3                       # 3 or 4
      operator: 示例银行（虚构）

    # 授权 / Permission for active tests. Nothing outside these days and targets is contacted.
    authorisation:
      document: 现场测评授权书-示例-001
      from: "\(days.day(-1))"             # first and last day count in full
      to: "\(days.day(30))"
      targets: ["127.0.0.0/8"]       # address blocks or exact host names
      timezone: Asia/Shanghai

    limits: {connections-per-object: 8, inspections: 16, deadline: 8s}

    # 测评对象 / Objects. The kind decides which units concern an object and which probes look at it.
    objects:
      # 机房 / Machine rooms: people look, there is nothing to connect to.
      - {id: room-main, kind: room, zh: 主机房, en: Main machine room, owner: facilities}
      - {id: room-dr, kind: room, zh: 灾备机房, en: Recovery machine room, owner: facilities}

      # 通信信道 / Channels. `any` asks for TLS and for TLCP; `sni` is the name the client asks for.
      - id: gw-tlcp
        kind: channel
        zh: 支付接入网关（国密）
        en: Payment gateway with national algorithms
        at: "any://127.0.0.1:\(ports.national)"
        sni: pay.example-bank.test
        owner: net-crypto
        product: {certificate: GM-EXAMPLE-0005（虚构）, module-grade: 2}
      - id: gw-01
        kind: channel
        zh: 网银与手机银行接入网关
        en: Gateway for online and mobile banking
        at: "any://127.0.0.1:\(ports.good)"
        sni: ebank.example-bank.test
        owner: net-crypto
        product: {certificate: GM-EXAMPLE-0001（虚构）, module-grade: 2}
      - id: gw-legacy
        kind: channel
        zh: 旧代收付接口（待下线）
        en: Old collection interface, to be retired
        at: "any://127.0.0.1:\(ports.bad)"
        sni: legacy.example-bank.test
        owner: net-crypto
      - {id: branch-clear, kind: channel, zh: 网点对账文件接口, en: Branch reconciliation interface,
         at: "any://127.0.0.1:\(ports.clear)", owner: branch-it}
      - {id: settle-link, kind: channel, zh: 清算备线（停用）, en: "Settlement backup line, switched off",
         at: "any://127.0.0.1:\(ports.closed)", owner: net-crypto}
      - {id: partner-link, kind: channel, zh: 合作方专线（无应答）, en: "Partner line, does not answer",
         at: "any://127.0.0.1:\(ports.silent)", owner: net-crypto}

      # 设备 / Devices as they are administered.
      - {id: core-host, kind: device, zh: 核心主机, en: Core host, owner: core-ops}
      - {id: core-db, kind: device, zh: 核心数据库, en: Core database, owner: core-ops}
      - {id: bastion-01, kind: device, zh: 运维堡垒机, en: Bastion for operators, owner: sec-ops,
         product: {certificate: GM-EXAMPLE-0002（虚构）, module-grade: 2}}
      - {id: hsm-mgmt, kind: device, zh: 密码机管理端, en: Management side of the security module, owner: net-crypto,
         product: {certificate: GM-EXAMPLE-0004（虚构）, module-grade: 1}}

      # 应用 / Applications.
      - {id: ledger, kind: application, zh: 核心账务应用, en: Ledger application, owner: core-app}
      - {id: payment, kind: application, zh: 支付前置应用, en: Payment front end, owner: pay-app}
      - {id: enquiry, kind: application, zh: 网点信息查询, en: Branch information enquiry, owner: branch-it}

      # 重要数据 / Important data. `rests-in` and `protected-by` lead to what else is looked at for these data;
      # `travels` only proposes that a channel makes up for missing encryption, which a person confirms.
      - {id: acct-data, kind: data, zh: 账户与交易数据, en: Account and transaction data,
         travels: [gw-01], rests-in: [core-db], protected-by: [hsm-01], owner: core-app}
      - {id: cust-data, kind: data, zh: 客户信息, en: Customer information,
         travels: [gw-01, gw-legacy], rests-in: [core-db], protected-by: [hsm-01], owner: core-app}
      - {id: stmt-data, kind: data, zh: 对账文件, en: Reconciliation files,
         travels: [branch-clear], protected-by: [hsm-01], owner: branch-it}

      # 管理 / Management: units pol, per, con and eme.
      - {id: bank, kind: organisation, zh: 示例银行科技部, en: Technology department, owner: ciso-office}

      # 密码设备与密钥证书存放处 / What probes look into; `serves` says for which objects the facts count.
      - {id: hsm-01, kind: crypto-device, zh: 金融数据密码机, en: Payment security module, owner: net-crypto,
         product: {certificate: GM-EXAMPLE-0003（虚构）, module-grade: 2}}
      - {id: key-store, kind: asset-store, zh: 证书与密钥目录, en: Folder of certificates and keys,
         path: assets, serves: [gw-legacy, payment], owner: pay-app}

      # 审计日志 / Audit logs, described by a model each: one sound, one tampered with, one whose verifier is blind.
      - {id: ledger-audit, kind: audit-log, zh: 核心账务审计日志, en: Audit log of the ledger,
         log: audit/ledger-audit/log.yaml, serves: [core-host], owner: core-ops}
      - {id: payment-audit, kind: audit-log, zh: 支付前置审计日志, en: Audit log of the payment front end,
         log: audit/payment-audit/log.yaml, serves: [core-db], owner: pay-app}
      - {id: branch-audit, kind: audit-log, zh: 网点系统审计日志, en: Audit log of the branch system,
         log: audit/branch-audit/log.yaml, serves: [bastion-01], owner: branch-it}

      # PIN 服务 / PIN service: described with test keys and test accounts; `logs` are searched for PIN data.
      - {id: pin-hsm, kind: pin-service, zh: PIN 转换服务, en: PIN translation service,
         service: pin/service/service-domestic.yaml, logs: pin/logs/switch-debug.log,
         canaries: pin/logs/canaries.yaml, serves: [cust-data, hsm-01, payment], owner: net-crypto}

    # 不适用 / Not applicable: a whole unit, or one object of it. A reason is required.
    not-applicable:
      - {unit: dev.label, reason: "设备未设置重要信息资源安全标记（方案第 4.3 节）", approved-by: 王五（虚构）}
      - {unit: app.label, reason: "应用未使用安全标记（方案第 4.4 节）", approved-by: 王五（虚构）}
      - {unit: net.access, reason: "无外部设备接入内部网络；三级为“可”，经方案评审不纳入", approved-by: 王五（虚构）}
      - {unit: app.nr, object: enquiry, reason: "仅查询公开信息，无可能涉及法律责任的操作", approved-by: 王五（虚构）}

    attestations: attest/            # a file, or a folder of them
    waivers: waivers.yaml

    """
  }
}

/// The loopback ports of the bank's servers.
struct DemoPorts: Sendable, Hashable {
  var national: Int
  var good: Int
  var bad: Int
  var clear: Int
  var closed: Int
  var silent: Int
}
