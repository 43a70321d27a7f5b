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
  private let log: ClonedLog
  private let model: LogModel
  private var choice: SeededChoice
  private var survey: AttackSurvey
  private var variants: [AttackVariant] = []
  private let count: Int

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

  private mutating func add(
    _ attack: Attack, _ name: String, _ records: [Int] = [], field: String? = nil,
    _ edit: CloneEdit = .none, checkpoints: CheckpointEdit = .none, files: FolderClone.Edit? = nil
  ) {
    variants.append(
      AttackVariant(
        attack: attack, name: name, records: Array(records.prefix(10)), field: field,
        change: .clone(AttackChange(records: edit, checkpoints: checkpoints, files: files))))
  }

  private mutating func skip(_ attack: Attack, _ name: String, _ reason: String) {
    variants.append(AttackVariant(attack: attack, name: name, change: .none(reason)))
  }

  private mutating func set(
    _ attack: Attack, _ name: String, _ record: Int, field: String, _ changes: [String: EditedValue]
  ) {
    add(attack, name, [record], field: field, .set(record: record, changes))
  }

  private var folder: FolderClone? {
    if case .folder(let clone) = log.store { clone } else { nil }
  }
}

// MARK: - T1, T2, T10, T13: what a record says

extension AttackPlan {
  private mutating func fieldChanges() {
    for field in AttackSurvey.required(model) {
      guard let place = survey.filled[field], let value = place.values[field] else {
        skip(.changedField, field, "no record in the middle has a text or number there")
        continue
      }
      let changed = FieldForgery.oneCharacter(value.bytes, isTime: field == model.map.time)
      set(
        .changedField, field, place.record, field: field,
        [field: EditedValue(changed, like: value)])
    }
    if AttackSurvey.required(model).isEmpty {
      skip(.changedField, "field", "the model names no required or mapped field")
    }
    changeForm("null-to-empty", survey.nullField) { _ in .text([]) }
    changeForm("empty-to-null", survey.emptyField) { _ in .null }
    let filled = survey.lettered ?? survey.neighbours.map { ($0.place, $0.fields[0]) }
    changeForm("trailing-blank", filled) { .text($0.bytes + [0x20]) }
    changeForm("other-case", survey.lettered) {
      .text(FieldForgery.otherCase($0.bytes) ?? $0.bytes)
    }
    changeForm("decomposed", survey.composed) {
      .text(FieldForgery.decomposed($0.text) ?? $0.bytes)
    }
  }

  private mutating func changeForm(
    _ name: String, _ found: (place: AttackSurvey.Place, field: String)?,
    _ change: (FieldValue) -> EditedValue
  ) {
    guard let found, let value = found.place.values[found.field] else {
      skip(.changedForm, name, "no record in the middle has such a value")
      return
    }
    set(.changedForm, name, found.place.record, field: found.field, [found.field: change(value)])
  }

  private mutating func boundaries() {
    if let (place, fields) = survey.neighbours, let first = place.values[fields[0]],
      let second = place.values[fields[1]]
    {
      let (left, right) = FieldForgery.shifted(first.bytes, second.bytes)
      set(
        .movedBoundary, "one-character", place.record, field: fields[0],
        [fields[0]: .text(left), fields[1]: .text(right)])
    } else {
      skip(.movedBoundary, "one-character", "no two texts stand side by side in the canonical form")
    }
    if let (place, fields) = survey.separated, let rule = model.canonical,
      let first = place.values[fields[0]], let second = place.values[fields[1]],
      let (left, right) = FieldForgery.moved(first.bytes, second.bytes, separator: rule.separator)
    {
      set(
        .movedBoundary, "same-joined-bytes", place.record, field: fields[0],
        [fields[0]: .text(left), fields[1]: .text(right)])
    } else {
      skip(
        .movedBoundary, "same-joined-bytes", "no separator without escape stands in a value")
    }
  }

  private mutating func times() {
    guard let field = model.map.time else {
      skip(.shiftedTime, "eight-hours", "the model maps no time")
      return
    }
    let form = model.clock.form
    let sample = survey.filled[field]?.values[field] ?? survey.last?.values[field]
    rewriteTimes("eight-hours", field, sample) { FieldForgery.eightHoursLater($0, form) }
    rewriteTimes("other-zone", field, sample) {
      form == .iso ? FieldForgery.otherZone($0) : nil
    }
  }

