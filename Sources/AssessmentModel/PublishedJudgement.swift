/// A published reading of the rules (《密评问答》判定口径) that assessors follow though it binds nobody: numbered,
/// named in every expectation that rests on it, and switched by the scope.
package struct PublishedJudgement: Sendable, Hashable {
  /// The number of the answer in the published list, e.g. `12.6`.
  package var number: String
  package var title: Bilingual
  /// In force unless the scope says otherwise.
  package var isOnByDefault: Bool

  package init(number: String, title: Bilingual, isOnByDefault: Bool) {
    self.number = number
    self.title = title
    self.isOnByDefault = isOnByDefault
  }
}

extension Catalog {
  /// Without the assessments whose published judgement is not in force. `switches` are the scope's, by number.
  package func applying(_ switches: [String: Bool]) -> Catalog {
    let off = Set(
      judgements.filter { !(switches[$0.number] ?? $0.isOnByDefault) }.map(\.number))
    guard !off.isEmpty else { return self }
    func reduced(_ requirement: Requirement) -> Requirement {
      var requirement = requirement
      requirement.assessments.removeAll { $0.judgement.map(off.contains) ?? false }
      return requirement
    }
    var catalog = self
    catalog.requirements = requirements.map(reduced)
    catalog.unitRequirements = unitRequirements.map(reduced)
    return catalog
  }
}
