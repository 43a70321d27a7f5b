import ArgumentParser
import Assessment
import DemoBank
import FoundationEssentials
import Gating
import ProbeRegistry

struct DemoVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "demo",
      abstract: Language.current.pick(
        zh: "在回环地址上运行虚构银行并完整测评，写出报告",
        en: "Run a fictitious bank on loopback, assess it end to end, write a full report"),
      discussion: """
        EXAMPLES:
          miping demo
          miping demo -o /tmp/demo --lang zh-CN
        """)
  }

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      Language.current.pick(zh: "写入的文件夹", en: "Folder to write to"), valueName: "DIR"))
  var out = "miping-demo"
  @Flag(
    name: .shortAndLong,
    help: ArgumentHelp(Language.current.pick(zh: "不显示进度", en: "No progress")))
  var quiet = false
  @OptionGroup var catalogOptions: CatalogOptions
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    let lang = language.lang
    let controls = try catalogOptions.folder(lang)
    let bank: DemoBank
    do throws(DemoError) {
      bank = try DemoBank.start(in: "\(out)/bank")
    } catch {
      Terminal.note(lang.pick(zh: "演示银行未能启动：\(error)", en: "the demo bank did not start: \(error)"))
      throw ExitMeaning.toolFailed.exit
    }
    defer { bank.stop() }
    // The demo shows gaps on purpose: it reports them and asks for nothing.
    let request = AssessmentRequest(
      scopePath: bank.scopePath, controlsFolder: controls, overlays: catalogOptions.overlay,
      gate: .none, out: "\(out)/out", toolVersion: Tool.version, probes: ProbeList.all,
      now: { Clock.now })
    let outcome = try await RunningAssessment.run(request, isQuiet: quiet, language: lang)
    try ResultOutput.write(outcome.result, FormatOption(.table), lang)
    try publish(outcome, lang)
  }

  /// A copy of the report at a place that stays the same from demo to demo.
  private func publish(_ outcome: AssessmentOutcome, _ lang: Language) throws {
    let report = "\(out)/report.html"
    do {
      let bytes = try Data(contentsOf: URL(filePath: "\(outcome.folder)/report.html"))
      try bytes.write(to: URL(filePath: report), options: .atomic)
    } catch {
      Terminal.note(
        lang.pick(
          zh: "\(report)：无法写出（\(error.localizedReason)）",
          en: "\(report): cannot be written (\(error.localizedReason))"))
      throw ExitMeaning.toolFailed.exit
    }
    ResultOutput.places(outcome, lang)
    Terminal.note(
      lang.pick(
        zh: "用浏览器打开 \(report)（可离线）。下一步：miping init --level 3 my-bank",
        en: "open \(report) in a browser (works offline). Next: miping init --level 3 my-bank"))
  }
}
