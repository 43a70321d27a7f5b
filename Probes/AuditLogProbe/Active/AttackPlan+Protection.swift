/// T9, T12: what protects the records.
extension AttackPlan {
  mutating func recomputations() {
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

  mutating func recompute() {
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

  mutating func stripping() {
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
