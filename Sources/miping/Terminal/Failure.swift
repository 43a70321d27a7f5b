import ArgumentParser
import Assessment
import AssessmentModel
import ResultStore
import Sealing

/// Prints what went wrong and gives the code to end with.
enum Failure {
  static func report(_ error: AssessmentError, _ language: Language) -> ExitCode {
    switch error {
    case .faults(let faults), .unauthorised(let faults): return report(faults)
    case .noControls:
      return noControls(language)
    case .store(let error):
      Terminal.note(language.pick(error.message))
      return error.isWrongUse ? ExitMeaning.wrongUse.exit : ExitMeaning.toolFailed.exit
    case .sealing(let error):
      Terminal.note(language.pick(error.message))
      return error.isIntegrity ? ExitMeaning.integrity.exit : ExitMeaning.toolFailed.exit
    case .wrongUse(let message):
      Terminal.note(language.pick(message))
      return ExitMeaning.wrongUse.exit
    case .failed(let message):
      Terminal.note(language.pick(message))
      return ExitMeaning.toolFailed.exit
    }
  }

  static func report(_ faults: [Fault]) -> ExitCode {
    Terminal.note(faults.map(\.description).joined(separator: "\n"))
    return ExitMeaning.wrongUse.exit
  }

  static func noControls(_ language: Language) -> ExitCode {
    Terminal.note(
      language.pick(
        zh: "找不到控制目录 Controls；请用 --controls DIR 或环境变量 MIPING_CONTROLS 指明",
        en: "no controls folder found; name it with --controls DIR or the variable MIPING_CONTROLS")
    )
    return ExitMeaning.wrongUse.exit
  }
}
