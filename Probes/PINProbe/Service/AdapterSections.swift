import AssessmentModel
import YAMLDocument

/// The parts of a service's description that say how it is spoken to. nil with a fault for what is not right.
struct AdapterSections {
  let faults: Faults

  private static let mostClearPINCommands = 32
  private static let roles = CommandRole.allCases.map(\.rawValue)

  /// `commands: {translate: CA, verify: {code: "69", request: …, response: […]}}`.
  func hostCommands(_ reader: MappingReader) -> HostCommandAdapter? {
    for key in ["request", "response"] {
      guard let entry = reader.entry(key) else { continue }
      faults.report(entry.keyPlace, "\"\(key)\" belongs to the adapter http")
    }
    if let entry = reader.entry("transaction"), !Self.hasPlace(entry.value) {
      faults.report(
        entry.keyPlace,
        "\"transaction\" beside host commands needs \"at\", the http or https place that takes it")
    }
    let header = reader.text("header") ?? ""
    if header.utf8.count > 32 || !header.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) {
      faults.report(
        reader.node("header")?.place ?? reader.place,
        "\"header\" must have at most 32 printable ASCII characters")
    }
    var commands: [CommandRole: HostCommand] = [:]
    var clearPIN: [HostCommand] = []
    if let node = reader.node("commands"),
      let section = MappingReader(node, of: "commands", keys: Self.roles, faults: faults)
    {
      for role in CommandRole.allCases where role != .clearPIN {
        guard let node = section.node(role.rawValue) else { continue }
        commands[role] = command(node, role)
      }
      if let node = section.node(CommandRole.clearPIN.rawValue) {
        var nodes = [node]
        if case .sequence(let items) = node.content { nodes = items }
        clearPIN = nodes.prefix(Self.mostClearPINCommands).compactMap { command($0, .clearPIN) }
      }
    }
    // A verification by offset takes the place of the one by PVV when its own is named there.
    if let verify = commands[.verify], verify.request.places.contains(.table),
      commands[.verifyOffset] == nil
    {
      commands[.verifyOffset] = verify
      commands[.verify] = nil
    }
    return HostCommandAdapter(header: header, commands: commands, clearPINCommands: clearPIN)
  }

  private func command(_ node: YAMLNode, _ role: CommandRole) -> HostCommand? {
    if case .scalar(let text, _) = node.content {
      if let known = HostCommand.known(text) { return known }
      faults.report(
        node.place,
        "no command \(ActiveScalar.inert(text, limit: 16)) is known; "
          + "known are \(HostCommand.knownNames.joined(separator: ", ")), "
          + "others need a mapping of code, request and response")
      return nil
    }
    let what = "command \(role.rawValue)"
    guard
      let reader = MappingReader(
        node, of: what, keys: ["code", "answer", "request", "response"], faults: faults)
    else { return nil }
    let code = reader.requiredText("code")
    let request = reader.required("request").flatMap { template($0, "\"request\" of \(what)") }
    let response = (reader.texts("response") ?? []).compactMap { text -> HostCommand.Field? in
      if let field = field(text) { return field }
      faults.report(
        reader.node("response")?.place ?? reader.place,
        "an item of \"response\" of \(what) must be block, master-key-check or other, a colon, and a "
          + "length or *")
      return nil
    }
    if response.count(where: { $0.length == nil }) > 1 {
      faults.report(reader.place, "\"response\" of \(what) has more than one item without a length")
    }
    guard let code, let request else { return nil }
    return HostCommand(
      code: code, answer: reader.text("answer") ?? HostCommand.answerCode(to: code),
      request: request, response: response)
  }

  /// `block:*`, `other:2`.
  private func field(_ text: String) -> HostCommand.Field? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = HostCommand.FieldKind(rawValue: String(parts[0])) else {
      return nil
    }
    if parts[1] == "*" { return HostCommand.Field(kind: kind) }
    guard let length = Int(parts[1]), 0...4096 ~= length else { return nil }
    return HostCommand.Field(kind: kind, length: length)
  }

  private func template(_ node: YAMLNode, _ what: String) -> RequestTemplate? {
    guard let text = node.text(of: what, faults: faults) else { return nil }
    do throws(RequestTemplate.UnknownPlace) {
      return try RequestTemplate(text)
    } catch {
      let names = Placeholder.allCases.map(\.rawValue)
      let near = nearestName(to: error.name, among: names).map { "; did you mean {\($0)}?" }
      faults.report(
        node.place,
        "\(what) has the unknown place {\(ActiveScalar.inert(error.name, limit: 40))}"
          + (near ?? ""))
      return nil
    }
  }

  /// `request` and `response` at the top are those of the translation; other commands stand in `commands`.
  func http(_ reader: MappingReader, host: String) -> HTTPAdapter? {
    if let entry = reader.entry("header") {
      faults.report(entry.keyPlace, "\"header\" belongs to the adapter payshield")
    }
    var commands: [CommandRole: HTTPCommand] = [:]
    if let request = reader.node("request"), let response = reader.required("response") {
      commands[.translate] = command(request, response, "translate")
    }
    if let node = reader.node("commands"),
      let section = MappingReader(node, of: "commands", keys: Self.roles, faults: faults)
    {
      for role in CommandRole.allCases {
        guard let node = section.node(role.rawValue) else { continue }
        commands[role] = pair(node, role.rawValue)
      }
    }
    if let node = reader.node("transaction"), !Self.hasPlace(node) {
      commands[.transaction] = pair(node, CommandRole.transaction.rawValue)
    }
    return HTTPAdapter(host: host, commands: commands)
  }

  private static func hasPlace(_ node: YAMLNode) -> Bool {
    guard case .mapping(let entries) = node.content else { return false }
    return entries.contains { $0.key == "at" }
  }

  /// `transaction` at a place of its own.
  func messages(_ reader: MappingReader, host: String) -> HTTPAdapter? {
    guard let request = reader.required("request"), let response = reader.required("response"),
      let command = command(request, response, CommandRole.transaction.rawValue)
    else { return nil }
    return HTTPAdapter(host: host, commands: [.transaction: command])
  }

  private func pair(_ node: YAMLNode, _ name: String) -> HTTPCommand? {
    guard
      let reader = MappingReader(
        node, of: "command \(name)", keys: ["request", "response"], faults: faults),
      let request = reader.required("request"), let response = reader.required("response")
    else { return nil }
    return command(request, response, name)
  }

  private func command(
    _ request: YAMLNode, _ response: YAMLNode, _ name: String
  ) -> HTTPCommand? {
    guard
      let reader = MappingReader(
        request, of: "request of \(name)", keys: ["method", "path", "headers", "body"],
        faults: faults),
      let answer = MappingReader(
        response, of: "response of \(name)", keys: ["code", "ok", "block", "length", "call-id"],
        faults: faults)
    else { return nil }
    let method = reader.text("method") ?? "POST"
    if !["GET", "POST", "PUT", "PATCH"].contains(method) {
      faults.report(
        reader.node("method")?.place ?? reader.place, "GET, POST, PUT or PATCH expected")
    }
    let path = reader.required("path").flatMap { node -> RequestTemplate? in
      guard let text = node.text(of: "\"path\"", faults: faults) else { return nil }
      guard text.hasPrefix("/"), text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
        faults.report(node.place, "\"path\" must begin with / and have no spaces")
        return nil
      }
      return template(node, "\"path\"")
    }
    let body = reader.node("body").map(bodyText) ?? (text: "", place: reader.place)
    let bodyTemplate = template(
      YAMLNode(content: .scalar(body.text, isPlain: false), place: body.place), "\"body\"")
    let headers = (reader.node("headers")?.entries(of: "headers", faults: faults) ?? []).compactMap
    {
      entry -> HTTPCommand.Header? in
      guard entry.key.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != 0x3A }) else {
        faults.report(entry.keyPlace, "not the name of a header")
        return nil
      }
      return template(entry.value, "header \(entry.key)").map {
        HTTPCommand.Header(name: entry.key, value: $0)
      }
    }
    let pointers = HTTPCommand.Response(
      code: pointer(answer, "code"),
      ok: answer.texts("ok") ?? (answer.node("code") == nil ? ["200"] : ["00"]),
      block: pointer(answer, "block"), callID: pointer(answer, "call-id"))
    _ = pointer(answer, "length")
    guard let path, let bodyTemplate else { return nil }
    return HTTPCommand(
      method: method, path: path, headers: headers, body: bodyTemplate, response: pointers)
  }

  /// The body as it is written, or the JSON of a mapping.
  private func bodyText(_ node: YAMLNode) -> (text: String, place: SourcePlace) {
    if case .scalar(let text, _) = node.content { return (text, node.place) }
    return (node.factValue(faults: faults).map(JSONText.compact) ?? "", node.place)
  }

  private func pointer(_ reader: MappingReader, _ key: String) -> JSONPointer? {
    guard let text = reader.text(key) else { return nil }
    if let pointer = JSONPointer(text) { return pointer }
    faults.report(
      reader.node(key)?.place ?? reader.place,
      "\"\(key)\" must be a JSON pointer such as /data/code")
    return nil
  }
}
