import AssessmentModel

/// How the result came about: scope, objects, inspections, rules, limits of what the tool can say.
enum MethodSection {
  static func body(_ index: ReportIndex) -> HTML {
    let result = index.result
    return """
      <h3>\(zh: "测评对象", en: "Objects")</h3>
      \(objects(result))
      <h3>\(zh: "检测", en: "Inspections")</h3>
      \(inspections(result))
      <h3>\(zh: "判定与量化规则", en: "How verdicts and scores are made")</h3>
      \(rules(result))
      \(judgements(result))
      <h3>\(zh: "局限与声明", en: "Limits and what is not claimed")</h3>
      \(limits(result))
      """
  }

  private static func objects(_ result: AssessmentResult) -> HTML {
    HTML.table(
      [
        Column.object, Bilingual(zh: "类型", en: "Kind"), Bilingual(zh: "位置", en: "Where"),
        Bilingual(zh: "责任方", en: "Owner"), Bilingual(zh: "产品证书", en: "Product certificate"),
        Bilingual(zh: "模块等级", en: "Module grade"), Bilingual(zh: "关系", en: "Relations"),
      ],
      rows: result.objects.map { object in
        """
        <tr><th scope=row>\(object.id)\(object.title.map { " <small>\($0)</small>" as HTML } ?? "")\
        <td>\(object.kind.word)<td>\(object.locator.map { HTML.code($0) } ?? HTML.dash)\
        <td>\(HTML.value(object.owner))<td>\(HTML.value(object.product?.certificate))\
        <td class=r>\(object.product.map { "\($0.moduleGrade)" as HTML } ?? "")<td>\(relations(object))\n
        """
      })
  }

  private static func relations(_ object: AssessmentObject) -> HTML {
    let all: [(Bilingual, [String])] = [
      (Bilingual(zh: "服务于", en: "serves"), object.serves),
      (Bilingual(zh: "经由", en: "travels"), object.travels),
      (Bilingual(zh: "存放于", en: "rests in"), object.restsIn),
      (Bilingual(zh: "受保护于", en: "protected by"), object.protectedBy),
    ]
    let named = all.filter { !$0.1.isEmpty }.map { name, ids -> HTML in
      "<div>\(name) \(ids.joined(separator: ", "))</div>"
    }
    return "\(named)"
  }

  private static func inspections(_ result: AssessmentResult) -> HTML {
    HTML.table(
      [
        Column.object, Bilingual(zh: "探测", en: "Probe"), Bilingual(zh: "参数", en: "Parameters"),
        Bilingual(zh: "结果", en: "Outcome"), Column.evidence,
      ],
      rows: result.inspections.map { inspection in
        let parameters =
          inspection.parameters.isEmpty
          ? "" : FactText.short(.record(inspection.parameters))
        return """
          <tr><th scope=row>\(inspection.object)<td><code>\(inspection.probe)</code>\
          <td>\(parameters)<td>\(outcome(inspection))<td>\(HTML.evidence(inspection.evidence.map(\.id)))\n
          """
      })
  }

  private static func outcome(_ inspection: AssessmentResult.InspectionSummary) -> HTML {
    guard let reason = inspection.reason else { return "\(zh: "已观测", en: "observed")" }
    return """
      <b>?</b> \(zh: "未能观测", en: "unavailable"): \(reason.reason.word) <small>\(reason.detail)</small>
      """
  }

  /// The published judgements, each with whether it was in force.
  private static func judgements(_ result: AssessmentResult) -> HTML {
    guard !result.catalog.judgements.isEmpty else { return "" }
    let table = HTML.table(
      [
        Bilingual(zh: "密评问答", en: "Published judgement"), Bilingual(zh: "内容", en: "What it says"),
        Bilingual(zh: "启用", en: "In force"),
      ],
      rows: result.catalog.judgements.map { one in
        "<tr><th scope=row>\(one.number)<td>\(one.title)<td>\(one.isInForce ? "√" : "–")\n"
      })
    return "<h3>\(zh: "已公布的判定口径", en: "Published judgements")</h3>\n\(table)"
  }

