import AssessmentModel
import YAMLDocument

/// What a controls file is. The keys on top decide, not the name or the folder.
enum FileKind: CaseIterable {
  case requirements, layer, algorithms, highRisk, scoring, judgements

  /// Keys looked at, so that a hostile file costs little.
  private static let keyLimit = 64

  var keys: [String] {
    switch self {
    case .requirements: RequirementFile.keys
    case .layer: LayerFile.keys
    case .algorithms: AlgorithmFile.keys
    case .highRisk: HighRiskFile.keys
    case .scoring: ScoringRulesFile.keys
    case .judgements: JudgementFile.keys
    }
  }

  /// The kind that shares most keys with the file. A misspelt key counts for what it resembles, so that one
  /// slip is reported as that slip and not as a file of another kind.
  static func of(_ entries: [YAMLEntry]) -> FileKind {
    let found = Set(entries.prefix(keyLimit).map(\.key))
    func likeness(_ kind: FileKind) -> (Int, Int) {
      let exact = found.intersection(kind.keys).count
      let missing = kind.keys.filter { !found.contains($0) }
      let near = found.subtracting(kind.keys).filter { nearestName(to: $0, among: missing) != nil }
      return (3 * exact + near.count, -missing.count)
    }
    var best = FileKind.requirements
    for kind in allCases where likeness(kind) > likeness(best) { best = kind }
    return likeness(best).0 > 0 ? best : .requirements
  }
}
