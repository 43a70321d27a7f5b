package import AssessmentModel

/// PIN data found where it must not be (PIN数据泄露), with nothing in it that could be used.
package struct Leak: Sendable, Hashable {
  /// The forms of the reference, 1 to 5; where several apply to one place, the lowest stands.
  package enum Form: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// The digits of a PIN beside a PAN or in a field named for it.
    case pin = 1
    /// A block or an intermediate value of a canary transaction.
    case canaryBlock = 2
    /// A block that opens without a key with a PAN of its record.
    case clearBlock = 3
    /// The enciphered block of a message, written in full.
    case messageBlock = 4
    /// A key in clear.
    case key = 5

    package static func < (first: Form, second: Form) -> Bool { first.rawValue < second.rawValue }
  }

  /// A value of a database.
  package struct Cell: Sendable, Hashable {
    package var table: String
    package var column: String
    /// From 0, in the order in which they are stored.
    package var row: Int
  }

  package var form: Form
  /// Relative to the target; the file's own name when the target is a file.
  package var path: String
  /// From 1; nil in a file that is not text.
  package var line: Int?
  package var cell: Cell?
  /// In bytes from 0, of the file; in a database of the column's value.
  package var offset: Int
  /// Bytes of the value as written.
  package var length: Int
  /// What the value is: `pin`, `clear-block`, `enciphered-block`, `de-52` …
  package var what: String
  /// The id of the canary it belongs to.
  package var canary: String?
  package var maskedPAN: String?
  /// What DE 53 of the same message says of the key; absent where it says nothing.
  package var isSingleLengthKey: Bool?
  /// Whether the message can be read in another way too.
  package var isAmbiguous = false

  package var fact: FactValue {
    var place: [String: FactValue] = ["path": .text(path), "offset": .integer(offset)]
    place["line"] = line.map { .integer($0) }
    if let cell {
      place["table"] = .text(cell.table)
      place["column"] = .text(cell.column)
      place["row"] = .integer(cell.row)
    }
    var record: [String: FactValue] = [
      "place": .record(place), "form": .integer(form.rawValue), "what": .text(what),
      "masked": .text((maskedPAN.map { "\($0) " } ?? "") + "****"),
    ]
    record["canary"] = canary.map { .text($0) }
    record["single-length-key"] = isSingleLengthKey.map { .boolean($0) }
    if isAmbiguous { record["ambiguous"] = true }
    return .record(record)
  }
}
