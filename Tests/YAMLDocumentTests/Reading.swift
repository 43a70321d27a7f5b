import AssessmentModel
import YAMLDocument

/// The outcome of one reading, in a form tests compare.
struct Reading {
  var node: YAMLNode?
  var faults: [Fault]

  init(_ text: String, file: String = "test.yaml") {
    self.init(Array(text.utf8), file: file)
  }

  init(_ bytes: [UInt8], file: String = "test.yaml") {
    let faults = Faults()
    node = YAMLDocument.parse(bytes, file: file, faults: faults)
    self.faults = faults.sorted
  }

  /// `LINE:COLUMN` of every fault, in order.
  var places: [String] { faults.map { "\($0.place.line):\($0.place.column)" } }
  var messages: [String] { faults.map(\.message) }
  /// The tree on one line: plain scalars bare, others in quotes.
  var tree: String? { node.map(Self.show) }

  private static func show(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, isPlain: true): text
    case .scalar(let text, isPlain: false): "\"\(text)\""
    case .sequence(let items): "[\(items.map(show).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key): \(show($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// `LINE:COLUMN` of every node, depth first, keys included.
  static func places(of node: YAMLNode) -> [String] {
    let own = "\(node.place.line):\(node.place.column)"
    switch node.content {
    case .scalar: return [own]
    case .sequence(let items): return [own] + items.flatMap(places)
    case .mapping(let entries):
      return [own]
        + entries.flatMap {
          ["\($0.keyPlace.line):\($0.keyPlace.column)"] + places(of: $0.value)
        }
    }
  }
}
