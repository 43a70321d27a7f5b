import AssessmentModel

/// What waits for a person: the questions, each with the requirements that wait for its answer.
enum PendingSection {
  static func questions(_ index: ReportIndex) -> HTML {
    HTML.table(
      [
        Bilingual(zh: "问题", en: "Question"), Column.object,
        Bilingual(zh: "判断", en: "Letter"), Bilingual(zh: "方法", en: "Method"),
        Bilingual(zh: "看什么、问什么", en: "What to look at and ask"),
        Bilingual(zh: "等待它的条款", en: "Requirements waiting"),
      ],
      rows: index.result.awaiting.map { question in
        """
        <tr><th scope=row><code>\(question.ask)</code><td>\(HTML.value(question.object))\
        <td>\(question.letter?.rawValue ?? "")<td>\(question.method.word)<td>\(question.text)\
        <td>\(names(question.requirements))\n
        """
      })
  }

  private static func names(_ requirements: [String]) -> HTML {
    let shown = requirements.prefix(12).map { "\(HTML.code($0)) " as HTML }
    return requirements.count > 12 ? "\(shown)… +\(requirements.count - 12)" : "\(shown)"
  }
}
