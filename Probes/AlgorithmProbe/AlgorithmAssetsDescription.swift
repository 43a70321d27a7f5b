import AssessmentModel
package import ProbeKit

extension AlgorithmAssetsProbe {
  package static let description = ProbeDescription(
    name: "algorithm.assets",
    title: Bilingual(
      zh: "密码资产清查：证书、密钥及其算法", en: "Inventory of certificates and keys with their algorithms"),
    objectKinds: [.assetStore],
    facts: [
      "assets": Bilingual(
        zh: "所发现的密码资产，按路径和位置排序", en: "The cryptographic assets found, by path and place"),
      "assets.problems": Bilingual(
        zh: "形似密码资产但无法解析的内容及其位置",
        en: "What looks like an asset and cannot be read as one, with its place"),
      "assets.unreadable": Bilingual(
        zh: "未能查看的文件及原因", en: "Files that could not be looked at, and why"),
      "assets.private-keys-in-clear": Bilingual(
        zh: "以明文存放的私钥数量", en: "How many private keys lie in clear"),
      "assets.expired": Bilingual(
        zh: "检查时已过期的证书数量", en: "How many certificates had expired when they were looked at"),
      "assets.inspected-at": Bilingual(
        zh: "检查时间（世界协调时）", en: "The moment of the inspection, UTC"),
      "assets.algorithms": Bilingual(
        zh: "所用密钥算法及长度，去重排序", en: "The key algorithms met, each once, sorted"),
      "assets.signature-digests": Bilingual(
        zh: "签名所用杂凑算法，去重排序", en: "The digests of signatures met, each once, sorted"),
    ],
    parameters: [
      "passwords": Bilingual(
        zh: "口令文件路径，每行一个口令", en: "Path of a file with one password a line")
    ],
    target: "PATH of a file or folder", contactsNetwork: false)
}
