import ArgumentParser
import FoundationEssentials

struct InitVerb: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "init",
      abstract: Language.current.pick(
        zh: "写出带注释的范围、核查与豁免文件，从不覆盖",
        en: "Write commented scope, attestation and waiver files; never overwrites"),
      discussion: """
        EXAMPLES:
          miping init --level 3 my-bank
        """)
  }

  @Argument(help: "DIR")
  var folder = "."
  @Option(help: "3 | 4")
  var level = 3
  @OptionGroup var language: LanguageOptions

  func validate() throws {
    guard level == 3 || level == 4 else { throw ValidationError("--level is 3 or 4") }
  }

  func run() async throws {
    let lang = language.lang
    let files = [
      ("scope.yaml", StarterFiles.scope(level: level)),
      ("attest/answers.yaml", StarterFiles.answers), ("waivers.yaml", StarterFiles.waivers),
    ]
    do {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/attest", withIntermediateDirectories: true)
      for (name, text) in files {
        let path = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: path) {
          Terminal.note(lang.pick(zh: "\(path) 已存在，未改动", en: "\(path) exists and was left alone"))
          continue
        }
        try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        Terminal.note(lang.pick(zh: "已写出 \(path)", en: "wrote \(path)"))
      }
    } catch {
      Terminal.note(
        lang.pick(
          zh: "\(folder)：无法写出（\(error.localizedReason)）",
          en: "\(folder): cannot be written (\(error.localizedReason))"))
      throw ExitMeaning.toolFailed.exit
    }
    Terminal.note(
      lang.pick(
        zh: "下一步：编辑 \(folder)/scope.yaml，然后 miping plan \(folder)/scope.yaml",
        en: "next: edit \(folder)/scope.yaml, then miping plan \(folder)/scope.yaml"))
  }
}
