/// T1, T2, T10, T13: what a record says.
extension AttackPlan {
  mutating func fieldChanges() {
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

  mutating func changeForm(
    _ name: String, _ found: (place: AttackSurvey.Place, field: String)?,
    _ change: (FieldValue) -> EditedValue
  ) {
    guard let found, let value = found.place.values[found.field] else {
      skip(.changedForm, name, "no record in the middle has such a value")
      return
    }
    set(.changedForm, name, found.place.record, field: found.field, [found.field: change(value)])
  }

  mutating func boundaries() {
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

  mutating func times() {
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

  mutating func rewriteTimes(
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
