/// T3 to T8, T11: which records there are, and in which order.
extension AttackPlan {
  static let few = "the log has too few records"

  mutating func removals() {
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

  mutating func moves() {
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

  mutating func forgeries() {
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

  mutating func rollBack() {
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
