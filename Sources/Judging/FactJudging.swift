import AssessmentModel

/// Judges expectations against the facts of one inspection (符合性判定); pure.
struct FactJudging {
  var algorithms: AlgorithmList

  /// What one expectation came to on one inspection.
  struct Outcome {
    /// met, not-met, undetermined; nil: skipped, its `only-if` does not hold.
    var letter: Letter?
    var observed: FactValue?
    /// Scalars outside the set the expectation asked for.
    var offending: [String]
  }

  func judge(_ expectation: Expectation, _ result: InspectionResult) -> Outcome {
    switch holds(expectation.onlyIf, result) {
    case .notMet, .notEvaluated: return Outcome(letter: nil, observed: nil, offending: [])
    case .undetermined:
      return Outcome(letter: .undetermined, observed: nil, offending: [])
    case .met: break
    }
    return judgeValue(expectation, result)
  }

  /// All of a list: any not met → not met; else any unknown → undetermined; an empty list is met.
  func holds(_ expectations: [Expectation], _ result: InspectionResult) -> Letter {
    var whole = Letter.met
    for expectation in expectations {
      switch judge(expectation, result).letter {
      case .notMet: return .notMet
      case .undetermined: whole = .undetermined
      case .met, .notEvaluated, nil: break
      }
    }
    return whole
  }

  private func judgeValue(_ expectation: Expectation, _ result: InspectionResult) -> Outcome {
    // Facts without evidence behind them are hearsay: they decide nothing.
    guard !result.evidence.isEmpty else {
      return Outcome(letter: .undetermined, observed: nil, offending: [])
    }
    let stated = result.facts[expectation.fact]
    if case .present(let wanted) = expectation.condition {
      // An absence proves something only when the inspection succeeded.
      if stated == nil, result.unavailable != nil {
        return Outcome(letter: .undetermined, observed: nil, offending: [])
      }
      return Outcome(
        letter: (stated != nil) == wanted ? .met : .notMet, observed: stated, offending: [])
    }
    guard let stated, stated != .null else {
      return Outcome(letter: .undetermined, observed: nil, offending: [])
    }
    guard let field = expectation.field else {
      return outcome(expectation.condition, [stated], shown: stated)
    }
    let values = stated.values(at: field).filter { $0 != .null }
    let shown = FactValue.list(values)
    guard !values.isEmpty else {
      // A list that was looked at and is empty holds nothing unwanted; a field that is nowhere says nothing.
      if case .noneOf = expectation.condition, isEmpty(stated) == true {
        return Outcome(letter: .met, observed: stated, offending: [])
      }
      return Outcome(letter: .undetermined, observed: shown, offending: [])
    }
    return outcome(expectation.condition, values, shown: shown)
  }

  private func outcome(
    _ condition: Condition, _ values: [FactValue], shown: FactValue
  ) -> Outcome {
    // A null is something not established: it says nothing, wherever it stands.
    let leaves = values.flatMap(\.leaves).filter { $0 != .null }
    switch condition {
    case .equals(let wanted): return plain(values.allSatisfy { $0 == wanted }, shown)
    case .differs(let unwanted): return plain(values.allSatisfy { $0 != unwanted }, shown)
    case .within(let set):
      guard let contains = membership(set), !leaves.isEmpty else { return unknown(shown) }
      let outside = leaves.filter { !contains($0) }
      return Outcome(
        letter: outside.isEmpty ? .met : .notMet, observed: shown,
        offending: outside.map(name))
    case .noneOf(let set):
      guard let contains = membership(set) else { return unknown(shown) }
      let inside = leaves.filter(contains)
      return Outcome(
        letter: inside.isEmpty ? .met : .notMet, observed: shown, offending: inside.map(name))
    case .includes(let set):
      guard let contains = membership(set) else { return unknown(shown) }
      return plain(leaves.contains(where: contains), shown)
    case .atLeast(let bound): return bounded(leaves, shown) { $0 >= bound }
    case .atMost(let bound): return bounded(leaves, shown) { $0 <= bound }
    case .empty:
      let states = values.map(isEmpty)
      if states.contains(false) { return plain(false, shown) }
      return states.contains(nil) ? unknown(shown) : plain(true, shown)
    case .present: return unknown(shown)
    }
  }

  /// nil for what has no elements to count.
  private func isEmpty(_ value: FactValue) -> Bool? {
    switch value {
    case .list(let items): items.isEmpty
    case .record(let fields): fields.isEmpty
    case .text(let text): text.isEmpty
    case .null, .boolean, .integer: nil
    }
  }

  private func plain(_ isMet: Bool, _ shown: FactValue) -> Outcome {
    Outcome(letter: isMet ? .met : .notMet, observed: shown, offending: [])
  }

  private func unknown(_ shown: FactValue) -> Outcome {
    Outcome(letter: .undetermined, observed: shown, offending: [])
  }

  private func bounded(
    _ leaves: [FactValue], _ shown: FactValue, _ holds: (Int) -> Bool
  ) -> Outcome {
    let integers = leaves.compactMap(\.integer)
    guard !integers.isEmpty, integers.count == leaves.count else { return unknown(shown) }
    return plain(integers.allSatisfy(holds), shown)
  }

  private func membership(_ set: ValueSet) -> ((FactValue) -> Bool)? {
    switch set {
    case .values(let values):
      let members = Set(values)
      return { members.contains($0) }
    case .named(let name):
      guard let members = algorithms.set(named: name) else { return nil }
      return { value in value.text.map(members.contains) ?? false }
    }
  }

  private func name(_ leaf: FactValue) -> String {
    leaf.text ?? JSONText.compact(leaf)
  }
}
