import AssessmentModel

/// The GM/T 0077 side of the sample, its score sheet, and what people decided.
extension SampleResult {
  private struct Row {
    let clause: String
    let item: String
    let dimension: Dimension
    let title: Bilingual
    let obligation: Requirement.Obligation
    let text: Bilingual?
    var feeds: [String] = []

    var id: String { "L3-\(clause)-\(item)" }
  }

  private static let network = Dimension(
    id: "network", title: Bilingual(zh: "网络和通信安全", en: "Network and communication security"))
  private static let device = Dimension(
    id: "device", title: Bilingual(zh: "设备和计算安全", en: "Device and computing security"))

  private static let rows: [Row] = [
    Row(
      clause: "7.2.2.1", item: "-", dimension: network,
      title: Bilingual(zh: "总则", en: "General rules"), obligation: .unknown, text: nil),
    Row(
      clause: "7.2.2.2", item: "a", dimension: network,
      title: Bilingual(zh: "通信安全", en: "Communication security"), obligation: .shall,
      text: Bilingual(zh: "以密码技术保证通信数据的机密性。", en: "Cryptography keeps traffic confidential."),
      feeds: ["net.conf"]),
    Row(
      clause: "7.2.2.4", item: "e", dimension: network,
      title: Bilingual(zh: "安全访问路径", en: "Secure access path"), obligation: .shall,
      text: Bilingual(
        zh: "集中管理安全设备时使用密码保护的传输通道。",
        en: "Central management of security devices travels over a protected channel."),
      feeds: ["dev.remote"]),
    Row(
      clause: "7.2.3.2", item: "b", dimension: device,
      title: Bilingual(zh: "审计记录", en: "Audit records"), obligation: .should,
      text: Bilingual(zh: "审计记录受完整性保护。", en: "Audit records are protected against change."),
      feeds: ["dev.log"]),
    Row(
      clause: "7.2.3.3", item: "?", dimension: device,
      title: Bilingual(zh: "身份鉴别", en: "Identity authentication"), obligation: .unknown, text: nil),
    Row(
      clause: "7.2.3.4", item: "a", dimension: device,
      title: Bilingual(zh: "引用条款", en: "Reference"), obligation: .pointer,
      text: Bilingual(zh: "见另一标准。", en: "See another standard.")),
  ]

  static let rowRequirements: [AssessmentResult.RequirementSummary] = rows.map { row in
    .init(
      Requirement(
        id: row.id, standard: .gmt0077, level: level, clause: row.clause, item: row.item,
        dimension: row.dimension, title: row.title, obligation: row.obligation,
        textState: row.text == nil ? .unread : .read, provenance: "sample", text: row.text,
        feeds: row.feeds,
        remediation: Bilingual(
          zh: "改用 TLCP，并停用未认可的套件。", en: "Move to TLCP and switch off suites that are not approved."),
        place: SourcePlace(file: "sample", line: 1, column: 1)))
  }

  static let rowFindings: [Finding] = {
    let suites = Finding.Expected(
      letter: .A, name: "tls.accepted-suites",
      condition: Bilingual(zh: "全部在 approved.tls-suites 之内", en: "all within approved.tls-suites"))
    let protected = Finding.Expected(
      letter: .D, name: "tls.protected", condition: Bilingual(zh: "为 true", en: "is true"))
    func account(
      _ requirement: String, _ object: String, _ letters: [JudgedLetter: Letter],
      _ suitesSeen: FactValue, _ reasons: [Bilingual]
    ) -> Finding.Account {
      Finding.Account(
        fingerprint: digest("\(requirement)|\(object)"), requirement: requirement, object: object,
        letters: letters, expected: [protected, suites],
        observed: [
          .init(object: object, name: protected.name, value: true, outcome: .met),
          .init(
            object: object, name: suites.name, value: suitesSeen, outcome: letters[.A] ?? .met),
        ], gates: ["7.2", "5.2"], reasons: reasons, strengthBits: letters[.A] == .met ? nil : 112)
    }
    var findings: [Finding] = []
    let seen = evidence("0001-tls.endpoint-ch-tlcp", strength: 3)
    if let grounds = Grounds([seen]) {
      findings = [
        .judged(
          .conforming, on: grounds,
          account(
            "L3-7.2.2.2-a", "ch-tlcp", [.D: .met, .A: .met, .K: .met],
            ["TLCP1.1": ["E013", "E053"]], [])),
        .judged(
          .partial, on: grounds,
          account(
            "L3-7.2.2.2-a", "ch-ipsec", [.D: .met, .A: .notMet, .K: .undetermined],
            ["TLS1.2": ["C02F", "009C"]],
            [
              Bilingual(
                zh: "A 不满足：接受了清单以外的套件 C02F、009C",
                en: "A is not met: suites C02F, 009C outside the list are accepted")
            ])),
        .judged(
          .nonConforming, on: grounds,
          account(
            "L3-7.2.2.4-e", "hsm-mgmt", [.D: .notMet, .A: .notEvaluated, .K: .notEvaluated],
            .text("CN=<b>gw-01</b>\u{202E}"),
            [Bilingual(zh: "D 不满足：管理通道无保护", en: "D is not met: the channel is in clear")])),
      ]
    }
    findings.append(
      .open(
        .untested,
        because: [
          Bilingual(
            zh: "检测 audit.log 不可用：unreadable", en: "inspection audit.log unavailable: unreadable")
        ], evidence: [],
        Finding.Account(
          fingerprint: digest("7.2.3.2-b"), requirement: "L3-7.2.3.2-b", object: "server",
          expected: [
            .init(
              letter: .D, name: "audit.value-failures",
              condition: Bilingual(zh: "为空", en: "is empty"))
          ],
          observed: [
            .init(
              object: "core-audit", name: "audit.value-failures", value: nil,
              outcome: .undetermined)
          ])))
    return findings
  }()

