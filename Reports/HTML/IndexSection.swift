import AssessmentModel

/// Result B: our index over the rows of GM/T 0077, always with its coverage.
enum IndexSection {
  static func body(_ index: ReportIndex) -> HTML {
    let summary = index.result.index
    let chart = VerdictChart.rows(index).body
    return """
      <p class=figure>\(HTML.value(summary.value)) <small>/ 100</small></p>
      <p>\(zh: "覆盖：已判 \(summary.judged) 条 / 文本已知 \(summary.known) 条 / 应有 \(summary.expected) 条。",
      en: "Coverage: \(summary.judged) rows judged / \(summary.known) with known text / \(summary.expected) expected.")</p>
      <p>\(zh: "公式：Σ(w × s) ÷ Σw × 100，应 w = 1，宜 w = 0.7，可 w = 0.4；s 取与测评对象相同的得分表（管理类 1 / 0.5 / 0）。本指数由本项目自定，不是密评得分，不与结果 A 合并，也不适用阈值。",
      en: "Formula: Σ(w × s) ÷ Σw × 100 with w = 1, 0.7, 0.4 for shall, should, may; s from the same table as objects (management 1 / 0.5 / 0). The index is ours: it is not the official score, is never joined with result A, and no threshold applies.")</p>
      \(chart)\n
      """
  }
}
