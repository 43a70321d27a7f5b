import AssessmentModel

/// Text for XML 1.0 documents.
enum XMLText {
  /// `text` escaped for element content and quoted attributes. Active scalars, among them those that XML
  /// cannot hold at all, are shown as `\u{HEX}`; line feeds stay.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "\n"
      default:
        if ActiveScalar.contains(scalar) || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
          escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          escaped.unicodeScalars.append(scalar)
        }
      }
    }
    return escaped
  }
}
