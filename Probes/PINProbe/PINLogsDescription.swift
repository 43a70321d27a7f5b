import AssessmentModel
package import ProbeKit

extension PINLogsProbe {
  package static let description = ProbeDescription(
    name: "pin.logs",
    title: Bilingual(zh: "日志中的PIN数据泄露检查", en: "PIN data in logs and messages"),
    objectKinds: [.pinService],
    facts: [
      "pin.leaks": Bilingual(
        zh: "泄露的PIN数据：位置、形态（1至5）、掩码", en: "PIN data found: place, form 1 to 5, masked"),
      "pin.leak-forms": Bilingual(
        zh: "出现的泄露形态，去重排序", en: "The forms of leak met, each once, sorted"),
      "pin.leak-count": Bilingual(
        zh: "泄露总数，含未列出的", en: "How many leaks there are, unlisted ones too"),
      "pin.logs-read": Bilingual(
        zh: "已扫描的文件数和字节数", en: "How many files and bytes were looked through"),
      "pin.log-problems": Bilingual(
        zh: "未能完整扫描的文件及原因", en: "Files not looked through in full, and why"),
      "pin.canaries-used": Bilingual(
        zh: "用于比对的探针交易和密钥数量", en: "How many canary transactions and values were searched for"),
      "pin.canary-problems": Bilingual(
        zh: "探针文件中无法使用的内容及行号",
        en: "What in the file of canaries could not be used, with its line"),
    ],
    parameters: [
      "canaries": Bilingual(
        zh: "探针数据文件路径（YAML：keys、transactions）",
        en: "Path of the canaries, YAML with keys and transactions"),
      "logs": Bilingual(
        zh: "日志文件或目录路径，用于位置是服务描述文件的 pin-service 对象",
        en: "Path of the log or folder, for a pin-service object, whose place is its description"),
    ],
    target: "PATH of a log file or a folder of logs", contactsNetwork: false)
}
