import AssessmentModel

/// What of GM/T 0077 could be judged. Clauses that were not read appear by number only: their content is
/// not known, so nothing may be shown as what they require.
enum CoverageSection {
  static func body(_ index: ReportIndex) -> HTML {
    let summary = index.result.index
    let rows = index.dimensions.filter { $0.standard == .gmt0077 }.map { key -> HTML in
      let groups = index.groups(in: key)
      let unread = groups.filter { $0.requirement?.text == .unread }
      let pointers = groups.filter { $0.requirement?.obligation == .pointer }
      return """
        <tr><th scope=row>\(key.dimension.title)<td class=r>\(groups.count)<td class=r>\(unread.count)\
        <td>\(numbers(unread))<td>\(numbers(pointers))\n
        """
    }
    let table = HTML.table(
      [
        Bilingual(zh: "维度", en: "Dimension"), Bilingual(zh: "条目", en: "Rows"),
        Bilingual(zh: "未读", en: "Unread"), Bilingual(zh: "未读条款号", en: "Unread clauses"),
        Bilingual(zh: "仅为引用", en: "Pointers"),
      ], rows: rows)
    return """
      <p>\(zh: "已判 \(summary.judged) / 文本已知 \(summary.known) / 应有 \(summary.expected)。",
      en: "\(summary.judged) judged / \(summary.known) with known text / \(summary.expected) expected.")
      \(zh: "未读条款的原文未获得：只列号，不判定，不作为要求展示。持有标准文本的测评人员可用补充目录（--overlay）补全。",
      en: "The text of unread clauses was not available: they are listed by number, not judged and not shown as requirements. An assessor who owns the standard completes them in an overlay (--overlay).")</p>
      \(table)
      """
  }

  private static func numbers(_ groups: [FindingGroup]) -> HTML {
    guard !groups.isEmpty else { return HTML.dash }
    return "\(groups.map { "<code>\($0.shortName)</code> " as HTML })"
  }
}
