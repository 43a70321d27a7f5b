import AssessmentModel
import FoundationEssentials
import Glibc

@testable import AuditLogProbe

/// A log to attack, with verifiers of its own that are written for the test.
struct AttackedLog {
  let folder: TestFolder
  var model: LogModelText

  /// The clean log of a construction of the manifest, copied into a folder of the test.
  init(_ construction: String) throws {
    folder = try TestFolder()
    model = LogModelText(construction: construction)
    let clean = try Manifest.named("\(construction)/clean")
    if let path = clean.files["folder"] {
      let target = folder.path + "/log"
      try FileManager.default.copyItem(atPath: Fixtures.root + "/" + path, toPath: target)
      model.fields["source"] = ["kind": "digest-folder", "path": .text(target)]
    } else {
      let path = try folder.write("log.jsonl", try Fixtures.bytes(clean.files["jsonl"] ?? ""))
      model.source(jsonl: path)
    }
    if let path = clean.files["checkpoints"] {
      let copy = try folder.write("checkpoints", try Fixtures.bytes(path))
      model.set("checkpoint", "path", .text(copy))
    }
    model.fields["active"] = "clone"
  }

  init(_ folder: TestFolder, _ model: LogModelText) {
    self.folder = folder
    self.model = model
    self.model.fields["active"] = "clone"
  }

  /// Writes an executable program of the shell for a test.
  @discardableResult
  func program(_ name: String, _ text: String) throws -> String {
    let path = try folder.write(name, "#!/bin/sh\n" + text)
    chmod(path, 0o755)
    return path
  }

  /// Makes `text` the log's own verifier.
  mutating func verify(
    with text: String, arguments: [String] = ["{copy}"], others: [String: FactValue] = [:]
  ) throws {
    let path = try program("verify.sh", text)
    var fields: [String: FactValue] = [
      "command": .list(([path] + arguments).map { .text($0) }), "timeout": "20s",
      "user": .text(Self.caller),
    ]
    fields.merge(others) { $1 }
    model.fields["verifier"] = .record(fields)
  }

  /// The account the tests run under.
  static var caller: String {
    getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "nobody"
  }

  /// Keeps what the log was in a place of its own, and so notices every change: of the log, its checkpoints and key.
  mutating func verifyWell() throws {
    let key = try folder.write("verifier.key", "00112233445566778899aabbccddeeff\n")
    let hasCheckpoints = model.fields["checkpoint"]?["path"] != nil
    let others = hasCheckpoints ? ["{key}", "{checkpoints}"] : ["{key}"]
    let text = """
      tree() { if [ -d "$1" ]; then (cd "$1" && find . -type f | sort | xargs sha256sum); else sha256sum < "$1"; fi; }
      seen=$(for part in "$@"; do tree "$part" || exit 3; done)
      [ "$seen" = "$(cat "\(folder.path)/witness")" ] || exit 1
      """
    try verify(with: text, arguments: ["{copy}"] + others, others: ["key": .text(key)])
    let source = model.fields["source"]?["path"]?.text ?? ""
    var parts = [source, key]
    if let checkpoints = model.fields["checkpoint"]?["path"]?.text { parts.append(checkpoints) }
    try program(
      "witness.sh",
      """
      tree() { if [ -d "$1" ]; then (cd "$1" && find . -type f | sort | xargs sha256sum); else sha256sum < "$1"; fi; }
      for part in "$@"; do tree "$part"; done > "\(folder.path)/witness"
      """)
    let line = ([folder.path + "/witness.sh"] + parts).map { "'\($0)'" }.joined(separator: " ")
    guard system(line) == 0 else { throw POSIXError(.EIO) }
  }

  func inspected(
    parameters: [String: FactValue] = [:], seconds: Int = 120
  ) async throws -> Observation {
    try await inspect(
      try folder.write("log.yaml", model.text), parameters: parameters, seconds: seconds)
  }
}

extension Observation {
  func attack(_ id: String) -> String {
    facts["audit.attacks"]?[id]?["result"]?.text ?? "absent"
  }

  func variants(_ id: String) -> [FactValue] {
    facts["audit.attacks"]?[id]?["variants"]?.list ?? []
  }

  func variant(_ id: String, _ name: String) -> FactValue? {
    variants(id).first { $0["variant"]?.text == name }
  }

  /// Every attack with its result, for comparison as a whole.
  var attackResults: [String: String] {
    (facts["audit.attacks"]?.record ?? [:]).mapValues { $0["result"]?.text ?? "absent" }
  }
}
