import AssessmentModel

/// A result arranged for reading: what belongs together, found without searching.
struct ReportIndex {
  typealias RequirementSummary = AssessmentResult.RequirementSummary

  let result: AssessmentResult
  let score: ScoreReading
  let objects: [String: AssessmentObject]
  /// Requirements with their findings, in the order of the record.
  let groups: [FindingGroup]
  /// Layers of GB/T 39786 (result A) and dimensions of GM/T 0077 (result B), in the order of the record.
  let dimensions: [DimensionKey]
  private let groupPlaces: [String: Int]

  init(_ result: AssessmentResult) {
    self.result = result
    score = ScoreReading(result.score)
    objects = Dictionary(result.objects.map { ($0.id, $0) }) { first, _ in first }

    var groups = result.requirements.map { FindingGroup(id: $0.id, requirement: $0) }
    var places = Dictionary(groups.enumerated().map { ($1.id, $0) }) { first, _ in first }
    for (number, finding) in result.findings.enumerated() {
      let place = places[finding.requirement] ?? groups.count
      if place == groups.count {
        places[finding.requirement] = place
        groups.append(FindingGroup(id: finding.requirement, requirement: nil))
      }
      groups[place].entries.append(FindingEntry(number: number, finding: finding))
    }
    self.groups = groups
    groupPlaces = places

    var seen: Set<DimensionKey> = []
    dimensions = groups.map(DimensionKey.init).filter { seen.insert($0).inserted }
  }

  func group(_ requirement: String) -> FindingGroup? {
    groupPlaces[requirement].map { groups[$0] }
  }

  func groups(in dimension: DimensionKey) -> [FindingGroup] {
    groups.filter { DimensionKey($0) == dimension }
  }

  func count(_ verdict: Verdict, in groups: [FindingGroup]) -> Int {
    groups.reduce(0) { $0 + $1.entries.count { $0.finding.verdict == verdict } }
  }

  func count(_ verdict: Verdict) -> Int { result.findings.count { $0.verdict == verdict } }
}

/// One requirement and every judgement on it.
struct FindingGroup {
  let id: String
  /// nil: the record does not describe it.
  let requirement: AssessmentResult.RequirementSummary?
  var entries: [FindingEntry] = []

  /// Code of the scoring unit this is (`net.conf`); nil for rows of GM/T 0077.
  var unit: String? {
    guard requirement?.standard == .gbt39786 else { return nil }
    return id.split(separator: "-", maxSplits: 1).last.map(String.init)
  }

  /// What a column has room for: `net.conf`, `7.2.2.4 e`.
  var shortName: String {
    if let unit { return unit }
    guard let requirement else { return id }
    return requirement.item == "-" || requirement.item.isEmpty
      ? requirement.clause : "\(requirement.clause) \(requirement.item)"
  }
}

/// A finding and its place in the record, which names it within the page.
struct FindingEntry {
  let number: Int
  let finding: Finding
}

/// A layer or dimension of one standard; the two standards are never mixed.
struct DimensionKey: Hashable {
  let standard: Requirement.Standard?
  let dimension: Dimension

  init(_ group: FindingGroup) {
    standard = group.requirement?.standard
    dimension =
      group.requirement?.dimension
      ?? Dimension(id: "other", title: Bilingual(zh: "其他", en: "Other"))
  }

  /// Value of the page's filter; unique over both standards.
  var token: String { "\(standard?.rawValue ?? "other")/\(dimension.id)" }
}
