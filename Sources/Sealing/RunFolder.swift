package import AssessmentModel
import NationalCrypto

/// The folder one run leaves (运行目录): evidence, the chained list of it, results, and the seal.
///
/// An actor, because inspections end at the same time and the chain has one end. What `keep` returned
/// survives a killed process and a power cut. Only one process at a time writes to a folder.
package actor RunFolder {
  /// Evidence lists and manifests larger than this are not read.
  static let readLimit = 1 << 30

  package nonisolated let path: String
  package nonisolated let runID: String

  private var list: ListFile
  private var chain: EvidenceChain
  private var all: [EvidenceRecord]
  /// Where each inspection's evidence stands in `all`, by the name of its folder.
  private var places: [String: [Int]] = [:]

  init(path: String, runID: String, list: consuming ListFile, _ reading: EvidenceChain.Reading) {
    self.path = path
    self.runID = runID
    self.list = list
    chain = reading.chain
    all = reading.records
    for (index, record) in reading.records.enumerated() {
      places[record.folder, default: []].append(index)
    }
  }

  /// Makes `OUT/RUN-ID` with an empty evidence list; `OUT` is made too where it is missing.
  package static func create(in out: String, runID: String) throws(SealingError) -> RunFolder {
    guard SafeName.isSafe(runID), runID.utf8.count <= 100 else { throw .badName(runID) }
    try Disk.makeFolders(out)
    let path = out + "/" + runID
    do throws(SealingError) {
      try Disk.makeFolder(path)
    } catch {
      if try Disk.kind(path) != nil { throw .exists(path: path) }
      throw error
    }
    try Disk.makeFolder(path + "/" + RunLayout.evidence)
    let list = try ListFile(path: path + "/" + RunLayout.list, isNew: true)
    try Disk.sync(folder: path)
    try Disk.sync(folder: out)
    return RunFolder(path: path, runID: runID, list: list, EvidenceChain.Reading())
  }

  // MARK: Evidence

  /// Every piece of evidence kept, in the order of the list.
  package var records: [EvidenceRecord] { all }

  /// Which of these references this folder does not hold with the digest they state. A stored inspection
  /// is trusted only when none is missing.
  package func missing(_ references: [EvidenceReference]) -> [EvidenceReference] {
    let held = Dictionary(all.map { ($0.id, $0.digest.sm3) }) { first, _ in first }
    return references.filter { held[$0.id] != $0.sm3 }
  }

  /// Keeps what one inspection saw; durable on return, and listed all together or not at all.
  ///
  /// Ids follow from place, probe, object and number alone: `0003-tls.endpoint-gw-01-1`. An inspection that
  /// has evidence in the list already, because the run was killed before it was recorded, is kept beside
  /// it as `0003-tls.endpoint-gw-01-r2-1`.
  ///
  /// - Parameters:
  ///   - place: the inspection's place in the plan.
  ///   - time: UTC, `YYYY-MM-DDThh:mm:ssZ`.
  package func keep(
    _ evidence: [Evidence], plan place: Int, probe: String, object: String, at time: String
  ) throws(SealingError) -> [EvidenceReference] {
    guard !evidence.isEmpty else { return [] }
    let base = try SafeName.inspection(place: place, probe: probe, object: object)
    try breakSeal()
    let folder = try makeFolder(for: base)
    do throws(SealingError) {
      return try write(evidence, into: folder, probe: probe, object: object, at: time)
    } catch {
      discard(folder)
      throw error
    }
  }

  /// Keeps what does not change from one attempt to the next, a person's answer with its files: when the
  /// same names and bytes are in the list for this place, probe and object, they are not kept again.
  package func keepOnce(
    _ evidence: [Evidence], plan place: Int, probe: String, object: String, at time: String
  ) throws(SealingError) -> [EvidenceReference] {
    let base = try SafeName.inspection(place: place, probe: probe, object: object)
    var round = 1
    while let indices = places[Self.name(base, round: round)] {
      let kept = indices.map { all[$0] }
      let isSame =
        kept.count == evidence.count
        && zip(kept, evidence).allSatisfy {
          $0.strength == $1.strength && $0.mediaType == $1.mediaType
        }
      if isSame {
        var files: [String] = []
        var digests: [String] = []
        for (index, piece) in evidence.enumerated() {
          files.append(try Self.file(number: index + 1, piece))
          digests.append(try FileDigest.sm3(piece.bytes))
        }
        if kept.map({ $0.file.split(separator: "/").last.map(String.init) ?? "" }) == files
          && kept.map(\.digest.sm3) == digests
        {
          return kept.map(\.reference)
        }
      }
      round += 1
    }
    return try keep(evidence, plan: place, probe: probe, object: object, at: time)
  }

  private static func name(_ base: String, round: Int) -> String {
    round == 1 ? base : "\(base)-r\(round)"
  }

  private static func file(number: Int, _ piece: Evidence) throws(SealingError) -> String {
    "\(number)-\(try SafeName.make(piece.name, limit: 80))"
  }

  /// Makes the first folder of this inspection that nothing stands in yet.
  private func makeFolder(for base: String) throws(SealingError) -> String {
    var round = 1
    while true {
      let folder = Self.name(base, round: round)
      let place = path + "/" + RunLayout.evidence + "/" + folder
      if places[folder] == nil, try Disk.kind(place) == nil {
        try Disk.makeFolder(place)
        return folder
      }
      round += 1
    }
  }

  private func write(
    _ evidence: [Evidence], into folder: String, probe: String, object: String, at time: String
  ) throws(SealingError) -> [EvidenceReference] {
    let place = RunLayout.evidence + "/" + folder
    var next = chain
    var records: [EvidenceRecord] = []
    for (index, piece) in evidence.enumerated() {
      let file = place + "/" + (try Self.file(number: index + 1, piece))
      records.append(
        try next.append(
          EvidenceRecord(
            sequence: 0, id: "\(folder)-\(index + 1)", file: file, mediaType: piece.mediaType,
            digest: try FileDigest(of: piece.bytes), previous: "", time: time, probe: probe,
            object: object, strength: piece.strength)))
    }
    try Disk.writeUnreferenced(
      zip(records, evidence).map { (path: path + "/" + $0.file, bytes: $1.bytes) })
    try Disk.sync(folder: path + "/" + place)
    try Disk.sync(folder: path + "/" + RunLayout.evidence)
    try list.append(records.flatMap { $0.line + [UInt8(ascii: "\n")] })
    chain = next
    places[folder] = Array(all.count..<all.count + records.count)
    all += records
    return records.map(\.reference)
  }

  /// Frees the space of evidence that could not be listed. What cannot be removed is set aside when the
  /// folder is opened again.
  private func discard(_ folder: String) {
    let place = path + "/" + RunLayout.evidence + "/" + folder
    for entry in (try? Disk.entries(below: place)) ?? [] where entry.kind == .file {
      try? Disk.removeFile(place + "/" + entry.path)
    }
    Disk.removeEmptyFolder(place)
  }

  // MARK: Results and seal

  /// Writes `result.json`, `report.html` or another file beside the evidence; whole or not at all, durable
  /// on return. An earlier file of the name is replaced.
  package func write(name: String, _ bytes: [UInt8]) throws(SealingError) {
    let reserved = [RunLayout.evidence, RunLayout.list, RunLayout.torn, RunLayout.aside]
    guard SafeName.isSafe(name), !reserved.contains(name), !RunLayout.seal.contains(name),
      !name.hasSuffix(Disk.partSuffix), name.utf8.count <= 200
    else { throw .badName(name) }
    try breakSeal()
    try Disk.write(bytes, to: path + "/" + name)
    try Disk.sync(folder: path)
  }

  /// Writes `manifest.json`, and `manifest.sig` when a key is given; returns the manifest.
  ///
  /// The list and all evidence are read again from the disk and must be what was kept.
  ///
  /// - Parameter signingKeyPEM: a clear SM2 private key. Nothing is written when it cannot be used.
  package func seal(
    toolVersion: String, catalogDigest: String, signingKeyPEM: [UInt8]? = nil,
    identity: String = SM2.defaultIdentity
  ) throws(SealingError) -> Manifest {
    let reading = try EvidenceChain.verify(try Disk.read(list.path, limit: Self.readLimit))
    if let fault = reading.fault { throw .chain(path: list.path, fault) }
    guard reading.chain == chain else {
      let reason = ChainFault.Reason.link(found: reading.chain.head, expected: chain.head)
      throw .chain(path: list.path, ChainFault(line: reading.chain.count + 1, reason: reason))
    }
    let files = try Manifest.files(in: path)
    if let fault = EvidenceFault.all(in: all, files: files).first {
      throw .evidence(path: list.path, fault)
    }
    let manifest = Manifest(
      runID: runID, toolVersion: toolVersion, catalogDigest: catalogDigest,
      chainHead: chain.head, chainLength: chain.count, files: files)
    try Seal.write(manifest.bytes, signingKeyPEM: signingKeyPEM, identity: identity, in: path)
    return manifest
  }

  /// A folder that goes on is not sealed any more; a manifest that stayed would call it altered.
  private func breakSeal() throws(SealingError) {
    guard try Disk.kind(path + "/" + RunLayout.manifest) != nil else { return }
    try Seal.remove(from: path)
  }
}
