import AssessmentModel

/// Markup under construction (HTML 5).
///
/// Only literals in this module's code become markup. Everything interpolated is data: it is made inert,
/// bounded and escaped for element content and for quoted attributes alike. So no value, however hostile,
/// can add an element, an attribute or a script.
struct HTML: Sendable, ExpressibleByStringInterpolation {
  private(set) var text: String

  init() { text = "" }
  init(stringLiteral literal: String) { text = literal }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  static func += (html: inout HTML, more: HTML) { html.text += more.text }

  var isEmpty: Bool { text.isEmpty }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 32 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ html: HTML) { text += html.text }
    mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }

    /// Data. Longer values are cut, visibly: `… [300/65536]`.
    mutating func appendInterpolation(_ data: String, limit: Int = 300) {
      Escaping.append(data, limit: limit, to: &text)
    }

    /// A text in both languages; the switch of the page shows one of them or both.
    mutating func appendInterpolation(_ both: Bilingual) {
      guard both.zh != both.en else {
        Escaping.append(both.zh, limit: 2_000, to: &text)
        return
      }
      text += "<span lang=zh>"
      Escaping.append(both.zh, limit: 2_000, to: &text)
      text += "</span> <span lang=en>"
      Escaping.append(both.en, limit: 2_000, to: &text)
      text += "</span>"
    }

    /// Both languages of our own labels, written where they are used.
    mutating func appendInterpolation(zh: String, en: String) {
      appendInterpolation(Bilingual(zh: zh, en: en))
    }
  }
}

/// Turns data into text that says itself and does nothing else.
enum Escaping {
  static func append(_ data: String, limit: Int, to text: inout String) {
    if data.utf8.count <= limit, data.utf8.allSatisfy(isPlain) {
      text += data
      return
    }
    var count = 0
    for scalar in data.unicodeScalars {
      if count == limit {
        text += "… [\(limit)/\(data.unicodeScalars.count)]"
        return
      }
      append(scalar, to: &text)
      count += 1
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "&": text += "&amp;"
    case "<": text += "&lt;"
    case ">": text += "&gt;"
    case "\"": text += "&quot;"
    case "'": text += "&#39;"
    // CJK: most of what is written here, and never active.
    case "\u{4E00}"..."\u{9FA5}": text.unicodeScalars.append(scalar)
    default:
      if ActiveScalar.contains(scalar) {
        text += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      false
    default: (0x20..<0x7F).contains(byte)
    }
  }
}
