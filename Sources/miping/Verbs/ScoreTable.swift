import AssessmentModel

/// A score with every intermediate value, as text.
enum ScoreTable {
  static func text(_ score: Score, _ catalog: Catalog, _ language: Language) -> String {
    let titles = Dictionary(catalog.units.map { ($0.code, language.pick($0.title)) }) { first, _ in
      first
    }
    var parts = [objects(score, language), units(score, titles, language), layers(score, language)]
    parts.append(summary(score, language))
    let notes = score.notes.map { "· \(language.pick($0))" }
    if !notes.isEmpty { parts.append(notes.joined(separator: "\n") + "\n") }
    return parts.joined(separator: "\n")
  }

  private static func objects(_ score: Score, _ language: Language) -> String {
    var table = Table([
      language.pick(zh: "单元/对象", en: "unit/object"), language.pick(zh: "得分", en: "score"), "Ra",
      "Rk",
      language.pick(zh: "弥补后", en: "compensated"),
    ])
    for object in score.objects {
      table.add([
        object.reference.description, bounds(object.score),
        object.strengthFactor?.text() ?? "", object.keyFactor?.text() ?? "",
        object.compensated.map(bounds) ?? "",
      ])
    }
    return table.text
  }

  private static func units(
    _ score: Score, _ titles: [String: String], _ language: Language
  ) -> String {
    var table = Table([
      language.pick(zh: "单元", en: "unit"), language.pick(zh: "得分", en: "score"),
      language.pick(zh: "判定", en: "verdict"), language.pick(zh: "名称", en: "title"),
    ])
    for unit in score.units {
      table.add([
        unit.code, unit.score?.text() ?? unit.bounds.map(bounds) ?? "–",
        VerdictMark.text(unit.verdict, language), titles[unit.code] ?? "",
      ])
    }
    return table.text
  }

  private static func layers(_ score: Score, _ language: Language) -> String {
    var table = Table([language.pick(zh: "层面", en: "layer"), language.pick(zh: "得分", en: "score")])
    for layer in score.layers { table.add([layer.code, layer.score?.text() ?? "–"]) }
    return table.text
  }

  private static func summary(_ score: Score, _ language: Language) -> String {
    let fact = score.fact
    let total =
      fact["total"]?.text
      ?? fact["range"].map { range in
        "\(range["lower"]?.text ?? "?")–\(range["upper"]?.text ?? "?") "
          + language.pick(
            zh: "（已测部分 \(range["tested-only"]?.text ?? "–")）",
            en: "(tested part \(range["tested-only"]?.text ?? "–"))")
      } ?? "–"
    let conclusion =
      fact["conclusion"]?.text
      ?? "\(language.pick(zh: "未给出", en: "none given")) (\(fact["why-none"]?.text ?? ""))"
    return language.pick(
      zh: """
        技术 \(fact["technical"]?.text ?? "–") / 70   管理 \(fact["management"]?.text ?? "–") / 30
        总分 \(total)   \(score.edition) 版，第 \(score.level) 级   未处置高风险 \(score.openHighRisk)
        结论 \(conclusion)

        """,
      en: """
        technical \(fact["technical"]?.text ?? "–") of 70   management \(fact["management"]?.text ?? "–") of 30
        total \(total)   edition \(score.edition), level \(score.level)   open high risks \(score.openHighRisk)
        conclusion \(conclusion)

        """)
  }

  private static func bounds(_ bounds: Score.Bounds) -> String {
    bounds.isExact ? bounds.lower.text() : "\(bounds.lower.text())–\(bounds.upper.text())"
  }
}
