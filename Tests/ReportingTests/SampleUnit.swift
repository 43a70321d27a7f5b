import AssessmentModel

/// The 41 units of the sample: an invented level 3 system with three units left open.
///
/// Titles are short names in our words; scores follow the 2023 rules.
struct SampleUnit {
  struct Object {
    let id: String
    /// D, A, K as the report prints them.
    let letters: String
    let grade: Int?
    let bits: Int?
    let score: String
    let compensated: String?
  }

  let code: String
  let zh: String
  let en: String
  let clause: String
  let obligation: Requirement.Obligation
  let weight: String
  let verdict: Verdict
  let score: String?
  var objects: [Object] = []

  /// Code, titles, weight and score of the tested part.
  static let layers: [(code: String, zh: String, en: String, weight: String, score: String)] = [
    ("phy", "物理和环境安全", "Physical and environment", "10", "0.3542"),
    ("net", "网络和通信安全", "Network and communication", "20", "0.8194"),
    ("dev", "设备和计算安全", "Device and computing", "10", "0.5893"),
    ("app", "应用和数据安全", "Application and data", "30", "0.7778"),
    ("pol", "管理制度", "Management rules", "8", "0.8444"),
    ("per", "人员管理", "People", "8", "0.6842"),
    ("con", "建设运行", "Construction and operation", "8", "0.7941"),
    ("eme", "应急处置", "Emergency", "6", "1.0000"),
  ]
  static let technical = "49.1570"
  static let management = "24.5816"
  static let testedOnly = "73.74"
  static let lower = "67.99"
  static let upper = "75.36"

