import ArgumentParser
import AssessmentModel
import ProbeKit
import ProbeRegistry

struct ProbeVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "probe",
      abstract: Language.current.pick(
        zh: "单独使用探测器", en: "Probes by hand"),
      discussion: """
        EXAMPLES:
          miping probe list
          miping probe run tls.endpoint any://127.0.0.1:8443 -f json
          miping probe run tls.capture handshakes.pcapng -f json
          miping probe run algorithm.assets /etc/ssl/private
        """,
      subcommands: [List.self, Run.self])
  }

  struct List: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "list",
        abstract: Language.current.pick(zh: "列出探测器及其事实", en: "List probes and their facts"))
    }

    @Option(name: .shortAndLong, help: "table | json[:PATH]")
    var format = FormatOption(.table)
    @OptionGroup var language: LanguageOptions

    func run() async throws {
      let probes = ProbeList.all.map { $0.description }
      if format.format == .json {
        try format.write(Array(JSONText.pretty(json(probes)).utf8))
        return
      }
      var table = Table(["probe", "target", language.lang.pick(zh: "说明", en: "what")])
      for probe in probes {
        table.add([probe.name, probe.target, language.lang.pick(probe.title)])
      }
      var facts = Table(["probe", "fact", language.lang.pick(zh: "含义", en: "meaning")])
      for probe in probes {
        for (name, meaning) in probe.facts.sorted(by: { $0.key < $1.key }) {
          facts.add([probe.name, name, language.lang.pick(meaning)])
        }
      }
      try format.write(Array("\(table.text)\n\(facts.text)".utf8))
    }

    private func json(_ probes: [ProbeDescription]) -> FactValue {
      .list(
        probes.map { probe in
          [
            "probe": .text(probe.name), "target": .text(probe.target),
            "objects": .list(probe.objectKinds.map(\.rawValue).sorted().map { .text($0) }),
            "facts": .list(probe.facts.keys.sorted().map { .text($0) }),
            "parameters": .list(probe.parameters.keys.sorted().map { .text($0) }),
          ]
        })
    }
  }

  struct Run: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: "run",
        abstract: Language.current.pick(
          zh: "对一个目标运行探测器；文件列表则逐行输出",
          en: "Run a probe on one target; a list file gives one object a line"),
        discussion: """
          EXAMPLES:
            miping probe run tls.endpoint tls://127.0.0.1:443 --param sni=pay.bank.example
            miping probe run tls.endpoint endpoints.txt -f json

          A list has one target a line; # starts a comment line. Its inspections run side by side and are
          printed as they end, with -f json as one line each.
          Files and loopback need no scope. Any other address needs --scope FILE, whose authorisation then
          rules, or --authorisation TEXT, which is recorded with the evidence.
          EXIT CODES: 0 observed, 3 unavailable, 130 interrupted
          """)
    }

    @Argument(help: "tls.endpoint")
    var name: String
    @Argument(help: "TARGET")
    var target: String
    @Option(name: .shortAndLong, help: "table | json[:PATH]")
    var format = FormatOption(.table)
    @Option(help: ArgumentHelp("sni=pay.bank.example", valueName: "NAME=VALUE"))
    var param: [String] = []
    @Option(help: ArgumentHelp("scope.yaml", valueName: "FILE"))
    var scope: String?
    @Option(
      help: ArgumentHelp(
        Language.current.pick(zh: "授权依据，随证据记录", en: "Whose permission; recorded with the evidence"),
        valueName: "TEXT"))
    var authorisation: String?
    @Option(help: "30s")
    var deadline = "30s"
    @Option(
      help: ArgumentHelp(
        Language.current.pick(
          zh: "同时进行的探测数，默认 20", en: "Inspections of a list at once; 20 by default"),
        valueName: "COUNT"))
    var inspections = SingleInspection.usualInspections
    @OptionGroup var language: LanguageOptions

    func validate() throws {
      guard (1...1024).contains(inspections) else {
        throw ValidationError("--inspections \(inspections): expected 1 to 1024")
      }
    }

    func run() async throws {
      guard let type = ProbeList.named(name) else {
        let near = nearestName(to: name, among: ProbeList.all.map { $0.description.name })
        Terminal.note(
          language.lang.pick(
            zh: "没有探测器 \(name)" + (near.map { "；是否指 \($0)？" } ?? ""),
            en: "there is no probe \(name)"
              + (near.map { "; did you mean \($0)?" } ?? "; see miping probe list")))
        throw ExitMeaning.wrongUse.exit
      }
      let single = SingleInspection(
        type: type, parameters: try parameters(), scope: scope, authorisation: authorisation,
        deadline: deadline, inspections: inspections, language: language.lang)
      let work = Task { [target, format] in try await single.run(target: target, format: format) }
      let interruption = Interruption { [lang = language.lang] in
        Terminal.note(
          lang.pick(
            zh: "正在停止并清理（再按一次立即结束）", en: "stopping and cleaning up (once more ends at once)"))
        work.cancel()
      }
      defer { interruption.end() }
      let isUnavailable = try await work.value
      if interruption.wasMet { throw ExitMeaning.interrupted.exit }
      if isUnavailable { throw ExitMeaning.incomplete.exit }
    }

    private func parameters() throws -> [String: FactValue] {
      var parameters: [String: FactValue] = [:]
      for text in param {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
          throw ValidationError("--param \(text): expected NAME=VALUE")
        }
        parameters[String(parts[0])] = .text(String(parts[1]))
      }
      return parameters
    }
  }
}
