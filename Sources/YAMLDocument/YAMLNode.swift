package import AssessmentModel

/// One value of a YAML or JSON file, with the place where it begins.
package struct YAMLNode: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    /// A single value. `isPlain`: written without quotes and not as a block (`|`, `>`), so that it may
    /// stand for a boolean, an integer or nothing; any other scalar is always text.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// In the order of the file; no key twice.
    case mapping([YAMLEntry])
  }

  package var content: Content
  /// Where its first token begins. An absent value (`key:` and nothing) is placed after the colon.
  package var place: SourcePlace

  package init(content: Content, place: SourcePlace) {
    self.content = content
    self.place = place
  }
}

/// One key of a mapping with its value.
package struct YAMLEntry: Sendable, Hashable {
  package var key: String
  package var keyPlace: SourcePlace
  package var value: YAMLNode

  package init(key: String, keyPlace: SourcePlace, value: YAMLNode) {
    self.key = key
    self.keyPlace = keyPlace
    self.value = value
  }
}

extension YAMLNode {
  /// Nothing at all: a plain `null`, `~` or absent value. `Null` and `NULL` are text, since NULL is the
  /// name of a cipher.
  package var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content {
      text.isEmpty || text == "~" || text == "null"
    } else {
      false
    }
  }

  /// What a message says was found here: `a list`, `nothing`, `"yes"`.
  var found: String {
    switch content {
    case _ where isNull: "nothing"
    case .scalar(let text, isPlain: true): Wording.quoted(text)
    case .scalar(let text, isPlain: false): "the quoted text \(Wording.quoted(text))"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// Parts of messages that several readers share.
enum Wording {
  /// Foreign text made harmless, cut, and put in quotes.
  static func quoted(_ text: String) -> String {
    "\"\(ActiveScalar.inert(text, limit: 60))\""
  }

  /// The end of a message about an unknown name: the nearest known one, or all of them.
  static func advice(for name: String, among known: [String]) -> String {
    if let near = nearestName(to: name, among: known) {
      "did you mean \"\(near)\"?"
    } else {
      "known: \(known.joined(separator: ", "))"
    }
  }
}
