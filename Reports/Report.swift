package import AssessmentModel

/// The forms a result can be written in. Each is a pure function of the result: the same result always
/// gives the same bytes, and no form says anything the result does not.
package enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  /// The record itself (`miping.result/1`).
  case json
  /// One self-contained page for people (差距报告).
  case html
  /// JUnit XML in the strict Ant form, for pipelines.
  case junit
}

/// The language a report opens in. The page always holds both; JUnit messages are in this one.
package enum ReportLanguage: String, Sendable, Hashable, CaseIterable {
  case chinese = "zh-CN"
  case english = "en"
  case both
}

/// A report could not be written.
package enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  case json(ResultFormatError)
  /// The built-in page template is broken; says how.
  case template(String)

  package var description: String {
    switch self {
    case .json(let error): error.description
    case .template(let detail): "page template: \(detail)"
    }
  }
}

/// Writes `result` in `format`. Nothing is computed here that the result does not hold.
package func render(
  _ result: AssessmentResult, as format: ReportFormat, language: ReportLanguage
) throws(ReportError) -> [UInt8] {
  switch format {
  case .json:
    do throws(ResultFormatError) {
      return try ResultJSON.encode(result)
    } catch {
      throw .json(error)
    }
  case .html: return try HTMLReport(result).render(language: language)
  case .junit: return JUnitReport(result, language: language).bytes()
  }
}
