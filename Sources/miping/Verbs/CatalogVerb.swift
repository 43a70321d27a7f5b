import ArgumentParser
import AssessmentModel
import ControlCatalog
import ProbeRegistry

struct CatalogVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "catalog",
      abstract: Language.current.pick(
        zh: "浏览或检查控制目录与叠加文件", en: "Browse or check the control catalog and overlays"),
      discussion: """
        EXAMPLES:
          miping catalog list --level 3
          miping catalog show L3-7.2.2.4-e
          miping catalog check Controls --overlay my-bank.yaml
        """,
      subcommands: [List.self, Show.self, Check.self])
  }

  struct List: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "list",
        abstract: Language.current.pick(zh: "列出条目", en: "List requirements"))
    }

    @Option(help: "gmt0077 | gbt39786")
    var standard: CatalogListing.StandardName = .gmt0077
    @Option(help: "3 | 4")
    var level: Int?
    @Option(name: .shortAndLong, help: "table | json[:PATH]")
    var format = FormatOption(.table)
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var language: LanguageOptions

    func validate() throws {
      if let level, level != 3, level != 4 { throw ValidationError("--level is 3 or 4") }
    }

    func run() async throws {
      let catalog = try catalogOptions.catalog(language.lang)
      let all =
        standard == .gmt0077 ? catalog.requirements : catalog.unitRequirements
      let chosen = all.filter { level == nil || $0.level == level }
      switch format.format {
      case .json:
        try format.write(Array(JSONText.pretty(CatalogListing.json(chosen)).utf8))
      case .table:
        var table = Table(["id", "obligation", "text", language.lang.pick(zh: "标题", en: "title")])
        for one in chosen {
          table.add([
            one.id, one.obligation.rawValue, one.textState.rawValue, language.lang.pick(one.title),
          ])
        }
        try format.write(Array(table.text.utf8))
      case .html, .junit:
        throw ValidationError("catalog list writes table or json")
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "show",
        abstract: Language.current.pick(zh: "显示一个条目", en: "Show one requirement"))
    }

    @Argument(help: "L3-7.2.2.4-e, L3-net.conf, net.conf")
    var id: String
    @Option(name: .shortAndLong, help: "table | json[:PATH]")
    var format = FormatOption(.table)
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var language: LanguageOptions

    func run() async throws {
      let catalog = try catalogOptions.catalog(language.lang)
      let found = try Explanation.find(id, in: catalog, language.lang)
      if format.format == .json {
        try format.write(Array(JSONText.pretty(CatalogListing.json(found)).utf8))
      } else {
        let text = found.map { Explanation.text($0, language.lang) }.joined(separator: "\n")
        try format.write(Array(text.utf8))
      }
    }
  }

  struct Check: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "check",
        abstract: Language.current.pick(
          zh: "检查目录，一次列出全部错误", en: "Check a catalog; every fault is listed at once"))
    }

    @Argument(help: "Controls")
    var folder: String?
    @OptionGroup var catalogOptions: CatalogOptions
    @OptionGroup var language: LanguageOptions

    func run() async throws {
      let catalog =
        if let folder {
          try catalogOptions.checked(folder, language.lang)
        } else {
          try catalogOptions.catalog(language.lang)
        }
      let read = catalog.requirements.count { $0.textState == .read }
      Terminal.note(
        language.lang.pick(
          zh:
            "目录无误：\(catalog.requirements.count) 条（已知文本 \(read)），\(catalog.units.count) 个单元，\(catalog.questions.count) 个问题，sm3 \(catalog.digest)",
          en: "the catalog is sound: \(catalog.requirements.count) rows (\(read) with text), "
            + "\(catalog.units.count) units, \(catalog.questions.count) questions, sm3 \(catalog.digest)"
        ))
    }
  }
}

extension CatalogListing.StandardName: ExpressibleByArgument {}
