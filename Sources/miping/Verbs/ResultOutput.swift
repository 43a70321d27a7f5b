import ArgumentParser
import Assessment
import AssessmentModel
import Reporting

/// Writes a result in the formats asked for.
enum ResultOutput {
  static func write(
    _ result: AssessmentResult, _ option: FormatOption, _ language: Language
  ) throws {
    let bytes: [UInt8]
    do throws(ReportError) {
      switch option.format {
      case .table: bytes = Array(ResultTable.text(result, language).utf8)
      case .json: bytes = try render(result, as: .json, language: language.report)
      case .html: bytes = try render(result, as: .html, language: language.report)
      case .junit: bytes = try render(result, as: .junit, language: language.report)
      }
    } catch {
      Terminal.note(
        language.pick(zh: "报告未能写出：\(error)", en: "the report could not be written: \(error)"))
      throw ExitMeaning.toolFailed.exit
    }
    try option.write(bytes)
  }

  static func places(_ outcome: AssessmentOutcome, _ language: Language) {
    Terminal.note(
      language.pick(
        zh: "结果 \(outcome.folder)   报告 \(outcome.folder)/report.html   结果库 \(outcome.storePath)",
        en:
          "result \(outcome.folder)   report \(outcome.folder)/report.html   store \(outcome.storePath)"
      ))
  }
}
