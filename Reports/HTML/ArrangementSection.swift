import AssessmentModel

/// What people arranged: compensations (弥补) and waivers (豁免).
enum ArrangementSection {
  static func compensations(_ index: ReportIndex) -> HTML {
    let rows = index.result.compensations.map { one -> HTML in
      """
      <tr><td><code>\(one.fromUnit)</code> \(one.fromObject)<td><code>\(one.toUnit)</code> \(one.toObject)\
      <td class=r>\(HTML.value(index.score.object(one.toUnit, one.toObject)))\
      <td class=r>\(HTML.value(index.score.compensated(one.toUnit, one.toObject)))\
      <td>\(one.reason, limit: 1_000)<td>\(confirmation(one.confirmedBy))\n
      """
    }
    let table = HTML.table(
      [
        Bilingual(zh: "由", en: "From"), Bilingual(zh: "弥补", en: "Makes up for"),
        Bilingual(zh: "弥补前", en: "Before"), Bilingual(zh: "弥补后", en: "After"),
        Bilingual(zh: "理由", en: "Reason"), Bilingual(zh: "确认人", en: "Confirmed by"),
      ], rows: rows)
    return """
      <p class=dim>\(zh: "弥补改变得分，不改变风险；由具名人员确认后才计入。",
      en: "A compensation changes the score and never the risk; it counts once a named person confirms it.")</p>
      \(table)
      """
  }

  private static func confirmation(_ person: String?) -> HTML {
    guard let person else {
      return "☐ \(zh: "仅由工具提出，不计入", en: "proposed by the tool, counts for nothing yet")"
    }
    return "✔ \(person)"
  }

  static func waivers(_ index: ReportIndex) -> HTML {
    let rows = index.result.waivers.map { waiver -> HTML in
      """
      <tr><th scope=row><code>\(waiver.id)</code><td>\(state(waiver.state))<td>\(waiver.expires)\
      <td>\(waiver.reason, limit: 1_000)<td>\(waiver.approvedBy)<td>\(hits(waiver.hits, index))\n
      """
    }
    let table = HTML.table(
      [
        Bilingual(zh: "编号", en: "Id"), Bilingual(zh: "状态", en: "State"),
        Bilingual(zh: "最后有效日", en: "Last day"), Bilingual(zh: "理由", en: "Reason"),
        Bilingual(zh: "批准人", en: "Approved by"), Bilingual(zh: "涉及的高风险", en: "High-risk hits"),
      ], rows: rows)
    return """
      <p class=dim>\(zh: "官方规则没有豁免。豁免只影响门限，不改变判定、得分和结论。",
      en: "The official rules know no waiver. A waiver changes the gate only, never a verdict, score or conclusion.")</p>
      \(table)
      """
  }

  private static func state(_ state: String) -> HTML {
    switch state {
    case "in-force": "\(zh: "有效", en: "in force")"
    case "expired": "✖ \(zh: "已过期", en: "expired")"
    case "not-yet": "\(zh: "尚未生效", en: "not yet in force")"
    case "unmatched": "\(zh: "未匹配任何项", en: "matches nothing")"
    default: "\(state)"
    }
  }

  /// Hits are named by fingerprint in the record; a reader knows them by item, unit and object.
  private static func hits(_ fingerprints: [String], _ index: ReportIndex) -> HTML {
    let named = fingerprints.prefix(20).map { fingerprint -> HTML in
      guard let hit = index.result.highRisk.first(where: { $0.fingerprint == fingerprint }) else {
        return "\(HTML.code(fingerprint)) "
      }
      return "<div><code>\(hit.code)</code> \(hit.unit) \(hit.object ?? "")</div>"
    }
    guard !named.isEmpty else { return HTML.dash }
    return fingerprints.count > 20 ? "\(named)… +\(fingerprints.count - 20)" : "\(named)"
  }
}
