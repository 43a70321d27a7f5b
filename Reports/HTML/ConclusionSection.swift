import AssessmentModel

/// The conclusion or why there is none, and the figures a reader asks for first.
enum ConclusionSection {
  static func body(_ index: ReportIndex) -> HTML {
    """
    <div class=tiles>
    \(conclusionTile(index))\(scoreTile(index))\(highRiskTile(index))\(indexTile(index))
    </div>
    <p class=claim>\(Claims.notOfficial)</p>
    \(counts(index))\(VerdictChart.units(index).body)\n
    """
  }

  private static func tile(_ title: Bilingual, _ figure: HTML, _ note: HTML, mark: HTML) -> HTML {
    "<div class='tile \(mark)'><h3>\(title)</h3><p class=figure>\(figure)</p><p>\(note)</p></div>\n"
  }

  private static func conclusionTile(_ index: ReportIndex) -> HTML {
    let title = Bilingual(zh: "结论（仅依结果 A）", en: "Conclusion (from result A alone)")
    let complete = !index.result.selection.isReduced && index.result.run.state == .complete
    if complete, let conclusion = index.score.conclusion {
      return tile(
        title, "\(conclusionWord(conclusion))",
        "\(zh: "GB/T 39786-2021 \(IdentitySection.level(index.result.system.level))", en: "GB/T 39786-2021 level \(index.result.system.level)")",
        mark: conclusionMark(conclusion))
    }
    return tile(
      title, "\(zh: "未给出", en: "not given")", whyNone(index), mark: "tile-open")
  }

  /// The word in Chinese is the official one; the English beside it is ours.
  private static func conclusionWord(_ word: String) -> Bilingual {
    switch Score.Conclusion(rawValue: word) {
    case .conforming: Bilingual(zh: word, en: "conforms (符合)")
    case .basicallyConforming: Bilingual(zh: word, en: "basically conforms (基本符合)")
    case .nonConforming: Bilingual(zh: word, en: "does not conform (不符合)")
    case nil: Bilingual(zh: word, en: word)
    }
  }

  private static func conclusionMark(_ word: String) -> HTML {
    switch Score.Conclusion(rawValue: word) {
    case .conforming: "tile-c"
    case .basicallyConforming: "tile-p"
    case .nonConforming: "tile-x"
    case nil: ""
    }
  }

  private static func whyNone(_ index: ReportIndex) -> HTML {
    let result = index.result
    var reasons: [HTML] = []
    if result.selection.isReduced {
      reasons.append("\(zh: "只测评了部分范围。", en: "Only part of the scope was assessed.")")
    }
    switch result.run.state {
    case .complete: break
    case .interrupted:
      reasons.append("\(zh: "运行被中断。", en: "The run was interrupted.")")
    }
    switch index.score.whyNone {
    case .person:
      reasons.append("\(zh: "须由人员核查或决定。", en: "A person has to answer or decide.")")
    case .untested:
      reasons.append(
        "\(zh: "尚有未测内容，得分为区间。", en: "Something is untested, so the score is a range.")")
    case nil:
      if index.score.conclusion == nil, reasons.isEmpty {
        reasons.append("\(zh: "记录中没有结论。", en: "The record holds no conclusion.")")
      }
    }
    reasons.append(
      """
      \(zh: "待核查问题 \(result.awaiting.count) 个，未测 \(index.count(.untested)) 项。",
      en: "\(result.awaiting.count) questions wait for a person, \(index.count(.untested)) findings are untested.")
      """)
    return "\(reasons.map { "\($0) " as HTML })"
  }

  private static func scoreTile(_ index: ReportIndex) -> HTML {
    let score = index.score
    let edition = score.edition ?? index.result.catalog.edition
    let note: HTML = """
      \(zh: "量化评估规则 \(edition) 版，满分 100", en: "scoring rules, edition \(edition), of 100")\
      \(score.threshold.map { " · \(zh: "阈值 \($0)", en: "threshold \($0)")" as HTML } ?? "")
      """
    return tile(
      Bilingual(zh: "结果 A：综合得分", en: "Result A: official score"), total(score), note,
      mark: "tile-a")
  }

  static func total(_ score: ScoreReading) -> HTML {
    if let range = score.range {
      return "\(HTML.value(range.lower)) – \(HTML.value(range.upper))"
    }
    return HTML.value(score.total)
  }

  private static func highRiskTile(_ index: ReportIndex) -> HTML {
    let hits = index.result.highRisk
    let counting = hits.count(where: \.counts)
    let proposed = hits.count { $0.state == .proposed && !$0.counts }
    return tile(
      Bilingual(zh: "高风险", en: "High risk"), "\(counting)",
      counting > 0
        ? "\(zh: "判定系统存在高风险", en: "high risk stands against the system")"
        : proposed > 0
          ? "\(zh: "另有 \(proposed) 项待人确认", en: "\(proposed) more wait for a person's decision")"
          : "\(zh: "未见未缓解的高风险", en: "no unmitigated high risk was found")",
      mark: counting > 0 ? "tile-x" : "")
  }

  private static func indexTile(_ index: ReportIndex) -> HTML {
    let summary = index.result.index
    return tile(
      Bilingual(zh: "结果 B：GM/T 0077 指数", en: "Result B: GM/T 0077 index"),
      HTML.value(summary.value),
      """
      \(zh: "已判 \(summary.judged) / 已知 \(summary.known) / 应有 \(summary.expected)；本指数不是密评得分，不适用阈值",
      en: "\(summary.judged) judged / \(summary.known) known / \(summary.expected) expected; our own index, no threshold")
      """, mark: "tile-b")
  }

  private static func counts(_ index: ReportIndex) -> HTML {
    let parts = Verdict.allCases.map { "\($0.badge) <b>\(index.count($0))</b> " as HTML }
    return """
      <p class=counts>\(zh: "判定数：", en: "Findings:") \(parts)</p>
      <p>\(zh: "门限：", en: "Gate:") \(HTML.code(index.result.gate.kind)) ·
      \(zh: "退出码", en: "exit code") \(index.result.gate.exitCode) · \(index.result.gate.reason)</p>
      """
  }
}

/// What the report says about itself, the same everywhere.
enum Claims {
  static let notOfficial = Bilingual(
    zh: "有效的密评报告只能由具备资格的商用密码检测机构出具。本报告是差距分析和自评材料，密评（Miping）从不声称它是密评报告。",
    en: """
      Only a qualified institution issues a valid 密评 report. This is a gap report for self-assessment; \
      Miping never claims that it is one.
      """)
}