  private mutating func rewriteTimes(
    _ name: String, _ field: String, _ sample: FieldValue?,
    _ change: @escaping @Sendable (FieldValue) -> EditedValue?
  ) {
    guard let sample, change(sample) != nil else {
      skip(.shiftedTime, name, "times of this form have none to change")
      return
    }
    add(
      .shiftedTime, name, field: field,
      .rewrite(
        RecordRewrite {
          { reader, record in
            guard let fields = record.fields, let value = reader.value(field, in: fields),
              let changed = change(value)
            else { return [:] }
            return [field: changed]
          }
        }))
  }
}

// MARK: - T3 to T8, T11: which records there are

extension AttackPlan {
  private static let few = "the log has too few records"

  private mutating func removals() {
    if count >= 3 {
      let middle = choice.pick(1..<(count - 1))
      add(.deletedRecord, "middle", [middle], .remove(middle..<(middle + 1)))
    } else {
      skip(.deletedRecord, "middle", Self.few)
    }
    if count >= 2 {
      add(.deletedFirst, "first", [0], .remove(0..<1))
    } else {
      skip(.deletedFirst, "first", Self.few)
    }
    if count >= 8 {
      let start = choice.pick(1..<(count - 6))
      add(.deletedFirst, "block", Array(start..<(start + 5)), .remove(start..<(start + 5)))
    } else {
      skip(.deletedFirst, "block", Self.few)
    }
    if let folder {
      if folder.logs.count > 2 {
        add(.deletedRecord, "log-file", files: .removeLog(folder.logs.count / 2))
        add(.deletedFirst, "first-log-file", files: .removeLog(0))
      }
      let digests = folder.digests.count
      if digests > 1 { add(.truncated, "last-digest", files: .keep(digests: digests - 1)) }
      if digests > 3 { add(.truncated, "last-half", files: .keep(digests: digests / 2)) }
      return
    }
    for (name, length) in [("last-1", 1), ("last-5", 5), ("last-half", count / 2)] {
      guard count > length, length > 0 else {
        skip(.truncated, name, Self.few)
        continue
      }
      add(
        .truncated, name, Array((count - length)..<count), .remove((count - length)..<count))
    }
  }

  private mutating func moves() {
    if count >= 4 {
      let place = choice.pick(1..<(count - 2))
      add(.reordered, "neighbours", [place, place + 1], .swap(place, place + 1))
    } else {
      skip(.reordered, "neighbours", Self.few)
    }
    if count >= 9 {
      let first = choice.pick(1..<(count / 3))
      let second = choice.pick((count - count / 3)..<(count - 1))
      add(.reordered, "far-apart", [first, second], .swap(first, second))
    } else {
      skip(.reordered, "far-apart", Self.few)
    }
    if count >= 2 {
      let old = choice.pick(0..<(count / 2))
      add(.replayed, "one", [old], .append(copiesOf: old..<(old + 1)))
    } else {
      skip(.replayed, "one", Self.few)
    }
    if count >= 8 {
      let old = choice.pick(0..<(count / 2))
      add(.replayed, "block", Array(old..<(old + 3)), .append(copiesOf: old..<(old + 3)))
    } else {
      skip(.replayed, "block", Self.few)
    }
    if let folder, folder.logs.count > 2 {
      let last = folder.logs.count - 1
      add(.reordered, "log-files", files: .swapLogs(0, last))
      add(
        .replayed, "log-file",
        files: .addLog(copyOf: 0, name: "\(folder.logs[last]).again"))
    }
  }

  private mutating func forgeries() {
    guard let last = survey.last else {
      skip(.forged, "other-value", "the last record cannot be read")
      return
    }
    var content: [String: EditedValue] = [:]
    if let field = AttackSurvey.contents(model).first(where: { last.values[$0]?.isFilled == true }),
      let value = last.values[field]
    {
      content[field] = .text(FieldForgery.oneCharacter(value.bytes, isTime: false))
    }
    // A forger continues the sequence, so that the number alone does not give the record away.
    if let field = model.map.sequence, let value = last.values[field], let number = Int(value.text),
      number < .max
    {
      content[field] = EditedValue(Array(String(number + 1).utf8), like: value)
    }
    let protection = model.protection
    if count >= 3 {
      let middle = choice.pick(1..<(count - 1))
      let changes = content.filter { $0.key != model.map.sequence }
      add(
        .forged, "in-the-middle", [middle],
        .insert(before: middle, copyOf: middle, changes))
    } else {
      skip(.forged, "in-the-middle", Self.few)
    }
    let count = count
    let forge = { (values: [String: EditedValue]) in
      CloneEdit.insert(before: count, copyOf: last.record, content.merging(values) { $1 })
    }
    guard protection.kind.hasValues else {
      // A record behind a tree is what every new record is, until the next checkpoint covers it.
      if protection.kind == .none { add(.forged, "without-value", [last.record], forge([:])) }
      return
    }
    add(.forged, "other-value", [last.record], forge([:]))
    let random = ValueText.text(
      choice.bytes(protection.kind == .sm2Record ? 70 : protection.truncate ?? 32),
      protection.kind == .sm2Record && protection.signatureForm == .derHex
        ? .hex : protection.valueEncoding)
    add(
      .forged, "random-value", [last.record],
      forge([protection.valueField: .text(Array(random.utf8))]))
    add(.forged, "empty-value", [last.record], forge([protection.valueField: .text([])]))
  }

