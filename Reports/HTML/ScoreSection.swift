import AssessmentModel

/// Result A with every intermediate value: object, unit, layer, side, total.
enum ScoreSection {
  static func body(_ index: ReportIndex) -> HTML {
    let layers = ScoreLayer.all(index)
    let units = layers.map { unitRows($0, index) }
    let notes = index.score.notes.map { "<li>\($0)\n" as HTML }
    return """
      \(totals(index, layers))
      <h3>\(zh: "各测评单元与测评对象", en: "Units and objects")</h3>
      <p class=dim>\(zh: "D 密码使用有效性，A 密码算法/技术合规性，K 密钥管理安全；√ 满足，× 不满足，/ 不再评价，? 未确定。", en: "D use is effective, A algorithm and technique approved, K key management sound; √ met, × not met, / not evaluated, ? undetermined.")</p>
      <div class=wide><table class=score><thead><tr>\(headings)<tbody>\(units)</table></div>
      \(notes.isEmpty ? "" : "<h3>\(zh: "说明", en: "Remarks")</h3><ul>\(notes)</ul>" as HTML)\n
      """
  }

  private static let headings: [HTML] = [
    Column.object, Column.letters[0], Column.letters[1], Column.letters[2],
    Bilingual(zh: "强度（位）", en: "Strength (bits)"),
    Bilingual(zh: "模块等级", en: "Module grade"),
    Bilingual(zh: "Ra", en: "Ra"), Bilingual(zh: "Rk", en: "Rk"),
    Bilingual(zh: "对象得分", en: "Object score"), Bilingual(zh: "弥补后", en: "Compensated"),
  ].map { "<th scope=col>\($0)" }

  private static func unitRows(_ layer: ScoreLayer, _ index: ReportIndex) -> HTML {
    let units = layer.units.map { unitRow($0, index) }
    return """
      <tr class=layer><th colspan=10 scope=rowgroup>\(layer.title) · <code>\(layer.code)</code>\
      \(index.score.weight(ofLayer: layer.code).map { " · \(zh: "权重", en: "weight") \($0)" as HTML } ?? "")\
       · \(zh: "层面得分", en: "layer score") <b>\(HTML.value(index.score.layer(layer.code)))</b>\n\(units)
      """
  }

  private static func unitRow(_ unit: ScoreLayer.Unit, _ index: ReportIndex) -> HTML {
    let score = unit.scored?.score ?? index.score.unitRange(unit.code)
    let entries = (unit.group?.entries ?? []).filter { entry in
      entry.finding.d != nil || entry.finding.a != nil || entry.finding.k != nil
    }
    let objects = entries.map { objectRow($0.finding, unit: unit.code, index) }
    return """
      <tr class=unit><th colspan=8 scope=row><code>\(unit.code)</code>\
      \(unit.group?.requirement.map { " \($0.title) <span class=ob>\($0.obligation.word)</span>" as HTML } ?? "")\
      \(index.score.weight(ofUnit: unit.code).map { " · \(zh: "权重", en: "weight") \($0)" as HTML } ?? "")\
      <td class=r><b>\(HTML.value(score))</b><td>\(unit.scored?.verdict?.badge ?? HTML.dash)\n\(objects)
      """
  }

  private static func objectRow(_ finding: Finding, unit: String, _ index: ReportIndex) -> HTML {
    let object = finding.object ?? ""
    let grade = index.objects[object]?.product?.moduleGrade
    return """
      <tr><td>\(finding.object ?? "—")\(HTML.letters(finding))\
      <td class=r>\(finding.strengthBits.map { "\($0)" as HTML } ?? "")\
      <td class=r>\(grade.map { "\($0)" as HTML } ?? "")\
      <td class=r>\(index.score.factor("ra", unit, object) ?? "")\
      <td class=r>\(index.score.factor("rk", unit, object) ?? "")\(otherRequirements(finding))\
      <td class=r>\(HTML.value(index.score.object(unit, object)))\
      <td class=r>\(index.score.compensated(unit, object) ?? "")\n
      """
  }

  /// Rk rests on the module's grade and on the other key-management requirements; the latter is said here.
  private static func otherRequirements(_ finding: Finding) -> HTML {
    guard finding.k == .notMet, finding.otherKeyRequirementsMet else { return "" }
    return "<br><small>\(zh: "其余要求满足", en: "other requirements met")</small>"
  }

  // MARK: Totals and their formulas

