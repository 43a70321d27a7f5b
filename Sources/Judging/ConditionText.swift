package import AssessmentModel

/// Says an expectation in words, for reports.
package enum ConditionText {
  /// `judgement` is the number of the published judgement it rests on.
  package static func text(_ expectation: Expectation, judgement: String? = nil) -> Bilingual {
    let subject = expectation.field.map { "\(expectation.fact) · \($0)" } ?? expectation.fact
    let (zh, en) = words(expectation.condition)
    guard let judgement else { return Bilingual(zh: "\(subject) \(zh)", en: "\(subject) \(en)") }
    return Bilingual(
      zh: "\(subject) \(zh)（密评问答 \(judgement)）",
      en: "\(subject) \(en) (published judgement \(judgement))")
  }

  private static func words(_ condition: Condition) -> (zh: String, en: String) {
    switch condition {
    case .equals(let value): ("等于 \(plain(value))", "is \(plain(value))")
    case .differs(let value): ("不等于 \(plain(value))", "is not \(plain(value))")
    case .within(let set): ("全部属于 \(name(set))", "lies wholly within \(name(set))")
    case .noneOf(let set): ("均不属于 \(name(set))", "has none of \(name(set))")
    case .includes(let set): ("至少含 \(name(set)) 之一", "includes one of \(name(set))")
    case .atLeast(let bound): ("不少于 \(bound)", "is at least \(bound)")
    case .atMost(let bound): ("不多于 \(bound)", "is at most \(bound)")
    case .empty: ("为空", "is empty")
    case .present(true): ("有此项", "is there")
    case .present(false): ("无此项", "is not there")
    }
  }

  private static func name(_ set: ValueSet) -> String {
    switch set {
    case .named(let name): name
    case .values(let values): "{" + values.map(plain).joined(separator: ", ") + "}"
    }
  }

  private static func plain(_ value: FactValue) -> String {
    value.text ?? JSONText.compact(value)
  }
}
