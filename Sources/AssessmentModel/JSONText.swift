/// Writes fact values as JSON that is safe to print anywhere.
///
/// Keys are sorted and every scalar that a terminal or a browser could act on is escaped: control
/// characters (C0, DEL, C1), bidirectional overrides, line and paragraph separators, and `<`, `>`, `&`.
/// The same value always gives the same bytes.
package enum JSONText {
  /// One line, no spaces.
  package static func compact(_ value: FactValue) -> String {
    var text = ""
    write(value, into: &text, indent: nil)
    return text
  }

  /// Two spaces an indentation level, a line feed at the end.
  package static func pretty(_ value: FactValue) -> String {
    var text = ""
    write(value, into: &text, indent: 0)
    return text + "\n"
  }

  private static func write(_ value: FactValue, into text: inout String, indent: Int?) {
    switch value {
    case .null: text += "null"
    case .boolean(let boolean): text += boolean ? "true" : "false"
    case .integer(let integer): text += String(integer)
    case .text(let string): quote(string, into: &text)
    case .list(let items):
      writeItems(items, open: "[", close: "]", into: &text, indent: indent) { item, text, inner in
        write(item, into: &text, indent: inner)
      }
    case .record(let fields):
      let sorted = fields.sorted { $0.key < $1.key }
      writeItems(sorted, open: "{", close: "}", into: &text, indent: indent) { field, text, inner in
        quote(field.key, into: &text)
        text += inner == nil ? ":" : ": "
        write(field.value, into: &text, indent: inner)
      }
    }
  }

  private static func writeItems<Item>(
    _ items: [Item], open: String, close: String, into text: inout String, indent: Int?,
    _ body: (Item, inout String, Int?) -> Void
  ) {
    text += open
    guard !items.isEmpty else {
      text += close
      return
    }
    let inner = indent.map { $0 + 1 }
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: "  ", count: inner) }
      body(item, &text, inner)
    }
    if let indent { text += "\n" + String(repeating: "  ", count: indent) }
    text += close
  }

  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    defer { text += "\"" }
    // Nearly all text is plain, evidence above all: it is taken over in one piece.
    if string.utf8.allSatisfy(isPlain) {
      text += string
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where ActiveScalar.contains(scalar) || scalar == "<" || scalar == ">" || scalar == "&":
        text += escape(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Printable ASCII that nothing acts on.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x26, 0x3C, 0x3E, 0x5C: false
    default: byte >= 0x20 && byte < 0x7F
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}

/// Scalars that change what a reader sees around them instead of being seen themselves.
package enum ActiveScalar {
  /// Control characters, bidirectional controls, line and paragraph separators, the byte-order mark,
  /// tags and other invisible format characters.
  package static func contains(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value >= 0x20 && scalar.value < 0x7F { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return true
    default: return false
    }
  }

  /// `string` with every active scalar shown as `\u{HEX}` and cut after `limit` characters.
  ///
  /// For anything observed that is shown to a person: it stays readable and cannot act.
  package static func inert(_ string: String, limit: Int = 300) -> String {
    var shown = ""
    var count = 0
    for scalar in string.unicodeScalars {
      if count == limit { return shown + "…" }
      if contains(scalar) {
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
      count += 1
    }
    return shown
  }
}
