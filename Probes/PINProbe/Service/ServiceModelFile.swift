import AssessmentModel
import Bytes
import YAMLDocument

/// Reads the description of a PIN service strictly: every fault at once, each with its place.
///
/// Keys and PINs stand in it by reference only (`env:NAME`, `file:PATH`).
struct ServiceModelFile {
  private static let keys = [
    "service", "production", "adapter", "at", "header", "timeout-ms", "reconnect-wait-ms", "rate",
    "max-attempts", "keys", "formats", "accounts", "commands", "request", "response", "transaction",
    "weak-keys", "decimalisation-table", "logs", "captures", "tls",
  ]

  private enum AdapterKind: String, CaseIterable { case payshield, http }

  let file: String
  let faults: Faults

  /// nil, with faults, unless the description is whole.
  static func read(path: String, faults: Faults) -> ServiceModel? {
    guard let node = YAMLDocument.read(path: path, faults: faults) else { return nil }
    return ServiceModelFile(file: path, faults: faults).model(node)
  }

  /// The service's own place.
  static func place(path: String) -> String? { places(path: path).first }

  /// The places the description at `path` names, `SCHEME://HOST:PORT`, for checking that they may be contacted:
  /// the service's own first, then the one that takes transactions.
  static func places(path: String) -> [String] {
    func child(_ name: String, of node: YAMLNode?) -> YAMLNode? {
      guard case .mapping(let entries) = node?.content else { return nil }
      return entries.first { $0.key == name }?.value
    }
    let node = YAMLDocument.read(path: path, faults: Faults())
    return [child("at", of: node), child("at", of: child("transaction", of: node))].compactMap {
      guard case .scalar(let text, _) = $0?.content else { return nil }
      return ServicePlace(text)?.text
    }
  }

  func model(_ node: YAMLNode) -> ServiceModel? {
    guard
      let reader = MappingReader(node, of: "PIN service", keys: Self.keys, faults: faults)
    else { return nil }
    let name = reader.requiredText("service")
    let isProduction = reader.boolean("production") ?? false
    let kind = reader.requiredChoice("adapter", as: AdapterKind.self)
    let place = reader.required("at").flatMap { self.place($0, kind) }
    let timeout = integer(reader, "timeout-ms", 2000, 10...60_000)
    let wait = integer(reader, "reconnect-wait-ms", 3000, 0...60_000)
    let rate = integer(reader, "rate", 50, 1...10_000)
    let attempts = integer(reader, "max-attempts", 10, 1...1000)
    let keys = reader.node("keys").map(serviceKeys) ?? [:]
    let formats = reader.node("formats").map(formatCodes) ?? FormatCodes()
    let accounts = (reader.items("accounts") ?? []).compactMap(account)
    let weakKeys = reader.node("weak-keys").map(weakTexts) ?? [:]
    let table = reader.node("decimalisation-table").flatMap { digits($0, 16) }
    let logs = (reader.texts("logs") ?? []).map(pathBeside)
    let captures = (reader.texts("captures") ?? []).map(pathBeside)
    let tls = TLSSection(file: file, faults: faults).settings(reader, place)
    let sections = AdapterSections(faults: faults)
    let adapter: (any ServiceAdapter)? =
      switch kind {
      case .payshield: sections.hostCommands(reader)
      case .http: sections.http(reader, host: place.map(hostHeader) ?? "")
      case nil: nil
      }
    let messages = reader.node("transaction").flatMap { node in
      place.flatMap { messageEndpoint(node, beside: $0) }
    }
    guard faults.isEmpty, let name, let place, let adapter else { return nil }
    return ServiceModel(
      name: name, isProduction: isProduction, place: place, tls: tls, adapter: adapter,
      messages: messages,
      timeout: .milliseconds(timeout), reconnectWait: .milliseconds(wait), rate: rate,
      maximumAttempts: attempts, keys: keys, formats: formats, accounts: accounts,
      weakKeys: weakKeys, decimalisationTable: table, logs: logs, captures: captures, file: file)
  }

  private func hostHeader(_ place: ServicePlace) -> String {
    place.host.contains(":") ? "[\(place.host)]:\(place.port)" : "\(place.host):\(place.port)"
  }

  private func pathBeside(_ path: String) -> String {
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    return path.hasPrefix("/") ? path : folder + path
  }

  /// `transaction` with a place of its own. Its host is that of the service, whose checked address stands for it,
  /// or an address.
  private func messageEndpoint(_ node: YAMLNode, beside place: ServicePlace) -> MessageEndpoint? {
    guard case .mapping(let entries) = node.content,
      let at = entries.first(where: { $0.key == "at" })?.value,
      let reader = MappingReader(
        node, of: "transaction", keys: ["at", "tls", "request", "response"], faults: faults),
      let own = self.place(at, .http)
    else { return nil }
    guard own.host == place.host || own.isAddress else {
      faults.report(at.place, "the host of transaction must be that of the service, or an address")
      return nil
    }
    let tls = TLSSection(file: file, faults: faults).settings(reader, own)
    let adapter = AdapterSections(faults: faults).messages(reader, host: hostHeader(own))
    return adapter.map { MessageEndpoint(place: own, tls: tls, adapter: $0) }
  }

  private func place(_ node: YAMLNode, _ kind: AdapterKind?) -> ServicePlace? {
    guard let text = node.text(of: "\"at\" in PIN service", faults: faults) else { return nil }
    let schemes = kind == .http ? ["http", "https"] : ["tcp", "tls"]
    guard let place = ServicePlace(text), schemes.contains(place.scheme) else {
      faults.report(
        node.place,
        "\"at\" in PIN service must be \(schemes.joined(separator: "://HOST:PORT or "))://HOST:PORT"
          + (text.lowercased().hasPrefix("tlcp:") ? "; TLCP is not spoken to PIN services" : ""))
      return nil
    }
    return place
  }

