/// The papers that the answers name (证据文件), as short texts.
enum EvidenceFiles {
  /// Contents by file name.
  static let all: [String: String] = [
    "door-test.txt": """
    示例证据（虚构） / Example evidence (fictitious)
    门禁测试：测试卡 A 开门；复制卡号的卡 B 拒绝，记录号 1042。
    Door test: card A opens; card B with the copied number is refused, record 1042.

    """,
    "product-certificates.txt": """
    示例证据（虚构） / Example evidence (fictitious)
    产品认证证书清单：GM-EXAMPLE-0001、0002、0003、0005，安全等级二级，型号与铭牌一致。
    Product certificates GM-EXAMPLE-0001, 0002, 0003 and 0005: grade 2, models match the plates.

    """,
    "login-test.txt": """
    示例证据（虚构） / Example evidence (fictitious)
    登录抓包：挑战 32 字节，SM2 签名独立验证通过；重放返回“拒绝”。
    Captured login: challenge of 32 bytes, SM2 signature verified independently; a replay is refused.

    """,
    "out-of-band.txt": """
    示例证据（虚构） / Example evidence (fictitious)
    带外管理网拓扑核对：独立交换机与线缆，无到业务网的路由。
    Out-of-band network: switches and cables of its own, no route to the business network.

    """,
    "message-sample.txt": """
    示例证据（虚构） / Example evidence (fictitious)
    报文样本：字段已加密，附签名；改动一字后验证失败。
    Message sample: fields encrypted, signature attached; verification fails after one change.

    """,
    "rules-index.txt": """
    示例证据（虚构） / Example evidence (fictitious)
    制度目录 3.0 版与方案评审意见（通过）。
    Index of the rules, version 3.0, and the review of the plan (passed).

    """,
  ]
}