  static let all: [SampleUnit] = [
    SampleUnit(
      code: "phy.auth", zh: "身份鉴别", en: "Identity authentication", clause: "8.1 a",
      obligation: .should,
      weight: "1", verdict: .partial, score: "0.5000",
      objects: [
        Object(
          id: "room-a", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "room-b", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "phy.door", zh: "电子门禁记录数据存储完整性", en: "Integrity of door records", clause: "8.1 b",
      obligation: .should,
      weight: "0.7", verdict: .partial, score: "0.5000",
      objects: [
        Object(
          id: "room-a", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "room-b", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "phy.video", zh: "视频监控记录数据存储完整性", en: "Integrity of video records", clause: "8.1 c",
      obligation: .should,
      weight: "0.7", verdict: .nonConforming, score: "0.0000",
      objects: [
        Object(
          id: "room-a", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
        Object(
          id: "room-b", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "net.auth", zh: "身份鉴别", en: "Identity authentication", clause: "8.2 a",
      obligation: .shall,
      weight: "1", verdict: .partial, score: "0.8667",
      objects: [
        Object(
          id: "ch-tlcp", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "ch-tls", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "ch-ipsec", letters: "√√×", grade: 1, bits: nil, score: "0.6000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "net.int", zh: "通信数据完整性", en: "Integrity of communication data", clause: "8.2 b",
      obligation: .should,
      weight: "0.7", verdict: .partial, score: "0.8667",
      objects: [
        Object(
          id: "ch-tlcp", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "ch-tls", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "ch-ipsec", letters: "√√×", grade: 1, bits: nil, score: "0.6000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "net.conf", zh: "通信过程中重要数据的机密性", en: "Confidentiality of important data in transit",
      clause: "8.2 c", obligation: .shall,
      weight: "1", verdict: .partial, score: "0.8667",
      objects: [
        Object(
          id: "ch-tlcp", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "ch-tls", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "ch-ipsec", letters: "√√×", grade: 1, bits: nil, score: "0.6000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "net.acl", zh: "网络边界访问控制信息的完整性", en: "Integrity of border access control",
      clause: "8.2 d", obligation: .should,
      weight: "0.4", verdict: .partial, score: "0.5000",
      objects: [
        Object(
          id: "gateway", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "firewall", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "net.access", zh: "安全接入认证", en: "Secure access authentication", clause: "8.2 e",
      obligation: .may,
      weight: "0.4", verdict: .notApplicable, score: nil),
    SampleUnit(
      code: "dev.auth", zh: "身份鉴别", en: "Identity authentication", clause: "8.3 a",
      obligation: .shall,
      weight: "1", verdict: .partial, score: "0.5000",
      objects: [
        Object(
          id: "bastion", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "app-server", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
        Object(
          id: "db-server", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
        Object(
          id: "hsm", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "dev.remote", zh: "远程管理通道安全", en: "Remote management channel", clause: "8.3 b",
      obligation: .shall,
      weight: "1", verdict: .partial, score: "0.7500",
      objects: [
        Object(
          id: "bastion-ssh", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "hsm-mgmt", letters: "√×√", grade: 2, bits: 112, score: "0.5000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "dev.acl", zh: "系统资源访问控制信息完整性", en: "Integrity of access control", clause: "8.3 c",
      obligation: .should,
      weight: "0.4", verdict: .partial, score: "0.5000",
      objects: [
        Object(
          id: "hsm", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "server", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "dev.label", zh: "重要信息资源安全标记完整性", en: "Integrity of security labels", clause: "8.3 d",
      obligation: .should,
      weight: "0.4", verdict: .notApplicable, score: nil),
    SampleUnit(
      code: "dev.log", zh: "日志记录完整性", en: "Integrity of logs", clause: "8.3 e", obligation: .should,
      weight: "0.4", verdict: .partial, score: "0.5000",
      objects: [
        Object(
          id: "hsm", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "server", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "dev.exec", zh: "重要可执行程序完整性、重要可执行程序来源真实性", en: "Integrity and origin of programs",
      clause: "8.3 f", obligation: .should,
      weight: "0.7", verdict: .untested, score: nil),
    SampleUnit(
      code: "app.auth", zh: "身份鉴别", en: "Identity authentication", clause: "8.4 a",
      obligation: .shall,
      weight: "1", verdict: .conforming, score: "1.0000",
      objects: [
        Object(
          id: "teller", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "back-office", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "app.acl", zh: "访问控制信息完整性", en: "Integrity of access control", clause: "8.4 b",
      obligation: .should,
      weight: "0.4", verdict: .nonConforming, score: "0.0000",
      objects: [
        Object(
          id: "permission-table", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: nil)
      ]),
    SampleUnit(
      code: "app.label", zh: "重要信息资源安全标记完整性", en: "Integrity of security labels", clause: "8.4 c",
      obligation: .should,
      weight: "0.4", verdict: .notApplicable, score: nil),
    SampleUnit(
      code: "app.tconf", zh: "重要数据传输机密性", en: "Confidentiality of data in transit", clause: "8.4 d",
      obligation: .shall,
      weight: "1", verdict: .partial, score: "0.6667",
      objects: [
        Object(
          id: "acct-over-tlcp", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: "0.5000"),
        Object(
          id: "pin-block", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "report-over-tls", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: "0.5000"),
      ]),
    SampleUnit(
      code: "app.sconf", zh: "重要数据存储机密性", en: "Confidentiality of stored data", clause: "8.4 e",
      obligation: .shall,
      weight: "1", verdict: .partial, score: "0.8333",
      objects: [
        Object(
          id: "acct-data", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "card-track", letters: "√×√", grade: 2, bits: 112, score: "0.5000",
          compensated: nil),
        Object(
          id: "legacy-archive", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
      ]),
    SampleUnit(
      code: "app.tint", zh: "重要数据传输完整性", en: "Integrity of data in transit", clause: "8.4 f",
      obligation: .should,
      weight: "0.7", verdict: .partial, score: "0.6667",
      objects: [
        Object(
          id: "pin-block-mac", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil),
        Object(
          id: "acct-over-tlcp", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: "0.5000"),
        Object(
          id: "report-over-tls", letters: "×//", grade: nil, bits: nil, score: "0.0000",
          compensated: "0.5000"),
      ]),
    SampleUnit(
      code: "app.sint", zh: "重要数据存储完整性", en: "Integrity of stored data", clause: "8.4 g",
      obligation: .should,
      weight: "0.7", verdict: .untested, score: nil),
    SampleUnit(
      code: "app.nr", zh: "不可否认性", en: "Non-repudiation", clause: "8.4 h", obligation: .should,
      weight: "1", verdict: .conforming, score: "1.0000",
      objects: [
        Object(
          id: "payment-order", letters: "√√√", grade: 2, bits: nil, score: "1.0000",
          compensated: nil)
      ]),
    SampleUnit(
      code: "pol.system", zh: "具备密码应用安全管理制度", en: "Management rules", clause: "8.5 a",
      obligation: .shall,
      weight: "1", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "pol.keyrule", zh: "密钥管理规则", en: "Key management rules", clause: "8.5 b",
      obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "pol.procedure", zh: "建立操作规程", en: "Operating procedures", clause: "8.5 c",
      obligation: .shall,
      weight: "0.7", verdict: .partial, score: "0.5000"),
    SampleUnit(
      code: "pol.revise", zh: "定期修订安全管理制度", en: "Regular revision", clause: "8.5 d",
      obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "pol.publish", zh: "明确管理制度发布流程", en: "Publication", clause: "8.5 e", obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "pol.record", zh: "制度执行过程记录留存", en: "Records kept", clause: "8.5 f", obligation: .shall,
      weight: "0.7", verdict: .partial, score: "0.5000"),
    SampleUnit(
      code: "per.law", zh: "了解并遵守密码相关法律法规和密码管理制度", en: "Knowledge of laws and rules",
      clause: "8.6 a", obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "per.post", zh: "建立密码应用岗位责任制度", en: "Posts and duties", clause: "8.6 b",
      obligation: .shall,
      weight: "1", verdict: .partial, score: "0.5000"),
    SampleUnit(
      code: "per.train", zh: "建立上岗人员培训制度", en: "Training", clause: "8.6 c", obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "per.exam", zh: "定期进行安全岗位人员考核", en: "Examination", clause: "8.6 d", obligation: .shall,
      weight: "0.7", verdict: .nonConforming, score: "0.0000"),
    SampleUnit(
      code: "per.secrecy", zh: "建立关键岗位人员保密制度和调离制度", en: "Secrecy and leaving", clause: "8.6 e",
      obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "con.plan", zh: "制定密码应用方案", en: "Cryptography plan", clause: "8.7 a",
      obligation: .shall,
      weight: "1", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "con.keypolicy", zh: "制定密钥安全管理策略", en: "Key policy", clause: "8.7 b",
      obligation: .shall,
      weight: "1", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "con.impl", zh: "制定实施方案", en: "Implementation plan", clause: "8.7 c",
      obligation: .shall,
      weight: "0.7", verdict: .partial, score: "0.5000"),
    SampleUnit(
      code: "con.preassess", zh: "投入运行前进行密码应用安全性评估", en: "Assessment before service",
      clause: "8.7 d", obligation: .shall,
      weight: "1", verdict: .notApplicable, score: nil),
    SampleUnit(
      code: "con.periodic", zh: "定期开展密码应用安全性评估及攻防对抗演习", en: "Regular assessment and drills",
      clause: "8.7 e", obligation: .shall,
      weight: "0.7", verdict: .partial, score: "0.5000"),
    SampleUnit(
      code: "eme.plan", zh: "应急策略", en: "Emergency plan", clause: "8.8 a", obligation: .shall,
      weight: "1", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "eme.handle", zh: "事件处置", en: "Incident handling", clause: "8.8 b", obligation: .shall,
      weight: "0.7", verdict: .conforming, score: "1.0000"),
    SampleUnit(
      code: "eme.report", zh: "向有关主管部门上报处置情况", en: "Reporting to authorities", clause: "8.8 c",
      obligation: .shall,
      weight: "0.7", verdict: .awaiting, score: nil),
  ]
}