  private func integer(
    _ reader: MappingReader, _ key: String, _ usual: Int, _ range: ClosedRange<Int>
  ) -> Int {
    guard let value = reader.integer(key) else { return usual }
    if !range.contains(value) {
      faults.report(
        reader.node(key)?.place ?? reader.place,
        "\"\(key)\" in PIN service is \(value); \(range.lowerBound) to \(range.upperBound) expected"
      )
    }
    return min(max(value, range.lowerBound), range.upperBound)
  }

  private func serviceKeys(_ node: YAMLNode) -> [KeyRole: ServiceKey] {
    guard
      let reader = MappingReader(
        node, of: "keys", keys: KeyRole.allCases.map(\.rawValue), faults: faults)
    else { return [:] }
    var keys: [KeyRole: ServiceKey] = [:]
    for role in KeyRole.allCases {
      guard let node = reader.node(role.rawValue) else { continue }
      keys[role] = key(node, role)
    }
    return keys
  }

  private func key(_ node: YAMLNode, _ role: KeyRole) -> ServiceKey? {
    let what = "key \(role.rawValue)"
    guard
      let reader = MappingReader(
        node, of: what, keys: ["algorithm", "clear", "device"], faults: faults)
    else { return nil }
    let algorithm = reader.requiredChoice("algorithm", as: PINAlgorithm.self)
    let device = reader.requiredText("device")
    let clear = reader.node("clear").flatMap { node -> [UInt8]? in
      guard let text = secret(node, "\"clear\" of \(what)") else { return nil }
      guard let value = bytes(fromHexadecimal: text), value.count == algorithm?.keyLength ?? -1
      else {
        faults.report(
          node.place,
          "\"clear\" of \(what) is not a key of its algorithm; "
            + "\(2 * (algorithm?.keyLength ?? 16)) hexadecimal digits expected")
        return nil
      }
      return value
    }
    guard let algorithm, let device else { return nil }
    return ServiceKey(algorithm: algorithm, clear: clear, device: device)
  }

  /// A secret by reference; never by value.
  private func secret(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = node.text(of: what, faults: faults) else { return nil }
    guard text.hasPrefix("env:") || text.hasPrefix("file:") else {
      faults.report(node.place, "\(what) must be a reference, env:NAME or file:PATH")
      return nil
    }
    do throws(SecretReference.Unreadable) {
      return try SecretReference.resolve(text, from: file)
    } catch {
      faults.report(node.place, "\(what) cannot be read: \(error.reason)")
      return nil
    }
  }

  private func formatCodes(_ node: YAMLNode) -> FormatCodes {
    var formats = FormatCodes()
    for entry in node.entries(of: "formats", faults: faults) ?? [] {
      let what = "format \(entry.key)"
      guard let text = entry.value.text(of: what, faults: faults) else { continue }
      if text == "non-iso" {
        formats.foreign.append(entry.key)
      } else if let number = UInt8(text), let format = PINBlockFormat(rawValue: number) {
        // A device may have several codes for a format; the first stands for it.
        if formats.codes[format] == nil { formats.codes[format] = entry.key }
      } else {
        faults.report(entry.value.place, "\(what) must be 0, 1, 2, 3, 4 or non-iso")
      }
    }
    return formats
  }

  private func account(_ node: YAMLNode) -> TestAccount? {
    let keys = ["pan", "pin", "pvv", "pvki", "offset", "validation"]
    guard let reader = MappingReader(node, of: "account", keys: keys, faults: faults) else {
      return nil
    }
    let pan = reader.required("pan").flatMap { node -> PAN? in
      guard let text = node.text(of: "\"pan\" of account", faults: faults) else { return nil }
      let digits =
        text.hasPrefix("env:") || text.hasPrefix("file:")
        ? secret(node, "\"pan\" of account") : text
      guard let pan = digits.flatMap({ PAN($0) }), 12...19 ~= pan.length else {
        faults.report(node.place, "\"pan\" of account must have 12 to 19 digits")
        return nil
      }
      return pan
    }
    let pin = reader.node("pin").flatMap { node -> PIN? in
      guard let text = secret(node, "\"pin\" of account") else { return nil }
      guard let pin = PIN(text) else {
        faults.report(node.place, "\"pin\" of account must have 4 to 12 digits")
        return nil
      }
      return pin
    }
    let pvv = reader.node("pvv").flatMap { digits($0, 4) }
    let pvki = reader.node("pvki").flatMap { digits($0, 1) }
    let offset = reader.text("offset")
    if let offset, offset.utf8.count != 12 {
      faults.report(
        reader.node("offset")?.place ?? reader.place,
        "\"offset\" of account must have 12 characters, digits filled with F")
    }
    let validation = reader.text("validation")
    guard let pan else { return nil }
    return TestAccount(
      pan: pan, pin: pin, pvv: pvv, pvki: pvki ?? "1", offset: offset, validation: validation)
  }

  private func digits(_ node: YAMLNode, _ count: Int) -> String? {
    guard let text = node.text(of: "value", faults: faults) else { return nil }
    guard text.utf8.count == count, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      faults.report(node.place, "\(count) digits are expected here")
      return nil
    }
    return text
  }

  private func weakTexts(_ node: YAMLNode) -> [WeakKey: String] {
    let names = WeakKey.allCases.map(\.rawValue)
    guard let reader = MappingReader(node, of: "weak-keys", keys: names, faults: faults) else {
      return [:]
    }
    var texts: [WeakKey: String] = [:]
    for kind in WeakKey.allCases { texts[kind] = reader.text(kind.rawValue) }
    return texts
  }
}
