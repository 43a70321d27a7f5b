import AssessmentModel
import Bytes
import FoundationEssentials
import NationalCrypto
import YAMLDocument

/// The files read so far: what they say, and their bytes for the digest.
struct CatalogFiles {
  var faults: Faults
  private(set) var parts = CatalogParts()
  private(set) var kinds: Set<FileKind> = []
  /// The text of files that could not be parsed; nil for one too large or not to be read.
  private(set) var unparsed: [String?] = []
  private var digests: [[UInt8]] = []

  init(faults: Faults) { self.faults = faults }

  /// `wanted`: a file of another kind is passed over, nil: every file counts.
  mutating func readFile(_ path: String, ifOneOf wanted: Set<FileKind>? = nil) {
    let before = digests.count
    guard let node = load(path) else { return }
    if let wanted {
      guard case .mapping(let entries) = node.content, wanted.contains(FileKind.of(entries)) else {
        digests.removeLast(digests.count - before)
        return
      }
    }
    guard case .mapping(let entries) = node.content else {
      faults.report(node.place, "a controls file is a mapping; see Controls/README.md")
      return
    }
    if let overlay = entries.first(where: { $0.key == "overlay" }) {
      faults.report(overlay.keyPlace, "this is an overlay; give it with --overlay")
    }
    let kind = FileKind.of(entries)
    let isFirst = kinds.insert(kind).inserted
    switch kind {
    case .requirements: readRequirements(node, overlay: nil)
    case .layer:
      var file = LayerFile(faults: faults)
      file.read(node)
      append(file.parts)
    case .algorithms:
      if !isFirst { faults.report(node.place, "a second algorithm list") }
      var file = AlgorithmFile(faults: faults)
      parts.algorithms = file.read(node).map { ($0, node.place) }
      parts.claims.formUnion(file.claims)
    case .highRisk:
      if !isFirst { faults.report(node.place, "a second file of high-risk rules") }
      var file = HighRiskFile(faults: faults)
      parts.highRisk = file.read(node)
      parts.mentions += file.mentions
      parts.claims.formUnion(file.claims)
    case .scoring:
      var file = ScoringRulesFile(faults: faults)
      if let rules = file.read(node) {
        let place = entries.first { $0.key == "edition" }?.value.place ?? node.place
        parts.rules.append((rules, place))
      }
      parts.mentions += file.mentions
    case .judgements:
      if !isFirst { faults.report(node.place, "a second file of published judgements") }
      var file = JudgementFile(faults: faults)
      parts.judgements += file.read(node)
      parts.claims.formUnion(file.claims)
    }
  }

  mutating func readOverlay(_ path: String) {
    guard let node = load(path) else { return }
    guard case .mapping(let entries) = node.content else {
      faults.report(node.place, "an overlay is a mapping; see Controls/README.md")
      return
    }
    guard let value = entries.first(where: { $0.key == "overlay" })?.value else {
      faults.report(node.place, "an overlay needs the key \"overlay\" with {name, zh, en}")
      readRequirements(node, overlay: Overlay(name: "?", file: path))
      return
    }
    let reader = MappingReader(
      value, of: "overlay", keys: ["name", "zh", "en"], faults: faults)
    _ = reader?.requiredText("zh")
    _ = reader?.requiredText("en")
    readRequirements(
      node, overlay: Overlay(name: reader?.requiredText("name") ?? "?", file: path))
  }

  private mutating func readRequirements(_ node: YAMLNode, overlay: Overlay?) {
    var file = RequirementFile(faults: faults)
    file.read(node, overlay: overlay)
    append(file.parts)
  }

  private mutating func append(_ other: CatalogParts) {
    parts.requirements += other.requirements
    parts.layers += other.layers
    parts.units += other.units
    parts.mentions += other.mentions
    parts.definitions += other.definitions
    parts.claims.formUnion(other.claims)
  }

  private mutating func load(_ path: String) -> YAMLNode? {
    let node = YAMLDocument.read(path: path, faults: faults)
    // Only what the reader before accepted as a regular file of bounded size is opened once more.
    let isReadable = node != nil || isSmallFile(path)
    let bytes = isReadable ? FileManager.default.contents(atPath: path).map(Array.init) : nil
    guard let node else {
      unparsed.append(bytes.map { String(decoding: $0, as: UTF8.self) })
      return nil
    }
    if let sm3 = try? digest(bytes ?? [], .sm3) { digests.append(sm3) }
    return node
  }

  private func isSmallFile(_ path: String) -> Bool {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      attributes[.type] as? FileAttributeType == .typeRegular,
      let size = (attributes[.size] as? UInt64).map({ Int(clamping: $0) })
        ?? attributes[.size] as? Int
    else { return false }
    return size <= YAMLDocument.sizeLimit
  }

  /// SM3 over the digests of the files, in the order they were read (by name, overlays last).
  func digestOfAll() -> String {
    (try? digest(digests.flatMap { $0 }, .sm3)).map { hexadecimal($0) } ?? ""
  }
}
