import ArgumentParser
import Assessment
import AssessmentModel
import FoundationEssentials
import Gating
import NationalCrypto
import ProbeRegistry
import Reporting

struct AssessVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "assess",
      abstract: Language.current.pick(
        zh: "检测、判定、量化、门限、报告", en: "Inspect, judge, score, gate, report"),
      discussion: """
        EXAMPLES:
          miping assess scope.yaml -o out
          miping assess scope.yaml -f table -f junit:out/junit.xml --gate complete
          miping assess scope.yaml --resume

        EXIT CODES: \(ExitMeaning.listing(.current))
        """)
  }

  @Argument(help: "scope.yaml")
  var scope: String
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table | json | html | junit, [:PATH]", valueName: "FORMAT[:PATH]"))
  var format: [FormatOption] = []
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      Language.current.pick(zh: "结果文件夹的上级", en: "Folder that gets the run's folder"),
      valueName: "DIR"))
  var out = "out"
  @Option(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "结果库；缺省为范围文件旁的 miping.db", en: "Result store; miping.db beside the scope by default"),
      valueName: "FILE"))
  var store: String?
  @Option(help: "default | complete | none")
  var gate: GateKind = .default
  @Option(help: "2023 | 2021")
  var edition = "2023"
  @Flag(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "继续最近一次未完成的运行；--run 指定某次", en: "Go on with the last unfinished run; --run names one")))
  var resume = false
  @Option(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "与 --resume 同用：运行的编号或文件夹", en: "With --resume: the run's id or folder"),
      valueName: "RUN"))
  var run: String?
  @Option(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "签署清单的 SM2 私钥，env:NAME 或 file:PATH",
        en: "SM2 private key that signs the manifest: env:NAME or file:PATH"),
      valueName: "REF"))
  var signingKey: String?
  @Flag(
    name: .shortAndLong,
    help: ArgumentHelp(Language.current.pick(zh: "不显示进度", en: "No progress")))
  var quiet = false
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var catalogOptions: CatalogOptions
  @OptionGroup var language: LanguageOptions

  func validate() throws {
    try FormatOption.check(format)
    if run != nil && !resume { throw ValidationError("--run goes with --resume") }
    guard edition == "2023" || edition == "2021" else {
      throw ValidationError("--edition is 2023 or 2021")
    }
  }

  func run() async throws {
    let lang = language.lang
    let request = AssessmentRequest(
      scopePath: scope, controlsFolder: try catalogOptions.folder(lang),
      overlays: catalogOptions.overlay, edition: edition, gate: gate, out: out, store: store,
      resume: resume ? run.map { .run($0) } ?? .last : .no, controls: selection.control,
      objects: selection.object, toolVersion: Tool.version, signingKey: try key(),
      probes: ProbeList.all, now: { Clock.now })
    let outcome = try await RunningAssessment.run(request, isQuiet: quiet, language: lang)
    for option in format.isEmpty ? [FormatOption(.table)] : format {
      try ResultOutput.write(outcome.result, option, lang)
    }
    ResultOutput.places(outcome, lang)
    let code =
      outcome.result.run.state == .interrupted
      ? ExitMeaning.interrupted.rawValue : Int32(outcome.result.gate.exitCode)
    if code != 0 { throw ExitCode(code) }
  }

  private func key() throws -> [UInt8]? {
    guard let signingKey else { return nil }
    if signingKey.hasPrefix("env:"),
      let value = ProcessInfo.processInfo.environment[String(signingKey.dropFirst(4))]
    {
      return Array(value.utf8)
    }
    if signingKey.hasPrefix("file:"),
      let data = FileManager.default.contents(atPath: String(signingKey.dropFirst(5)))
    {
      return Array(data)
    }
    throw ValidationError(
      language.lang.pick(
        zh: "--signing-key 应为 env:NAME 或 file:PATH，且可读",
        en: "--signing-key is env:NAME or file:PATH, and readable"))
  }
}

extension GateKind: ExpressibleByArgument {}
