package import AssessmentModel
import FoundationEssentials
package import YAMLDocument

/// Reads a scope file (测评范围文件).
package struct ScopeFile {
  private let faults: Faults
  private let units: Set<String>
  private let requirementIDs: Set<String>
  private let judgements: [String]

  /// `units` and `requirementIDs` are what not-applicable entries may name, `judgements` the numbers of the
  /// published judgements that can be switched.
  package init(
    units: Set<String>, requirementIDs: Set<String>, judgements: [String] = [], faults: Faults
  ) {
    self.units = units
    self.requirementIDs = requirementIDs
    self.judgements = judgements
    self.faults = faults
  }

  /// nil when there is any fault in the file; all are reported.
  package func read(path: String) -> Scope? {
    let before = faults.all.count
    guard let node = YAMLDocument.read(path: path, faults: faults) else { return nil }
    let scope = read(node, path: path)
    checkFiles(node, folder: folder(of: path))
    return faults.all.count == before ? scope : nil
  }

  package func read(_ node: YAMLNode, path: String) -> Scope? {
    let before = faults.all.count
    let keys = [
      "system", "authorisation", "limits", "objects", "not-applicable", "attestations", "waivers",
      "judgements",
    ]
    guard let reader = MappingReader(node, of: "scope", keys: keys, faults: faults) else {
      return nil
    }
    let system = system(reader.required("system"))
    let authorisation = reader.node("authorisation").flatMap { self.authorisation($0) }
    let limits = reader.node("limits").map { self.limits($0) } ?? Scope.Limits()
    var objects: [AssessmentObject] = []
    var places: [String: SourcePlace] = [:]
    var entry = ObjectEntry(faults: faults)
    for item in reader.requiredItems("objects") ?? [] {
      let (object, id) = entry.read(item)
      guard let id else { continue }
      if let first = places[id.name] {
        faults.report(
          id.place, "object \"\(id.name)\" stands twice (first in line \(first.line))")
        continue
      }
      places[id.name] = id.place
      if let object { objects.append(object) }
    }
    entry.checkRelations(among: Set(places.keys))
    let notApplicable = (reader.items("not-applicable") ?? []).compactMap {
      self.notApplicable($0, objects: Set(places.keys))
    }
    let attestations = reader.text("attestations")
    let waivers = reader.text("waivers")
    let switches = reader.node("judgements").map { self.switches($0) } ?? [:]
    AuthorisedScope(faults: faults).check(
      objects, targets: reader.node("authorisation").flatMap { readableTargets($0) },
      hasAuthorisation: reader.node("authorisation") != nil, scope: reader.place,
      places: entry.locatorPlaces)
    let folder = folder(of: path)
    guard let system, faults.all.count == before else { return nil }
    return Scope(
      system: system, authorisation: authorisation, limits: limits,
      objects: objects.map { resolved($0, folder: folder) }, notApplicable: notApplicable,
      attestations: attestations.map { absolute($0, in: folder) },
      waivers: waivers.map { absolute($0, in: folder) }, judgements: switches,
      path: absolute(path, in: FileManager.default.currentDirectoryPath), places: places,
      locatorPlaces: entry.locatorPlaces)
  }

  /// Files and folders the scope names must be there: the fault belongs to the scope.
  private func checkFiles(_ node: YAMLNode, folder: String) {
    guard case .mapping(let entries) = node.content else { return }
    for entry in entries where ["attestations", "waivers"].contains(entry.key) {
      guard case .scalar(let name, _) = entry.value.content,
        !FileManager.default.fileExists(atPath: absolute(name, in: folder))
      else { continue }
      faults.report(
        entry.value.place, "\"\(entry.key)\" names \"\(name)\", which does not exist")
    }
  }

  /// The authorisation alone, for a probe run by hand; the rest of the scope is not looked at.
  package func readAuthorisation(path: String) -> Scope.Authorisation? {
    guard let node = YAMLDocument.read(path: path, faults: faults),
      let entries = node.entries(of: "scope", faults: faults)
    else { return nil }
    guard let entry = entries.first(where: { $0.key == "authorisation" }) else {
      faults.report(node.place, "the scope has no authorisation")
      return nil
    }
    return authorisation(entry.value)
  }

  private func system(_ node: YAMLNode?) -> Scope.System? {
    guard let node,
      let reader = MappingReader(
        node, of: "system", keys: ["zh", "en", "level", "operator"], faults: faults)
    else { return nil }
    let zh = reader.requiredText("zh")
    let en = reader.requiredText("en")
    let level = reader.requiredInteger("level")
    if let level, level != 3, level != 4, let place = reader.node("level")?.place {
      faults.report(place, "level \(level); GM/T 0077 has levels 3 and 4")
    }
    let bank = reader.text("operator")
    guard let zh, let en, let level else { return nil }
    return Scope.System(title: Bilingual(zh: zh, en: en), level: level, operator: bank)
  }

  private func authorisation(_ node: YAMLNode) -> Scope.Authorisation? {
    guard
      let reader = MappingReader(
        node, of: "authorisation", keys: ["document", "from", "to", "targets", "timezone"],
        faults: faults)
    else { return nil }
    let document = reader.requiredText("document")
    let from = day(reader.required("from"), "\"from\" of the authorisation")
    let to = day(reader.required("to"), "\"to\" of the authorisation")
    if let from, let to, to < from, let place = reader.node("to")?.place {
      faults.report(place, "the authorisation ends (\(to)) before it begins (\(from))")
    }
    var targets: [String] = []
    for item in reader.requiredItems("targets") ?? [] {
      guard let text = item.text(of: "target of the authorisation", faults: faults) else {
        continue
      }
      if case .failure(let error) = AuthorisedTarget.parse(text) {
        faults.report(item.place, "target \"\(text)\": \(error.reason)")
      }
      targets.append(text)
    }
    let timezone = reader.text("timezone") ?? "Asia/Shanghai"
    if AuthorisedPeriod.timeZone(named: timezone) == nil,
      let place = reader.node("timezone")?.place
    {
      faults.report(
        place, "unknown time zone \"\(timezone)\"; expected a name such as Asia/Shanghai")
    }
    guard let document, let from, let to else { return nil }
    return Scope.Authorisation(
      document: document, from: from, to: to, targets: targets, timezone: timezone)
  }

  /// The targets, whatever else is wrong with the authorisation; nil when one of them is.
  private func readableTargets(_ node: YAMLNode) -> [String]? {
    guard case .mapping(let entries) = node.content,
      let targets = entries.first(where: { $0.key == "targets" }),
      case .sequence(let items) = targets.value.content
    else { return nil }
    let texts = items.compactMap { item -> String? in
      guard case .scalar(let text, _) = item.content, !item.isNull,
        case .success = AuthorisedTarget.parse(text)
      else { return nil }
      return text
    }
    return texts.count == items.count ? texts : nil
  }

  private func limits(_ node: YAMLNode) -> Scope.Limits {
    var limits = Scope.Limits()
    guard
      let reader = MappingReader(
        node, of: "limits", keys: ["connections-per-object", "inspections", "deadline", "active"],
        faults: faults)
    else { return limits }
    limits.allowsActiveTests = reader.choice("active", as: ActiveTests.self) == .full
    if let count = bounded(reader, "connections-per-object", 1...256) {
      limits.connectionsPerObject = count
    }
    if let count = bounded(reader, "inspections", 1...1024) { limits.inspections = count }
    if let node = reader.node("deadline"),
      let text = node.text(of: "\"deadline\" of limits", faults: faults)
    {
      if let milliseconds = duration(text), (1...3_600_000).contains(milliseconds) {
        limits.deadlineMilliseconds = milliseconds
      } else {
        faults.report(
          node.place, "deadline \"\(text)\"; expected a duration such as 30s or 500ms, up to 1h")
      }
    }
    return limits
  }

  private enum ActiveTests: String, CaseIterable { case none, full }

  /// `{"12.6": false}`: published judgements put out of force or into it.
  private func switches(_ node: YAMLNode) -> [String: Bool] {
    var switches: [String: Bool] = [:]
    for entry in node.entries(of: "\"judgements\" of the scope", faults: faults) ?? [] {
      if !judgements.contains(entry.key) {
        faults.report(
          entry.keyPlace,
          "\"\(entry.key)\" is not a published judgement; known: "
            + judgements.joined(separator: ", "))
      }
      if let isOn = entry.value.boolean(of: "judgement \(entry.key)", faults: faults) {
        switches[entry.key] = isOn
      }
    }
    return switches
  }

  private func bounded(_ reader: MappingReader, _ key: String, _ range: ClosedRange<Int>) -> Int? {
    guard let node = reader.node(key),
      let value = node.integer(of: "\"\(key)\" of limits", faults: faults)
    else { return nil }
    guard range.contains(value) else {
      faults.report(
        node.place, "\(key) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }

  private func notApplicable(_ node: YAMLNode, objects: Set<String>) -> Scope.NotApplicable? {
    guard
      let reader = MappingReader(
        node, of: "not-applicable entry", keys: ["unit", "object", "reason", "approved-by"],
        faults: faults)
    else { return nil }
    let unitNode = reader.required("unit")
    let unit = unitNode?.text(of: "\"unit\" of a not-applicable entry", faults: faults)
    if let unit, let place = unitNode?.place, !units.contains(unit),
      !requirementIDs.contains(unit)
    {
      let names = units.sorted() + requirementIDs.sorted()
      let near = nearestName(to: unit, among: names).map { "; did you mean \"\($0)\"?" }
      faults.report(place, "\"\(unit)\" is neither a scoring unit nor a row id\(near ?? "")")
    }
    let object = reader.text("object")
    if let object, let place = reader.node("object")?.place, !objects.contains(object) {
      let near = nearestName(to: object, among: objects.sorted()).map {
        "; did you mean \"\($0)\"?"
      }
      faults.report(place, "object \"\(object)\" is not in the scope\(near ?? "")")
    }
    let reason = reader.requiredText("reason")
    if let reason, reason.allSatisfy(\.isWhitespace), let place = reader.node("reason")?.place {
      faults.report(place, "the reason is empty; 不适用 must be argued")
    }
    guard let unit, let reason else { return nil }
    return Scope.NotApplicable(
      unit: unit, object: object, reason: reason, approvedBy: reader.text("approved-by"))
  }

  private func day(_ node: YAMLNode?, _ what: String) -> String? {
    guard let node, let text = node.text(of: what, faults: faults) else { return nil }
    guard CalendarDay(text) != nil else {
      faults.report(node.place, "\(what) is \"\(text)\"; expected a day such as \"2026-12-01\"")
      return nil
    }
    return text
  }

  /// Paths of files and folders, those of `file:PATH` too, are taken from the scope's folder.
  private func resolved(_ object: AssessmentObject, folder: String) -> AssessmentObject {
    var object = object
    if let locator = object.locator, !locator.contains("://") {
      object.locator = absolute(locator, in: folder)
    }
    for key in ["logs", "canaries"] {
      if let path = object.parameters[key]?.text {
        object.parameters[key] = .text(absolute(path, in: folder))
      }
    }
    for (key, value) in object.parameters {
      guard let text = value.text, text.hasPrefix("file:") else { continue }
      object.parameters[key] = .text("file:" + absolute(String(text.dropFirst(5)), in: folder))
    }
    return object
  }
}
