import ArgumentParser
import AssessmentModel
import FoundationEssentials
import Reporting
import ResultStore
import Sealing

struct ReportVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "report",
      abstract: Language.current.pick(
        zh: "由已存的运行写出任一格式，不再检测", en: "Any format from a stored run, never re-probing"),
      discussion: """
        EXAMPLES:
          miping report out/20261201T013000Z-1f3a -f html:report.html
          miping report 20261201T013000Z-1f3a -f json --store miping.db
        """)
  }

  @Argument(help: "RUN: folder or id")
  var run: String
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table | json | html | junit, [:PATH]", valueName: "FORMAT[:PATH]"))
  var format: [FormatOption] = []
  @Option(name: .shortAndLong, help: "Folder of runs")
  var out = "out"
  @Option(help: "miping.db")
  var store: String?
  @OptionGroup var language: LanguageOptions

  func validate() throws { try FormatOption.check(format) }

  func run() async throws {
    let bytes = try StoredRun(run: run, out: out, store: store, language: language.lang).bytes()
    let result: AssessmentResult
    do throws(ResultFormatError) {
      result = try ResultJSON.decode(bytes)
    } catch {
      Terminal.note("\(run): \(error)")
      throw ExitMeaning.integrity.exit
    }
    for option in format.isEmpty ? [FormatOption(.table)] : format {
      // The record itself is handed out as it was kept, byte for byte.
      if option.format == .json {
        try option.write(bytes)
      } else {
        try ResultOutput.write(result, option, language.lang)
      }
    }
  }
}

/// Finds the record of a run: a folder, an id in the folder of runs, or an id in the store.
struct StoredRun {
  var run: String
  var out: String
  var store: String?
  var language: Language

  /// A folder whose seal does not fit its record ends with code 4.
  func bytes() throws -> [UInt8] {
    for folder in [run, "\(out)/\(run)"] {
      if let data = FileManager.default.contents(atPath: "\(folder)/result.json") {
        try checkSeal(folder)
        return Array(data)
      }
    }
    let path = store ?? "miping.db"
    guard FileManager.default.fileExists(atPath: path) else { throw notFound(path) }
    do throws(StoreError) {
      let id = run.split(separator: "/").last.map(String.init) ?? run
      let records = try RunStore(path: path)
      guard let bytes = try records.result(of: id) else { throw notFoundError(id) }
      return bytes
    } catch {
      Terminal.note(language.pick(error.message))
      throw error.isWrongUse ? ExitMeaning.wrongUse.exit : ExitMeaning.toolFailed.exit
    }
  }

  private func notFoundError(_ id: String) -> StoreError { .unknownRun(id) }

  private func checkSeal(_ folder: String) throws {
    let check: SealCheck
    do throws(SealingError) {
      check = try SealCheck(folder: folder)
    } catch {
      Terminal.note(language.pick(error.message))
      throw error.isIntegrity ? ExitMeaning.integrity.exit : ExitMeaning.toolFailed.exit
    }
    let broken = check.faults.filter { fault in
      // A file somebody laid beside the record changes nothing in it.
      if case .file(.extra) = fault { false } else { true }
    }
    guard broken.isEmpty else {
      Terminal.note(
        broken.map { "\(folder): \(language.pick($0.message))" }.joined(separator: "\n"))
      throw ExitMeaning.integrity.exit
    }
  }

  private func notFound(_ path: String) -> ExitCode {
    Terminal.note(
      language.pick(
        zh: "找不到运行 \(run)：既不是文件夹，也不在 \(out)/ 或结果库 \(path) 中",
        en: "no run \(run): neither a folder, nor in \(out)/, nor in the store \(path)"))
    return ExitMeaning.wrongUse.exit
  }
}
