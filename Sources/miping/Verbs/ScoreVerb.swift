import ArgumentParser
import AssessmentModel
import Scoring
import Settings
import YAMLDocument

struct ScoreVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "score",
      abstract: Language.current.pick(
        zh: "仅运行量化引擎：由 D/A/K 判定表计算", en: "The scoring engine alone, on a sheet of D/A/K judgements"),
      discussion: """
        EXAMPLES:
          miping score sheet.yaml
          miping score sheet.json -f json
        """)
  }

  @Argument(help: "SHEET: JSON or YAML")
  var sheet: String
  @Option(name: .shortAndLong, help: "table | json[:PATH]")
  var format = FormatOption(.table)
  @OptionGroup var catalogOptions: CatalogOptions
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    let catalog = try catalogOptions.catalog(language.lang)
    let faults = Faults()
    guard let node = YAMLDocument.read(path: sheet, faults: faults, limit: 64 << 20),
      faults.isEmpty,
      let sheet = ScoreSheetFile.read(
        node, units: catalog.units, rulesByEdition: catalog.rules, faults: faults),
      faults.isEmpty, let rules = catalog.rules[sheet.edition]
    else { throw Failure.report(faults.sorted) }
    let result = score(sheet, rules: rules, units: catalog.units)
    switch format.format {
    case .json: try format.write(Array(JSONText.pretty(result.fact).utf8))
    case .table:
      try format.write(Array(ScoreTable.text(result, catalog, language.lang).utf8))
    case .html, .junit: throw ValidationError("score writes table or json")
    }
  }
}
