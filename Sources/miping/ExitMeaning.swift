import ArgumentParser
import AssessmentModel

/// What exit codes mean, the same for every verb; a flag never changes it.
enum ExitMeaning: Int32, CaseIterable {
  case done = 0
  case gateNotMet = 1
  case wrongUse = 2
  case incomplete = 3
  case integrity = 4
  case toolFailed = 5
  case interrupted = 130

  var meaning: Bilingual {
    switch self {
    case .done: Bilingual(zh: "完成，门限已达到", en: "done; the gate, where one applies, is met")
    case .gateNotMet: Bilingual(zh: "未达门限", en: "the gate is not met")
    case .wrongUse:
      Bilingual(
        zh: "用法有误：参数、范围、目录、豁免或核查文件",
        en: "wrong use: flags, scope, catalog, waiver or attestation file")
    case .incomplete:
      Bilingual(zh: "不完整：有未能判定的内容", en: "incomplete: something could not be judged")
    case .integrity:
      Bilingual(
        zh: "完整性：证据、链、清单或签名不符",
        en: "integrity: evidence, chain, manifest or signature does not verify")
    case .toolFailed: Bilingual(zh: "工具故障", en: "the tool failed")
    case .interrupted:
      Bilingual(zh: "被中断，已得内容保留", en: "interrupted; what was gathered is kept")
    }
  }

  static func listing(_ language: Language) -> String {
    allCases.map { "\($0.rawValue) \(language.pick($0.meaning))" }.joined(separator: "; ")
  }

  /// Ends the verb with this code, nothing more printed.
  var exit: ExitCode { ExitCode(rawValue) }
}