  private static func rules(_ result: AssessmentResult) -> HTML {
    """
    <ul>
    <li>\(zh: "字母：D、A、K 各自由期望和人工答案合取：有一项不满足即 ×；否则有一项未知即未确定；没有任何期望也为未确定，不会算作满足。",
    en: "Letters: each of D, A, K is the conjunction of its expectations and answers: any not met gives ×; else any unknown gives undetermined; no expectation at all is undetermined, never met.")
    <li>\(zh: "对象判定：D 为 × 则不符合，A、K 不再评价；D 为 √ 而 A 或 K 为 × 则部分符合；三项皆 √ 则符合；否则待核查或未测。",
    en: "Object: D × is non-conforming and A, K are not evaluated; D √ with A or K × is partial; all √ conforms; otherwise it awaits a person or is untested.")
    <li>\(zh: "对象得分（2023 版）：√√√ 1；√×√ 0.5 × Ra；√√× 0.5 × Rk；√×× 0.25 × Ra × Rk；×// 0。Ra 按实际强度取 1（≥112 位）、0.5（≥80 位）、0.2（<80 位或未知）。Rk 一般取 1；产品仅低一级且其余密钥管理要求满足时，第三级 1.2，第四级 1.5。2021 版 Ra = Rk = 1。",
    en: "Object score (edition 2023): √√√ 1; √×√ 0.5 × Ra; √√× 0.5 × Rk; √×× 0.25 × Ra × Rk; ×// 0. Ra by actual strength: 1 (≥112 bits), 0.5 (≥80), 0.2 (<80 or unknown). Rk is 1; where the product is one grade too low and the other key requirements are met, 1.2 at level 3 and 1.5 at level 4. Edition 2021: Ra = Rk = 1.")
    <li>\(zh: "弥补后得分 = max(0.5 × 弥补方得分, 原得分)，仅 2023 版，且须人确认。",
    en: "Compensated score = max(0.5 × score of what makes up for it, own score); 2023 only, confirmed by a person.")
    <li>\(zh: "单元得分 = 适用对象得分的平均；管理单元 1 / 0.5 / 0；层面得分 = Σ(权重 × 单元) ÷ Σ权重；总分 = 70 × 技术层面加权平均 + 30 × 管理层面加权平均（2021 版为 100 × 八层面加权平均）。逐级四舍五入：四位，总分两位。",
    en: "Unit = mean of its applicable objects, management 1 / 0.5 / 0; layer = Σ(weight × unit) ÷ Σ weight; total = 70 × weighted mean of the technical layers + 30 × that of management (2021: 100 × that of all eight). Rounded half up at every stage: four places, the total two.")
    <li>\(zh: "不适用须有理由，不参与计算；未测既不算 0 也不算不适用，使总分成为区间且无结论。",
    en: "Not applicable needs a reason and is left out; untested is neither 0 nor not applicable: it makes the total a range and leaves no conclusion.")
    </ul>\n
    """
  }

  private static func limits(_ result: AssessmentResult) -> HTML {
    """
    <ul>
    <li><strong>\(Claims.notOfficial)</strong>
    <li>\(zh: "结果只说明运行当时的状态；系统变更后须重新测评。检测失败既不是通过也不是不通过。",
    en: "The result states what was so at the time of the run; assess again after a change. A failed inspection is neither a pass nor a fail.")
    <li>\(zh: "要求以本项目自己的语言表述；GM/T 0077 条目的中文单元名称由本项目拟定，不代表标准原文。",
    en: "Requirements are in our own words; the Chinese unit titles of GM/T 0077 rows are ours and are not the standard's wording.")
    <li>\(zh: "量化规则、阈值和高风险清单依据公开转录，未直接对照官方原件。",
    en: "Scoring rules, threshold and the high-risk list follow public transcriptions and were not compared with the official originals.")
    <li>\(zh: "观测值不可信：超过 300 字符（已满足的期望 80）即截断，控制字符以 \\u{…} 表示；完整值见证据。",
    en: "Observed values are not trusted: they are cut after 300 characters (80 where the expectation is met), and control characters are written \\u{…}; the full value is in the evidence.")
    <li>\(zh: "校验本次运行的证据、链与签名：", en: "Verify evidence, chain and signature of this run with") \
    <code>miping verify \(result.run.id)</code>
    </ul>\n
    """
  }
}
