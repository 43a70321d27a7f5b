import AssessmentModel

/// Remarks a reader of the numbers needs, in a fixed order.
func notes(
  on sheet: ScoreSheet, rules: ScoringRules, total: Score.Total, beforeRounding: String?,
  unroundedStages: String?, outcome: Score.Outcome, proposed: [HighRiskHit]
) -> [Bilingual] {
  var notes: [Bilingual] = []
  if rules.compensation == nil && !sheet.compensations.isEmpty {
    let count = sheet.compensations.count
    notes.append(
      Bilingual(
        zh: "\(rules.edition) 版规则没有弥补：\(count) 条弥补关系未计入。",
        en: "The \(rules.edition) edition has no compensation: \(count) relation(s) ignored."))
  }
  if case .value(let value?) = total, let beforeRounding, let unroundedStages {
    notes += roundingNotes(
      value, beforeRounding: beforeRounding, unroundedStages: unroundedStages, rules: rules,
      outcome: outcome)
  }
  if case .value(nil) = total {
    notes.append(
      Bilingual(
        zh: "整组安全层面不适用，公式除数为零：不出总分，交人工处理。",
        en: "A whole group of layers is not applicable and the formula divides by zero: "
          + "no total, a person decides."))
  }
  if sheet.highRisk.contains(where: { !$0.isOpen && $0.isProposed }) {
    notes.append(
      Bilingual(
        zh: "置信度为中或低的高风险提示只列出，不影响结论，须人工确认。",
        en: "High-risk hits proposed with medium or low confidence are listed only: they count for "
          + "nothing until a person confirms them."))
  }
  if !proposed.isEmpty {
    notes.append(
      Bilingual(
        zh: "\(proposed.count) 个测评对象的算法强度未知：按最低的 Ra 计算，并提示 5.1（置信度低）。",
        en:
          "The strength used by \(proposed.count) object(s) is unknown: the lowest Ra is used and "
          + "5.1 is proposed with low confidence."))
  }
  return notes
}

/// Beside the threshold and beside 100 the rounding decides, so the number before it is shown too.
private func roundingNotes(
  _ total: FixedPoint, beforeRounding: String, unroundedStages: String, rules: ScoringRules,
  outcome: Score.Outcome
) -> [Bilingual] {
  var notes: [Bilingual] = []
  let cent = 100
  if abs(total.tenThousandths - rules.threshold.tenThousandths) <= cent {
    let (lower, upper) = (
      FixedPoint(tenThousandths: rules.threshold.tenThousandths - cent).text(places: 2),
      FixedPoint(tenThousandths: rules.threshold.tenThousandths + cent).text(places: 2)
    )
    notes.append(
      Bilingual(
        zh: "总分在 \(lower)…\(upper) 之间，舍入可能影响结论：舍入前为 \(beforeRounding)；"
          + "若单元与层面均不舍入则为 \(unroundedStages)。",
        en: "The total lies within \(lower)…\(upper), where rounding can decide: unrounded total "
          + "\(beforeRounding); with units and layers not rounded either \(unroundedStages)."))
  }
  if total == FixedPoint(100), outcome == .conclusion(.basicallyConforming) {
    notes.append(
      Bilingual(
        zh: "总分仅因舍入为 100.00（舍入前为 \(beforeRounding)），并非每个适用单元都符合，故不判“符合”。",
        en: "The total is 100.00 by rounding only (unrounded total \(beforeRounding)); not every "
          + "applicable unit conforms, so the conclusion is not 符合."))
  }
  return notes
}

extension HighRiskHit {
  fileprivate var isProposed: Bool {
    switch state {
    case .proposed: true
    case .open, .mitigated, .rejected: false
    }
  }
}
