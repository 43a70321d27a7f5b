package import AssessmentModel
import FoundationEssentials

/// Reads and writes the record of a run, `result.json` (schema in Reports/Schema/result.schema.json).
///
/// Keys are in kebab-case and sorted, indented by two spaces, with a line feed at the end; every scalar
/// that a terminal or a browser could act on is escaped. Equal results have equal bytes, and
/// `decode(encode(result))` is `result`.
package enum ResultJSON {
  /// The only schema this version reads.
  package static let schema = "miping.result/1"

  package static func encode(_ result: AssessmentResult) throws(ResultFormatError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .custom { KebabKey(property: $0.last?.stringValue ?? "") }
    do {
      return InertJSON.escaping([UInt8](try encoder.encode(result))) + [UInt8(ascii: "\n")]
    } catch let EncodingError.invalidValue(_, context) {
      throw ResultFormatError(path: context.codingPath, context.debugDescription)
    } catch {
      throw ResultFormatError(path: [], "cannot be written as JSON")
    }
  }

  /// Refuses what is not JSON of the schema, and a record that breaks the rules of judging: a verdict
  /// without evidence, a verdict on a clause that was not read, not-applicable without a reason.
  package static func decode(
    _ bytes: some Collection<UInt8>
  ) throws(ResultFormatError) -> AssessmentResult {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { KebabKey(key: $0.last?.stringValue ?? "") }
    let result: AssessmentResult
    do {
      result = try decoder.decode(AssessmentResult.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw ResultFormatError(error)
    } catch {
      throw ResultFormatError(path: [], "expected JSON")
    }
    try check(result)
    return result
  }

  private static func check(_ result: AssessmentResult) throws(ResultFormatError) {
    guard result.schema == schema else {
      throw ResultFormatError(
        place: "schema", message: "found \"\(result.schema)\", expected \"\(schema)\"")
    }
    let unread = Set(result.requirements.lazy.filter { $0.text == .unread }.map(\.id))
    for (index, finding) in result.findings.enumerated() {
      let place = "findings.\(index)"
      switch finding.verdict {
      case .conforming, .partial, .nonConforming:
        guard !finding.evidence.isEmpty else {
          throw ResultFormatError(
            place: place, message: "a verdict (\(finding.verdict.rawValue)) without evidence")
        }
        guard !unread.contains(finding.requirement) else {
          throw ResultFormatError(
            place: place, message: "a verdict on \(finding.requirement), whose text is unread")
        }
      case .notApplicable:
        guard !finding.reasons.isEmpty else {
          throw ResultFormatError(place: place, message: "not-applicable without a reason")
        }
      case .awaiting, .untested: break
      }
    }
  }
}

/// A record that cannot be read, or must not be believed.
package struct ResultFormatError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Path of keys and indices from the top: `findings.12.verdict`; empty for the whole.
  package var place: String
  /// What was found and what was expected.
  package var message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  /// One line, safe to print.
  package var description: String {
    ActiveScalar.inert("result.json\(place.isEmpty ? "" : " at \(place)"): \(message)", limit: 500)
  }
}

extension ResultFormatError {
  fileprivate init(path: [any CodingKey], _ message: String) {
    place = path.map { $0.intValue.map(String.init) ?? KebabKey.kebab($0.stringValue) }
      .joined(separator: ".")
    self.message = message
  }

  fileprivate init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(
        path: context.codingPath, "the key \"\(KebabKey.kebab(key.stringValue))\" is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      self.init(path: context.codingPath, context.debugDescription)
    @unknown default: self.init(path: [], "expected \(ResultJSON.schema)")
    }
  }
}
