import ArgumentParser
import AssessmentModel

struct ExplainVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "explain",
      abstract: Language.current.pick(
        zh: "说明一个条目：要求、判定方法、整改；或一个高风险项",
        en: "Explain a requirement or a high-risk item: what, how it is judged, how to fix it"),
      discussion: """
        EXAMPLES:
          miping explain net.conf
          miping explain 7.2.2.4
          miping explain risk:7.2
        """)
  }

  @Argument(help: "L3-7.2.2.4-e, 7.2.2.4, net.conf, risk:7.2")
  var id: String
  @OptionGroup var catalogOptions: CatalogOptions
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    let catalog = try catalogOptions.catalog(language.lang)
    if id.hasPrefix("risk:"), let item = catalog.highRisk.item(String(id.dropFirst(5))) {
      Terminal.out(Explanation.text(item, language.lang))
      return
    }
    let found = try Explanation.find(id, in: catalog, language.lang)
    Terminal.out(found.map { Explanation.text($0, language.lang) }.joined(separator: "\n"))
  }
}
