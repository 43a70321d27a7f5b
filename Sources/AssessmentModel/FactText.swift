/// A fact's value as a person reads it: texts without quotes, lists in brackets, bounded in length.
package enum FactText {
  /// Characters of a whole value, and elements of one list or record, that are written out.
  package static let characters = 300
  private static let elements = 24

  /// At most `limit` scalars; what is cut ends with `…`.
  package static func short(_ value: FactValue, limit: Int = characters) -> String {
    var text = ""
    var room = limit
    write(value, into: &text, room: &room)
    return text
  }

  private static func write(_ value: FactValue, into text: inout String, room: inout Int) {
    switch value {
    case .null: put("null", into: &text, room: &room)
    case .boolean(let boolean): put(boolean ? "true" : "false", into: &text, room: &room)
    case .integer(let integer): put(String(integer), into: &text, room: &room)
    case .text(let string): put(string, into: &text, room: &room)
    case .list(let items):
      put("[", into: &text, room: &room)
      writeItems(items.prefix(elements), of: items.count, into: &text, room: &room) {
        write($0, into: &$1, room: &$2)
      }
      put("]", into: &text, room: &room)
    case .record(let fields):
      let sorted = fields.sorted { $0.key < $1.key }
      put("{", into: &text, room: &room)
      writeItems(sorted.prefix(elements), of: sorted.count, into: &text, room: &room) {
        put($0.key + ": ", into: &$1, room: &$2)
        write($0.value, into: &$1, room: &$2)
      }
      put("}", into: &text, room: &room)
    }
  }

  private static func writeItems<Item>(
    _ shown: ArraySlice<Item>, of count: Int, into text: inout String, room: inout Int,
    _ body: (Item, inout String, inout Int) -> Void
  ) {
    for (index, item) in shown.enumerated() where room > 0 {
      if index > 0 { put(", ", into: &text, room: &room) }
      body(item, &text, &room)
    }
    if count > shown.count { put(", … +\(count - shown.count)", into: &text, room: &room) }
  }

  private static func put(_ piece: String, into text: inout String, room: inout Int) {
    guard room > 0 else { return }
    let scalars = piece.unicodeScalars.prefix(room + 1)
    if scalars.count > room {
      text.unicodeScalars.append(contentsOf: scalars.prefix(room - 1))
      text += "…"
      room = 0
    } else {
      text += piece
      room -= scalars.count
    }
  }
}
