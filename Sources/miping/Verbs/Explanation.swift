import AssessmentModel
import Judging

/// Requirements and high-risk items in words.
enum Explanation {
  /// By id, by clause, or by the code of a unit. Nothing found: the nearest ids, and code 2.
  static func find(
    _ id: String, in catalog: Catalog, _ language: Language
  ) throws -> [Requirement] {
    let all = catalog.requirements + catalog.unitRequirements
    let exact = all.filter { $0.id == id }
    if !exact.isEmpty { return exact }
    let loose = all.filter {
      $0.clause == id && $0.standard == .gmt0077 || $0.standard == .gbt39786 && $0.feeds == [id]
    }
    guard loose.isEmpty else { return loose }
    let near = nearestName(to: id, among: all.map(\.id) + catalog.units.map(\.code))
    Terminal.note(
      language.pick(
        zh: "没有条目 \(id)" + (near.map { "；是否指 \($0)？" } ?? "；见 miping catalog list"),
        en: "there is no requirement \(id)"
          + (near.map { "; did you mean \($0)?" } ?? "; see miping catalog list")))
    throw ExitMeaning.wrongUse.exit
  }

  static func text(_ requirement: Requirement, _ language: Language) -> String {
    var lines = [
      "\(requirement.id)  \(language.pick(requirement.title))",
      "  \(requirement.standard == .gmt0077 ? "GM/T 0077-2019" : "GB/T 39786-2021") \(requirement.clause) "
        + "\(requirement.item)  [\(requirement.obligation.rawValue)]  \(language.pick(requirement.dimension.title))",
    ]
    guard requirement.textState == .read else {
      lines.append(
        "  "
          + language.pick(
            zh: "条文未能查到：只列出，不判定。持有标准者可用叠加文件补全。",
            en:
              "the text was not available: listed, never judged. Whoever owns the standard can complete it in an overlay."
          ))
      return lines.joined(separator: "\n") + "\n"
    }
    if let text = requirement.text { lines.append("  \(language.pick(text))") }
    lines += requirement.assessments.flatMap { assessment($0, language) }
    if !requirement.feeds.isEmpty, requirement.standard == .gmt0077 {
      lines.append("  → \(requirement.feeds.joined(separator: ", "))")
    }
    if !requirement.gates.isEmpty {
      lines.append(
        "  \(language.pick(zh: "高风险项", en: "high-risk items")): \(requirement.gates.joined(separator: ", "))"
      )
    }
    if let remediation = requirement.remediation {
      lines.append("  \(language.pick(zh: "整改", en: "Remediation")): \(language.pick(remediation))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func assessment(_ assessment: Assessment, _ language: Language) -> [String] {
    switch assessment {
    case .probe(let probe):
      let planned =
        probe.isPlanned ? language.pick(zh: "（探测器尚未实现）", en: " (probe not written yet)") : ""
      var lines = ["  \(probe.procedure.probe) @ \(probe.objectKind.rawValue)\(planned)"]
      for letter in JudgedLetter.allCases {
        for expectation in probe.expectations(behind: letter) {
          let text = ConditionText.text(expectation, judgement: probe.judgement)
          lines.append("    \(letter.rawValue): \(language.pick(text))")
        }
      }
      return lines
    case .ask(let question):
      let letter = question.letter.map { "\($0.rawValue) " } ?? ""
      return [
        "  ☐ \(letter)\(question.id) (\(question.method.rawValue), \(question.objectKind.rawValue)): "
          + language.pick(question.text)
      ]
    }
  }

  static func text(_ item: HighRiskRules.Item, _ language: Language) -> String {
    var lines = ["\(item.code)  \(language.pick(item.title))"]
    for (number, text) in item.problems.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(number)  \(language.pick(text))")
    }
    let heading = language.pick(zh: "可能的缓解", en: "possible mitigations")
    if item.mitigations.isEmpty {
      lines.append("  \(heading): \(language.pick(zh: "无", en: "none"))")
    }
    lines += item.mitigations.map { "  \(heading): \(language.pick($0))" }
    return lines.joined(separator: "\n") + "\n"
  }
}
