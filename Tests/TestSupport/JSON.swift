import Foundation

/// Any JSON, for comparing what a program printed.
package enum JSON: Sendable, Hashable, Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case record([String: JSON])

  package init(reading bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
  }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let boolean = try? value.decode(Bool.self) {
      self = .boolean(boolean)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .record(try value.decode([String: JSON].self))
    }
  }

  /// The value of a key; null where there is none.
  package subscript(key: String) -> JSON {
    guard case .record(let fields) = self else { return .null }
    return fields[key] ?? .null
  }

  /// Items of a list; empty for anything else.
  package var items: [JSON] {
    guard case .list(let items) = self else { return [] }
    return items
  }

  /// Texts of a list; what is no text is left out.
  package var texts: [String] { items.compactMap(\.string) }

  package var keys: [String] {
    guard case .record(let fields) = self else { return [] }
    return fields.keys.sorted()
  }

  package var isNull: Bool { self == .null }

  package var string: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(arrayLiteral elements: JSON...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .record(Dictionary(elements) { _, last in last })
  }
  package init(nilLiteral: ()) { self = .null }
}
