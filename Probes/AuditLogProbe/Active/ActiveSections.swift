import AssessmentModel
import YAMLDocument

extension ModelSections {
  /// The parts `active`, `clone-limit`, `verifier`, `canary` and `coverage` of a log model.
  func activity(_ reader: MappingReader) -> ActiveRules {
    var rules = ActiveRules()
    rules.mode = reader.choice("active", as: ActiveRules.Mode.self) ?? .none
    if let limit = bytes("clone-limit", reader) { rules.cloneLimit = limit }
    rules.verifier = reader.node("verifier").flatMap { verifier($0) }
    rules.canary = reader.node("canary").flatMap { canary($0) }
    rules.coverage = reader.node("coverage").flatMap { coverage($0) }
    return rules
  }

  private func verifier(_ node: YAMLNode) -> VerifierRule? {
    let keys = ["command", "config", "key", "ok-exit", "timeout", "output-limit", "user"]
    guard let reader = MappingReader(node, of: "verifier", keys: keys, faults: faults),
      let command = command(reader, placeholders: VerifierRule.Placeholder.allCases.map(\.rawValue))
    else { return nil }
    var rule = VerifierRule(command: command)
    rule.configPath = reader.text("config").map(path)
    rule.keyPath = reader.text("key").map(path)
    if let codes = exitCodes(reader) { rule.okExit = codes }
    if let timeout = duration("timeout", reader) { rule.timeout = timeout }
    if let limit = bytes("output-limit", reader) { rule.outputLimit = limit }
    rule.user = reader.text("user")
    for (placeholder, path) in [
      (VerifierRule.Placeholder.config, rule.configPath), (.key, rule.keyPath),
    ] where rule.uses(placeholder) && path == nil {
      faults.report(
        reader.place,
        "verifier uses {\(placeholder.rawValue)} and needs the key \"\(placeholder.rawValue)\"")
      return nil
    }
    guard rule.uses(.copy) else {
      faults.report(reader.place, "\"command\" in verifier needs an argument with {copy}")
      return nil
    }
    return rule
  }

  private func canary(_ node: YAMLNode) -> CanaryRule? {
    let keys = ["prefix", "actions", "wait", "timeout", "tolerance-ms"]
    guard let reader = MappingReader(node, of: "canary", keys: keys, faults: faults),
      let items = reader.required("actions")?.items(of: "\"actions\" in canary", faults: faults)
    else { return nil }
    var rule = CanaryRule(actions: items.compactMap { action($0) })
    if let prefix = reader.text("prefix") { rule.prefix = prefix }
    if let wait = duration("wait", reader) { rule.wait = wait }
    if let timeout = duration("timeout", reader) { rule.timeout = timeout }
    if let tolerance = reader.integer("tolerance-ms") {
      rule.toleranceMilliseconds = max(0, min(tolerance, 86_400_000))
    }
    guard (1...16).contains(items.count), rule.actions.count == items.count else {
      faults.report(reader.place, "\"actions\" in canary must have from 1 to 16 elements")
      return nil
    }
    let isPlain = rule.prefix.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
    }
    guard isPlain, rule.prefix.utf8.count <= 32 else {
      faults.report(
        reader.place, "\"prefix\" in canary must have at most 32 letters, digits and hyphens")
      return nil
    }
    return rule
  }

  private func action(_ node: YAMLNode) -> CanaryRule.Action? {
    let keys = ["name", "command", "ok-exit", "expect"]
    guard let reader = MappingReader(node, of: "canary action", keys: keys, faults: faults),
      let name = reader.requiredText("name"),
      let command = command(reader, placeholders: ["token"])
    else { return nil }
    var action = CanaryRule.Action(name: name, command: command)
    if let codes = exitCodes(reader) { action.okExit = codes }
    if let node = reader.node("expect") {
      let keys = CanaryField.allCases.map(\.rawValue)
      guard let fields = MappingReader(node, of: "expect", keys: keys, faults: faults) else {
        return nil
      }
      for field in CanaryField.allCases {
        if let text = fields.text(field.rawValue) { action.expected[field] = text }
      }
    }
    guard command.dropFirst().contains(where: { $0.contains("{token}") }) else {
      faults.report(reader.place, "\"command\" in canary action needs an argument with {token}")
      return nil
    }
    return action
  }

  private func coverage(_ node: YAMLNode) -> CoverageRule? {
    let keys = ["users", "event-types", "failures", "retention-days", "audit-settings"]
    guard let reader = MappingReader(node, of: "coverage", keys: keys, faults: faults) else {
      return nil
    }
    var rule = CoverageRule()
    if let node = reader.node("users") {
      guard let users = users(node) else { return nil }
      rule.users = users
    }
    rule.eventTypes = reader.node("event-types").map { eventTypes($0) } ?? [:]
    rule.failures = reader.texts("failures") ?? []
    rule.retentionDays = reader.integer("retention-days").map { max(0, min($0, 36_500)) }
    rule.audit = reader.node("audit-settings").flatMap { auditSettings($0) }
    return rule
  }

  /// `{file: PATH}`, or `{connection: {…}}` as a source in PostgreSQL has it.
  private func auditSettings(_ node: YAMLNode) -> AuditSettingsRule? {
    let keys = ["file", "connection"]
    guard let reader = MappingReader(node, of: "audit-settings", keys: keys, faults: faults) else {
      return nil
    }
    switch (reader.node("file"), reader.node("connection")) {
    case (.some, nil): return reader.text("file").map { .file(path: path($0)) }
    case (nil, let node?): return connection(node).map { .server($0) }
    case (nil, nil), (.some, .some):
      faults.report(reader.place, "audit-settings has either \"file\" or \"connection\"")
      return nil
    }
  }

  private func users(_ node: YAMLNode) -> CoverageRule.Users? {
    let keys = ["passwd", "operating-system", "database", "application", "exempt"]
    guard let reader = MappingReader(node, of: "users", keys: keys, faults: faults) else {
      return nil
    }
    var users = CoverageRule.Users()
    users.passwdPath = reader.text("passwd").map(path)
    users.operatingSystem = reader.texts("operating-system") ?? []
    users.database = reader.texts("database") ?? []
    users.application = reader.texts("application") ?? []
    for entry in reader.node("exempt")?.entries(of: "exempt", faults: faults) ?? [] {
      users.exempt[entry.key] = entry.value.text(of: "reason in exempt", faults: faults)
    }
    return users
  }

  /// A list of values, or for each required type the values that stand for it.
  private func eventTypes(_ node: YAMLNode) -> [String: [String]] {
    if case .sequence = node.content {
      let names = node.texts(of: "event-types", faults: faults) ?? []
      return Dictionary(names.map { ($0, [$0]) }) { first, _ in first }
    }
    var types: [String: [String]] = [:]
    for entry in node.entries(of: "event-types", faults: faults) ?? [] {
      types[entry.key] = entry.value.texts(of: "values of \(entry.key)", faults: faults)
    }
    return types
  }
}

