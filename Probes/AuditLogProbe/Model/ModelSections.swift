import AssessmentModel
import Bytes
import NationalCrypto
import YAMLDocument

/// The sections of a log model, each from its own mapping. nil with a fault for what is not right.
struct ModelSections {
  let folder: String
  let faults: Faults

  /// Paths are relative to the model's folder.
  func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + text }

  private enum SourceKind: String, CaseIterable {
    case jsonl, csv, sqlite, postgres
    case journalExport = "journald-export"
    case digestFolder = "digest-folder"
  }

  func source(_ node: YAMLNode) -> LogSource? {
    let keys = [
      "kind", "path", "table", "order-by", "encoding", "header", "delimiter", "columns", "null",
      "schema", "connection", "session",
    ]
    guard let reader = MappingReader(node, of: "source", keys: keys, faults: faults) else {
      return nil
    }
    let kind = reader.requiredChoice("kind", as: SourceKind.self)
    if kind == .postgres { return postgres(reader) }
    let text = reader.requiredText("path").map(path)
    guard let kind, let text else { return nil }
    switch kind {
    case .jsonl: return .jsonLines(path: text)
    case .journalExport: return .journalExport(path: text)
    case .digestFolder: return .digestFolder(path: text)
    case .sqlite:
      guard let table = reader.requiredText("table") else { return nil }
      return .sqlite(
        path: text, TableForm(table: table, order: reader.text("order-by") ?? "rowid"))
    case .csv: return csvForm(reader).map { .csv(path: text, $0) }
    case .postgres: return nil
    }
  }

  private func csvForm(_ reader: MappingReader) -> CSVForm? {
    let delimiter = Array((reader.text("delimiter") ?? ",").utf8)
    guard delimiter.count == 1, delimiter[0] < 0x80, ![0x0A, 0x0D, 0x22].contains(delimiter[0])
    else {
      faults.report(
        reader.node("delimiter")?.place ?? reader.place,
        "\"delimiter\" in source must be one ASCII character, neither a quote nor a line end")
      return nil
    }
    let hasHeader = reader.boolean("header") ?? true
    let columns = reader.texts("columns")
    if !hasHeader, columns == nil {
      faults.report(reader.place, "source without a header needs the key \"columns\"")
      return nil
    }
    return CSVForm(
      encoding: reader.choice("encoding", as: TextEncoding.self) ?? .utf8, delimiter: delimiter[0],
      columns: hasHeader ? nil : columns, null: reader.text("null"))
  }

  func map(_ node: YAMLNode) -> FieldMap? {
    let keys = ["seq", "time", "type", "subject", "object", "result"]
    guard let reader = MappingReader(node, of: "map", keys: keys, faults: faults) else {
      return nil
    }
    return FieldMap(
      sequence: reader.text("seq"), time: reader.text("time"), type: reader.text("type"),
      subject: reader.text("subject"), object: reader.text("object"), result: reader.text("result"))
  }

  func canonical(_ node: YAMLNode) -> CanonicalRule? {
    let keys = ["kind", "fields", "field", "separator", "escape", "null", "encoding"]
    guard let reader = MappingReader(node, of: "canonical", keys: keys, faults: faults),
      let kind = reader.requiredChoice("kind", as: CanonicalRule.Kind.self)
    else { return nil }
    let fields =
      kind == .rawField && reader.node("field") != nil
      ? reader.text("field").map { [$0] } : reader.requiredTexts("fields")
    guard let fields else { return nil }
    guard !fields.isEmpty, kind != .rawField || fields.count == 1 else {
      faults.report(
        reader.place,
        kind == .rawField
          ? "canonical of kind raw-field takes one field" : "\"fields\" in canonical is empty")
      return nil
    }
    guard Set(fields).count == fields.count else {
      faults.report(reader.place, "\"fields\" in canonical names a field twice")
      return nil
    }
    var rule = CanonicalRule(kind: kind, fields: fields)
    rule.encoding = reader.choice("encoding", as: TextEncoding.self) ?? .utf8
    rule.escape = reader.choice("escape", as: CanonicalRule.Escape.self) ?? .none
    rule.null = reader.text("null") ?? ""
    if kind == .joined {
      guard let text = reader.requiredText("separator") else { return nil }
      guard let bytes = bytes(fromHexadecimal: text) else {
        faults.report(
          reader.node("separator")?.place ?? reader.place,
          "\"separator\" in canonical must be hexadecimal digits, two a byte")
        return nil
      }
      rule.separator = bytes
      if rule.escape == .backslash, bytes.contains(where: { $0 >= 0x80 }), rule.encoding != .utf8 {
        faults.report(reader.place, "an escaped separator must be ASCII in gb18030")
        return nil
      }
    }
    return rule
  }

  func anchor(_ node: YAMLNode) -> String? {
    guard let reader = MappingReader(node, of: "anchor", keys: ["file"], faults: faults) else {
      return nil
    }
    return reader.requiredText("file").map(path)
  }

  func clock(_ node: YAMLNode) -> ClockRule? {
    let keys = ["tolerance-ms", "not-after", "zone", "time-form"]
    guard let reader = MappingReader(node, of: "clock", keys: keys, faults: faults) else {
      return nil
    }
    var rule = ClockRule()
    rule.form = reader.choice("time-form", as: ClockRule.Form.self) ?? .iso
    rule.toleranceMilliseconds = reader.integer("tolerance-ms") ?? 0
    if !(0...86_400_000_000).contains(rule.toleranceMilliseconds) {
      faults.report(
        reader.node("tolerance-ms")?.place ?? reader.place,
        "\"tolerance-ms\" in clock must be from 0 to 86400000000")
      return nil
    }
    if let text = reader.text("zone") {
      rule.zone = TimeText.zoneOffset(text)
      if rule.zone == nil {
        faults.report(
          reader.node("zone")?.place ?? reader.place,
          "\"zone\" in clock must be UTC, Asia/Shanghai or an offset like +08:00")
      }
    }
    if let text = reader.text("not-after"), text != "now" {
      let bytes = Array(text.utf8)
      guard let time = TimeText(iso: bytes.span), time.hasZone else {
        faults.report(
          reader.node("not-after")?.place ?? reader.place,
          "\"not-after\" in clock must be now, or an instant with its zone")
        return nil
      }
      rule.notAfter = time.instant
    }
    return rule
  }

  func extraction(_ node: YAMLNode) -> Extraction? {
    let keys = ["from", "pattern"]
    guard let reader = MappingReader(node, of: "extract", keys: keys, faults: faults) else {
      return nil
    }
    let from = reader.requiredText("from")
    let pattern = reader.requiredText("pattern")
    guard let from, let pattern else { return nil }
    let names = FieldExtractor.names(in: pattern)
    guard !names.isEmpty, FieldExtractor(pattern: pattern) != nil else {
      faults.report(
        reader.node("pattern")?.place ?? reader.place,
        "\"pattern\" in extract must be a regular expression with named groups, (?<subject>…)")
      return nil
    }
    return Extraction(from: from, pattern: pattern, names: names)
  }

  /// What one section asks of another.
  func relate(
    source: LogSource, protection: Protection, checkpoint: CheckpointRule?, at reader: MappingReader
  ) {
    let place = reader.node("protection")?.place ?? reader.place
    if reader.node("canonical") == nil, protection.kind != .none, protection.kind != .digestFolder {
      faults.report(reader.place, "log model needs the key \"canonical\"")
    }
    if case .digestFolder = source {
      if protection.kind != .digestFolder {
        faults.report(place, "a source of kind digest-folder has protection of the same kind")
      }
    } else if protection.kind == .digestFolder {
      faults.report(place, "protection of kind digest-folder has a source of the same kind")
    }
    guard let checkpoint else { return }
    let checkpointPlace = reader.node("checkpoint")?.place ?? reader.place
    switch (checkpoint.kind, protection.kind) {
    case (.note, .merkle): break
    case (.note, _):
      faults.report(checkpointPlace, "a note states a Merkle root; protection is no Merkle tree")
    case (.signedHead, .merkle), (.signedHead, .none), (.signedHead, .digestFolder):
      faults.report(checkpointPlace, "a signed head states a record's value; records have none")
    case (.signedHead, _): break
    }
    if case .table(_, _, let order) = checkpoint.place {
      switch source {
      case .sqlite: break
      case .postgres:
        if order == "rowid" {
          faults.report(checkpointPlace, "checkpoints in PostgreSQL need the key \"order-by\"")
        }
      case .jsonLines, .csv, .journalExport, .digestFolder:
        faults.report(
          checkpointPlace, "checkpoints in a table need a source of kind sqlite or postgres")
      }
    }
  }
}
