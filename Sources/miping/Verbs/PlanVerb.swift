import ArgumentParser
import Assessment
import AssessmentModel
import FoundationEssentials
import Gating
import Planning
import ProbeRegistry

struct PlanVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "plan",
      abstract: Language.current.pick(
        zh: "列出将检测与将询问的内容，不接触任何系统", en: "What would be inspected or asked, touching nothing"),
      discussion: """
        EXAMPLES:
          miping plan scope.yaml
          miping plan scope.yaml -f json
        """)
  }

  @Argument(help: "scope.yaml")
  var scope: String
  @Option(name: .shortAndLong, help: "table | json[:PATH]")
  var format = FormatOption(.table)
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var catalogOptions: CatalogOptions
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    let request = AssessmentRequest(
      scopePath: scope, controlsFolder: try catalogOptions.folder(language.lang),
      overlays: catalogOptions.overlay, controls: selection.control, objects: selection.object,
      toolVersion: Tool.version, probes: ProbeList.all, now: { Clock.now })
    let preparation: Preparation
    do throws(AssessmentError) {
      preparation = try Preparation(request)
    } catch {
      throw Failure.report(error, language.lang)
    }
    switch format.format {
    case .json: try format.write(Array(JSONText.pretty(json(preparation)).utf8))
    case .table: try format.write(Array(table(preparation).utf8))
    case .html, .junit: throw ValidationError("plan writes table or json")
    }
  }

  private func table(_ preparation: Preparation) -> String {
    let plan = preparation.plan
    var inspections = Table([
      "probe", "object", language.lang.pick(zh: "位置", en: "place"),
      language.lang.pick(zh: "条目数", en: "requirements"),
    ])
    for one in plan.inspections {
      inspections.add([
        one.procedure.probe, one.object.id, one.object.locator ?? "",
        String(one.requirements.count),
      ])
    }
    var asks = Table([
      language.lang.pick(zh: "问题", en: "question"), language.lang.pick(zh: "对象", en: "object"),
      language.lang.pick(zh: "方法", en: "method"), language.lang.pick(zh: "内容", en: "what"),
    ])
    for ask in plan.asks {
      asks.add([
        ask.question.id, ask.object ?? "–", ask.question.method.rawValue,
        language.lang.pick(ask.question.text),
      ])
    }
    let heading = language.lang.pick(
      zh:
        "检测 \(plan.inspections.count) 项，询问 \(plan.asks.count) 项；未知文本而不判定的条目 \(plan.listed.count) 项",
      en: "\(plan.inspections.count) inspections, \(plan.asks.count) questions; "
        + "\(plan.listed.count) rows listed and never judged")
    return "\(heading)\n\n\(inspections.text)\n\(asks.text)"
  }

  private func json(_ preparation: Preparation) -> FactValue {
    let plan = preparation.plan
    return [
      "schema": "miping.plan/1",
      "inspections": .list(
        plan.inspections.map { one in
          [
            "object": .text(one.object.id), "probe": .text(one.procedure.probe),
            "at": one.object.locator.map { .text($0) } ?? .null,
            "contacts-network": .boolean(one.contactsNetwork),
            "requirements": .list(one.requirements.map { .text($0) }),
          ]
        }),
      "asks": .list(
        plan.asks.map { ask in
          [
            "ask": .text(ask.question.id), "object": ask.object.map { .text($0) } ?? .null,
            "method": .text(ask.question.method.rawValue), "zh": .text(ask.question.text.zh),
            "en": .text(ask.question.text.en),
            "requirements": .list(ask.requirements.map { .text($0) }),
          ]
        }),
      "listed": .list(plan.listed.map { .text($0.id) }),
    ]
  }
}

struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "只测评这些条目、单元或层面；可重复。缩小范围后不给结论",
        en:
          "Only these rows, units or dimensions; may repeat. A reduced selection gives no conclusion"
      ),
      valueName: "ID"))
  var control: [String] = []

  @Option(
    help: ArgumentHelp(
      Language.current.pick(zh: "只测评这些对象；可重复", en: "Only these objects; may repeat"),
      valueName: "ID"))
  var object: [String] = []
}

/// The system's clock.
enum Clock {
  static var now: Double { Date().timeIntervalSince1970 }
}
