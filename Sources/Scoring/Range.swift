import AssessmentModel

/// Which value of each unit counts.
enum Reading {
  /// Everything open turns out as bad as it can.
  case lower
  /// Everything open turns out as good as it can.
  case upper
  /// What is open is left out.
  case tested
}

/// The unit scores of one reading, without the units that do not count in it.
func unitScores(of units: [Score.UnitResult], reading: Reading) -> [String: FixedPoint] {
  var scores: [String: FixedPoint] = [:]
  for unit in units {
    switch reading {
    case .lower: scores[unit.code] = unit.bounds?.lower
    case .upper: scores[unit.code] = unit.bounds?.upper
    case .tested: scores[unit.code] = unit.tested
    }
  }
  return scores
}

/// Why there is no conclusion while something is open: `person` when only people's answers are missing.
func missingPart(of sheet: ScoreSheet, units: [Score.UnitResult]) -> MissingPart {
  for unit in units where unit.isOpen {
    switch sheet.units[unit.code] {
    case .untested(_, .untested), nil: return .untested
    case .untested(_, .person), .verdict, .notApplicable: continue
    case .objects(let objects):
      let isUntested =
        objects.isEmpty
        || objects.contains { !$0.isDetermined && $0.missing == .untested }
      if isUntested { return .untested }
    }
  }
  return .person
}
