package import AssessmentModel

/// Reads one mapping with known keys: unknown keys and missing ones are faults.
///
/// Each typed reader gives nil when the key is absent or its value is of another type; only the second,
/// and a required key's absence, is a fault. A key that is there with nothing (`owner:`) is a fault:
/// leave it out instead.
package struct MappingReader {
  /// After so many unknown keys the rest are only counted, so that a hostile file costs little.
  private static let unknownLimit = 20

  /// Where the mapping begins.
  package let place: SourcePlace
  private let what: String
  private let entries: [String: YAMLEntry]
  /// Keys that stand there misspelt: reported as unknown, so not once more as missing.
  private let misspelt: Set<String>
  private let faults: Faults

  /// `what` names the mapping in messages (`scope`, `object gw-01`); `keys` are all it may have.
  /// nil, with a fault, when `node` is not a mapping.
  package init?(_ node: YAMLNode, of what: String, keys: [String], faults: Faults) {
    guard let found = node.entries(of: what, faults: faults) else { return nil }
    place = node.place
    self.what = what
    self.faults = faults
    entries = Dictionary(found.map { ($0.key, $0) }) { first, _ in first }
    let known = Set(keys)
    let unknown = found.filter { !known.contains($0.key) }
    let present = Set(found.map(\.key))
    // Among very short keys everything resembles everything.
    let absent = keys.filter { $0.count > 3 && !present.contains($0) }
    misspelt = Set(
      unknown.prefix(Self.unknownLimit).compactMap { nearestName(to: $0.key, among: absent) })
    for entry in unknown.prefix(Self.unknownLimit) {
      faults.report(
        entry.keyPlace,
        "unknown key \(Wording.quoted(entry.key)) in \(what); "
          + Wording.advice(for: entry.key, among: keys))
    }
    if let next = unknown.dropFirst(Self.unknownLimit).first {
      faults.report(
        next.keyPlace,
        "\(unknown.count - Self.unknownLimit) more unknown keys in \(what) from here on")
    }
  }

  package func entry(_ key: String) -> YAMLEntry? { entries[key] }

  package func node(_ key: String) -> YAMLNode? { entries[key]?.value }

  /// The value of a key that must be there; its absence is a fault at the mapping's place, unless an unknown
  /// key has been reported that is this one misspelt.
  package func required(_ key: String) -> YAMLNode? {
    if let node = node(key) { return node }
    if !misspelt.contains(key) { faults.report(place, "\(what) needs the key \"\(key)\"") }
    return nil
  }

  /// How messages name the value of `key`.
  private func name(_ key: String) -> String { "\"\(key)\" in \(what)" }
}

/// The typed readers; what each accepts is said at the one of the same name on ``YAMLNode``.
extension MappingReader {
  package func text(_ key: String) -> String? {
    node(key)?.text(of: name(key), faults: faults)
  }

  package func requiredText(_ key: String) -> String? {
    required(key)?.text(of: name(key), faults: faults)
  }

  package func integer(_ key: String) -> Int? {
    node(key)?.integer(of: name(key), faults: faults)
  }

  package func requiredInteger(_ key: String) -> Int? {
    required(key)?.integer(of: name(key), faults: faults)
  }

  package func boolean(_ key: String) -> Bool? {
    node(key)?.boolean(of: name(key), faults: faults)
  }

  package func requiredBoolean(_ key: String) -> Bool? {
    required(key)?.boolean(of: name(key), faults: faults)
  }

  package func texts(_ key: String) -> [String]? {
    node(key)?.texts(of: name(key), faults: faults)
  }

  package func requiredTexts(_ key: String) -> [String]? {
    required(key)?.texts(of: name(key), faults: faults)
  }

  package func items(_ key: String) -> [YAMLNode]? {
    node(key)?.items(of: name(key), faults: faults)
  }

  package func requiredItems(_ key: String) -> [YAMLNode]? {
    required(key)?.items(of: name(key), faults: faults)
  }

  package func choice<C: RawRepresentable & CaseIterable>(
    _ key: String, as type: C.Type
  ) -> C? where C.RawValue == String {
    node(key)?.choice(of: name(key), as: type, faults: faults)
  }

  package func requiredChoice<C: RawRepresentable & CaseIterable>(
    _ key: String, as type: C.Type
  ) -> C? where C.RawValue == String {
    required(key)?.choice(of: name(key), as: type, faults: faults)
  }

  package func bilingual(_ key: String) -> Bilingual? {
    node(key)?.bilingual(of: name(key), faults: faults)
  }

  package func requiredBilingual(_ key: String) -> Bilingual? {
    required(key)?.bilingual(of: name(key), faults: faults)
  }

  /// Text that shows something: neither empty nor white space only.
  func requiredVisibleText(_ key: String) -> String? {
    guard let node = required(key), let text = node.text(of: name(key), faults: faults) else {
      return nil
    }
    if !text.allSatisfy(\.isWhitespace) { return text }
    faults.report(node.place, "\(name(key)) is empty; text is expected")
    return nil
  }
}
