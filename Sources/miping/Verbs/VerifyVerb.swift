import ArgumentParser
import Sealing

struct VerifyVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "verify",
      abstract: Language.current.pick(
        zh: "离线核验一次运行的证据、链与清单",
        en: "Recompute digests, chain and manifest of a run's folder, offline"),
      discussion: """
        EXAMPLES:
          miping verify out/20261201T013000Z-1f3a
        """)
  }

  @Argument(help: "RUN folder")
  var folder: String
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    let lang = language.lang
    let check: SealCheck
    do throws(SealingError) {
      check = try SealCheck(folder: folder)
    } catch {
      Terminal.note(lang.pick(error.message))
      throw error.isIntegrity ? ExitMeaning.integrity.exit : ExitMeaning.wrongUse.exit
    }
    guard check.faults.isEmpty else {
      Terminal.out(check.faults.map { lang.pick($0.message) }.joined(separator: "\n"))
      throw ExitMeaning.integrity.exit
    }
    Terminal.out(lang.pick(zh: "完整：证据、链与清单相符", en: "sound: evidence, chain and manifest agree"))
  }
}
