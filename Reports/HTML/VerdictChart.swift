import AssessmentModel

/// Stacked bars of verdict counts, one a layer, as inline SVG with its figures in a table below.
///
/// Colour never stands alone: each verdict has its own pattern, and the table says everything again.
struct VerdictChart {
  struct Bar {
    let title: Bilingual
    let counts: [Verdict: Int]
    var total: Int { counts.values.reduce(0, +) }
  }

  let id: HTML
  let title: Bilingual
  let description: Bilingual
  let bars: [Bar]

  private static let labelWidth = 250
  private static let barWidth = 560
  private static let step = 26

  var body: HTML {
    let bars = bars.filter { $0.total > 0 }
    guard !bars.isEmpty else { return HTML.none }
    let longest = max(bars.map(\.total).max() ?? 1, 1)
    let height = bars.count * VerdictChart.step + 8
    let drawn = bars.enumerated().map { draw($1, row: $0, longest: longest) }
    return """
      <figure>
      <svg viewBox='0 0 880 \(height)' role=img aria-labelledby='\(id)-t \(id)-d' class=chart>
      <title id='\(id)-t'>\(title.zh) / \(title.en)</title>
      <desc id='\(id)-d'>\(description.zh) / \(description.en)</desc>
      \(drawn)</svg>
      <figcaption>\(title)</figcaption>
      \(table(bars))
      </figure>\n
      """
  }

  private func draw(_ bar: Bar, row: Int, longest: Int) -> HTML {
    let y = row * VerdictChart.step + 4
    var html: HTML = """
      <text x='\(VerdictChart.labelWidth - 8)' y='\(y + 14)' text-anchor=end>\
      <tspan lang=zh>\(bar.title.zh)</tspan> <tspan lang=en>\(bar.title.en)</tspan></text>\n
      """
    var before = 0
    for verdict in Verdict.allCases {
      let count = bar.counts[verdict] ?? 0
      guard count > 0 else { continue }
      let left = VerdictChart.labelWidth + before * VerdictChart.barWidth / longest
      let right = VerdictChart.labelWidth + (before + count) * VerdictChart.barWidth / longest
      before += count
      let width = max(right - left - 1, 1)
      html += """
        <rect class='s-\(verdict.mark)' x='\(left)' y='\(y)' width='\(width)' height=20 />\
        <rect fill='url(#p-\(verdict.mark))' x='\(left)' y='\(y)' width='\(width)' height=20 />
        """
      if width >= 26 {
        html += """
          <text class=n x='\(left + width / 2)' y='\(y + 14)' text-anchor=middle>\(verdict.symbol) \(count)</text>
          """
      }
      html += "\n"
    }
    return html
  }

  private func table(_ bars: [Bar]) -> HTML {
    let head = Verdict.allCases.map { "<th scope=col>\($0.badge)" as HTML }
    let rows = bars.map { bar -> HTML in
      let cells = Verdict.allCases.map { "<td class=r>\(bar.counts[$0] ?? 0)" as HTML }
      return "<tr><th scope=row>\(bar.title)\(cells)<td class=r>\(bar.total)\n"
    }
    return """
      <div class=wide><table><thead><tr><th scope=col>\(zh: "层面", en: "Layer")\(head)\
      <th scope=col>\(zh: "合计", en: "Total")<tbody>\(rows)</table></div>
      """
  }

  /// Pattern definitions that every chart of the page uses.
  static let patterns: HTML = """
    <svg width=0 height=0 aria-hidden=true focusable=false class=defs><defs>
    <pattern id=p-c width=8 height=8 patternUnits=userSpaceOnUse></pattern>
    <pattern id=p-p width=8 height=8 patternUnits=userSpaceOnUse><path d='M0 8L8 0'/></pattern>
    <pattern id=p-x width=8 height=8 patternUnits=userSpaceOnUse><path d='M0 8L8 0M0 0L8 8'/></pattern>
    <pattern id=p-n width=8 height=8 patternUnits=userSpaceOnUse><path d='M0 4H8'/></pattern>
    <pattern id=p-w width=8 height=8 patternUnits=userSpaceOnUse><path d='M4 0V8'/></pattern>
    <pattern id=p-u width=8 height=8 patternUnits=userSpaceOnUse><circle cx=4 cy=4 r=1.5 /></pattern>
    </defs></svg>\n
    """
}

extension VerdictChart {
  /// Result A: the scored units by layer.
  static func units(_ index: ReportIndex) -> VerdictChart {
    VerdictChart(
      id: "chart-a",
      title: Bilingual(
        zh: "结果 A：各层面测评单元的判定（GB/T 39786-2021）",
        en: "Result A: verdicts of the units by layer (GB/T 39786-2021)"),
      description: Bilingual(
        zh: "每行一个安全层面，各段为该判定的测评单元数；数字见下表。",
        en: "One bar a layer; each part counts the units with that verdict. Figures in the table."),
      bars: ScoreLayer.all(index).map { layer in
        Bar(
          title: layer.title,
          counts: Dictionary(
            layer.units.compactMap { unit in unit.scored?.verdict.map { ($0, 1) } },
            uniquingKeysWith: +))
      })
  }

  /// Result B: the rows of GM/T 0077 by dimension.
  static func rows(_ index: ReportIndex) -> VerdictChart {
    VerdictChart(
      id: "chart-b",
      title: Bilingual(
        zh: "结果 B：各维度条款判定（GM/T 0077-2019）",
        en: "Result B: findings by dimension (GM/T 0077-2019)"),
      description: Bilingual(
        zh: "每行一个维度，各段为该判定的数目；数字见下表。",
        en: "One bar a dimension; each part counts findings with that verdict. Figures below."),
      bars: index.dimensions.filter { $0.standard == .gmt0077 }.map { key in
        let groups = index.groups(in: key)
        return Bar(
          title: key.dimension.title,
          counts: Dictionary(
            Verdict.allCases.map { ($0, index.count($0, in: groups)) }, uniquingKeysWith: +))
      })
  }
}
