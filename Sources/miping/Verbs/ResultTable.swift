import AssessmentModel

/// A result on one screen: counts by layer, conclusion, what is not met, the gate.
enum ResultTable {
  static func text(_ result: AssessmentResult, _ language: Language) -> String {
    [
      heading(result, language), counts(result, language), conclusion(result, language),
      gaps(result, language), gate(result, language),
    ].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func heading(_ result: AssessmentResult, _ language: Language) -> String {
    let level = language.pick(
      zh: result.system.level == 3 ? "第三级" : "第四级", en: "level \(result.system.level)")
    return
      "\(result.catalog.standard)  \(level)  \(ActiveScalar.inert(language.pick(result.system.title)))  "
      + "\(result.run.id)\n"
  }

  private static func counts(_ result: AssessmentResult, _ language: Language) -> String {
    let requirements = Dictionary(result.requirements.map { ($0.id, $0) }) { first, _ in first }
    var order: [String] = []
    var titles: [String: String] = [:]
    var counts: [String: [Verdict: Int]] = [:]
    for finding in result.findings {
      guard let requirement = requirements[finding.requirement] else { continue }
      let key = "\(requirement.standard.rawValue).\(requirement.dimension.id)"
      if counts[key] == nil {
        order.append(key)
        let standard = requirement.standard == .gmt0077 ? "B" : "A"
        titles[key] = "\(standard) \(language.pick(requirement.dimension.title))"
      }
      counts[key, default: [:]][finding.verdict, default: 0] += 1
    }
    var table = Table(
      [language.pick(zh: "层面", en: "layer")]
        + Verdict.allCases.map { VerdictMark.text($0, language) })
    for key in order {
      table.add(
        [titles[key] ?? key] + Verdict.allCases.map { String(counts[key]?[$0] ?? 0) })
    }
    return table.text
  }

  private static func conclusion(_ result: AssessmentResult, _ language: Language) -> String {
    let score = result.score
    let total =
      score["total"]?.text
      ?? score["range"].map { range in
        "\(range["lower"]?.text ?? "?")–\(range["upper"]?.text ?? "?")"
      } ?? "–"
    let conclusion =
      score["conclusion"]?.text
      ?? language.pick(zh: "未给出", en: "none given")
      + (score["why-none"]?.text == "person"
        ? language.pick(zh: "（等待人工）", en: " (a person decides)")
        : language.pick(zh: "（有未测内容）", en: " (something is untested)"))
    let index =
      result.index.value ?? language.pick(zh: "无", en: "none")
    return language.pick(
      zh: """
        结论：\(conclusion)
        A 量化评估规则 \(result.catalog.edition) 版：\(total)
        B GM/T 0077 指数：\(index)（已判 \(result.index.judged) / 已知 \(result.index.known) / 应有 \(result.index.expected)）

        """,
      en: """
        conclusion: \(conclusion)
        A scoring rules \(result.catalog.edition): \(total)
        B GM/T 0077 index: \(index) (judged \(result.index.judged) / known \(result.index.known) / expected \(result.index.expected))

        """)
  }

  private static func gaps(_ result: AssessmentResult, _ language: Language) -> String {
    var table = Table([
      language.pick(zh: "判定", en: "verdict"), language.pick(zh: "条目", en: "requirement"),
      language.pick(zh: "对象", en: "object"), language.pick(zh: "原因", en: "reason"),
    ])
    let failing = result.findings.filter { $0.verdict == .nonConforming || $0.verdict == .partial }
    for finding in failing.sorted(by: {
      ($0.verdict == .nonConforming ? 0 : 1, $0.requirement) < (
        $1.verdict == .nonConforming ? 0 : 1, $1.requirement
      )
    }).prefix(30) {
      table.add([
        VerdictMark.text(finding.verdict, language), finding.requirement, finding.object ?? "–",
        finding.reasons.first.map { language.pick($0) } ?? "",
      ])
    }
    let more =
      failing.count > 30
      ? language.pick(
        zh: "另有 \(failing.count - 30) 项，见报告\n", en: "\(failing.count - 30) more in the report\n")
      : ""
    return failing.isEmpty ? "" : table.text + more
  }

  private static func gate(_ result: AssessmentResult, _ language: Language) -> String {
    let open = result.highRisk.count { $0.counts && $0.waiver == nil }
    return language.pick(
      zh:
        "高风险（未豁免）\(open) 项。门限 \(result.gate.kind)：\(result.gate.reason.zh)（退出码 \(result.gate.exitCode)）\n",
      en:
        "open high-risk hits: \(open). gate \(result.gate.kind): \(result.gate.reason.en) (exit code \(result.gate.exitCode))\n"
    )
  }
}
