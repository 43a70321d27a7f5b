package import AssessmentModel

/// The machine form of the catalog, `miping.catalog/1`.
package enum CatalogListing {
  package enum StandardName: String, Sendable, CaseIterable { case gmt0077, gbt39786 }

  /// An unread row has neither `requirement` nor `assess`.
  package static func json(_ requirements: [Requirement]) -> FactValue {
    [
      "schema": "miping.catalog/1",
      "requirements": .list(requirements.map(entry)),
    ]
  }

  private static func entry(_ requirement: Requirement) -> FactValue {
    var fields: [String: FactValue] = [
      "id": .text(requirement.id),
      "standard": .text(requirement.standard.rawValue),
      "level": .integer(requirement.level),
      "clause": .text(requirement.clause),
      "item": .text(requirement.item),
      "dimension": .text(requirement.dimension.id),
      "title": bilingual(requirement.title),
      "obligation": .text(requirement.obligation.rawValue),
      "text": .text(requirement.textState.rawValue),
      "provenance": .text(requirement.provenance),
      "feeds": texts(requirement.feeds),
      "gates": texts(requirement.gates),
    ]
    if !requirement.properties.isEmpty { fields["property"] = texts(requirement.properties) }
    if !requirement.bearsOn.isEmpty {
      fields["bears-on"] = texts(requirement.bearsOn.map(\.rawValue))
    }
    guard requirement.textState == .read else { return .record(fields) }
    fields["requirement"] = requirement.text.map(bilingual)
    if !requirement.assessments.isEmpty {
      fields["assess"] = .list(requirement.assessments.map(assessment))
    }
    fields["objects"] = requirement.objectKind.map { .text($0.rawValue) }
    fields["remediation"] = requirement.remediation.map(bilingual)
    return .record(fields)
  }

  private static func assessment(_ assessment: Assessment) -> FactValue {
    switch assessment {
    case .probe(let probe):
      var fields: [String: FactValue] = [
        "object": .text(probe.objectKind.rawValue), "probe": .text(probe.procedure.probe),
        "class": .integer(probe.strength),
      ]
      if probe.isPlanned { fields["status"] = "planned" }
      if !probe.procedure.parameters.isEmpty {
        fields["with"] = .record(probe.procedure.parameters)
      }
      for (key, expectations) in [
        ("used", probe.used), ("approved", probe.approved), ("keys", probe.keys),
      ] where !expectations.isEmpty {
        fields[key] = .list(expectations.map(expectation))
      }
      return .record(fields)
    case .ask(let question):
      var ask: [String: FactValue] = [
        "id": .text(question.id), "object": .text(question.objectKind.rawValue),
        "method": .text(question.method.rawValue), "zh": .text(question.text.zh),
        "en": .text(question.text.en),
      ]
      ask["letter"] = question.letter.map { .text($0.rawValue) }
      return question.standsIn ? ["ask": .record(ask), "stands-in": true] : ["ask": .record(ask)]
    }
  }

  private static func expectation(_ expectation: Expectation) -> FactValue {
    var fields: [String: FactValue] = ["fact": .text(expectation.fact)]
    fields["field"] = expectation.field.map { .text($0) }
    if !expectation.onlyIf.isEmpty {
      fields["only-if"] = .list(expectation.onlyIf.map { self.expectation($0) })
    }
    switch expectation.condition {
    case .equals(let value): fields["is"] = value
    case .differs(let value): fields["is-not"] = value
    case .within(let set): fields["within"] = valueSet(set)
    case .noneOf(let set): fields["none-of"] = valueSet(set)
    case .includes(let set): fields["includes"] = valueSet(set)
    case .atLeast(let bound): fields["at-least"] = .integer(bound)
    case .atMost(let bound): fields["at-most"] = .integer(bound)
    case .empty: fields["empty"] = true
    case .present(let present): fields["present"] = .boolean(present)
    }
    return .record(fields)
  }

  private static func valueSet(_ set: ValueSet) -> FactValue {
    switch set {
    case .named(let name): .text(name)
    case .values(let values): .list(values)
    }
  }

  private static func bilingual(_ text: Bilingual) -> FactValue {
    ["zh": .text(text.zh), "en": .text(text.en)]
  }

  private static func texts(_ texts: [String]) -> FactValue { .list(texts.map { .text($0) }) }
}
