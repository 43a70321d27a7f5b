/// The algorithm list (Controls/Rules/algorithms.yaml): what is approved, what is weak, how strong each is.
package struct AlgorithmList: Sendable, Hashable {
  package enum Rating: String, Sendable, Hashable, Codable, CaseIterable {
    /// Approved by the national authority (SM2, SM3, SM4, SM9, ZUC and what is built of them only).
    case approved
    /// Not approved; internationally strong.
    case strong
    /// Not approved; acceptable but dated.
    case dated
    /// Not approved; weak.
    case weak
    /// Not approved; broken.
    case broken
  }
  package struct Entry: Sendable, Hashable {
    /// As probes state it: `SM2`, `C02F`, `TLS1.0`.
    package var id: String
    package var name: String
    package var rating: Rating
    /// Security strength in bits; nil: not established.
    package var strengthBits: Int?

    package init(id: String, name: String, rating: Rating, strengthBits: Int?) {
      self.id = id
      self.name = name
      self.rating = rating
      self.strengthBits = strengthBits
    }
  }

  /// Entries by table (`tls-suites`, `key-algorithms`, …) and id.
  package var tables: [String: [String: Entry]]

  package init(tables: [String: [String: Entry]]) { self.tables = tables }

  /// The ids of a named set `RATING.TABLE`, nil when there is none of that name.
  ///
  /// Besides the ratings there are `known` (every entry) and `unsafe` (weak and broken).
  package func set(named name: String) -> Set<String>? {
    guard let (word, table) = AlgorithmList.split(name), let entries = tables[table] else {
      return nil
    }
    switch word {
    case "known": return Set(entries.keys)
    case "unsafe":
      return Set(entries.values.filter { $0.rating == .weak || $0.rating == .broken }.map(\.id))
    default:
      guard let rating = Rating(rawValue: word) else { return nil }
      return Set(entries.values.filter { $0.rating == rating }.map(\.id))
    }
  }

  /// Every set name there is.
  package var setNames: [String] {
    let words = Rating.allCases.map(\.rawValue) + ["known", "unsafe"]
    return tables.keys.flatMap { table in words.map { "\($0).\(table)" } }.sorted()
  }

  /// The weakest strength among `ids` in the table of the named set; nil when any is not established.
  package func weakestStrength(of ids: [String], inTableOf setName: String) -> Int? {
    guard let (_, table) = AlgorithmList.split(setName), let entries = tables[table], !ids.isEmpty
    else { return nil }
    var weakest = Int.max
    for id in ids {
      guard let bits = entries[id]?.strengthBits else { return nil }
      weakest = min(weakest, bits)
    }
    return weakest
  }

  private static func split(_ name: String) -> (word: String, table: String)? {
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}
