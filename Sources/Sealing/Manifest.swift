import AssessmentModel

/// What a run folder holds (清单): every file with size and digests, and what the run was.
///
/// Written as `manifest.json` (`miping.manifest/1`); the same folder always gives the same bytes. The
/// manifest and its signature are not in it; everything else is.
package struct Manifest: Sendable, Hashable {
  package static let schema = "miping.manifest/1"

  package struct File: Sendable, Hashable {
    /// From the run folder, parts separated by `/`.
    package var path: String
    package var digest: FileDigest

    package init(path: String, digest: FileDigest) {
      self.path = path
      self.digest = digest
    }
  }

  package var runID: String
  package var toolVersion: String
  /// Lower-case hexadecimal SM3 of the catalog the run was judged by.
  package var catalogDigest: String
  /// SM3 of the last line of the evidence list, and how many lines it has.
  package var chainHead: String
  package var chainLength: Int
  /// In the order of the bytes of their paths.
  package var files: [File]

  package init(
    runID: String, toolVersion: String, catalogDigest: String, chainHead: String,
    chainLength: Int, files: [File]
  ) {
    self.runID = runID
    self.toolVersion = toolVersion
    self.catalogDigest = catalogDigest
    self.chainHead = chainHead
    self.chainLength = chainLength
    self.files = files
  }

  /// Size and digests of every file in a run folder but the seal's own; anything that is neither file nor
  /// folder is refused.
  package static func files(in folder: String) throws(SealingError) -> [File] {
    var files: [File] = []
    for entry in try Disk.entries(below: folder) where !RunLayout.seal.contains(entry.path) {
      let path = folder + "/" + entry.path
      switch entry.kind {
      case .folder: continue
      case .other: throw .foreignEntry(path: path)
      case .file: files.append(File(path: entry.path, digest: try FileDigest(ofFile: path)))
      }
    }
    return files
  }

  // MARK: Form

  /// The bytes of `manifest.json`.
  package var bytes: [UInt8] {
    let files = files.map { file -> FactValue in
      [
        "path": .text(file.path), "size": .integer(file.digest.size),
        "sm3": .text(file.digest.sm3), "sha256": .text(file.digest.sha256),
      ]
    }
    let value: FactValue = [
      "schema": .text(Self.schema), "run": .text(runID),
      "tool": ["name": "miping", "version": .text(toolVersion)],
      "catalog-digest": .text(catalogDigest),
      "chain": ["head": .text(chainHead), "lines": .integer(chainLength)],
      "files": .list(files),
    ]
    return Array(JSONText.pretty(value).utf8)
  }

  /// Reads a manifest; `path` is for errors only.
  package init(_ bytes: [UInt8], path: String) throws(SealingError) {
    guard let value = JSONForm.value(bytes) else {
      throw .manifest(path: path, reason: "it is not JSON")
    }
    guard
      let fields = value.fields(exactly: [
        "schema", "run", "tool", "catalog-digest", "chain", "files",
      ]), fields["schema"]?.text == Self.schema
    else { throw .manifest(path: path, reason: "it is not a \(Self.schema)") }
    guard let run = fields["run"]?.text, let version = fields["tool"]?["version"]?.text,
      let catalog = fields["catalog-digest"]?.text, let head = fields["chain"]?["head"]?.text,
      let lines = fields["chain"]?["lines"]?.integer, let list = fields["files"]?.list
    else { throw .manifest(path: path, reason: "a field is missing or has the wrong type") }
    var files: [File] = []
    for (index, item) in list.enumerated() {
      guard let name = item["path"]?.text, let size = item["size"]?.integer, size >= 0,
        let sm3 = item["sm3"]?.text, FileDigest.isDigest(sm3),
        let sha256 = item["sha256"]?.text, FileDigest.isDigest(sha256)
      else { throw .manifest(path: path, reason: "file \(index) is not described in full") }
      files.append(File(path: name, digest: FileDigest(size: size, sm3: sm3, sha256: sha256)))
    }
    guard Set(files.map(\.path)).count == files.count else {
      throw .manifest(path: path, reason: "a file is named twice")
    }
    self.init(
      runID: run, toolVersion: version, catalogDigest: catalog, chainHead: head,
      chainLength: lines, files: files)
  }

  // MARK: Comparison

  /// How a folder differs from its manifest.
  package enum Difference: Sendable, Hashable {
    case missing(path: String)
    case changed(path: String)
    case extra(path: String)
  }

  /// What differs between the files stated and those found, by path.
  package func differences(from found: [File]) -> [Difference] {
    let digests = Dictionary(found.map { ($0.path, $0.digest) }) { first, _ in first }
    let stated = Set(files.map(\.path))
    let wrong = files.compactMap { file -> (String, Difference)? in
      guard let digest = digests[file.path] else {
        return (file.path, .missing(path: file.path))
      }
      return digest == file.digest ? nil : (file.path, .changed(path: file.path))
    }
    let extra = found.filter { !stated.contains($0.path) }.map {
      ($0.path, Difference.extra(path: $0.path))
    }
    return (wrong + extra).sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map(\.1)
  }
}
