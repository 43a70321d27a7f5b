import AssessmentModel
package import ProbeKit

extension AuditLogIntegrityProbe {
  package static let description = ProbeDescription(
    name: "audit.log",
    title: Bilingual(zh: "审计日志完整性核查", en: "Integrity of an audit log"),
    objectKinds: [.auditLog],
    facts: [
      "audit.records": Bilingual(zh: "读取的记录数", en: "Records read"),
      "audit.value-failures": Bilingual(
        zh: "校验值不正确或缺失的记录序号",
        en: "Numbers of the records whose stored value is wrong or missing"),
      "audit.link-failures": Bilingual(
        zh: "与前一条记录链接不一致的记录序号",
        en: "Numbers of the records that do not link to the record before"),
      "audit.checkpoint-failures": Bilingual(
        zh: "签名检查点的问题", en: "Signed checkpoints that are wrong, and why"),
      "audit.structural": Bilingual(
        zh: "序号、时间和必备字段的问题",
        en: "Findings about sequence numbers, times and required fields"),
      "audit.anchor-failures": Bilingual(
        zh: "与外部锚点不一致之处", en: "Differences from what an earlier visit saw"),
      "audit.folder-failures": Bilingual(
        zh: "摘要文件夹的问题", en: "Findings about a folder of digests"),
      "audit.covered-by-valid-checkpoint": Bilingual(
        zh: "有效签名检查点覆盖的记录数", en: "Records a valid signed checkpoint covers"),
      "audit.failure-counts": Bilingual(
        zh: "各类问题的数量", en: "How many findings of each kind there are"),
      "audit.pitfalls": Bilingual(
        zh: "构造和数据中的隐患", en: "Weaknesses of the construction and of the data"),
      "audit.undetectable": Bilingual(
        zh: "该日志自身无法发现的篡改", en: "Changes that nothing in this log could show"),
      "audit.attacks": Bilingual(zh: "篡改试验的结果", en: "Results of the tamper matrix"),
      "audit.attacks-noticed": Bilingual(
        zh: "被自有验证程序或本工具发现的篡改试验",
        en: "Attacks that the log's own verifier or this probe noticed"),
      "audit.attacks-noticed-by-own-verifier": Bilingual(
        zh: "被自有验证程序发现的篡改试验", en: "Attacks that the log's own verifier noticed"),
      "audit.attacks-not-noticed": Bilingual(
        zh: "未被发现的篡改试验", en: "Attacks that nobody noticed"),
      "audit.verifier": Bilingual(
        zh: "自有验证程序的可用性", en: "Whether the log's own verifier could be used"),
      "audit.canary": Bilingual(
        zh: "审计探针事件的记录情况",
        en: "Harmless events that were caused and looked for in the log"),
      "audit.coverage": Bilingual(
        zh: "审计覆盖范围：用户、事件、内容、时间",
        en: "What the log covers: users, events, content, time"),
      "audit.coverage-findings": Bilingual(
        zh: "审计覆盖范围的缺口", en: "What the log does not cover, and who can switch auditing off"),
      "audit.errors": Bilingual(
        zh: "无法读取或理解的内容及其位置",
        en: "What could not be read or understood, with its place"),
      "audit.incomplete": Bilingual(
        zh: "未能完整核查的原因", en: "Why the log was not checked completely"),
      "audit.construction": Bilingual(zh: "完整性保护的构造", en: "The construction checked"),
      "audit.sequence-check": Bilingual(
        zh: "序号检查的范围", en: "Whether sequence numbers were checked, and how far"),
      "audit.checkpoints": Bilingual(zh: "检查点数量", en: "Checkpoints looked at"),
      "audit.key-shift": Bilingual(
        zh: "密钥演化位置的偏移", en: "Records by which the places of an evolving key have moved"),
      "audit.anchor": Bilingual(
        zh: "供下次核查比对的锚点", en: "What a later visit can compare with; only of a clean log"),
      "audit.not-run": Bilingual(
        zh: "日志模型中未执行的部分", en: "Parts of the log model that were not carried out"),
    ],
    parameters: [
      "active": Bilingual(
        zh: "是否对克隆进行篡改试验：none 或 clone（优先于日志模型）",
        en: "Whether clones are attacked, none or clone; takes precedence over the model"),
      "write-anchor": Bilingual(
        zh: "写入锚点的新文件路径（不得已存在）",
        en: "Path of a new file for the anchor of a clean log; it must not exist"),
    ],
    target: "PATH of a log model (YAML)", contactsNetwork: false)
}
