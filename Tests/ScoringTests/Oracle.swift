import AssessmentModel

/// The rules of the 2023 and 2021 editions once more, written apart from the engine: exact fractions
/// from literal tables, one system at a time.
struct Oracle {
  /// An exact fraction in lowest terms.
  struct Fraction {
    var top: Int128
    var bottom: Int128

    init(_ top: Int128, _ bottom: Int128 = 1) {
      var (a, b) = (top, bottom)
      while b != 0 { (a, b) = (b, a % b) }
      self.top = a == 0 ? 0 : top / a
      self.bottom = a == 0 ? 1 : bottom / a
    }

    static func + (x: Fraction, y: Fraction) -> Fraction {
      Fraction(x.top * y.bottom + y.top * x.bottom, x.bottom * y.bottom)
    }
    static func * (x: Fraction, y: Fraction) -> Fraction {
      Fraction(x.top * y.top, x.bottom * y.bottom)
    }
    static func / (x: Fraction, y: Fraction) -> Fraction {
      Fraction(x.top * y.bottom, x.bottom * y.top)
    }
    static func < (x: Fraction, y: Fraction) -> Bool { x.top * y.bottom < y.top * x.bottom }

    /// To `places`, looking at the remainder: half and more goes up.
    func rounded(_ places: Int) -> Fraction {
      var scale: Int128 = 1
      for _ in 0..<places { scale *= 10 }
      let whole = top * scale / bottom
      let rest = top * scale - whole * bottom
      return Fraction(rest + rest >= bottom ? whole + 1 : whole, scale)
    }

    /// Long division.
    func text(_ places: Int) -> String {
      var text = "\(top / bottom)."
      var rest = top % bottom
      for _ in 0..<places {
        rest *= 10
        text += "\(rest / bottom)"
        rest %= bottom
      }
      return text
    }
  }

  static let layerWeights: [(String, Int128)] = [
    ("phy", 10), ("net", 20), ("dev", 10), ("app", 30),
    ("pol", 8), ("per", 8), ("con", 8), ("eme", 6),
  ]

  var edition: String
  var level: Int

  func object(_ object: ScoredObject) -> Fraction {
    switch (object.d, object.a, object.k) {
    case (.met, .met, .met): return Fraction(1)
    case (.met, .notMet, .met): return Fraction(1, 2) * strength(object)
    case (.met, .met, .notMet): return Fraction(1, 2) * key(object)
    case (.met, .notMet, .notMet): return Fraction(1, 4) * strength(object) * key(object)
    default: return Fraction(0)
    }
  }

  private func strength(_ object: ScoredObject) -> Fraction {
    guard edition == "2023" else { return Fraction(1) }
    guard let bits = object.strengthBits else { return Fraction(1, 5) }
    return bits >= 112 ? Fraction(1) : bits >= 80 ? Fraction(1, 2) : Fraction(1, 5)
  }

  private func key(_ object: ScoredObject) -> Fraction {
    guard edition == "2023", object.otherKeyRequirementsMet else { return Fraction(1) }
    if level == 3 && object.moduleGrade >= 1 { return Fraction(6, 5) }
    if level == 4 && object.moduleGrade >= 2 { return Fraction(3, 2) }
    return Fraction(1)
  }

  /// Scores after compensation by "unit/object".
  func objects(_ sheet: ScoreSheet) -> [String: Fraction] {
    var before: [String: Fraction] = [:]
    var withoutCryptography: Set<String> = []
    for (code, input) in sheet.units {
      guard case .objects(let objects) = input else { continue }
      for object in objects where !object.isNotApplicable {
        before["\(code)/\(object.id)"] = self.object(object).rounded(4)
        if object.d == .notMet { withoutCryptography.insert("\(code)/\(object.id)") }
      }
    }
    guard edition == "2023" else { return before }
    var after = before
    for target in Set(sheet.compensations.map(\.target.description)) {
      guard let own = before[target] else { continue }
      let sources = sheet.compensations.filter { $0.target.description == target }
        .map(\.source.description).filter { before[$0] != nil }
      guard !sources.isEmpty, withoutCryptography.isDisjoint(with: sources) else { continue }
      var lowest = Fraction(1)
      for source in sources {
        if let score = before[source], score < lowest { lowest = score }
      }
      let made = (lowest / Fraction(2)).rounded(4)
      after[target] = own < made ? made : own
    }
    return after
  }

  func total(_ sheet: ScoreSheet, units: [ScoringUnit]) -> String? {
    let objects = objects(sheet)
    var layers: [String: Fraction] = [:]
    for (layer, _) in Oracle.layerWeights {
      var sum = Fraction(0)
      var weights = Fraction(0)
      for unit in units where unit.layer == layer {
        guard let weight = unit.weights[level].map({ Fraction(Int128($0.tenThousandths), 10_000) }),
          let score = self.unit(unit.code, sheet: sheet, objects: objects)
        else { continue }
        sum = sum + weight * score
        weights = weights + weight
      }
      if weights.top > 0 { layers[layer] = (sum / weights).rounded(4) }
    }
    func points(_ codes: Set<String>, _ share: Int128) -> Fraction? {
      var sum = Fraction(0)
      var weights = Fraction(0)
      for (code, weight) in Oracle.layerWeights where codes.contains(code) {
        guard let score = layers[code] else { continue }
        sum = sum + Fraction(weight) * score
        weights = weights + Fraction(weight)
      }
      return weights.top > 0 ? Fraction(share) * sum / weights : nil
    }
    let technical: Set = ["phy", "net", "dev", "app"]
    let management: Set = ["pol", "per", "con", "eme"]
    guard edition == "2023" else {
      return points(technical.union(management), 100)?.rounded(2).text(2)
    }
    guard let first = points(technical, 70), let second = points(management, 30) else {
      return nil
    }
    return (first + second).rounded(2).text(2)
  }

  private func unit(
    _ code: String, sheet: ScoreSheet, objects: [String: Fraction]
  ) -> Fraction? {
    switch sheet.units[code] {
    case .verdict(.conforming): return Fraction(1)
    case .verdict(.partial): return Fraction(1, 2)
    case .verdict(.nonConforming): return Fraction(0)
    case .objects(let inputs):
      let scores = inputs.filter { !$0.isNotApplicable }
        .compactMap { objects["\(code)/\($0.id)"] }
      guard !scores.isEmpty else { return nil }
      return (scores.reduce(Fraction(0), +) / Fraction(Int128(scores.count))).rounded(4)
    case .notApplicable, .untested, nil: return nil
    }
  }
}