  private static func totals(_ index: ReportIndex, _ layers: [ScoreLayer]) -> HTML {
    let score = index.score
    var rows: [HTML] = layers.map { layer in
      row(layer.title, formula(of: layer, score), score.layer(layer.code))
    }
    let technical = layers.filter { !$0.isManagement }
    let management = layers.filter(\.isManagement)
    if score.technical != nil || score.management != nil {
      rows.append(
        row(
          Bilingual(zh: "技术部分（满分 70）", en: "Technical side (of 70)"),
          mean(technical, share: 70, score), score.technical))
      rows.append(
        row(
          Bilingual(zh: "管理部分（满分 30）", en: "Management side (of 30)"),
          mean(management, share: 30, score), score.management))
      rows.append(
        row(
          Bilingual(zh: "综合得分", en: "Total"),
          """
          \(HTML.value(score.technical)) + \(HTML.value(score.management)) \
          \(zh: "（四舍五入至两位）", en: "(rounded half up to two places)")
          """, total(score)))
    } else {
      rows.append(
        row(
          Bilingual(zh: "综合得分（满分 100）", en: "Total (of 100)"), mean(layers, share: 100, score),
          total(score)))
    }
    let table = HTML.table(
      [
        Bilingual(zh: "层面", en: "Layer"), Bilingual(zh: "公式（代入数值）", en: "Formula with its figures"),
        Bilingual(zh: "得分", en: "Score"),
      ], class: "formula", rows: rows)
    return """
      \(range(score))\(threshold(score))
      <h3>\(zh: "层面得分与总分", en: "Layer scores and total")</h3>
      \(table)
      """
  }

  /// The total, or what of it was tested: the formulas above it are of the tested part.
  private static func total(_ score: ScoreReading) -> String? {
    score.range.map { $0.testedOnly.map { "\($0) *" } } ?? score.total
  }

  private static func row(_ title: Bilingual, _ formula: HTML, _ score: String?) -> HTML {
    "<tr><th scope=row>\(title)<td>\(formula)<td class=r><b>\(HTML.value(score))</b>\n"
  }

  private static func range(_ score: ScoreReading) -> HTML {
    guard let range = score.range else { return "" }
    return """
      <p class=banner>\(zh: "尚有未测或未确定内容：总分为区间，不出具结论。下列层面、分项与合计（*）仅计已测部分。",
      en: "Something is untested or undetermined: the total is a range and there is no conclusion. Layers, sides and the sum (*) below hold the tested part only.")</p>
      <p>\(zh: "下限（未测计 0）", en: "Lower (untested as 0)") <b>\(HTML.value(range.lower))</b> ·
      \(zh: "仅已测部分", en: "tested part only") <b>\(HTML.value(range.testedOnly))</b> ·
      \(zh: "上限（未测计 1）", en: "Upper (untested as 1)") <b>\(HTML.value(range.upper))</b></p>\n
      """
  }

  private static func threshold(_ score: ScoreReading) -> HTML {
    guard let threshold = score.threshold else { return "" }
    return """
      <p>\(zh: "阈值", en: "Threshold") <b>\(threshold)</b>\
      \(score.thresholdSource.map { " · \(zh: "来源：", en: "source:") \($0)" as HTML } ?? "") ·
      \(zh: "规则版本", en: "edition") \(HTML.value(score.edition))</p>\n
      """
  }

  /// Σ(weight × unit) ÷ Σ weight over the units that have a score.
  private static func formula(of layer: ScoreLayer, _ score: ScoreReading) -> HTML {
    weighted(
      layer.units.compactMap { unit in
        unit.scored?.score.map { (score.weight(ofUnit: unit.code), $0, unit.code) }
      })
  }

  /// share × Σ(weight × layer) ÷ Σ weight over the layers that have a score.
  private static func mean(_ layers: [ScoreLayer], share: Int, _ score: ScoreReading) -> HTML {
    let terms = layers.compactMap { layer in
      score.layer(layer.code).map { (score.weight(ofLayer: layer.code), $0, layer.code) }
    }
    guard !terms.isEmpty else { return HTML.dash }
    return "\(share) × \(weighted(terms))"
  }

  private static func weighted(_ terms: [(weight: String?, value: String, name: String)]) -> HTML {
    guard let first = terms.first else { return HTML.dash }
    func term(_ term: (weight: String?, value: String, name: String)) -> HTML {
      guard let weight = term.weight else {
        return "<span class=t>w<sub>\(term.name)</sub> × \(term.value)</span>"
      }
      return "<span class=t>\(weight) × \(term.value)</span>"
    }
    let sum = terms.dropFirst().map { " + \(term($0))" as HTML }
    let weights = terms.map { $0.weight ?? "w(\($0.name))" }.joined(separator: " + ")
    return "(\(term(first))\(sum)) ÷ (\(weights, limit: 1_000))"
  }
}