  private mutating func rollBack() {
    if let folder {
      let kept = folder.digests.count * 6 / 10
      if kept > 0 {
        add(.rolledBack, "older-state", files: .keep(digests: kept))
      } else {
        skip(.rolledBack, "older-state", Self.few)
      }
      return
    }
    let kept = count * 6 / 10
    guard kept > 0, kept < count else {
      skip(.rolledBack, "older-state", Self.few)
      return
    }
    add(
      .rolledBack, "older-state", Array(kept..<count), .remove(kept..<count),
      checkpoints: model.checkpoint == nil ? .none : .keep(log.checkpoints(covering: kept)))
  }
}

// MARK: - T9, T12: what protects

extension AttackPlan {
  private mutating func recomputations() {
    let keyed = "without the key nothing can be recomputed"
    if folder != nil {
      guard let place = survey.filled.min(by: { $0.key < $1.key })?.value,
        let (field, value) = place.values.first
      else {
        skip(.recomputed, "unsigned-digest", "no field to change")
        return
      }
      let changed = FieldForgery.oneCharacter(value.bytes, isTime: false)
      add(
        .recomputed, "unsigned-digest", [place.record], field: field,
        files: .recompute(
          .set(record: place.record, [field: EditedValue(changed, like: value)])))
      return
    }
    switch model.protection.kind {
    case .hmac, .hmacChain, .sm2Record: skip(.recomputed, "values", keyed)
    case .none, .digestFolder: skip(.recomputed, "values", "nothing is computed over the records")
    case .hashChain, .merkle: recompute()
    }
  }

  private mutating func recompute() {
    let field = AttackSurvey.contents(model).first { survey.filled[$0] != nil }
    guard let field, let place = survey.filled[field], let value = place.values[field] else {
      skip(.recomputed, "values", "no field to change")
      return
    }
    let changed = EditedValue(
      FieldForgery.oneCharacter(value.bytes, isTime: false), like: value)
    let forged = PublicRecomputation(
      model: model, record: place.record, change: [field: changed])
    let records = [place.record]
    let edit = forged.edit
    add(.recomputed, "values", records, field: field, edit)
    guard model.checkpoint != nil else { return }
    do throws(FileFailure) {
      let heads = try forged.heads(log.checkpointCounts)
      guard !heads.isEmpty else { return }
      add(.recomputed, "values-and-heads", records, field: field, edit, checkpoints: .heads(heads))
    } catch {
      skip(.recomputed, "values-and-heads", error.description)
    }
  }

  private mutating func stripping() {
    let protection = model.protection
    if let folder {
      guard let last = folder.digests.indices.last else {
        skip(.strippedProtection, "signature", "there is no digest")
        return
      }
      add(.strippedProtection, "signature", files: .removeSignature(last))
      add(.strippedProtection, "all-digests", files: .removeDigests)
      return
    }
    if protection.kind.hasValues {
      let field = protection.valueField
      add(
        .strippedProtection, "values", field: field,
        .rewrite(RecordRewrite { { _, _ in [field: .absent] } }))
    }
    if model.checkpoint != nil {
      let count = log.checkpointCounts.count
      if count > 0 {
        add(.strippedProtection, "newest-checkpoint", checkpoints: .keep(count - 1))
        add(.strippedProtection, "all-checkpoints", checkpoints: .remove)
      }
    }
    if !protection.kind.hasValues, model.checkpoint == nil {
      skip(.strippedProtection, "values", "the log has neither values nor checkpoints")
    }
  }
}