// MARK: - Values

extension ModelSections {
  /// A program by its path, and arguments that hold no other placeholders than these.
  private func command(_ reader: MappingReader, placeholders: [String]) -> [String]? {
    guard let texts = reader.requiredTexts("command"), let program = texts.first else { return nil }
    let place = reader.node("command")?.place ?? reader.place
    guard texts.count <= 64, texts.allSatisfy({ !$0.utf8.contains(0) && $0.utf8.count <= 4096 })
    else {
      faults.report(place, "\"command\" must have at most 64 elements of at most 4096 bytes")
      return nil
    }
    guard program.contains("/"), !program.contains("{") else {
      faults.report(
        place, "\"command\" must begin with the path of a program: no search path is used")
      return nil
    }
    for text in texts.dropFirst() {
      for name in Self.braced(text) where !placeholders.contains(name) {
        faults.report(
          place,
          "{\(name)} in \"command\" is unknown; known are "
            + placeholders.map { "{\($0)}" }.joined(separator: ", "))
        return nil
      }
    }
    return [path(program)] + texts.dropFirst()
  }

  /// The lower-case words in braces.
  private static func braced(_ text: String) -> [String] {
    text.split(separator: "{").dropFirst(text.hasPrefix("{") ? 0 : 1).compactMap { part in
      guard let end = part.firstIndex(of: "}") else { return nil }
      let name = part[..<end]
      return !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
        ? String(name) : nil
    }
  }

  private func exitCodes(_ reader: MappingReader) -> Set<Int>? {
    guard let node = reader.node("ok-exit"),
      let items = node.items(of: "\"ok-exit\"", faults: faults)
    else { return nil }
    var codes: Set<Int> = []
    for item in items {
      guard let code = item.integer(of: "exit code", faults: faults) else { continue }
      guard (0...255).contains(code) else {
        faults.report(item.place, "an exit code is from 0 to 255")
        continue
      }
      codes.insert(code)
    }
    return codes
  }

  /// `500ms`, `60s`, `2m`, or whole seconds.
  private func duration(_ key: String, _ reader: MappingReader) -> Duration? {
    guard let text = reader.text(key) else { return nil }
    let units: [(String, Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1000)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      guard let count = Int(text.dropLast(unit.count)), count > 0, count <= 3_600_000 / factor
      else { break }
      return .milliseconds(count * factor)
    }
    faults.report(
      reader.node(key)?.place ?? reader.place,
      "\"\(key)\" must be a time of at most an hour, like 500ms, 60s or 2m")
    return nil
  }

  /// `64KiB`, `256MiB`, `1GiB`, or bytes.
  private func bytes(_ key: String, _ reader: MappingReader) -> Int? {
    guard let text = reader.text(key) else { return nil }
    let units: [(String, Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      guard let count = Int(text.dropLast(unit.count)), count > 0, count <= (64 << 30) / factor
      else { break }
      return count * factor
    }
    faults.report(
      reader.node(key)?.place ?? reader.place,
      "\"\(key)\" must be a size of at most 64GiB, like 64KiB or 256MiB")
    return nil
  }
}
