import AssessmentModel

// Small pieces that several sections of the page are made of.

extension HTML {
  static let dash: HTML = "<span class=dim>—</span>"

  /// A value observed in the system or named by a file: monospaced, isolated from its surroundings.
  static func code(_ data: String) -> HTML { "<code>\(data)</code>" }

  static func value(_ data: String?) -> HTML { data.map { "\($0)" } ?? dash }

  /// A table with a header row. `headings` are our own labels.
  static func table(_ headings: [Bilingual], class name: HTML = "", rows: [HTML]) -> HTML {
    guard !rows.isEmpty else { return none }
    let head = headings.map { "<th scope=col>\($0)" as HTML }
    return "<div class=wide><table class='\(name)'><thead><tr>\(head)<tbody>\(rows)</table></div>\n"
  }

  static let none: HTML = "<p class=dim>\(zh: "无。", en: "None.")</p>\n"

  /// A link into the run's evidence folder, beside the page. A name that could lead anywhere else is
  /// shown without a link.
  static func evidence(_ id: String) -> HTML {
    guard let path = evidencePath(id) else { return code(id) }
    return "<a href='evidence/\(path, limit: 700)/'>\(id)</a>"
  }

  static func evidence(_ ids: [String]) -> HTML {
    guard !ids.isEmpty else { return dash }
    let links = ids.prefix(8).map { "\(evidence($0)) " as HTML }
    return ids.count > 8 ? "\(links)… +\(ids.count - 8)" : "\(links)"
  }

  private static func evidencePath(_ id: String) -> String? {
    guard !id.isEmpty, id.utf8.count <= 200,
      !id.split(separator: "/", omittingEmptySubsequences: false).contains(where: isUnsafe)
    else { return nil }
    var path = ""
    for byte in id.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "/"):
        path.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        path += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return path
  }

  private static func isUnsafe(_ part: Substring) -> Bool {
    part.isEmpty || part == "." || part == ".." || part.unicodeScalars.contains { $0 == "\\" }
  }

  /// D, A and K as three cells.
  static func letters(_ finding: Finding) -> HTML {
    "<td class=l>\(letter(finding.d))<td class=l>\(letter(finding.a))<td class=l>\(letter(finding.k))"
  }

  private static func letter(_ letter: Letter?) -> HTML {
    switch letter {
    case nil: ""
    case .met: "√"
    case .notMet: "<b class=x>×</b>"
    case .undetermined: "?"
    case .notEvaluated: "/"
    }
  }
}

/// The words of the columns that appear in more than one table.
enum Column {
  static let object = Bilingual(zh: "测评对象", en: "Object")
  static let unit = Bilingual(zh: "测评单元", en: "Unit")
  static let verdict = Bilingual(zh: "判定", en: "Verdict")
  static let evidence = Bilingual(zh: "证据", en: "Evidence")
  static let reason = Bilingual(zh: "原因", en: "Reason")
  static let letters = [
    Bilingual(zh: "D", en: "D"), Bilingual(zh: "A", en: "A"), Bilingual(zh: "K", en: "K"),
  ]
}
