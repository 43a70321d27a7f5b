package import AssessmentModel
import Bytes
import YAMLDocument

/// A file of PIN blocks with their keys: `vectors`, `malformed`, `pan_binding`, `weak_sets`, and `keys` that are
/// listed only to be compared with.
///
/// Read through the strict reader of YAML and JSON, so that a key that stands twice is refused and every remark
/// has its line. Unknown keys are passed over: such files carry how they were made. No message quotes a value.
package struct SampleFile: Sendable, Hashable {
  /// A block and its fields take about half a kibibyte.
  package static let maximumLength = 64 << 20

  package private(set) var entries: [SampleEntry] = []
  package private(set) var sets: [SampleSet] = []
  package private(set) var problems: [SampleProblem] = []
  private var keys: [ListedKey] = []
  private var ids: Set<String> = []

  /// The keys listed beside the samples.
  package var listedKeys: [ListedKey] { keys }

  /// The faults that leave nothing to read.
  package struct Unreadable: Error { package var faults: [Fault] }

  package static func read(path: String) throws(Unreadable) -> SampleFile {
    let faults = Faults()
    guard let root = YAMLDocument.read(path: path, faults: faults, limit: maximumLength),
      faults.isEmpty
    else { throw Unreadable(faults: faults.sorted) }
    return try SampleFile(root, file: path)
  }

  /// - Parameter file: its path; relative references count from its folder.
  package static func parse(_ bytes: [UInt8], file: String) throws(Unreadable) -> SampleFile {
    let faults = Faults()
    guard let root = YAMLDocument.parse(bytes, file: file, faults: faults, limit: maximumLength),
      faults.isEmpty
    else { throw Unreadable(faults: faults.sorted) }
    return try SampleFile(root, file: file)
  }

  private init(_ root: YAMLNode, file: String) throws(Unreadable) {
    let faults = Faults()
    guard let sections = root.entries(of: "the sample file", faults: faults) else {
      throw Unreadable(faults: faults.sorted)
    }
    let names = ["vectors", "malformed", "pan_binding", "weak_sets"]
    guard sections.contains(where: { names.contains($0.key) }) else {
      throw Unreadable(faults: [
        Fault(root.place, "none of the keys \(names.joined(separator: ", ")) is here")
      ])
    }
    for section in sections where section.key == "keys" {
      for (index, node) in items(section) { readKey(node, "keys[\(index)]", file) }
    }
    for section in sections {
      switch section.key {
      case "vectors", "malformed", "pan_binding":
        for (index, node) in items(section) {
          readEntry(node, "\(section.key)[\(index)]", isBinding: section.key == "pan_binding", file)
        }
      case "weak_sets":
        for (index, node) in items(section) { readSet(node, "weak_sets[\(index)]", file) }
      default: break
      }
    }
  }

  private mutating func items(_ section: YAMLEntry) -> [(Int, YAMLNode)] {
    if case .sequence(let nodes) = section.value.content { return Array(nodes.enumerated()) }
    if !section.value.isNull {
      problems.append(
        SampleProblem(.notARecord, id: section.key, line: section.value.place.line))
    }
    return []
  }

  private mutating func fields(_ node: YAMLNode, _ id: String) -> [String: YAMLNode]? {
    guard case .mapping(let entries) = node.content else {
      problems.append(SampleProblem(.notARecord, id: id, line: node.place.line))
      return nil
    }
    return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private mutating func readKey(_ node: YAMLNode, _ position: String, _ file: String) {
    guard let fields = fields(node, position) else { return }
    let id = fields["id"]?.plainText.map { maskingAccounts($0) } ?? position
    var reader = FieldReader(fields: fields, id: id, line: node.place.line, file: file)
    if let value = reader.secretBytes("value") {
      keys.append(
        ListedKey(id: id, role: (fields["role"]?.plainText ?? "pin").lowercased(), value: value))
    }
    problems += reader.problems
  }

  private mutating func identify(
    _ fields: [String: YAMLNode], _ position: String, _ line: Int
  ) -> String {
    guard let id = fields["id"]?.plainText.map({ maskingAccounts($0) }), !id.isEmpty else {
      problems.append(SampleProblem(.idMissing, id: position, line: line))
      return position
    }
    guard ids.insert(id).inserted else {
      problems.append(SampleProblem(.idRepeated, id: position, line: line))
      return position
    }
    return id
  }

  private mutating func readEntry(
    _ node: YAMLNode, _ position: String, isBinding: Bool, _ file: String
  ) {
    guard let fields = fields(node, position) else { return }
    let line = node.place.line
    let id = identify(fields, position, line)
    var reader = FieldReader(fields: fields, id: id, line: line, file: file)
    var entry = SampleEntry(id: id, place: node.place)
    entry.format = reader.format()
    entry.pan = reader.pan(isBinding ? "pan_presented" : "pan")
    entry.statesPIN = fields["pin"].map { !$0.isNull } ?? false
    entry.pin = reader.pin()
    entry.block = reader.block()
    if case .enciphered = entry.block {
      entry.algorithm = reader.algorithm()
      entry.key = reader.key(listed: keys)
    }
    entry.checkValue = fields["kcv"]?.plainText.flatMap { bytes(fromHexadecimal: $0) }
    entries.append(entry)
    problems += reader.problems
  }

  private mutating func readSet(_ node: YAMLNode, _ position: String, _ file: String) {
    guard let fields = fields(node, position) else { return }
    let line = node.place.line
    let id = identify(fields, position, line)
    var reader = FieldReader(fields: fields, id: id, line: line, file: file)
    var set = SampleSet(id: id, place: node.place, blocks: [])
    set.format = reader.format()
    set.algorithm = reader.algorithm()
    set.key = reader.key(listed: keys)
    problems += reader.problems
    if case .sequence(let nodes) = fields["blocks"]?.content {
      for node in nodes {
        guard let fields = self.fields(node, id) else { continue }
        var reader = FieldReader(fields: fields, id: id, line: node.place.line, file: file)
        let pan = reader.pan("pan")
        if case .enciphered(let block) = reader.block() {
          set.blocks.append(SampleSet.Item(pan: pan, enciphered: block))
        }
        problems += reader.problems
      }
    } else {
      problems.append(SampleProblem(.blockMissing, id: id, line: line))
    }
    sets.append(set)
  }
}

extension YAMLNode {
  /// The text of any scalar that is there.
  var plainText: String? {
    if case .scalar(let text, _) = content, !isNull { text } else { nil }
  }
}
