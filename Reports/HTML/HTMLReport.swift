import AssessmentModel
import Mustache

/// The gap report (差距报告): one self-contained page for an assessor to read, print and sign.
///
/// The frame of the page is a Mustache template. Tables are written by `HTML` in Swift instead: Mustache
/// looks every name up by reflection, which for the tens of thousands of cells of a large bank costs
/// seconds, while `HTML` appends to one text and cannot forget to escape.
struct HTMLReport {
  private let index: ReportIndex

  init(_ result: AssessmentResult) { index = ReportIndex(result) }

  func render(language: ReportLanguage) throws(ReportError) -> [UInt8] {
    let frame: MustacheTemplate
    do {
      frame = try MustacheTemplate(
        string: String(decoding: PackageResources.page_mustache, as: UTF8.self))
    } catch {
      throw .template("\(error)")
    }
    return Array(frame.render(fields(language)).utf8)
  }

  private func fields(_ language: ReportLanguage) -> [String: Any] {
    let title: HTML = "\(index.result.system.title.zh) · 密码应用差距报告 / Gap report"
    let dimensions: HTML = "\(dimensionOptions)"
    return [
      "html-language": language == .english ? "en" : "zh-CN",
      "language": language.rawValue,
      "policy": PagePolicy.text,
      "title": title.text,
      "style": String(decoding: PackageResources.style_css, as: UTF8.self),
      "script": String(decoding: PackageResources.script_js, as: UTF8.self),
      "identity": IdentitySection.body(index).text,
      "conclusion": ConclusionSection.body(index).text,
      "patterns": VerdictChart.patterns.text,
      "verdicts": Verdict.allCases.map { verdict -> [String: Any] in
        [
          "mark": verdict.mark.text, "badge": verdict.badge.text,
          "count": String(index.count(verdict)),
        ]
      },
      "dimensions": dimensions.text,
      "findings": String(index.result.findings.count),
      "sections": sections.enumerated().map { number, section -> [String: Any] in
        var fields: [String: Any] = [
          "number": String(number + 1), "id": section.id, "zh": section.title.zh,
          "en": section.title.en, "body": section.body.text,
        ]
        if let count = section.count { fields["count"] = String(count) }
        return fields
      },
    ]
  }

  private var dimensionOptions: [HTML] {
    index.dimensions.map { key in
      """
      <option value='\(key.token)'>\(key.standard?.name ?? "") \(key.dimension.title.zh) \
      \(key.dimension.title.en)</option>
      """
    }
  }

  private struct Section {
    let id: String
    let title: Bilingual
    var count: Int?
    let body: HTML
  }

  private var sections: [Section] {
    [
      Section(
        id: "high-risk", title: Bilingual(zh: "高风险", en: "High risk"),
        count: index.result.highRisk.count, body: HighRiskSection.body(index)),
      findings(
        "problems", Bilingual(zh: "不符合与部分符合", en: "Non-conforming and partial"),
        [.nonConforming, .partial], remediation: true),
      Section(
        id: "result-a",
        title: Bilingual(
          zh: "结果 A：官方形式得分（GB/T 39786-2021）", en: "Result A: official form (GB/T 39786-2021)"),
        body: ScoreSection.body(index)),
      Section(
        id: "result-b",
        title: Bilingual(zh: "结果 B：GM/T 0077 指数", en: "Result B: GM/T 0077 index"),
        body: IndexSection.body(index)),
      Section(
        id: "matrix", title: Bilingual(zh: "按层面的结果矩阵", en: "Matrix by dimension"),
        body: MatrixSection.body(index)),
      findings(
        "conforming", Bilingual(zh: "符合", en: "Conforming"), [.conforming], remediation: false),
      awaiting,
      findings(
        "untested", Bilingual(zh: "未测及原因", en: "Untested, with causes"), [.untested],
        remediation: false),
      findings(
        "not-applicable", Bilingual(zh: "不适用及理由", en: "Not applicable, with reasons"),
        [.notApplicable], remediation: false),
      Section(
        id: "compensations", title: Bilingual(zh: "弥补", en: "Compensations"),
        count: index.result.compensations.count, body: ArrangementSection.compensations(index)),
      Section(
        id: "waivers", title: Bilingual(zh: "豁免", en: "Waivers"),
        count: index.result.waivers.count, body: ArrangementSection.waivers(index)),
      Section(
        id: "coverage", title: Bilingual(zh: "覆盖与未读条款", en: "Coverage and unread clauses"),
        body: CoverageSection.body(index)),
      Section(
        id: "evidence", title: Bilingual(zh: "证据清单", en: "Evidence"),
        body: EvidenceSection.body(index)),
      Section(
        id: "method", title: Bilingual(zh: "方法与范围", en: "Method and scope"),
        body: MethodSection.body(index)),
    ]
  }

  private func findings(
    _ id: String, _ title: Bilingual, _ verdicts: [Verdict], remediation: Bool
  ) -> Section {
    Section(
      id: id, title: title, count: verdicts.reduce(0) { $0 + index.count($1) },
      body: FindingTables(index: index, verdicts: verdicts, showsRemediation: remediation).body)
  }

  private var awaiting: Section {
    let findings = FindingTables(index: index, verdicts: [.awaiting], showsRemediation: false)
    return Section(
      id: "awaiting", title: Bilingual(zh: "待人工核查", en: "Awaiting a person"),
      count: index.result.awaiting.count,
      body: """
        <h3>\(zh: "问题清单", en: "Questions")</h3>\(PendingSection.questions(index))
        <h3>\(zh: "待核查的判定", en: "Findings that wait")</h3>\(findings.body)
        """)
  }
}

/// What the page may load and run (Content-Security-Policy): its own style and script, nothing else.
enum PagePolicy {
  /// SHA-256, base 64, of Templates/script.js and Templates/style.css; a test recomputes both.
  static let scriptDigest = "j9KstZYefynTrgGNyPhskXVSis+39cTF7CYDjvHdMl0="
  static let styleDigest = "ka7DwClaa7yC5BdarhnyU8UBarx0HhMvMIk4/aQwWh8="

  static let text = """
    default-src 'none'; img-src data:; style-src 'sha256-\(styleDigest)'; \
    script-src 'sha256-\(scriptDigest)'; base-uri 'none'; form-action 'none'
    """
}
