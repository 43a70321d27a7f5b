package import AssessmentModel

/// Typed reading of one node. `what` names it in messages (`item of "protocols" in scope`). A value of
/// another type is a fault at its place and gives nil.
extension YAMLNode {
  /// Text, quoted or plain. A plain `7.2` or `2026-01-01` is taken as it is written; a plain `null`, `~`
  /// or absent value is a fault. A quoted empty text is accepted.
  package func text(of what: @autoclosure () -> String, faults: Faults) -> String? {
    if case .scalar(let text, _) = content, !isNull { return text }
    return mismatch(what(), "text", faults)
  }

  /// A plain decimal integer with an optional sign, without leading zeros, that fits `Int`.
  package func integer(of what: @autoclosure () -> String, faults: Faults) -> Int? {
    guard case .scalar(let text, isPlain: true) = content, CoreSchema.isInteger(text) else {
      if case .scalar(let text, _) = content, CoreSchema.isInteger(text) {
        return mismatch(what(), "an integer without quotes", faults)
      }
      return mismatch(what(), "an integer in decimal digits without leading zeros", faults)
    }
    guard let integer = Int(text) else {
      return mismatch(what(), "an integer from \(Int.min) to \(Int.max)", faults)
    }
    return integer
  }

  /// A plain `true` or `false`; nothing else stands for a boolean.
  package func boolean(of what: @autoclosure () -> String, faults: Faults) -> Bool? {
    if case .scalar("true", isPlain: true) = content { return true }
    if case .scalar("false", isPlain: true) = content { return false }
    guard case .scalar(let text, isPlain: true) = content, let meant = CoreSchema.meant(text) else {
      return mismatch(what(), "true or false", faults)
    }
    faults.report(
      place, "\(what()) must be true or false; \(found) is text in YAML 1.2, write \(meant)")
    return nil
  }

  /// A list of texts, each as in ``text(of:faults:)``.
  package func texts(of what: @autoclosure () -> String, faults: Faults) -> [String]? {
    guard case .sequence(let nodes) = content else {
      return mismatch(what(), "a list of texts", faults)
    }
    let texts = nodes.compactMap { $0.text(of: "item of \(what())", faults: faults) }
    return texts.count == nodes.count ? texts : nil
  }

  /// The nodes of a list.
  package func items(of what: @autoclosure () -> String, faults: Faults) -> [YAMLNode]? {
    if case .sequence(let nodes) = content { return nodes }
    return mismatch(what(), "a list", faults)
  }

  /// The entries of a mapping whose keys are free, in the order of the file. For known keys use
  /// ``MappingReader``.
  package func entries(of what: @autoclosure () -> String, faults: Faults) -> [YAMLEntry]? {
    if case .mapping(let entries) = content { return entries }
    return mismatch(what(), "a mapping", faults)
  }

  /// One of a closed set of names, quoted or plain.
  package func choice<C: RawRepresentable & CaseIterable>(
    of what: @autoclosure () -> String, as type: C.Type, faults: Faults
  ) -> C? where C.RawValue == String {
    let names = C.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = content, !isNull else {
      return mismatch(what(), "one of \(names.joined(separator: ", "))", faults)
    }
    if let choice = C(rawValue: text) { return choice }
    faults.report(
      place,
      "unknown value \(Wording.quoted(text)) of \(what()); "
        + Wording.advice(for: text, among: names))
    return nil
  }

  /// A mapping of `zh` and `en`, both present and neither blank.
  package func bilingual(of what: @autoclosure () -> String, faults: Faults) -> Bilingual? {
    guard case .mapping = content else {
      return mismatch(what(), "a mapping of zh and en", faults)
    }
    guard let reader = MappingReader(self, of: what(), keys: ["zh", "en"], faults: faults) else {
      return nil
    }
    let zh = reader.requiredVisibleText("zh")
    let en = reader.requiredVisibleText("en")
    guard let zh, let en else { return nil }
    return Bilingual(zh: zh, en: en)
  }

  /// Any value. Plain scalars are typed: `null`, `~` or nothing, `true` and `false`, decimal integers;
  /// all others are text as written (`0.5`, `2026-01-01`, `yes`, `0017`, whose zeros belong to a code).
  /// Quoted scalars are always text. A plain integer beyond `Int` is a fault.
  package func factValue(faults: Faults) -> FactValue? {
    switch content {
    case .scalar(let text, isPlain: false): return .text(text)
    case .scalar where isNull: return .null
    case .scalar("true", isPlain: true): return .boolean(true)
    case .scalar("false", isPlain: true): return .boolean(false)
    case .scalar(let text, isPlain: true):
      guard CoreSchema.isInteger(text) else { return .text(text) }
      guard let integer = Int(text) else {
        faults.report(
          place, "the integer \(found) does not fit 64 bits; quote it if it is a number or code")
        return nil
      }
      return .integer(integer)
    case .sequence(let nodes):
      let values = nodes.compactMap { $0.factValue(faults: faults) }
      return values.count == nodes.count ? .list(values) : nil
    case .mapping(let entries):
      var record: [String: FactValue] = [:]
      for entry in entries { record[entry.key] = entry.value.factValue(faults: faults) }
      return record.count == entries.count ? .record(record) : nil
    }
  }

  func mismatch<Value>(_ what: String, _ expected: String, _ faults: Faults) -> Value? {
    faults.report(
      place,
      isNull
        ? "\(what) is empty; \(expected) is expected"
        : "\(what) must be \(expected), but \(found) was found")
    return nil
  }
}

/// The forms of plain scalars that are not text.
private enum CoreSchema {
  /// Digits with an optional sign. More than one digit may not begin with zero: `0017` is a code.
  static func isInteger(_ text: String) -> Bool {
    var digits = text.utf8[...]
    if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
      digits = digits.dropFirst()
    }
    guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return false }
    return !digits.isEmpty && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// The boolean a writer used to YAML 1.1 has in mind.
  static func meant(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "yes", "y", "on", "true": true
    case "no", "n", "off", "false": false
    default: nil
    }
  }
}
