import AssessmentModel
import YAMLDocument

/// Reads `Rules/published-judgements.yaml`.
struct JudgementFile {
  static let keys = ["judgements", "source"]

  var faults: Faults
  var claims: Set<Claim> = []

  init(faults: Faults) { self.faults = faults }

  mutating func read(_ node: YAMLNode) -> [PublishedJudgement] {
    guard
      let reader = MappingReader(
        node, of: "published judgements", keys: Self.keys, faults: faults)
    else { return [] }
    _ = reader.requiredBilingual("source")
    var judgements: [PublishedJudgement] = []
    for item in reader.requiredItems("judgements") ?? [] {
      guard
        let entry = MappingReader(
          item, of: "published judgement", keys: ["number", "title", "default"], faults: faults)
      else { continue }
      let number = entry.requiredText("number")
      if let number, !claims.insert(Claim(kind: .judgement, name: number)).inserted {
        faults.report(entry.place, "published judgement \(number) stands twice")
      }
      let title = entry.requiredBilingual("title")
      let isOn = entry.boolean("default") ?? true
      guard let number, let title else { continue }
      judgements.append(PublishedJudgement(number: number, title: title, isOnByDefault: isOn))
    }
    return judgements
  }
}
