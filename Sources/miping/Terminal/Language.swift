import ArgumentParser
import AssessmentModel
import FoundationEssentials
import Reporting

/// The language of messages: `--lang`, else the locale. Ids, keys and codes are never translated.
enum Language: String, CaseIterable, ExpressibleByArgument, Sendable {
  case chinese = "zh-CN"
  case english = "en"
  case both

  /// `zh` is taken for `zh-CN`.
  init?(argument: String) { self.init(rawValue: argument == "zh" ? "zh-CN" : argument) }

  /// Help is made before flags are read, so the flag is looked for by hand.
  static let current: Language = {
    let arguments = CommandLine.arguments
    for (index, argument) in arguments.enumerated() {
      if argument == "--lang", index + 1 < arguments.count {
        return Language(argument: arguments[index + 1]) ?? .english
      }
      if argument.hasPrefix("--lang=") {
        return Language(argument: String(argument.dropFirst(7))) ?? .english
      }
    }
    let environment = ProcessInfo.processInfo.environment
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = environment[name], !value.isEmpty {
        return value.hasPrefix("zh") ? .chinese : .english
      }
    }
    return .english
  }()

  func pick(zh: String, en: String) -> String {
    switch self {
    case .chinese: zh
    case .english: en
    case .both: zh == en ? zh : "\(zh) / \(en)"
    }
  }

  func pick(_ text: Bilingual) -> String { pick(zh: text.zh, en: text.en) }

  var report: ReportLanguage {
    switch self {
    case .chinese: .chinese
    case .english: .english
    case .both: .both
    }
  }
}
