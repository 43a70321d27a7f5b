import AssessmentModel
import Foundation
import Reporting

/// Puts a payload into every place of a result that comes from outside.
enum Hostile {
  static let payloads = [
    "<script>alert(1)</script>", "'\" onmouseover=alert(1) x='\"",
    "</title></style></script><img src=x>",
    "\u{0}\u{1B}[31m\u{7F}\u{9B}\u{8}", "\u{202E}\u{2066}gnirts", "]]>--><!--",
    "{{{title}}}{{#sections}}",
    "&lt;b&gt;&#60;", "../../etc/passwd", "javascript:alert(1)",
  ]

  /// Keys whose values are closed sets: nothing from outside can stand there.
  private static let closed: Set<String> = [
    "verdict", "d", "a", "k", "outcome", "state", "method", "standard", "obligation", "confidence",
    "letter", "bears-on", "schema",
  ]

  static func result(_ payload: String) throws -> AssessmentResult {
    let record = try JSONDecoder().decode(
      FactValue.self, from: Data(try ResultJSON.encode(SampleResult.make())))
    let changed = change(record, key: "", payload)
    return try ResultJSON.decode(Array(JSONText.compact(changed).utf8))
  }

  private static func change(_ value: FactValue, key: String, _ payload: String) -> FactValue {
    switch value {
    case .text(let text):
      if closed.contains(key) || (key == "text" && ["read", "unread"].contains(text)) {
        return value
      }
      return .text(text + payload)
    case .list(let items): return .list(items.map { change($0, key: key, payload) })
    case .record(let fields):
      // An object's kind and a failure's reason are closed; a gate's kind and a waiver's reason are not.
      let isObject = fields["rests-in"] != nil
      let isFailure = fields["detail"] != nil
      return .record(
        Dictionary(
          uniqueKeysWithValues: fields.map { name, field in
            if (isObject && name == "kind") || (isFailure && name == "reason") {
              return (name, field)
            }
            let isFact = key == "facts" || key == "parameters" || key == "value"
            return (isFact ? name + payload : name, change(field, key: name, payload))
          }))
    case .null, .boolean, .integer: return value
    }
  }
}

/// A strict reading of a page's tags: what is not on our list is a fault.
struct TagScan {
  private static let elements: Set<String> = [
    "html", "head", "meta", "title", "style", "script", "body", "a", "span", "header", "h1", "h2",
    "h3",
    "h4", "div", "button", "table", "thead", "tbody", "tr", "th", "td", "p", "main", "section",
    "nav",
    "ol", "ul", "li", "small", "form", "fieldset", "legend", "label", "input", "select", "option",
    "output", "b", "i", "strong", "code", "br", "figure", "figcaption", "svg", "defs", "pattern",
    "path",
    "circle", "rect", "text", "tspan", "desc", "sub",
  ]

  private(set) var faults: [String] = []
  private(set) var tags = 0
  private(set) var links: [String] = []

  /// `page` without its style and script, which hold `<` of their own.
  init(_ page: String) {
    let bytes = Array(page.utf8)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        index += 1
        continue
      }
      var end = index + 1
      var quote: UInt8?
      while end < bytes.count {
        let byte = bytes[end]
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          quote = byte
        } else if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "<") {
          break
        }
        end += 1
      }
      read(String(decoding: bytes[index + 1..<end], as: UTF8.self))
      if end == bytes.count || bytes[end] != UInt8(ascii: ">") { faults.append("unclosed tag") }
      index = end + 1
    }
  }

  private mutating func read(_ tag: String) {
    tags += 1
    if tag == "!DOCTYPE html" { return }
    let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
    if !TagScan.elements.contains(String(name)) { faults.append("element \(tag.prefix(60))") }
    if let link = tag.firstMatch(of: /href=['"]?([^'"> ]*)/) { links.append(String(link.1)) }
    // A payload may be the text of a quoted value; outside quotes it must not appear.
    let bare = tag.replacing(/'[^']*'/, with: "").replacing(/"[^"]*"/, with: "")
    for attribute in bare.matches(of: /\s([A-Za-z-]+)/) where attribute.1.hasPrefix("on") {
      faults.append("attribute \(attribute.1)")
    }
    for bad in ["src=", "style=", "srcdoc=", "javascript:"] where bare.contains(bad) {
      faults.append("attribute \(bad)")
    }
  }
}
