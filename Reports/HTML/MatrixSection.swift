import AssessmentModel

/// Objects by requirements, one matrix a dimension; each cell leads to its finding.
enum MatrixSection {
  /// Columns that fit the width of a printed page.
  private static let columns = 14

  static func body(_ index: ReportIndex) -> HTML {
    let legend = Verdict.allCases.map { "\($0.badge) " as HTML }
    var html: HTML = "<p>\(legend)</p>\n"
    for key in index.dimensions {
      let groups = index.groups(in: key).filter { !$0.entries.isEmpty }
      guard !groups.isEmpty else { continue }
      html += """
        <h3>\(key.standard.map { "\($0.name) · " as HTML } ?? "")\(key.dimension.title)</h3>\n
        """
      for start in stride(from: 0, to: groups.count, by: columns) {
        html += matrix(groups[start..<min(start + columns, groups.count)], index)
      }
    }
    return html
  }

  private static func matrix(_ groups: ArraySlice<FindingGroup>, _ index: ReportIndex) -> HTML {
    // Rows in the order of the scope; requirements without an object come last.
    var cells: [String?: [Int: FindingEntry]] = [:]
    for (column, group) in groups.enumerated() {
      for entry in group.entries { cells[entry.finding.object, default: [:]][column] = entry }
    }
    let named = index.result.objects.map(\.id).filter { cells[$0] != nil }
    let known = Set(named)
    let others = cells.keys.compactMap { $0 }.filter { !known.contains($0) }.sorted()
    var rows: [HTML] = []
    for object in named + others {
      let kind = index.objects[object].map { " <small>\($0.kind.word)</small>" as HTML } ?? ""
      rows.append(row("\(object)\(kind)", cells[object] ?? [:], width: groups.count))
    }
    if let unnamed = cells[nil] {
      rows.append(
        row("\(zh: "（未指定对象）", en: "(no object)")", unnamed, width: groups.count))
    }
    let heads = groups.map { group -> HTML in
      "<th scope=col><span class=up>\(group.shortName)</span>"
    }
    return """
      <div class=wide><table class=m><thead><tr><th scope=col>\(Column.object)\(heads)<tbody>\(rows)</table></div>\n
      """
  }

  private static func row(_ head: HTML, _ cells: [Int: FindingEntry], width: Int) -> HTML {
    var html: HTML = "<tr><th scope=row>\(head)"
    for column in 0..<width {
      guard let entry = cells[column] else {
        html += "<td>"
        continue
      }
      let verdict = entry.finding.verdict
      html += "<td class=\(verdict.mark)><a href=#f\(entry.number)>\(verdict.symbol)</a>"
    }
    return "\(html)\n"
  }
}
