import AssessmentModel

/// A small result of an invented bank (示例银行): the source of Reports/Samples and the start of most tests.
enum SampleResult {
  static let level = 3

  static func make() -> AssessmentResult {
    let findings = unitFindings + rowFindings
    return AssessmentResult(
      tool: .init(name: "miping", version: "0.1.0"),
      system: .init(
        title: Bilingual(zh: "核心账务系统（示例）", en: "Core ledger (sample)"), level: level,
        operator: "示例银行"),
      run: .init(
        id: "2026-12-03T0130Z-sample", started: "2026-12-03T01:30:00Z",
        ended: "2026-12-03T01:42:10Z", state: .complete),
      catalog: .init(
        standard: "GM/T 0077-2019", edition: "2023", digest: digest("catalog"), overlays: []),
      selection: .init(isReduced: false, controls: [], objects: []),
      authorisation: .init(
        document: "授权书-2026-11", from: "2026-12-01", to: "2026-12-31",
        targets: ["192.0.2.0/24", "gw.bank.example"]),
      objects: objects, requirements: unitRequirements + rowRequirements,
      inspections: inspections, findings: findings, score: score,
      index: .init(value: "62.50", judged: 4, known: 6, expected: 9), highRisk: highRisk,
      compensations: compensations, awaiting: awaiting,
      waivers: [
        .init(
          id: "W-2026-003", reason: "切换窗口在二季度", approvedBy: "王五（虚构）", expires: "2027-06-30",
          state: "in-force", hits: [digest("hit-8.1")])
      ],
      gate: .init(
        kind: "default", exitCode: 0,
        reason: Bilingual(zh: "没有未豁免的高风险项", en: "no open high-risk hit without a waiver")))
  }

  /// 64 hexadecimal digits that depend on `name` alone; stands for a digest of bytes that do not exist.
  static func digest(_ name: String) -> String {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    var hex = ""
    for round in 0..<4 {
      for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
      state = (state ^ UInt64(round)) &* 0x100_0000_01B3
      let digits = String(state, radix: 16)
      hex += String(repeating: "0", count: 16 - digits.count) + digits
    }
    return hex
  }

  static func evidence(_ id: String, strength: Int = 2) -> EvidenceReference {
    EvidenceReference(id: id, sm3: digest(id), strength: strength)
  }

  // MARK: Objects and inspections

  private static let kinds: [String: ObjectKind] = [
    "phy": .room, "net": .channel, "dev": .device, "app": .application,
  ]

  static let objects: [AssessmentObject] = {
    var seen: Set<String> = []
    var objects: [AssessmentObject] = []
    for unit in SampleUnit.all {
      for object in unit.objects where seen.insert(object.id).inserted {
        let layer = String(unit.code.prefix(3))
        let isData = ["app.tconf", "app.sconf", "app.tint", "app.sint"].contains(unit.code)
        objects.append(
          AssessmentObject(
            id: object.id, kind: isData ? .data : kinds[layer] ?? .device,
            locator: object.id == "ch-tlcp" ? "tlcp://192.0.2.10:443" : nil,
            owner: layer == "net" ? "net-crypto" : "core-ops",
            product: object.grade.map {
              .init(certificate: $0 > 0 ? "GM001120219999" : nil, moduleGrade: $0)
            }))
      }
    }
    objects.append(AssessmentObject(id: "bank", kind: .organisation))
    objects.append(
      AssessmentObject(
        id: "core-audit", kind: .auditLog, locator: "logs/core-audit.yaml", owner: "core-ops",
        serves: ["server"]))
    return objects
  }()

  private static let channelEvidence = "0001-tls.endpoint-ch-tlcp"

  static let inspections: [AssessmentResult.InspectionSummary] = [
    .init(
      InspectionResult(
        object: "ch-tlcp",
        procedure: Procedure(probe: "tls.endpoint", parameters: ["method": "polite"]),
        facts: [
          "endpoint.kind": "tlcp", "tlcp.offered": true,
          "tlcp.accepted-suites": ["TLCP1.1": ["E013", "E053"]],
        ], evidence: [evidence(channelEvidence, strength: 3)])),
    .init(
      InspectionResult(
        object: "core-audit", procedure: Procedure(probe: "audit.log"),
        unavailable: Unavailability(.unreadable, "logs/core-audit.yaml: no such file"))),
  ]

  // MARK: GB/T 39786 units

  private static let unitRequirements: [AssessmentResult.RequirementSummary] =
    SampleUnit.all.map { unit in
      let layer = SampleUnit.layers.first { unit.code.hasPrefix($0.code + ".") }
      return .init(
        Requirement(
          id: "L3-\(unit.code)", standard: .gbt39786, level: level, clause: unit.clause, item: "-",
          dimension: Dimension(
            id: layer?.code ?? "", title: Bilingual(zh: layer?.zh ?? "", en: layer?.en ?? "")),
          title: Bilingual(zh: unit.zh, en: unit.en), obligation: unit.obligation, textState: .read,
          provenance: "sample",
          text: Bilingual(
            zh: "以密码技术实现“\(unit.zh)”。", en: "Cryptography provides: \(unit.en.lowercased())."),
          remediation: Bilingual(
            zh: "采用经认证的密码产品和国密算法。", en: "Use certified products and approved algorithms."),
          place: SourcePlace(file: "sample", line: 1, column: 1)))
    }

