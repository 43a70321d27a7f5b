import AssessmentModel
import Bytes
import NationalCrypto
import YAMLDocument

extension ModelSections {
  private static let protectionKeys = [
    "kind", "digest", "key", "public-key", "value-field", "value-encoding", "truncate",
    "prev-field", "order", "prev-as", "genesis", "evolve-every", "evolve-label", "id", "sig-format",
    "digest-dir", "log-dir", "log-id",
  ]

  func protection(_ node: YAMLNode) -> Protection? {
    guard
      let reader = MappingReader(
        node, of: "protection", keys: Self.protectionKeys, faults: faults),
      let kind = reader.requiredChoice("kind", as: Protection.Kind.self)
    else { return nil }
    var protection = Protection(kind: kind)
    protection.digest = reader.choice("digest", as: ProtectionDigest.self) ?? .sm3
    protection.key = reader.node("key").flatMap { key($0) }
    protection.publicKeyPath = reader.text("public-key").map(path)
    protection.valueField = reader.text("value-field") ?? ""
    protection.valueEncoding = reader.choice("value-encoding", as: ValueEncoding.self) ?? .hex
    protection.truncate = reader.integer("truncate")
    protection.prevField = reader.text("prev-field")
    protection.order = reader.choice("order", as: Protection.Order.self) ?? .prevFirst
    protection.prevAs = reader.choice("prev-as", as: Protection.PreviousForm.self) ?? .bytes
    protection.evolveEvery = reader.integer("evolve-every") ?? 0
    protection.evolveLabel = reader.text("evolve-label") ?? ""
    protection.identity = reader.text("id") ?? SM2.defaultIdentity
    protection.signatureForm =
      reader.choice("sig-format", as: Protection.SignatureForm.self)
      ?? (kind == .digestFolder ? .derHex : .der)
    protection.digestFolder = DigestFolderForm(
      digests: reader.text("digest-dir") ?? "digests", logs: reader.text("log-dir") ?? "logs",
      logID: reader.text("log-id"))
    if let genesis = reader.node("genesis") {
      protection.genesis = self.genesis(genesis, digest: protection.digest)
    }
    return isWhole(protection, reader) ? protection : nil
  }

  private func isWhole(_ protection: Protection, _ reader: MappingReader) -> Bool {
    let kind = protection.kind
    var isWhole = true
    func refuse(_ key: String?, _ message: String) {
      faults.report(key.flatMap { reader.node($0)?.place } ?? reader.place, message)
      isWhole = false
    }
    if kind.hasValues, protection.valueField.isEmpty {
      refuse(nil, "protection of kind \(kind.rawValue) needs the key \"value-field\"")
    }
    if kind.usesKey, reader.node("key") == nil {
      refuse(nil, "protection of kind \(kind.rawValue) needs the key \"key\"")
    }
    if kind == .sm2Record || kind == .digestFolder {
      if protection.publicKeyPath == nil {
        refuse(nil, "protection of kind \(kind.rawValue) needs the key \"public-key\"")
      }
      if protection.digest != .sm3 {
        refuse("digest", "an SM2 signature is made over an SM3 digest")
      }
    }
    if kind == .digestFolder, protection.signatureForm != .derHex {
      refuse("sig-format", "signatures of a digest folder are der-hex")
    }
    if let truncate = protection.truncate, !(1...32).contains(truncate) {
      refuse("truncate", "\"truncate\" in protection must be from 1 to 32 bytes")
    }
    if protection.evolveEvery < 0 {
      refuse("evolve-every", "\"evolve-every\" in protection must not be negative")
    }
    if protection.evolveEvery > 0, kind != .hmacChain {
      refuse("evolve-every", "only keys of an hmac-chain evolve")
    }
    if kind.isChain, protection.genesis == nil, protection.prevField == nil,
      reader.node("genesis") == nil
    {
      refuse(nil, "a chain without \"prev-field\" needs the key \"genesis\"")
    }
    if protection.identity.utf8.count > 8191 {
      refuse("id", "\"id\" in protection must have at most 8191 bytes")
    }
    return isWhole
  }

