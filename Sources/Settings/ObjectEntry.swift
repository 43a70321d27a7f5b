import AssessmentModel
import YAMLDocument

/// Reads one object of a scope (测评对象).
struct ObjectEntry {
  var faults: Faults
  private var relations: [Relation] = []
  private var kinds: [String: ObjectKind] = [:]

  init(faults: Faults) { self.faults = faults }

  /// One name of an object in `serves`, `travels`, `rests-in` or `protected-by`.
  private struct Relation {
    var owner: String
    var key: String
    var name: String
    var place: SourcePlace
  }

  /// Where each object read says where it is.
  private(set) var locatorPlaces: [String: SourcePlace] = [:]

  private static let plainKeys = [
    "id", "kind", "at", "log", "service", "path", "owner", "zh", "en", "product", "serves",
    "travels", "rests-in", "protected-by", "sni", "logs", "canaries", "parameters",
  ]

  /// What can be said of the place of a channel.
  private static let channelSchemes = ["tls", "tlcp", "any"]

  /// The object, nil when it is at fault; its id is given even then, so that others can name it.
  mutating func read(
    _ node: YAMLNode
  ) -> (object: AssessmentObject?, id: (name: String, place: SourcePlace)?) {
    guard
      let reader = MappingReader(node, of: "object", keys: Self.plainKeys, faults: faults)
    else { return (nil, nil) }
    let idNode = reader.required("id")
    let id = idNode?.text(of: "\"id\" of an object", faults: faults)
    if let id, let place = idNode?.place, !isName(id) {
      faults.report(
        place, "object id \"\(id)\"; expected letters, digits, '.', '_' and '-', at most 64")
    }
    let kind = reader.requiredChoice("kind", as: ObjectKind.self)
    let locators = ["at", "log", "service", "path"].filter { reader.node($0) != nil }
    if locators.count > 1, let place = reader.entry(locators[1])?.keyPlace {
      faults.report(
        place, "object \(id ?? "?") says where it is twice: \(locators.joined(separator: ", "))")
    }
    let locator = locators.first.flatMap { reader.text($0) }
    if let id { locatorPlaces[id] = locators.first.flatMap { reader.node($0)?.place } }
    if let locator, let place = locators.first.flatMap({ reader.node($0)?.place }),
      locator.contains("://") || (locators.first == "at" && kind == .channel),
      Locator(locator) == nil
    {
      faults.report(
        place,
        "\"\(locator)\" is not a place; expected SCHEME://HOST:PORT with a port from 1 to 65535")
    }
    if kind == .channel, let locator, let place = reader.node("at")?.place,
      let scheme = Locator(locator)?.scheme,
      !Self.channelSchemes.contains(scheme.lowercased())
    {
      faults.report(
        place,
        "unknown scheme \"\(scheme)\" of a channel; expected "
          + Self.channelSchemes.joined(separator: ", "))
    }
    let title = title(reader)
    var parameters = parameters(reader.node("parameters"))
    for key in ["sni", "logs", "canaries"] {
      if let text = reader.text(key) { parameters[key] = .text(text) }
    }
    let owner = reader.text("owner")
    let product = product(reader.node("product"))
    let named = ["serves", "travels", "rests-in", "protected-by"].map { key in
      names(reader, key, of: id ?? "?")
    }
    guard let id, let idNode else { return (nil, nil) }
    guard let kind else { return (nil, (id, idNode.place)) }
    if kinds[id] == nil { kinds[id] = kind }
    let object = AssessmentObject(
      id: id, kind: kind, locator: locator, owner: owner, title: title, parameters: parameters,
      product: product, serves: named[0], travels: named[1], restsIn: named[2],
      protectedBy: named[3])
    return (object, (id, idNode.place))
  }

  private mutating func names(
    _ reader: MappingReader, _ key: String, of owner: String
  ) -> [String] {
    var names: [String] = []
    for node in reader.items(key) ?? [] {
      guard let name = node.text(of: "\"\(key)\" of object \(owner)", faults: faults) else {
        continue
      }
      relations.append(Relation(owner: owner, key: key, name: name, place: node.place))
      names.append(name)
    }
    return names
  }

  /// Objects named by others must be there.
  func checkRelations(among ids: Set<String>) {
    for relation in relations {
      let what = "object \(relation.owner): \(relation.key) names \"\(relation.name)\""
      if !ids.contains(relation.name) {
        let near = nearestName(to: relation.name, among: ids.sorted())
        faults.report(
          relation.place,
          "\(what), which is not in the scope" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
      } else if relation.key == "travels", let kind = kinds[relation.name], kind != .channel {
        faults.report(relation.place, "\(what), which is not a channel but a \(kind.rawValue)")
      } else if relation.name == relation.owner {
        faults.report(relation.place, "\(what), which is the object itself")
      }
    }
  }

  private func title(_ reader: MappingReader) -> Bilingual? {
    let zh = reader.text("zh")
    let en = reader.text("en")
    guard zh != nil || en != nil else { return nil }
    guard let zh, let en else {
      faults.report(reader.place, "an object's title needs both \"zh\" and \"en\"")
      return nil
    }
    return Bilingual(zh: zh, en: en)
  }

  private func parameters(_ node: YAMLNode?) -> [String: FactValue] {
    guard let node,
      let entries = node.entries(of: "\"parameters\" of an object", faults: faults)
    else { return [:] }
    var parameters: [String: FactValue] = [:]
    for entry in entries { parameters[entry.key] = entry.value.factValue(faults: faults) }
    return parameters
  }

  private func product(_ node: YAMLNode?) -> AssessmentObject.Product? {
    guard let node,
      let reader = MappingReader(
        node, of: "product", keys: ["certificate", "module-grade"], faults: faults)
    else { return nil }
    let grade = reader.integer("module-grade") ?? 0
    if !(0...4).contains(grade), let place = reader.node("module-grade")?.place {
      faults.report(place, "module grade \(grade); expected 0 (no certificate) to 4")
    }
    return AssessmentObject.Product(
      certificate: reader.text("certificate"), moduleGrade: min(max(grade, 0), 4))
  }

  private func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.unicodeScalars.allSatisfy { scalar in
        scalar == "." || scalar == "_" || scalar == "-"
          || scalar.properties.isAlphabetic && !ActiveScalar.contains(scalar)
          || scalar.properties.numericType != nil
      }
  }
}
