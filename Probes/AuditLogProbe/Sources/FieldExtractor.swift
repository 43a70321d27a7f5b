import _StringProcessing

/// Takes fields out of one text by the named groups of a regular expression.
///
/// The pattern is the log owner's; the texts are hostile, so that only their first 4 KiB are looked at.
struct FieldExtractor {
  private static let textLimit = 4096
  private let expression: Regex<AnyRegexOutput>

  /// nil when the pattern is no regular expression.
  init?(pattern: String) {
    guard let expression = try? Regex(pattern) else { return nil }
    self.expression = expression
  }

  /// The names of the groups, in their order, each once.
  static func names(in pattern: String) -> [String] {
    var names: [String] = []
    for part in pattern.split(separator: "(?<", omittingEmptySubsequences: false).dropFirst() {
      guard let end = part.firstIndex(of: ">") else { continue }
      let name = String(part[..<end])
      let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      if isName, !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The texts of `names` where the pattern is found and the group took part.
  func values(of names: [String], in text: String) -> [String?] {
    guard let match = try? expression.firstMatch(in: String(text.prefix(Self.textLimit))) else {
      return names.map { _ in nil }
    }
    return names.map { name in
      match[name]?.substring.map(String.init)
    }
  }
}
