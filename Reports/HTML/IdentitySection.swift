import AssessmentModel

/// What was assessed, when, with what and with whose permission: the top of the page.
enum IdentitySection {
  static func body(_ index: ReportIndex) -> HTML {
    let result = index.result
    var rows: [HTML] = [
      row(
        Bilingual(zh: "被测系统", en: "System"),
        "<strong>\(result.system.title)</strong>"),
      row(Bilingual(zh: "运营单位", en: "Operator"), HTML.value(result.system.operator)),
      row(
        Bilingual(zh: "密码应用等级", en: "Level"),
        "\(zh: level(result.system.level), en: "level \(result.system.level)")"),
      row(
        Bilingual(zh: "依据", en: "Basis"),
        """
        \(result.catalog.standard) · GB/T 39786-2021 · \
        \(zh: "量化评估规则 \(result.catalog.edition) 版", en: "scoring rules, edition \(result.catalog.edition)")
        """),
      row(
        Bilingual(zh: "控制目录摘要（SM3）", en: "Catalog digest (SM3)"),
        HTML.code(result.catalog.digest)),
      row(
        Bilingual(zh: "运行", en: "Run"),
        "\(HTML.code(result.run.id)) · \(state(result.run.state))"),
      row(
        Bilingual(zh: "时间（UTC）", en: "Time (UTC)"),
        "\(result.run.started) – \(result.run.ended)"),
      row(Bilingual(zh: "授权", en: "Authorisation"), authorisation(result.authorisation)),
      row(
        Bilingual(zh: "工具", en: "Tool"), "\(result.tool.name) \(result.tool.version)"),
    ]
    if !result.catalog.overlays.isEmpty {
      let names = result.catalog.overlays.map { "\(HTML.code($0)) " as HTML }
      rows.append(row(Bilingual(zh: "补充目录", en: "Overlays"), "\(names)"))
    }
    let table: HTML = "<table class=id>\(rows)</table>\n"
    return "\(table)\(notices(result))"
  }

  /// What a reader must know before any number: part only, or not finished.
  private static func notices(_ result: AssessmentResult) -> HTML {
    var notices = HTML()
    if result.selection.isReduced {
      let controls = result.selection.controls.joined(separator: ", ")
      let objects = result.selection.objects.joined(separator: ", ")
      notices += """
        <p class=banner><strong>\(zh: "本报告仅覆盖部分范围，不出具结论。", en: "This report covers a reduced selection; no conclusion is given.")</strong>
        \(zh: "控制项：", en: "Controls:") \(controls.isEmpty ? "*" : controls, limit: 1_000) ·
        \(zh: "对象：", en: "Objects:") \(objects.isEmpty ? "*" : objects, limit: 1_000)</p>\n
        """
    }
    switch result.run.state {
    case .complete: break
    case .interrupted:
      notices += """
        <p class=banner><strong>\(zh: "运行被中断，结果不完整。", en: "The run was interrupted; the result is incomplete.")</strong></p>\n
        """
    }
    return notices
  }

  private static func row(_ label: Bilingual, _ value: HTML) -> HTML {
    "<tr><th scope=row>\(label)<td>\(value)\n"
  }

  static func level(_ level: Int) -> String {
    switch level {
    case 3: "第三级"
    case 4: "第四级"
    default: "第 \(level) 级"
    }
  }

  private static func state(_ state: AssessmentResult.Run.State) -> HTML {
    switch state {
    case .complete: "\(zh: "已完成", en: "complete")"
    case .interrupted: "\(zh: "被中断", en: "interrupted")"
    }
  }

  private static func authorisation(_ authorisation: Scope.Authorisation?) -> HTML {
    guard let authorisation else {
      return "\(zh: "范围文件未给出授权", en: "the scope names no authorisation")"
    }
    return """
      \(authorisation.document) · \(authorisation.from) – \(authorisation.to) (\(authorisation.timezone)) ·
      \(HTML.code(authorisation.targets.joined(separator: ", ")))
      """
  }
}