  // MARK: Score, high risk, arrangements

  static let score: FactValue = {
    func record<Item>(_ items: [Item], _ field: (Item) -> (String, FactValue)) -> FactValue {
      .record(Dictionary(items.map(field)) { first, _ in first })
    }
    let objects = SampleUnit.all.flatMap { unit in unit.objects.map { (unit.code, $0) } }
    return [
      "edition": "2023", "level": 3, "threshold": "60.00",
      "threshold-source": [
        "zh": "业内通行值，规则正文未见", "en": "the trade's common value; not seen in the rule text",
      ],
      "units": record(SampleUnit.all) { unit in
        (
          unit.code,
          [
            "score": unit.score.map { .text($0) } ?? .null,
            "verdict": .text(unit.verdict.rawValue),
          ]
        )
      },
      "objects": record(objects) { ("\($0.0)/\($0.1.id)", .text($0.1.score)) },
      "compensated": record(objects.filter { $0.1.compensated != nil }) {
        ("\($0.0)/\($0.1.id)", .text($0.1.compensated ?? ""))
      },
      "factors": record(objects.filter { $0.1.letters.hasPrefix("√") && $0.1.letters != "√√√" }) {
        (
          "\($0.0)/\($0.1.id)",
          $0.1.letters == "√×√" ? ["ra": "1.0000"] : ["rk": "1.2000"]
        )
      },
      "layers": record(SampleUnit.layers) { ($0.code, .text($0.score)) },
      "weights": [
        "units": record(SampleUnit.all) { ($0.code, .text($0.weight)) },
        "layers": record(SampleUnit.layers) { ($0.code, .text($0.weight)) },
      ],
      "technical": .text(SampleUnit.technical), "management": .text(SampleUnit.management),
      "range": [
        "lower": .text(SampleUnit.lower), "upper": .text(SampleUnit.upper),
        "tested-only": .text(SampleUnit.testedOnly),
      ],
      "unit-ranges": record(
        SampleUnit.all.filter { $0.verdict == .untested || $0.verdict == .awaiting }
      ) {
        ($0.code, ["lower": "0.0000", "upper": "1.0000"])
      },
      "why-none": "untested", "open-high-risk": 0, "notes": [],
    ]
  }()

  static let highRisk: [AssessmentResult.HighRiskHit] = [
    .init(
      fingerprint: digest("hit-6.1"), code: "6.1",
      title: Bilingual(zh: "身份鉴别（物理）", en: "Authentication (physical)"), unit: "phy.auth",
      object: "room-b", problem: 2, state: .mitigated, confidence: nil, counts: false,
      why: Bilingual(
        zh: "专人值守登记并有实时视频监控", en: "guards on duty with registration and live video"),
      decidedBy: "张三（虚构）", evidence: ["answer-room-b"]),
    .init(
      fingerprint: digest("hit-8.1"), code: "8.1",
      title: Bilingual(zh: "身份鉴别（设备）", en: "Authentication (device)"), unit: "dev.auth",
      object: "app-server", problem: 2, state: .proposed, confidence: .medium, counts: false,
      why: Bilingual(zh: "D 不满足", en: "D is not met"), evidence: ["answer-app-server"],
      waiver: "W-2026-003"),
  ]

  static let compensations: [AssessmentResult.CompensationSummary] = [
    .init(
      fromUnit: "net.conf", fromObject: "ch-tlcp", toUnit: "app.tconf", toObject: "acct-over-tlcp",
      reason: "该数据全部经此信道传输", confirmedBy: "张三（虚构）"),
    .init(
      fromUnit: "net.int", fromObject: "ch-tls", toUnit: "app.tint", toObject: "report-over-tls",
      reason: "数据经此信道传输", confirmedBy: nil),
  ]

  static let awaiting: [AssessmentResult.PendingQuestion] = [
    .init(
      ask: "eme-report", object: "bank", letter: nil, method: .document,
      text: Bilingual(
        zh: "查看事件处置后向主管部门上报的流程与表单。",
        en: "See the procedure and forms for reporting incidents to the authorities."),
      requirements: ["L3-eme.report"]),
    .init(
      ask: "product-grade", object: "ch-ipsec", letter: .K, method: .document,
      text: Bilingual(
        zh: "核对产品认证证书与模块等级。", en: "Check the product certificate and the module's grade."),
      requirements: ["L3-7.2.2.2-a"]),
  ]
}
