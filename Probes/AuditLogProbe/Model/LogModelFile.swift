import AssessmentModel
import NationalCrypto
import YAMLDocument

/// Reads a log model strictly: every fault at once, each with its place.
enum LogModelFile {
  private static let keys = [
    "name", "source", "map", "required", "canonical", "protection", "checkpoint", "anchor", "clock",
    "time-form", "extract", "active", "clone-limit", "verifier", "canary", "coverage",
  ]

  /// nil, with faults, unless the model is whole.
  static func read(path: String, faults: Faults) -> LogModel? {
    guard let node = YAMLDocument.read(path: path, faults: faults) else { return nil }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return model(node, folder: folder, faults: faults)
  }

  /// `folder` is what relative paths begin with: empty, or ending in a slash.
  static func model(_ node: YAMLNode, folder: String, faults: Faults) -> LogModel? {
    guard let reader = MappingReader(node, of: "log model", keys: keys, faults: faults) else {
      return nil
    }
    let sections = ModelSections(folder: folder, faults: faults)
    let name = reader.requiredText("name")
    let protection = reader.required("protection").flatMap { sections.protection($0) }
    let source = reader.required("source").flatMap { sections.source($0) }
    let canonical = reader.node("canonical").flatMap { sections.canonical($0) }
    let checkpoint = reader.node("checkpoint").flatMap { sections.checkpoint($0) }
    let anchor = reader.node("anchor").flatMap { sections.anchor($0) }
    let extraction = reader.node("extract").flatMap { sections.extraction($0) }
    let form = reader.choice("time-form", as: ClockRule.Form.self)
    var clock = reader.node("clock").flatMap { sections.clock($0) } ?? ClockRule()
    if let form { clock.form = form }
    let map = reader.node("map").flatMap { sections.map($0) } ?? FieldMap()
    let required = reader.texts("required") ?? []
    let setAside = setAside(reader)
    let activity = sections.activity(reader)
    guard let name, let source, let protection else { return nil }
    sections.relate(
      source: source, protection: protection, checkpoint: checkpoint, at: reader)
    guard faults.isEmpty else { return nil }
    if source.isJournal, clock.form == .iso, map.time == "__REALTIME_TIMESTAMP" {
      clock.form = .microseconds
    }
    return LogModel(
      name: name, source: source, map: map, required: required, canonical: canonical,
      protection: protection, checkpoint: checkpoint, anchorPath: anchor, clock: clock,
      extraction: extraction, setAside: setAside, activity: activity)
  }

  private static func setAside(_ reader: MappingReader) -> [String] {
    var names = reader.choice("active", as: ActiveRules.Mode.self) == .clone ? ["active"] : []
    for name in ["verifier", "canary", "coverage"] where reader.node(name) != nil {
      names.append(name)
    }
    return names
  }
}

extension LogSource {
  var isJournal: Bool { if case .journalExport = self { true } else { false } }
}
