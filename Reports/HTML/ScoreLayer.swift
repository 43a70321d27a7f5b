import AssessmentModel

/// One layer of the official score with its units, as the record gives them.
struct ScoreLayer {
  struct Unit {
    let code: String
    let group: FindingGroup?
    let scored: ScoreReading.Unit?
  }

  /// `net`, as weights and layer scores are keyed.
  let code: String
  let title: Bilingual
  var units: [Unit]

  /// Layers in the order of the record; units the record scores but does not describe come last.
  static func all(_ index: ReportIndex) -> [ScoreLayer] {
    var layers: [ScoreLayer] = []
    var described: Set<String> = []
    for group in index.groups {
      guard let code = group.unit, let requirement = group.requirement else { continue }
      described.insert(code)
      add(
        Unit(code: code, group: group, scored: index.score.unit(code)),
        titled: requirement.dimension.title, to: &layers)
    }
    for code in index.score.unitCodes where !described.contains(code) {
      let layer = layerCode(of: code)
      add(
        Unit(code: code, group: nil, scored: index.score.unit(code)),
        titled: Bilingual(zh: layer, en: layer), to: &layers)
    }
    return layers
  }

  private static func add(_ unit: Unit, titled title: Bilingual, to layers: inout [ScoreLayer]) {
    let code = layerCode(of: unit.code)
    if let place = layers.firstIndex(where: { $0.code == code }) {
      layers[place].units.append(unit)
    } else {
      layers.append(ScoreLayer(code: code, title: title, units: [unit]))
    }
  }

  private static func layerCode(of unit: String) -> String {
    unit.split(separator: ".", maxSplits: 1).first.map(String.init) ?? unit
  }

  /// The management layers (管理制度、人员管理、建设运行、应急处置) are judged without D, A, K.
  var isManagement: Bool { ["pol", "per", "con", "eme"].contains(code) }
}