  private func genesis(_ node: YAMLNode, digest algorithm: ProtectionDigest) -> [UInt8]? {
    guard let reader = MappingReader(node, of: "genesis", keys: ["hex", "text"], faults: faults)
    else { return nil }
    let hex = reader.text("hex")
    let text = reader.text("text")
    switch (hex, text) {
    case (let hex?, nil):
      if let bytes = bytes(fromHexadecimal: hex) { return bytes }
      faults.report(
        reader.node("hex")?.place ?? reader.place,
        "\"hex\" in genesis must be hexadecimal digits, two a byte")
      return nil
    case (nil, let text?):
      if let digest = try? digest(Array(text.utf8), algorithm.algorithm) { return digest }
      faults.report(reader.place, "the digest of the text of genesis cannot be computed")
      return nil
    case (nil, nil), (_?, _?):
      faults.report(reader.place, "genesis has either \"hex\" or \"text\"")
      return nil
    }
  }

  /// `{file: PATH, format: hex}`, `{env: NAME, format: hex}`, or the text `file:PATH` or `env:NAME`.
  private func key(_ node: YAMLNode) -> KeyReference? {
    if case .scalar = node.content {
      guard let text = node.text(of: "\"key\" in protection", faults: faults) else { return nil }
      if let reference = Self.reference(text, path) { return reference }
      faults.report(node.place, "\"key\" in protection must be file:PATH or env:NAME, never a key")
      return nil
    }
    let places = ["file", "env", "p11", "sdf", "command"]
    guard
      let reader = MappingReader(
        node, of: "key", keys: places + ["format"], faults: faults)
    else { return nil }
    let format = reader.choice("format", as: KeyReference.Format.self) ?? .hex
    let given = places.filter { reader.node($0) != nil }
    guard given.count == 1, let kind = given.first else {
      faults.report(reader.place, "key has one of \(places.joined(separator: ", "))")
      return nil
    }
    switch kind {
    case "file":
      return reader.text("file").map {
        KeyReference(place: .file(path: path($0)), format: format)
      }
    case "env":
      return reader.text("env").map {
        KeyReference(place: .environment(name: $0), format: format)
      }
    default: return KeyReference(place: .device(kind: kind), format: format)
    }
  }

  /// What the text `file:PATH` or `env:NAME` points to; nil for another.
  static func reference(_ text: String, _ path: (String) -> String) -> KeyReference? {
    if text.hasPrefix("file:") {
      return KeyReference(place: .file(path: path(String(text.dropFirst(5)))), format: .hex)
    }
    if text.hasPrefix("env:") {
      return KeyReference(place: .environment(name: String(text.dropFirst(4))), format: .hex)
    }
    return nil
  }

  private static let checkpointKeys = [
    "kind", "path", "table", "column", "order-by", "public-key", "log-id", "key-id", "origin",
    "key-name", "max-uncovered", "every",
  ]

  func checkpoint(_ node: YAMLNode) -> CheckpointRule? {
    guard
      let reader = MappingReader(
        node, of: "checkpoint", keys: Self.checkpointKeys, faults: faults),
      let kind = reader.requiredChoice("kind", as: CheckpointRule.Kind.self)
    else { return nil }
    let publicKey = reader.requiredText("public-key").map(path)
    let place: CheckpointRule.Place
    switch (reader.text("path"), reader.text("table")) {
    case (let text?, nil): place = .file(path: path(text))
    case (nil, let table?):
      place = .table(
        table: table, column: reader.text("column") ?? "body",
        order: reader.text("order-by") ?? "rowid")
    case (nil, nil), (_?, _?):
      faults.report(reader.place, "checkpoint has either \"path\" or \"table\"")
      return nil
    }
    let every = reader.integer("every")
    let uncovered = reader.integer("max-uncovered") ?? every ?? 100
    let origin = kind == .note ? reader.requiredText("origin") : reader.text("origin")
    let keyName = kind == .note ? reader.requiredText("key-name") : reader.text("key-name")
    guard let publicKey, kind != .note || (origin != nil && keyName != nil) else { return nil }
    return CheckpointRule(
      kind: kind, place: place, publicKeyPath: publicKey, logID: reader.text("log-id"),
      keyID: reader.text("key-id"), origin: origin, keyName: keyName,
      maximumUncovered: max(0, uncovered))
  }
}
