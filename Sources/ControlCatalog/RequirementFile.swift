import AssessmentModel
import YAMLDocument

/// Reads a requirement file of GM/T 0077 (or an overlay, which has the same form).
struct RequirementFile {
  static let keys = ["standard", "level", "dimension", "units"]

  var faults: Faults
  var parts = CatalogParts()

  init(faults: Faults) { self.faults = faults }

  /// `overlay`: what the key of that name said; its value is read elsewhere.
  mutating func read(_ node: YAMLNode, overlay: Overlay?) {
    // A shipped file with this key is refused by the caller, once.
    let keys = Self.keys + ["overlay"]
    guard
      let reader = MappingReader(node, of: "requirement file", keys: keys, faults: faults)
    else { return }
    if let standard = reader.required("standard"),
      let text = standard.text(of: "\"standard\"", faults: faults), text != "GM/T 0077-2019"
    {
      faults.report(standard.place, "standard \"\(text)\"; expected \"GM/T 0077-2019\"")
    }
    let level = reader.requiredInteger("level")
    if let level, level != 3, level != 4, let place = reader.node("level")?.place {
      faults.report(place, "level \(level); GM/T 0077 has levels 3 and 4")
    }
    let dimension = dimension(reader.required("dimension"))
    let units = reader.requiredItems("units")
    if let units, units.isEmpty, let place = reader.node("units")?.place {
      faults.report(place, "\"units\" is empty; a requirement file lists at least one")
    }
    for unit in units ?? [] {
      readUnit(
        unit, level: level ?? 0,
        dimension: dimension ?? Dimension(id: "general", title: Bilingual(zh: "", en: "")),
        overlay: overlay)
    }
  }

  private func dimension(_ node: YAMLNode?) -> Dimension? {
    guard let node,
      let reader = MappingReader(
        node, of: "dimension", keys: ["id", "zh", "en"], faults: faults)
    else { return nil }
    let id = reader.requiredChoice("id", as: DimensionID.self)
    guard let zh = reader.requiredText("zh"), let en = reader.requiredText("en"), let id else {
      return nil
    }
    return Dimension(id: id.rawValue, title: Bilingual(zh: zh, en: en))
  }

  private mutating func readUnit(
    _ node: YAMLNode, level: Int, dimension: Dimension, overlay: Overlay?
  ) {
    guard
      let reader = MappingReader(
        node, of: "unit", keys: ["clause", "slug", "title", "requirements"], faults: faults)
    else { return }
    let clause = reader.requiredText("clause")
    let title = reader.requiredBilingual("title")
    let slug = reader.text("slug")
    let items = reader.requiredItems("requirements") ?? []
    if items.isEmpty, let list = reader.node("requirements"), case .sequence = list.content {
      faults.report(
        list.place,
        "\"requirements\" of \(clause ?? "a unit") is empty; a unit has at least one row")
    }
    for (index, item) in items.enumerated() {
      readRequirement(
        item,
        RowContext(
          level: level, clause: clause ?? "?", slug: slug, isFirst: index == 0,
          title: title ?? Bilingual(zh: "", en: ""), dimension: dimension, overlay: overlay))
    }
  }

  private struct RowContext {
    var level: Int
    var clause: String
    var slug: String?
    var isFirst: Bool
    var title: Bilingual
    var dimension: Dimension
    var overlay: Overlay?

    func id(item: String) -> String {
      let stem = "L\(level)-\(clause)"
      if let slug { return isFirst ? "\(stem)-\(slug)" : "\(stem)-\(slug)-\(item)" }
      return item == "-" ? stem : "\(stem)-\(item)"
    }
  }

  private mutating func readRequirement(_ node: YAMLNode, _ context: RowContext) {
    let keys = [
      "item", "obligation", "text", "provenance", "requirement", "property", "feeds", "bears-on",
      "gates", "objects", "assess", "remediation",
    ]
    guard
      let reader = MappingReader(
        node, of: "requirement of \(context.clause)", keys: keys, faults: faults)
    else { return }
    let item = reader.requiredText("item") ?? "?"
    let what = context.id(item: item)
    let obligation = reader.requiredChoice("obligation", as: Requirement.Obligation.self)
    let state = reader.requiredChoice("text", as: Requirement.TextState.self)
    let provenance = reader.requiredText("provenance")
    let body = RequirementBody(what: what, faults: faults)
    let names = body.names(reader, into: &parts.mentions)
    // A row that does not say whether it is read is taken for what it looks like.
    let isRead =
      state.map { $0 == .read } ?? ["requirement", "assess"].contains { reader.node($0) != nil }
    // Likewise one whose obligation is at fault: a pointer has no assessment.
    let isPointer = obligation.map { $0 == .pointer } ?? (reader.node("assess") == nil)
    let assessed = body.assess(
      reader, isRead: isRead, isPointer: isPointer, allowsLevel: false, into: &parts)
    let text = body.text(reader, isRead: isRead)
    guard let obligation, let state else { return }
    if state == .read, obligation == .unknown, let place = reader.node("obligation")?.place {
      faults.report(place, "obligation unknown on a row whose text is read (\(what))")
    }
    let requirement = Requirement(
      id: what, standard: .gmt0077, level: context.level, clause: context.clause, item: item,
      dimension: context.dimension, title: context.title, obligation: obligation,
      textState: state, provenance: provenance ?? "", text: text, properties: names.properties,
      feeds: names.feeds, bearsOn: names.bearsOn, gates: names.gates,
      objectKind: assessed.kind, remediation: assessed.remediation, place: reader.place)
    parts.requirements.append(
      RequirementRow(
        requirement: requirement, entries: assessed.entries, overlay: context.overlay,
        places: RequirementRow.Places(
          obligation: reader.node("obligation")?.place ?? reader.place,
          text: reader.node("text")?.place ?? reader.place,
          kind: reader.node("objects")?.place ?? reader.place)))
  }
}

