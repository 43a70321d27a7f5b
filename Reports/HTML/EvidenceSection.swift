import AssessmentModel

/// Every piece of evidence the record names, with the digest that pins it.
enum EvidenceSection {
  static func body(_ index: ReportIndex) -> HTML {
    var references: [String: EvidenceReference] = [:]
    var sources: [String: AssessmentResult.InspectionSummary] = [:]
    for inspection in index.result.inspections {
      for reference in inspection.evidence {
        references[reference.id] = reference
        sources[reference.id] = inspection
      }
    }
    for finding in index.result.findings {
      for reference in finding.evidence { references[reference.id] = reference }
    }
    let sorted = references.values.sorted { ($0.id, $0.sm3) < ($1.id, $1.sm3) }
    let measured = sorted.compactMap { one -> HTML? in
      sources[one.id].map { row(one, source: "<td>\($0.probe) · \($0.object)") }
    }
    let given = sorted.filter { sources[$0.id] == nil }.map { row($0, source: "") }
    return """
      <p class=dim>\(zh: "链接指向与本页同一文件夹中的 evidence/。类别：1 访谈、文档、查看；2 工具测试、配置检查；3 对机制的跟踪与主动攻击。各条摘要与链见 evidence.jsonl。",
      en: "Links lead into evidence/ beside this page. Class: 1 interview, documents, look; 2 tool test, configuration check; 3 tracing and active attack on the mechanism. Digests and their chain are in evidence.jsonl.")</p>
      <h3>\(zh: "检测取得", en: "From inspections")</h3>
      \(table(measured, [Bilingual(zh: "来源", en: "Source")]))\
      <h3>\(zh: "人工提供", en: "From people")</h3>
      \(table(given, []))
      """
  }

  private static func row(_ one: EvidenceReference, source: HTML) -> HTML {
    """
    <tr><td>\(HTML.evidence(one.id))<td class=r>\(one.strength)\(source)<td><code>\(one.sm3)</code>\n
    """
  }

  private static func table(_ rows: [HTML], _ source: [Bilingual]) -> HTML {
    HTML.table(
      [Column.evidence, Bilingual(zh: "类别", en: "Class")] + source
        + [Bilingual(zh: "SM3", en: "SM3")],
      class: "ev", rows: rows)
  }
}
