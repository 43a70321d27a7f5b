import AssessmentModel

/// Text in columns; East Asian wide characters count two.
struct Table {
  var header: [String]
  var rows: [[String]] = []
  /// The last column takes what is left of this width.
  var width: Int

  init(_ header: [String], width: Int = Terminal.width) {
    self.header = header
    self.width = width
  }

  mutating func add(_ row: [String]) {
    rows.append(row.map { ActiveScalar.inert($0, limit: 400) })
  }

  var text: String {
    let all = [header] + rows
    let columns = header.count
    var widths = (0..<columns).map { column in
      all.map { column < $0.count ? TextWidth.columns($0[column]) : 0 }.max() ?? 0
    }
    if columns > 0 {
      let others = widths.dropLast().reduce(0) { $0 + $1 + 2 }
      widths[columns - 1] = min(widths[columns - 1], max(20, width - others))
    }
    var lines = [line(header, widths)]
    lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
    lines += rows.map { line($0, widths) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var parts: [String] = []
    for (column, width) in widths.enumerated() {
      let cell = column < cells.count ? cells[column] : ""
      let isLast = column == widths.count - 1
      let shown = isLast ? TextWidth.cut(cell, to: width) : cell
      parts.append(isLast ? shown : TextWidth.padded(shown, to: width))
    }
    var line = parts.joined(separator: "  ")
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}

/// Width of text on a terminal.
enum TextWidth {
  static func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - columns(text)))
  }

  static func cut(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    var kept = ""
    var used = 0
    for scalar in text.unicodeScalars {
      let next = columns(of: scalar)
      if used + next > width - 1 { break }
      kept.unicodeScalars.append(scalar)
      used += next
    }
    return kept + "…"
  }

  /// 2 for East Asian wide and full-width scalars, 0 for marks that combine, else 1.
  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