/// What a requirement protects or concerns.
private enum Property: String, CaseIterable {
  case confidentiality, integrity, authenticity
  case nonRepudiation = "non-repudiation"
  case algorithm, `protocol`, product
  case keyManagement = "key management"
  case management
}

private enum DimensionID: String, CaseIterable {
  case general, physical, network, device, application, allocation, keys, management
}

/// The keys that rows of GM/T 0077 and scoring units share.
struct RequirementBody {
  var what: String
  var faults: Faults

  struct Names {
    var properties: [String]
    var feeds: [String]
    var bearsOn: [JudgedLetter]
    var gates: [String]
  }

  func names(_ reader: MappingReader, into mentions: inout [Mention]) -> Names {
    var properties: [String] = []
    if let node = reader.node("property") {
      var nodes = [node]
      if case .sequence(let items) = node.content { nodes = items }
      properties = nodes.compactMap {
        $0.choice(of: "\"property\" of \(what)", as: Property.self, faults: faults)?.rawValue
      }
    }
    let bearsOn = (reader.items("bears-on") ?? []).compactMap {
      $0.choice(of: "\"bears-on\" of \(what)", as: JudgedLetter.self, faults: faults)
    }
    return Names(
      properties: properties, feeds: mentioned("feeds", .unit, reader, into: &mentions),
      bearsOn: bearsOn, gates: mentioned("gates", .gate, reader, into: &mentions))
  }

  private func mentioned(
    _ key: String, _ kind: Mention.Kind, _ reader: MappingReader, into mentions: inout [Mention]
  ) -> [String] {
    var names: [String] = []
    for node in reader.items(key) ?? [] {
      guard let name = node.text(of: "\"\(key)\" of \(what)", faults: faults) else { continue }
      mentions.append(Mention(kind: kind, name: name, place: node.place))
      names.append(name)
    }
    return names
  }

  func text(_ reader: MappingReader, isRead: Bool) -> Bilingual? {
    if isRead { return reader.requiredBilingual("requirement") }
    if let entry = reader.entry("requirement") {
      faults.report(
        entry.keyPlace, "\(what) is unread and cannot state a requirement; say \"text: read\"")
    }
    return nil
  }

  struct Assessed {
    var kind: ObjectKind?
    var entries: [RequirementRow.Entry]
    var remediation: Bilingual?
  }

  func assess(
    _ reader: MappingReader, isRead: Bool, isPointer: Bool, allowsLevel: Bool,
    into parts: inout CatalogParts
  ) -> Assessed {
    guard isRead, !isPointer else {
      for key in ["assess", "objects", "remediation"] {
        if let entry = reader.entry(key) {
          faults.report(
            entry.keyPlace,
            "\(what) is \(isRead ? "a pointer" : "unread") and is never judged; \"\(key)\" cannot stand"
          )
        }
      }
      return Assessed(kind: nil, entries: [], remediation: nil)
    }
    let nodes = reader.requiredItems("assess") ?? []
    if nodes.isEmpty, let place = reader.node("assess")?.place {
      faults.report(place, "\"assess\" of \(what) is empty; say how it is assessed")
    }
    let kind = reader.choice("objects", as: ObjectKind.self) ?? firstKind(nodes)
    var reading = AssessReading(judgedKind: kind, what: what, faults: faults)
    let entries = reading.entries(nodes, allowsLevel: allowsLevel)
    parts.mentions += reading.mentions
    parts.definitions += reading.definitions
    parts.claims.formUnion(reading.claims)
    if kind == nil, !nodes.isEmpty, entries.count == nodes.count, reader.node("objects") == nil {
      faults.report(reader.place, "\(what) needs the key \"objects\": which kind is judged")
    }
    return Assessed(
      kind: kind, entries: entries, remediation: reader.requiredBilingual("remediation"))
  }

  /// The kind named by the first entry that names one; faults are reported when entries are read.
  private func firstKind(_ nodes: [YAMLNode]) -> ObjectKind? {
    for node in nodes {
      guard case .mapping(let entries) = node.content else { continue }
      var fields = entries
      if let ask = entries.first(where: { $0.key == "ask" }),
        case .mapping(let inner) = ask.value.content
      {
        fields = inner
      }
      if let object = fields.first(where: { $0.key == "object" }),
        case .scalar(let text, _) = object.value.content, let kind = ObjectKind(rawValue: text)
      {
        return kind
      }
    }
    return nil
  }
}
