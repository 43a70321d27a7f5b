/// The attacks of the tamper matrix (篡改矩阵), by their numbers.
enum Attack: Int, Sendable, Hashable, CaseIterable, Comparable {
  case untouched, changedField, changedForm, deletedRecord, deletedFirst, truncated, reordered
  case replayed, forged, recomputed, movedBoundary, rolledBack, strippedProtection, shiftedTime
  case wrongKey

  var id: String { "T\(rawValue)" }

  static func < (first: Attack, second: Attack) -> Bool { first.rawValue < second.rawValue }
}

/// One way to carry out an attack on one log.
struct AttackVariant: Sendable {
  var attack: Attack
  var name: String
  /// Numbers of the records attacked, of an unchanged log; at most a few of them.
  var records: [Int] = []
  var field: String?
  var change: Change

  enum Change: Sendable {
    case clone(AttackChange)
    /// Only the copy of the verifier's key or configuration is changed.
    case wrongKey
    /// It makes no sense for this log: why.
    case none(String)
  }
}

/// Lays down which clones of a log are made.
struct AttackPlan {
  let log: ClonedLog
  let model: LogModel
  var choice: SeededChoice
  var survey: AttackSurvey
  var variants: [AttackVariant] = []
  let count: Int

  /// - Throws: when the copy cannot be read.
  init(_ log: ClonedLog) throws(FileFailure) {
    self.log = log
    if case .folder(let clone) = log.store { model = clone.log.model } else { model = log.model }
    count = log.count
    choice = SeededChoice(name: log.model.name, count: log.count)
    survey = try AttackSurvey(model, choice: choice, count: log.count)
  }

  /// Every variant, in the order of the attacks.
  mutating func all() throws(FileFailure) -> [AttackVariant] {
    variants = []
    add(.untouched, "untouched")
    fieldChanges()
    removals()
    moves()
    forgeries()
    recomputations()
    boundaries()
    rollBack()
    stripping()
    times()
    variants.append(AttackVariant(attack: .wrongKey, name: "wrong-key", change: .wrongKey))
    return variants
  }

  mutating func add(
    _ attack: Attack, _ name: String, _ records: [Int] = [], field: String? = nil,
    _ edit: CloneEdit = .none, checkpoints: CheckpointEdit = .none, files: FolderClone.Edit? = nil
  ) {
    variants.append(
      AttackVariant(
        attack: attack, name: name, records: Array(records.prefix(10)), field: field,
        change: .clone(AttackChange(records: edit, checkpoints: checkpoints, files: files))))
  }

  mutating func skip(_ attack: Attack, _ name: String, _ reason: String) {
    variants.append(AttackVariant(attack: attack, name: name, change: .none(reason)))
  }

  mutating func set(
    _ attack: Attack, _ name: String, _ record: Int, field: String, _ changes: [String: EditedValue]
  ) {
    add(attack, name, [record], field: field, .set(record: record, changes))
  }

  var folder: FolderClone? {
    if case .folder(let clone) = log.store { clone } else { nil }
  }
}
