/// Every field of a log that some check needs, once, with the places where each check finds its own.
struct FieldTable: Sendable, Hashable {
  private(set) var names: [String] = []
  /// In the order of the canonical form.
  private(set) var canonical: [Int] = []
  private(set) var required: [Int] = []
  private(set) var sequence: Int?
  private(set) var time: Int?
  /// Fields that are numbers also where a source has only texts: the sequence number, and a time counted from 1970.
  private(set) var numbers: [Int] = []
  private(set) var value: Int?
  private(set) var previous: Int?
  /// What values and leaves are computed over: the fields of the canonical form, and the link.
  private(set) var computedOver: [Int] = []
  /// The text that others are taken from, and where those go.
  private(set) var extractedFrom: Int?
  private(set) var extracted: [Int] = []

  init(_ model: LogModel) {
    canonical = (model.canonical?.fields ?? []).map { slot($0) }
    required = model.required.map { slot($0) }
    sequence = model.map.sequence.map { slot($0) }
    time = model.map.time.map { slot($0) }
    numbers = [sequence, model.clock.form == .iso ? nil : time].compactMap(\.self)
    if model.protection.kind.hasValues {
      value = slot(model.protection.valueField)
      previous = model.protection.prevField.map { slot($0) }
    }
    computedOver = Set(canonical + [previous].compactMap(\.self)).sorted()
    if let extraction = model.extraction {
      extractedFrom = slot(extraction.from)
      extracted = extraction.names.map { slot($0) }
    }
  }

  private mutating func slot(_ name: String) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    names.append(name)
    return names.count - 1
  }
}
