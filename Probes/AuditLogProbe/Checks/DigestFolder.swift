import AssessmentModel
import Bytes
import NationalCrypto
import YAMLDocument

/// Verifies a folder of log files and signed digests over them, each digest naming the one before (摘要文件夹).
struct DigestFolder {
  private static let nameLimit = 1_000_000

  private let root: String
  private let form: DigestFolderForm
  private let model: LogModel
  private let signature: SignatureCheck
  private let isTimeUp: @Sendable () -> Bool
  private var findings = LogFindings()
  private var listed: Set<String> = []

  init(
    _ model: LogModel, path: String, isTimeUp: @escaping @Sendable () -> Bool
  ) throws(FileFailure) {
    self.model = model
    root = path.hasSuffix("/") ? path : path + "/"
    form = model.protection.digestFolder
    self.isTimeUp = isTimeUp
    let keyPath = model.protection.publicKeyPath ?? ""
    let key = try PublicKeyFile.subjectPublicKeyInfo(keyPath)
    do throws(CryptoError) {
      signature = try SignatureCheck(
        subjectPublicKeyInfo: key, identity: model.protection.identity)
    } catch {
      throw FileFailure(path: keyPath, reason: error.description)
    }
  }

  /// What a digest says of the one before, or of the files, as far as later checks need it.
  private struct Digest {
    var name: String
    var sm3: String
    var signature: String?
    var end: String
  }

  mutating func run() throws(FileFailure) -> LogFindings {
    let names = try SmallFile.names(
      inFolder: root + form.digests, limit: Self.nameLimit
    ).filter { $0.hasSuffix(".json") }
    var previous: Digest?
    var heads: [String] = []
    for name in names {
      guard !isTimeUp() else {
        findings.add(LogFault(.deadline, "the time was over before the last digest"))
        break
      }
      let path = form.digests + "/" + name
      do throws(FileFailure) {
        let bytes = try SmallFile.read(root + path, limit: YAMLDocument.sizeLimit)
        let sm3 = try sm3(bytes, path)
        heads.append(sm3)
        previous = try check(bytes, path: path, sm3: sm3, after: previous)
      } catch {
        findings.add(LogFault(.digestUnreadable, error.description))
        add("digest-malformed", ["digest": .text(path)])
        previous = nil
      }
    }
    try checkUncovered()
    judgeAnchor(heads)
    findings.digests = heads.count
    findings.head = heads.last.flatMap { bytes(fromHexadecimal: $0) }
    return findings
  }

  private mutating func add(_ kind: String, _ fields: [String: FactValue]) {
    var fields = fields
    fields["kind"] = .text(kind)
    findings.folderFailures.append(.record(fields))
  }

  private func sm3(_ bytes: [UInt8], _ path: String) throws(FileFailure) -> String {
    do throws(CryptoError) { return hexadecimal(try SM3.digest(bytes)) } catch {
      throw FileFailure(path: path, reason: error.description)
    }
  }

  private mutating func check(
    _ bytes: [UInt8], path: String, sm3: String, after previous: Digest?
  ) throws(FileFailure) -> Digest {
    let content = try DigestContent(bytes, path: path)
    let digest: FactValue = .text(path)
    let signatureText = (try? SmallFile.read(root + path + ".sig", limit: 1 << 16)).map {
      String(decoding: PEMDocument.trimmed($0.filter { $0 != 0x0A }[...]), as: UTF8.self)
    }
    if let signatureText {
      let signed =
        "\(content.end)\n\(path)\n\(sm3)\n\(content.previousSignature ?? "null")"
      if !isValid(signatureText, over: signed) { add("signature-invalid", ["digest": digest]) }
    } else {
      add("signature-missing", ["digest": digest])
    }
    if let wanted = form.logID, wanted != content.logID { add("log-id", ["digest": digest]) }
    if content.algorithm != "sm3" { add("algorithm", ["digest": digest]) }
    checkPrevious(content, digest, previous)
    if let previous, previous.end != content.start {
      add(
        "time-gap",
        [
          "digest": digest, "expected-start": .text(previous.end), "start": .text(content.start),
        ])
    }
    for file in content.files { try check(file) }
    return Digest(name: path, sm3: sm3, signature: signatureText, end: content.end)
  }

  private func isValid(_ text: String, over signed: String) -> Bool {
    guard let der = bytes(fromHexadecimal: text) else { return false }
    return (try? signature.isValid(der, over: Array(signed.utf8))) ?? false
  }

