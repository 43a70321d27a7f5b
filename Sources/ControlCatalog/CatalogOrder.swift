import AssessmentModel

/// The order of the standards, whatever the files are called: reports list layers and dimensions in it.
enum CatalogOrder {
  private static let layerCodes = ["phy", "net", "dev", "app", "pol", "per", "con", "eme"]
  private static let dimensions = [
    "general", "physical", "network", "device", "application", "allocation", "keys", "management",
  ]

  static func layers(_ layers: [ScoringRules.Layer]) -> [ScoringRules.Layer] {
    stable(layers) { [place($0.code, layerCodes)] }
  }

  static func units(_ units: [UnitRow]) -> [UnitRow] {
    stable(units) { [place($0.unit.layer, layerCodes)] }
  }

  /// By level and dimension; within a dimension in the order of the file.
  static func rows(_ rows: [RequirementRow]) -> [RequirementRow] {
    stable(rows) {
      [$0.requirement.level, place($0.requirement.dimension.id, dimensions)]
    }
  }

  private static func place(_ name: String, _ order: [String]) -> Int {
    order.firstIndex(of: name) ?? order.count
  }

  private static func stable<Item>(_ items: [Item], _ key: (Item) -> [Int]) -> [Item] {
    items.enumerated().sorted { first, second in
      let (a, b) = (key(first.element) + [first.offset], key(second.element) + [second.offset])
      return a.lexicographicallyPrecedes(b)
    }.map(\.element)
  }
}
