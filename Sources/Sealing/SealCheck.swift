package import AssessmentModel

/// What checking a sealed run folder found (完整性核验). Nothing is changed by checking.
package struct SealCheck: Sendable, Hashable {
  package enum Fault: Sendable, Hashable {
    case noManifest
    case unreadable(SealingError)
    case file(Manifest.Difference)
    case chain(ChainFault)
    case evidence(EvidenceFault)
    /// The manifest states another end of the chain than the list has.
    case chainHead(found: String, expected: String)
    /// A signer was given and there is no signature, or one that is not theirs.
    case unsigned
    case signature
  }

  package enum Signature: String, Sendable, Hashable, CaseIterable {
    case none
    /// There is one, and no key was given to check it with.
    case unchecked
    case valid
    case invalid
  }

  package var manifest: Manifest?
  package var signature: Signature
  /// Empty: everything verifies.
  package var faults: [Fault]

  /// Recomputes digests, chain and signature of the run folder at `path`, without network.
  ///
  /// - Throws: when the folder cannot be read at all. Whatever does not verify is in `faults`.
  package init(folder path: String, signer: ManifestSignature.Signer? = nil) throws(SealingError) {
    guard try Disk.kind(path) == .folder else { throw .notARun(path: path) }
    manifest = nil
    signature = .none
    faults = []
    let files: [Manifest.File]
    do throws(SealingError) {
      files = try Manifest.files(in: path)
    } catch  where error.isIntegrity {
      faults = [.unreadable(error)]
      return
    }
    let chain = try checkChain(path, files)
    guard let bytes = try Self.contents(path, RunLayout.manifest, limit: RunFolder.readLimit)
    else {
      faults.append(.noManifest)
      return
    }
    do throws(SealingError) {
      let stated = try Manifest(bytes, path: path + "/" + RunLayout.manifest)
      manifest = stated
      faults += stated.differences(from: files).map { .file($0) }
      if let chain, chain.head != stated.chainHead || chain.count != stated.chainLength {
        faults.append(.chainHead(found: chain.head, expected: stated.chainHead))
      }
    } catch {
      faults.append(.unreadable(error))
    }
    try checkSignature(path, bytes, signer)
  }

  private mutating func checkChain(
    _ path: String, _ files: [Manifest.File]
  ) throws(SealingError) -> EvidenceChain? {
    guard let bytes = try Self.contents(path, RunLayout.list, limit: RunFolder.readLimit) else {
      return nil
    }
    let reading = try EvidenceChain.verify(bytes)
    if let fault = reading.fault { faults.append(.chain(fault)) }
    faults += EvidenceFault.all(in: reading.records, files: files).map { .evidence($0) }
    return reading.chain
  }

  private mutating func checkSignature(
    _ path: String, _ manifest: [UInt8], _ signer: ManifestSignature.Signer?
  ) throws(SealingError) {
    let limit = ManifestSignature.maximumLength
    guard let bytes = try Self.contents(path, RunLayout.signature, limit: limit) else {
      if signer != nil { faults.append(.unsigned) }
      return
    }
    guard let signer else {
      signature = .unchecked
      return
    }
    let holds = try ManifestSignature.verify(bytes, of: manifest, by: signer)
    signature = holds ? .valid : .invalid
    if !holds { faults.append(.signature) }
  }

  private static func contents(
    _ folder: String, _ name: String, limit: Int
  ) throws(SealingError) -> [UInt8]? {
    let path = folder + "/" + name
    guard try Disk.kind(path) != nil else { return nil }
    return try Disk.read(path, limit: limit)
  }
}

extension EvidenceFault {
  /// What differs between the evidence an evidence list names and the files found.
  static func all(in records: [EvidenceRecord], files: [Manifest.File]) -> [EvidenceFault] {
    let digests = Dictionary(files.map { ($0.path, $0.digest) }) { first, _ in first }
    return records.compactMap { record in
      guard let digest = digests[record.file] else {
        return EvidenceFault(line: record.sequence + 1, file: record.file, reason: .missing)
      }
      guard digest != record.digest else { return nil }
      return EvidenceFault(line: record.sequence + 1, file: record.file, reason: .changed)
    }
  }
}

extension SealCheck.Fault {
  /// One line for a person: what does not verify.
  package var message: Bilingual {
    switch self {
    case .noManifest:
      Bilingual(
        zh: "没有 manifest.json: 此运行未封存",
        en: "there is no manifest.json: this run was not sealed")
    case .unreadable(let error): error.message
    case .file(.missing(let path)):
      Bilingual(zh: "缺少文件 \(shown(path))", en: "\(shown(path)) is missing")
    case .file(.changed(let path)):
      Bilingual(zh: "文件 \(shown(path)) 已被改动", en: "\(shown(path)) is not what was sealed")
    case .file(.extra(let path)):
      Bilingual(zh: "多出文件 \(shown(path))", en: "\(shown(path)) was not there when sealed")
    case .chain(let fault):
      Bilingual(zh: "evidence.jsonl \(fault.message.zh)", en: "evidence.jsonl \(fault)")
    case .evidence(let fault):
      Bilingual(zh: "evidence.jsonl \(fault.message.zh)", en: "evidence.jsonl \(fault)")
    case .chainHead(let found, let expected):
      Bilingual(
        zh: "证据链终点为 \(found), 清单记为 \(shown(expected))",
        en: "the evidence list ends with \(found), the manifest expects \(shown(expected))")
    case .unsigned:
      Bilingual(
        zh: "没有 manifest.sig: 清单未签名", en: "there is no manifest.sig: the manifest is unsigned")
    case .signature:
      Bilingual(
        zh: "manifest.sig 不是该签名者对此清单的签名",
        en: "manifest.sig is not this signer's signature on this manifest")
    }
  }

  private func shown(_ text: String) -> String { ActiveScalar.inert(text) }
}
