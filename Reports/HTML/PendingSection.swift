import AssessmentModel

/// What waits for a person: each question once, with the objects it is asked of and the requirements that
/// wait for its answer.
enum PendingSection {
  static func questions(_ index: ReportIndex) -> HTML {
    HTML.table(
      [
        Bilingual(zh: "问题", en: "Question"),
        Bilingual(zh: "判断", en: "Letter"), Bilingual(zh: "方法", en: "Method"),
        Bilingual(zh: "看什么、问什么", en: "What to look at and ask"),
        Bilingual(zh: "等待它的条款", en: "Requirements waiting"), Column.object,
      ],
      rows: grouped(index.result.awaiting).map { question, objects in
        """
        <tr><th scope=row><code>\(question.ask)</code>\
        <td>\(question.letter?.rawValue ?? "")<td>\(question.method.word)<td>\(question.text)\
        <td>\(names(question.requirements))<td>\(list(objects))\n
        """
      })
  }

  /// Questions that differ in their object alone, in the order of the first of each.
  private static func grouped(
    _ questions: [AssessmentResult.PendingQuestion]
  ) -> [(question: AssessmentResult.PendingQuestion, objects: [String?])] {
    var places: [AssessmentResult.PendingQuestion: Int] = [:]
    var groups: [(question: AssessmentResult.PendingQuestion, objects: [String?])] = []
    for question in questions {
      var key = question
      key.object = nil
      if let place = places[key] {
        groups[place].objects.append(question.object)
      } else {
        places[key] = groups.count
        groups.append((question, [question.object]))
      }
    }
    return groups
  }

  private static func list(_ objects: [String?]) -> HTML {
    let names = objects.map { HTML.value($0) }
    return names.dropFirst().reduce(into: names.first ?? HTML.dash) { list, name in
      list += ", "
      list += name
    }
  }

  private static func names(_ requirements: [String]) -> HTML {
    let shown = requirements.prefix(12).map { "\(HTML.code($0)) " as HTML }
    return requirements.count > 12 ? "\(shown)… +\(requirements.count - 12)" : "\(shown)"
  }
}