  private static func letter(_ sign: Character) -> Letter {
    switch sign {
    case "√": .met
    case "×": .notMet
    case "/": .notEvaluated
    default: .undetermined
    }
  }

  private static let conditions: [JudgedLetter: Bilingual] = [
    .D: Bilingual(zh: "密码技术已使用且有效", en: "cryptography is used and works"),
    .A: Bilingual(zh: "算法与协议均在认可清单内", en: "algorithms and protocols are on the approved list"),
    .K: Bilingual(zh: "产品模块等级足够，密钥受保护", en: "module grade suffices and keys are protected"),
  ]

  private static let unitFindings: [Finding] = SampleUnit.all.flatMap { unit -> [Finding] in
    guard !unit.objects.isEmpty else { return [wholeUnit(unit)] }
    return unit.objects.map { object in
      let signs = Array(object.letters)
      let letters = Dictionary(
        uniqueKeysWithValues: zip(JudgedLetter.allCases, signs.map(letter)))
      let looked = [evidence(channelEvidence, strength: 3)]
      let answered = [evidence("answer-\(object.id)", strength: 1)]
      let references = object.id == "ch-tlcp" ? looked + answered : answered
      let account = Finding.Account(
        fingerprint: digest("\(unit.code)|\(object.id)"), requirement: "L3-\(unit.code)",
        object: object.id, letters: letters,
        expected: JudgedLetter.allCases.map {
          .init(
            letter: $0, name: "\(unit.code)-\($0.rawValue.lowercased())",
            condition: conditions[$0] ?? Bilingual(zh: "", en: ""))
        },
        observed: JudgedLetter.allCases.map { one in
          let outcome = letters[one] ?? .undetermined
          return .init(
            object: object.id, name: "\(unit.code)-\(one.rawValue.lowercased())",
            value: outcome == .notEvaluated ? nil : .boolean(outcome == .met), outcome: outcome,
            evidence: references.map(\.id))
        },
        gates: ["phy.auth": ["6.1"], "dev.auth": ["8.1"]][unit.code] ?? [],
        reasons: reasons(letters), strengthBits: object.bits)
      guard let grounds = Grounds(references) else { return wholeUnit(unit) }
      return .judged(verdict(letters), on: grounds, account)
    }
  }

  private static func verdict(_ letters: [JudgedLetter: Letter]) -> Finding.Judged {
    if letters[.D] != .met { return .nonConforming }
    return letters.values.allSatisfy { $0 == .met } ? .conforming : .partial
  }

  private static func reasons(_ letters: [JudgedLetter: Letter]) -> [Bilingual] {
    JudgedLetter.allCases.filter { letters[$0] == .notMet }.map {
      Bilingual(zh: "\($0.rawValue) 不满足", en: "\($0.rawValue) is not met")
    }
  }

  /// Management units and units without an object.
  private static func wholeUnit(_ unit: SampleUnit) -> Finding {
    let isManagement = ["pol", "per", "con", "eme"].contains { unit.code.hasPrefix($0) }
    let account = Finding.Account(
      fingerprint: digest(unit.code), requirement: "L3-\(unit.code)",
      object: isManagement ? "bank" : nil,
      expected: [
        .init(
          letter: nil, name: "\(unit.code)-documents",
          condition: Bilingual(zh: "制度齐备并已执行", en: "rules exist and are carried out"))
      ],
      observed: [
        .init(
          object: isManagement ? "bank" : nil, name: "\(unit.code)-documents",
          value: unit.score.map { .text($0 == "1.0000" ? "齐备，有执行记录" : "有制度，执行记录不全") },
          outcome: unit.verdict == .conforming ? .met : .undetermined)
      ])
    let grounds = Grounds([evidence("answer-\(unit.code)", strength: 1)])
    switch (unit.verdict, grounds) {
    case (.conforming, .some(let grounds)): return .judged(.conforming, on: grounds, account)
    case (.partial, .some(let grounds)): return .judged(.partial, on: grounds, account)
    case (.nonConforming, .some(let grounds)): return .judged(.nonConforming, on: grounds, account)
    case (.notApplicable, _):
      return .notApplicable(
        because: Bilingual(zh: "系统不使用该功能（经批准）", en: "the system has no such function (approved)"),
        account)
    case (.awaiting, _):
      return .open(
        .awaiting,
        because: [Bilingual(zh: "问题 \(unit.code) 未回答", en: "\(unit.code) is unanswered")],
        evidence: [], account)
    case (.untested, _), (_, nil):
      return .open(
        .untested, because: [Bilingual(zh: "未指定测评对象", en: "no object named")], evidence: [],
        account)
    }
  }
}
