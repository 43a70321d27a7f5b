import AssessmentModel
package import ProbeKit

extension PINBlocksProbe {
  package static let description = ProbeDescription(
    name: "pin.blocks",
    title: Bilingual(
      zh: "PIN数据块检查：格式、绑定与薄弱做法", en: "PIN blocks: format, binding and weak practice"),
    objectKinds: [.pinService],
    facts: [
      "pin.blocks": Bilingual(
        zh: "每个数据块能否解出、PIN长度、首个错误类别", en: "By block: whether it opens, PIN length, first error"),
      "pin.weaknesses": Bilingual(
        zh: "每个样本集显示的薄弱做法", en: "By sample set: the weak practices it shows"),
      "pin.weakness-details": Bilingual(
        zh: "每个样本集的样本量、实际格式、误报概率上限",
        en: "By sample set: its size, the formats found, the bound on a false alarm"),
      "pin.block-problems": Bilingual(
        zh: "样本文件中无法读取或值得注意的内容及行号",
        en: "What in the file could not be read or is worth noting, with its line"),
      "pin.key-check-values": Bilingual(
        zh: "每个数据块和样本集所用密钥的校验值", en: "By block and sample set: the check value of its key"),
      "pin.blocks-undecoded": Bilingual(
        zh: "未能解出PIN的数据块数量", en: "How many blocks gave no PIN"),
      "pin.weakness-names": Bilingual(
        zh: "全部样本集的薄弱做法，去重排序", en: "The weak practices of all sets, each once, sorted"),
    ],
    target: "FILE of PIN blocks with keys, JSON or YAML", contactsNetwork: false)
}
