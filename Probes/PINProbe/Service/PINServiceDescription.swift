import AssessmentModel
package import ProbeKit

extension PINServiceProbe {
  package static let description = ProbeDescription(
    name: "pin.service",
    title: Bilingual(
      zh: "PIN转换与验证服务的主动攻击测试", en: "PIN services under attack: translation, verification, keys"),
    objectKinds: [.pinService],
    facts: [
      "pin.attacks": Bilingual(
        zh: "PIN-01至PIN-23各项结果：secure、insecure、inconclusive、not-run，及发现或观察项",
        en:
          "By check PIN-01 to PIN-23: secure, insecure, inconclusive or not-run, with its finding or observation"
      ),
      "pin.attack-details": Bilingual(
        zh: "各项的步骤、预期应答、实际应答（已掩码）、条款、未执行原因",
        en:
          "By check: the steps, the expected and the observed answer (masked), the clause, why it was not run"
      ),
      "pin.insecure-attacks": Bilingual(
        zh: "结果为insecure的测试项，排序；没有任何一项得出结果时不给出",
        en: "The checks that came out insecure, sorted; absent when no check had a result"),
      "pin.attack-findings": Bilingual(
        zh: "全部发现，去重排序", en: "The findings of all checks, each once, sorted"),
      "pin.attacks-without-result": Bilingual(
        zh: "未执行或无结论的测试项，排序", en: "The checks not run or inconclusive, sorted"),
      "pin.service-calls": Bilingual(
        zh: "向服务发出的调用数与服务无应答断开次数",
        en: "How many calls were made, and how often the service went away without an answer"),
      "pin.service-description": Bilingual(
        zh: "服务描述摘要：适配器、是否生产、格式、命令",
        en: "The description in short: adapter, production or not, formats, commands"),
      "pin.test-master-key": Bilingual(
        zh: "诊断应答的主密钥校验值是否为厂商公开的测试主密钥",
        en: "Whether diagnostics show the check value of a vendor's public test master key"),
    ],
    target:
      "FILE that describes the service, YAML: its address, test keys and test accounts; PIN-16 may lock the last account",
    contactsNetwork: true)
}
