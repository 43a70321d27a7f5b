/// Places of a log where attacks can begin (攻击点), chosen among all that fit, the same ones every time.
struct AttackSurvey: Sendable {
  /// A record with the values of some of its fields.
  struct Place: Sendable, Hashable {
    var record: Int
    var values: [String: FieldValue]
  }

  private(set) var filled: [String: Place] = [:]
  private(set) var nullField: (place: Place, field: String)?
  private(set) var emptyField: (place: Place, field: String)?
  private(set) var lettered: (place: Place, field: String)?
  private(set) var composed: (place: Place, field: String)?
  /// Two fields side by side, both filled.
  private(set) var neighbours: (place: Place, fields: [String])?
  /// Two fields side by side, the first or second of which holds the separator.
  private(set) var separated: (place: Place, fields: [String])?
  private(set) var last: Place?
  private(set) var count = 0

  private var ranks: [String: UInt64] = [:]
  private let model: LogModel
  private let choice: SeededChoice

  /// Reads the whole log once.
  init(_ model: LogModel, choice: SeededChoice, count: Int) throws(FileFailure) {
    self.model = model
    self.choice = choice
    self.count = count
    var scan = try LogScan(model)
    let reader = scan
    try scan.visit { record throws(FileFailure) in
      if let fields = record.fields { look(at: record.position, fields, reader) }
      return true
    }
  }

  /// Fields whose change must be noticed: what every record has to state.
  static func required(_ model: LogModel) -> [String] {
    var fields = model.required
    for field in [
      model.map.time, model.map.type, model.map.subject, model.map.object, model.map.result,
    ] {
      if let field, !fields.contains(field) { fields.append(field) }
    }
    return fields
  }

  /// Fields that protection covers, or at least ought to, without sequence, time and those of the protection.
  static func contents(_ model: LogModel) -> [String] {
    let others = [
      model.map.sequence, model.map.time, model.protection.valueField, model.protection.prevField,
    ]
    let covered = model.canonical.map { $0.kind == .rawField ? [] : $0.fields } ?? []
    var fields: [String] = []
    for field in covered.isEmpty ? required(model) : covered
    where !others.contains(field) && !fields.contains(field) { fields.append(field) }
    return fields
  }

  private mutating func look(at record: Int, _ fields: RecordFields, _ reader: LogScan) {
    func value(_ name: String) -> FieldValue? { reader.value(name, in: fields) }
    if record == count - 1 {
      let names = [model.map.sequence, model.map.time].compactMap(\.self) + Self.required(model)
      last = Place(
        record: record,
        values: Dictionary(names.compactMap { name in value(name).map { (name, $0) } }) { one, _ in
          one
        })
    }
    // Records in the middle: what is at the ends has attacks of its own.
    guard record > 0, record < count - 1 else { return }
    for name in Self.required(model) {
      guard let found = value(name), found.isFilled || found.kind == .number,
        isBetter("filled \(name)", record)
      else { continue }
      filled[name] = Place(record: record, values: [name: found])
    }
    let contents = Self.contents(model)
    for name in contents {
      guard let found = value(name) else { continue }
      let place = Place(record: record, values: [name: found])
      if found.kind == .null || found.kind == .absent && canAddFields, isBetter("null", record) {
        nullField = (place, name)
      }
      if found.kind == .text, found.bytes.isEmpty, isBetter("empty", record) {
        emptyField = (place, name)
      }
      guard found.isFilled else { continue }
      if FieldForgery.otherCase(found.bytes) != nil, isBetter("case", record) {
        lettered = (place, name)
      }
      if FieldForgery.decomposed(found.text) != nil, isBetter("composed", record) {
        composed = (place, name)
      }
    }
    for (first, second) in zip(contents, contents.dropFirst()) {
      guard areNeighbours(first, second), let left = value(first), let right = value(second),
        left.isFilled, right.isFilled
      else { continue }
      let place = Place(record: record, values: [first: left, second: right])
      if left.text.count > 1, isBetter("neighbours", record) {
        neighbours = (place, [first, second])
      }
      if let rule = model.canonical, rule.kind == .joined, rule.escape == .none,
        FieldForgery.moved(left.bytes, right.bytes, separator: rule.separator) != nil,
        isBetter("separated", record)
      {
        separated = (place, [first, second])
      }
    }
  }

  /// A field that a record lacks can be written into it.
  private var canAddFields: Bool {
    switch model.source {
    case .jsonLines, .journalExport: true
    case .csv, .sqlite, .postgres, .digestFolder: false
    }
  }

  /// Whether the canonical form writes one field right after the other.
  private func areNeighbours(_ first: String, _ second: String) -> Bool {
    guard let rule = model.canonical, rule.kind != .rawField,
      let place = rule.fields.firstIndex(of: first)
    else { return true }
    return place + 1 < rule.fields.count && rule.fields[place + 1] == second
  }

  private mutating func isBetter(_ need: String, _ record: Int) -> Bool {
    let rank = choice.rank(record)
    if let best = ranks[need], best <= rank { return false }
    ranks[need] = rank
    return true
  }
}
