/// The high-risk guideline (信息系统密码应用高风险判定指引) as data: items, signals, key dangers.
package struct HighRiskRules: Sendable, Hashable {
  package var edition: String
  package var items: [Item]
  package var signals: [Signal]
  package var keyDangers: [KeyDanger]

  package init(edition: String, items: [Item], signals: [Signal], keyDangers: [KeyDanger]) {
    self.edition = edition
    self.items = items
    self.signals = signals
    self.keyDangers = keyDangers
  }

  package struct Item: Sendable, Hashable {
    /// `5.1` to `10.2`.
    package var code: String
    package var title: Bilingual
    /// Units it belongs to; empty: every unit (chapter 5).
    package var units: [String]
    package var levels: [Int]
    package var problems: [Int: Bilingual]
    /// Empty: nothing mitigates it.
    package var mitigations: [Bilingual]

    package init(
      code: String, title: Bilingual, units: [String], levels: [Int], problems: [Int: Bilingual],
      mitigations: [Bilingual]
    ) {
      self.code = code
      self.title = title
      self.units = units
      self.levels = levels
      self.problems = problems
      self.mitigations = mitigations
    }
  }

  /// Facts, or a letter not met, that propose a hit (scoring reference 13.4).
  package struct Signal: Sendable, Hashable {
    package enum Trigger: Sendable, Hashable {
      /// Every expectation is met by the facts of the probe on the object or on what serves it.
      case facts(objectKind: ObjectKind, probe: String, [Expectation])
      /// The letter of the unit's object is not met.
      case letterNotMet(JudgedLetter)
    }
    package var id: String
    package var code: String
    package var problem: Int
    package var units: [String]
    package var confidence: Confidence
    package var trigger: Trigger
    package var text: Bilingual

    package init(
      id: String, code: String, problem: Int, units: [String], confidence: Confidence,
      trigger: Trigger, text: Bilingual
    ) {
      self.id = id
      self.code = code
      self.problem = problem
      self.units = units
      self.confidence = confidence
      self.trigger = trigger
      self.text = text
    }
  }

  package enum Confidence: String, Sendable, Hashable, Codable, CaseIterable {
    case high, medium, low
  }

  /// A key-management danger of annex A (enters through 5.3 problem 5, nothing mitigates it).
  package struct KeyDanger: Sendable, Hashable {
    package var id: String
    package var stage: String
    package var text: Bilingual

    package init(id: String, stage: String, text: Bilingual) {
      self.id = id
      self.stage = stage
      self.text = text
    }
  }

  /// The item of a unit itself, chapter 5 aside.
  package func ownItem(of unit: String) -> Item? {
    items.first { $0.units.contains(unit) }
  }

  package func item(_ code: String) -> Item? { items.first { $0.code == code } }
}
