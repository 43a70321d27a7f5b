import AssessmentModel
import NationalCrypto

/// Weaknesses of the construction and of the data (构造与数据中的隐患). They stand on logs without a failure too.
struct Pitfalls {
  let model: LogModel
  let findings: LogFindings
  let hasAnchor: Bool
  let key: SecretKey?
  let publicKeys: [[UInt8]]
  private var list: [FactValue] = []

  init(
    model: LogModel, findings: LogFindings, hasAnchor: Bool, key: SecretKey?, publicKeys: [[UInt8]]
  ) {
    self.model = model
    self.findings = findings
    self.hasAnchor = hasAnchor
    self.key = key
    self.publicKeys = publicKeys
  }

  /// Every pitfall as `{"name", …}`.
  mutating func all() -> [FactValue] {
    list = []
    construction()
    data()
    keys()
    for (name, occurrence) in findings.structuralKinds.sorted(by: { $0.key < $1.key }) {
      add(name, occurrence)
    }
    return list
  }

  /// Whether checkpoints speak of the log. A list without a right one, for more records than may wait for the
  /// next, is no signature: whoever writes to the log can empty it.
  private var isSigned: Bool {
    guard let checkpoint = model.checkpoint else { return false }
    return findings.covered > 0 || findings.records <= checkpoint.maximumUncovered
  }
  private var kind: Protection.Kind { model.protection.kind }

  private mutating func add(_ name: String, _ fields: [String: FactValue] = [:]) {
    var fields = fields
    fields["name"] = .text(name)
    list.append(.record(fields))
  }

  private mutating func add(_ name: String, _ occurrence: Occurrence) {
    guard occurrence.count > 0 else { return }
    add(name, ["count": .integer(occurrence.count), "first": .integer(occurrence.first)])
  }

  private mutating func construction() {
    if kind == .none { add("unprotected") }
    if let rule = model.canonical, kind != .none, kind != .digestFolder {
      if rule.kind == .joined, rule.null.isEmpty { add("null-equals-empty") }
      if rule.kind == .joined, rule.escape == .none, rule.separator.isEmpty,
        rule.fields.count > 1
      {
        add("canonical-ambiguous", ["separator": "empty"])
      }
      let needed = model.required + [model.map.sequence].compactMap(\.self)
      // What is taken out of a protected text is protected with it.
      var seen = Set(rule.fields)
      if let extraction = model.extraction, seen.contains(extraction.from) {
        seen.formUnion(extraction.names)
      }
      for field in needed where seen.insert(field).inserted {
        add("field-not-covered", ["field": .text(field)])
      }
    }
    let ordersNothing = kind == .hmac || kind == .sm2Record || kind == .none
    if ordersNothing, model.map.sequence == nil { add("no-sequence") }
    if kind == .hashChain || kind == .merkle, !isSigned, !hasAnchor { add("unkeyed-chain") }
    tail()
    if !hasAnchor { add("no-external-anchor") }
    if model.protection.digest != .sm3, kind != .none {
      add("non-gm-digest", ["digest": .text(model.protection.digest.rawValue)])
    }
    if let length = model.protection.truncate, length < 16 {
      add("short-mac", ["bytes": .integer(length)])
    }
  }

  private mutating func tail() {
    guard kind != .digestFolder else { return }
    let secured = max(findings.covered, findings.anchored ?? 0)
    let uncovered = max(0, findings.records - secured)
    guard uncovered > 0 else { return }
    let tolerated =
      model.checkpoint?.maximumUncovered ?? (hasAnchor ? 100 : 0)
    if uncovered > tolerated {
      add("tail-unprotected", ["uncovered": .integer(uncovered)])
    }
  }

  private mutating func data() {
    let notes = findings.notes
    if kind == .none, findings.records > 0 {
      add("value-missing", ["count": .integer(findings.records), "first": 0])
    }
    add("value-missing", notes.valueMissing)
    add("canonical-ambiguous", notes.ambiguous)
    if (model.protection.truncate ?? 32) >= 16 { add("short-mac", notes.valueShort) }
    add("constant-value", notes.valueConstant)
    for (identity, occurrence) in notes.otherIdentities.sorted(by: { $0.key < $1.key }) {
      add(
        "wrong-sm2-id",
        [
          "right-under": .text(identity), "count": .integer(occurrence.count),
          "first": .integer(occurrence.first),
        ])
    }
    if !findings.splitView.isEmpty {
      add("split-view", ["checkpoints": .list(findings.splitView.map { .integer($0) })])
    }
  }

  private mutating func keys() {
    if kind.usesKey {
      let words = [
        model.name, model.protection.digestFolder.logID, model.checkpoint?.logID,
        model.checkpoint?.origin, model.checkpoint?.keyName, model.protection.evolveLabel,
      ].compactMap(\.self).filter { !$0.isEmpty }
      var bytes = key?.bytes ?? []
      defer { wipe(&bytes) }
      if key != nil, let weakness = WeakKeys.weakness(of: bytes, words: words) {
        add("weak-key", ["why": .text(weakness)])
      } else if let name = WeakKeys.trial(
        findings.samples, digest: model.protection.digest, words: words)
      {
        add("weak-key", ["why": .text(name)])
      }
    }
    let reasons = KeyPlace(model: model, key: key, publicKeys: publicKeys).reasons()
    if !reasons.isEmpty {
      add("key-beside-log", ["why": .list(reasons.map { .text($0) })])
    }
  }

  /// Changes to a log like this one that nothing in it can show (不可发现的篡改).
  func undetectable() -> [String] {
    var changes: [String] = []
    if !hasAnchor { changes.append("roll-back") }
    if !hasAnchor, !isSigned { changes.append("truncation") }
    let isKeyed = kind.usesKey || kind == .sm2Record || kind == .digestFolder
    if !isKeyed, !isSigned, !hasAnchor { changes.append("recomputation") }
    let ordersNothing = kind == .hmac || kind == .sm2Record || kind == .none
    if ordersNothing, model.map.sequence == nil {
      changes += ["deletion", "reordering", "replay"]
    }
    return changes
  }
}
