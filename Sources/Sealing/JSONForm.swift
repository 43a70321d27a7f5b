import AssessmentModel
import FoundationEssentials

/// Reads JSON without fractions.
enum JSONForm {
  static func value(_ bytes: some Sequence<UInt8>) -> FactValue? {
    try? JSONDecoder().decode(FactValue.self, from: Data(bytes))
  }
}

extension FactValue {
  /// The fields of a record that has exactly these names; `nil` for any other value.
  func fields(exactly names: Set<String>) -> [String: FactValue]? {
    guard case .record(let fields) = self, Set(fields.keys) == names else { return nil }
    return fields
  }
}