  private mutating func checkPrevious(
    _ content: DigestContent, _ digest: FactValue, _ previous: Digest?
  ) {
    guard let wanted = content.previousFile else {
      if previous != nil { add("previous-digest-mismatch", ["digest": digest]) }
      return
    }
    guard isInside(wanted), OpenFile.status(ofPath: root + wanted) != nil else {
      add("previous-digest-absent", ["digest": digest, "want": .text(wanted)])
      return
    }
    guard let previous, previous.name == wanted, previous.sm3 == content.previousSM3,
      previous.signature == content.previousSignature
    else {
      add("previous-digest-mismatch", ["digest": digest])
      return
    }
  }

  private mutating func check(_ file: DigestContent.File) throws(FileFailure) {
    listed.insert(file.name)
    let name: FactValue = .text(file.name)
    guard isInside(file.name) else {
      add("file-outside", ["file": name])
      return
    }
    guard OpenFile.status(ofPath: root + file.name) != nil else {
      add("file-missing", ["file": name])
      return
    }
    let found = try listing(root + file.name)
    if found.sm3 != file.sm3 || found.size != file.size { add("file-changed", ["file": name]) }
  }

  /// What a file is, whose lines are counted as records.
  private mutating func listing(_ path: String) throws(FileFailure) -> Listing {
    var count = 0
    var last: UInt8 = 0x0A
    let listing = try Listing(path) { piece in
      for byte in piece {
        if byte == 0x0A, last != 0x0A { count += 1 }
        last = byte
      }
    }
    findings.records += last == 0x0A ? count : count + 1
    return listing
  }

  private mutating func checkUncovered() throws(FileFailure) {
    let names = try SmallFile.names(inFolder: root + form.logs, limit: Self.nameLimit)
    for name in names {
      let path = form.logs + "/" + name
      guard !listed.contains(path) else { continue }
      add("file-not-covered", ["file": .text(path)])
      // Its records are records of the log all the same.
      _ = try listing(root + path)
    }
  }

  /// Whether a name in a digest stays in the folder.
  private func isInside(_ name: String) -> Bool {
    !name.hasPrefix("/") && !name.utf8.contains(0)
      && !name.split(separator: "/").contains("..")
  }

  private mutating func judgeAnchor(_ heads: [String]) {
    guard let path = model.anchorPath else { return }
    do throws(FileFailure) {
      let anchor = try Anchor.read(path)
      if anchor.count > heads.count {
        findings.anchorFailures.append(.shorter)
      } else if anchor.count > 0 {
        findings.anchored = anchor.count
        if anchor.head.lowercased() != heads[anchor.count - 1] {
          findings.anchorFailures.append(.headMismatch)
        }
      }
    } catch {
      findings.add(LogFault(.anchorUnreadable, error.description))
    }
  }
}

/// What a digest file says.
private struct DigestContent {
  struct File {
    var name: String
    var sm3: String
    var size: Int
  }
  var logID: String
  var start: String
  var end: String
  var algorithm: String
  var previousFile: String?
  var previousSM3: String?
  var previousSignature: String?
  var files: [File] = []

  /// Unknown keys are passed over: they are signed like the rest.
  init(_ bytes: [UInt8], path: String) throws(FileFailure) {
    let faults = Faults()
    guard
      let fields = YAMLDocument.parse(bytes, file: path, faults: faults)?.entries(
        of: "digest", faults: faults)
    else { throw DigestContent.malformed(path, faults) }
    let values = Dictionary(fields.map { ($0.key, $0.value) }) { first, _ in first }
    func text(_ key: String) -> String {
      guard let node = values[key] else {
        faults.report(SourcePlace(file: path, line: 1, column: 1), "no key \(key)")
        return ""
      }
      return node.text(of: key, faults: faults) ?? ""
    }
    func optional(_ key: String) -> String? {
      values[key].flatMap { $0.isNull ? nil : $0.text(of: key, faults: faults) }
    }
    logID = text("log_id")
    start = text("start")
    end = text("end")
    algorithm = text("algorithm")
    previousFile = optional("previous_digest_file")
    previousSM3 = optional("previous_digest_sm3")
    previousSignature = optional("previous_digest_signature")
    for node in values["files"]?.items(of: "files", faults: faults) ?? [] {
      guard let entries = node.entries(of: "file", faults: faults) else { continue }
      let file = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
      guard let name = file["name"]?.text(of: "name", faults: faults),
        let sm3 = file["sm3"]?.text(of: "sm3", faults: faults),
        let size = file["size"]?.integer(of: "size", faults: faults)
      else {
        faults.report(node.place, "a file has name, sm3 and size")
        continue
      }
      files.append(File(name: name, sm3: sm3, size: size))
    }
    guard faults.isEmpty else { throw DigestContent.malformed(path, faults) }
  }

  private static func malformed(_ path: String, _ faults: Faults) -> FileFailure {
    FileFailure(path: path, reason: faults.sorted.first?.message ?? "not a digest")
  }
}
