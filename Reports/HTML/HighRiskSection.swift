import AssessmentModel

/// The gate beside the score: problems of the high-risk guideline and what people decided about them.
enum HighRiskSection {
  static func body(_ index: ReportIndex) -> HTML {
    // Those that count come first; otherwise the order of the record.
    let hits = index.result.highRisk
    let ordered = hits.filter(\.counts) + hits.filter { !$0.counts }
    let headings = [
      Bilingual(zh: "条目", en: "Item"), Column.unit, Column.object,
      Bilingual(zh: "状态", en: "State"), Bilingual(zh: "计入结论", en: "Counts"),
      Bilingual(zh: "理由", en: "Why"), Bilingual(zh: "决定人", en: "Decided by"),
      Column.evidence, Bilingual(zh: "豁免", en: "Waiver"),
    ]
    let table = HTML.table(headings, class: "risk", rows: ordered.map(row))
    return """
      <p>\(sentence(hits)) \(zh: "工具仅提出；存在、缓解或不成立由具名人员决定。高置信度的提出在决定前计入结论。",
      en: "The tool only proposes; a named person decides. A proposal of high confidence counts until then.")</p>
      \(table)
      """
  }

  private static func sentence(_ hits: [AssessmentResult.HighRiskHit]) -> HTML {
    hits.contains(where: \.counts)
      ? "<strong>\(zh: "判定系统存在高风险。", en: "High risk stands against the system.")</strong>"
      : "<strong>\(zh: "未见计入结论的高风险。", en: "No high risk counts against the conclusion.")</strong>"
  }

  private static func row(_ hit: AssessmentResult.HighRiskHit) -> HTML {
    """
    <tr\(hit.counts ? " class=x" as HTML : "")><th scope=row><code>\(hit.code)</code> \(hit.title)\
     · \(zh: "问题", en: "problem") \(hit.problem)\
    <td><code>\(hit.unit)</code><td>\(HTML.value(hit.object))<td>\(hit.state.word)\
    \(hit.confidence.map { "<br><small>\(zh: "置信度", en: "confidence") \($0.word)</small>" as HTML } ?? "")\
    <td>\(hit.counts ? "✖ \(zh: "是", en: "yes")" as HTML : "\(zh: "否", en: "no")")\
    <td>\(hit.why)<td>\(HTML.value(hit.decidedBy))<td>\(HTML.evidence(hit.evidence))\
    <td>\(HTML.value(hit.waiver))\n
    """
  }
}
