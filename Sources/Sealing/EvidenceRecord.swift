package import AssessmentModel

/// One line of `evidence.jsonl` (证据清单): a piece of evidence and its place in the chain.
///
/// The line is a JSON object without spaces, keys sorted: `class`, `file`, `id`, `media-type`, `object`,
/// `previous-sm3`, `probe`, `sequence`, `sha256`, `size`, `sm3`, `time`; then a line feed.
package struct EvidenceRecord: Sendable, Hashable {
  /// From 0.
  package var sequence: Int
  package var id: String
  /// From the run folder: `evidence/0003-tls.endpoint-gw-01/1-hello.bin`.
  package var file: String
  package var mediaType: String
  package var digest: FileDigest
  /// SM3 of the line before, its line feed not counted; 64 zeros in the first line.
  package var previous: String
  /// UTC, `YYYY-MM-DDThh:mm:ssZ`.
  package var time: String
  package var probe: String
  package var object: String
  /// Strength class, 1 to 3.
  package var strength: Int

  package init(
    sequence: Int, id: String, file: String, mediaType: String, digest: FileDigest,
    previous: String, time: String, probe: String, object: String, strength: Int
  ) {
    self.sequence = sequence
    self.id = id
    self.file = file
    self.mediaType = mediaType
    self.digest = digest
    self.previous = previous
    self.time = time
    self.probe = probe
    self.object = object
    self.strength = strength
  }

  package var reference: EvidenceReference {
    EvidenceReference(id: id, sm3: digest.sm3, strength: strength)
  }

  /// The line without its line feed.
  package var line: [UInt8] {
    let value: FactValue = .record([
      "sequence": .integer(sequence), "id": .text(id), "file": .text(file),
      "media-type": .text(mediaType), "size": .integer(digest.size), "sm3": .text(digest.sm3),
      "sha256": .text(digest.sha256), "previous-sm3": .text(previous), "time": .text(time),
      "probe": .text(probe), "object": .text(object), "class": .integer(strength),
    ])
    return Array(JSONText.compact(value).utf8)
  }

  /// Reads a line as this module writes it, to the byte; throws what is wrong with it.
  package init(line: [UInt8]) throws(ChainFault.Reason) {
    let names: Set = [
      "sequence", "id", "file", "media-type", "size", "sm3", "sha256", "previous-sm3", "time",
      "probe", "object", "class",
    ]
    guard let value = JSONForm.value(line) else { throw .notARecord("it is not JSON") }
    guard let fields = value.fields(exactly: names) else {
      throw .notARecord("it has not exactly the twelve fields of a piece of evidence")
    }
    guard let sequence = fields["sequence"]?.integer, let size = fields["size"]?.integer,
      let strength = fields["class"]?.integer, let id = fields["id"]?.text,
      let file = fields["file"]?.text, let mediaType = fields["media-type"]?.text,
      let sm3 = fields["sm3"]?.text, let sha256 = fields["sha256"]?.text,
      let previous = fields["previous-sm3"]?.text, let time = fields["time"]?.text,
      let probe = fields["probe"]?.text, let object = fields["object"]?.text
    else { throw .notARecord("a field has the wrong type") }
    guard size >= 0, [sm3, sha256, previous].allSatisfy(FileDigest.isDigest) else {
      throw .notARecord("a size or digest is not one")
    }
    guard Self.isEvidencePath(file) else { throw .unsafeFile(file) }
    self.init(
      sequence: sequence, id: id, file: file, mediaType: mediaType,
      digest: FileDigest(size: size, sm3: sm3, sha256: sha256), previous: previous, time: time,
      probe: probe, object: object, strength: strength)
    guard self.line == line else { throw .notARecord("it is not written as this tool writes it") }
  }

  /// `evidence/FOLDER/FILE`, both parts harmless.
  private static func isEvidencePath(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    return parts.count == 3 && parts[0] == RunLayout.evidence
      && parts.dropFirst().allSatisfy(SafeName.isSafe)
  }

  /// The folder of its inspection: `0003-tls.endpoint-gw-01`.
  var folder: String { String(file.split(separator: "/").dropFirst().first ?? "") }
}

/// Where things stand in a run folder (运行目录).
package enum RunLayout {
  package static let evidence = "evidence"
  package static let list = "evidence.jsonl"
  /// The half lines that were cut off the list when a killed run was opened again, one a line.
  package static let torn = "evidence.jsonl.torn"
  /// Files of a killed run that no line of the list names.
  package static let aside = "aside"
  package static let manifest = "manifest.json"
  package static let signature = "manifest.sig"

  /// The seal itself, and what is left of it when it is interrupted: not part of what is sealed.
  static let seal: Set = [
    manifest, signature, manifest + Disk.partSuffix, signature + Disk.partSuffix,
  ]
}
