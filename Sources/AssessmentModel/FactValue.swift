/// The value of a fact: any JSON value without fractions.
///
/// Probes never state binary floating point: decimal quantities are strings ("0.0312"), so the same
/// observation always has the same bytes.
package indirect enum FactValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case text(String)
  case list([FactValue])
  case record([String: FactValue])
}

extension FactValue {
  /// Every scalar inside this value, depth first, records in the order of their keys.
  package var leaves: [FactValue] {
    switch self {
    case .null, .boolean, .integer, .text: [self]
    case .list(let items): items.flatMap(\.leaves)
    case .record(let fields): fields.sorted { $0.key < $1.key }.flatMap(\.value.leaves)
    }
  }

  /// The values reached by `path` (names separated by dots), passing through lists.
  ///
  /// `chain.key-bits` of a list of records with a list `chain` gives the key sizes of all of them.
  package func values(at path: String) -> [FactValue] {
    path.split(separator: ".").reduce([self]) { values, name in
      values.flatMap { $0.fields(named: String(name)) }
    }.flatMap { value -> [FactValue] in
      if case .list(let items) = value { items } else { [value] }
    }
  }

  private func fields(named name: String) -> [FactValue] {
    switch self {
    case .record(let fields): fields[name].map { [$0] } ?? []
    case .list(let items): items.flatMap { $0.fields(named: name) }
    case .null, .boolean, .integer, .text: []
    }
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
  package var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }
  package var list: [FactValue]? { if case .list(let list) = self { list } else { nil } }
  package var record: [String: FactValue]? {
    if case .record(let record) = self { record } else { nil }
  }
  package subscript(name: String) -> FactValue? { record?[name] }
}

extension FactValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .text(text) }
  package init(booleanLiteral boolean: Bool) { self = .boolean(boolean) }
  package init(integerLiteral integer: Int) { self = .integer(integer) }
  package init(arrayLiteral items: FactValue...) { self = .list(items) }
  package init(dictionaryLiteral fields: (String, FactValue)...) {
    self = .record(Dictionary(fields) { _, last in last })
  }
}

extension FactValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Texts first: they are by far the most, and every wrong guess costs an error.
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if container.decodeNil() {
      self = .null
    } else if let integer = try? container.decode(Int.self) {
      self = .integer(integer)
    } else if let boolean = try? container.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let list = try? container.decode([FactValue].self) {
      self = .list(list)
    } else {
      self = .record(try container.decode([String: FactValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let boolean): try container.encode(boolean)
    case .integer(let integer): try container.encode(integer)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .record(let record): try container.encode(record)
    }
  }
}
