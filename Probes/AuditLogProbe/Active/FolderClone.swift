/// A copy of a digest folder, from which changed clones are written. Records are those of one of its log files.
struct FolderClone: Sendable {
  let path: String
  let form: DigestFolderForm
  /// Names of the digests and of the log files, in order.
  let digests: [String]
  let logs: [String]
  /// The log file whose records are attacked: one in the middle.
  let log: TextClone

  private static let nameLimit = 100_000

  /// Changes of whole files.
  enum Edit: Sendable {
    /// Records of the attacked log file.
    case records(CloneEdit)
    /// Only digests and logs up to this number of digests stay.
    case keep(digests: Int)
    case removeLog(Int)
    case swapLogs(Int, Int)
    /// A log file once more under a name that no digest lists.
    case addLog(copyOf: Int, name: String)
    /// The signature of a digest.
    case removeSignature(Int)
    case removeDigests
    /// Records of the attacked log, and its new digest and size in the digest that lists it, unsigned.
    case recompute(CloneEdit)
  }

  /// Copies the folder; at most `limit` bytes.
  static func copy(
    _ source: String, _ form: DigestFolderForm, to target: String, limit: Int
  ) throws(FileFailure) {
    var left = limit
    for folder in [form.digests, form.logs] {
      try makeFolders(folder, in: target)
      for name in try SmallFile.names(inFolder: "\(source)/\(folder)", limit: nameLimit) {
        let file = "\(source)/\(folder)/\(name)"
        guard OpenFile.isRegular(file) else { continue }
        let size = OpenFile.status(ofPath: file)?.size ?? 0
        guard size <= left else {
          throw FileFailure(
            path: source, reason: "more than \(limit) bytes, the most that are cloned (clone-limit)"
          )
        }
        left -= try CloneFolder.copy(file, to: "\(target)/\(folder)/\(name)", limit: left)
      }
    }
  }

  private static func makeFolders(_ name: String, in target: String) throws(FileFailure) {
    var path = target
    for part in name.split(separator: "/") where part != "." {
      guard part != ".." else {
        throw FileFailure(path: name, reason: "it leads out of the folder")
      }
      path += "/\(part)"
      if OpenFile.status(ofPath: path) == nil { try CloneFolder.make(path) }
    }
  }

  /// - Parameter model: a model whose source is the copy.
  init(_ model: LogModel) throws(FileFailure) {
    path = model.source.path
    form = model.protection.digestFolder
    digests = try SmallFile.names(inFolder: "\(path)/\(form.digests)", limit: Self.nameLimit)
      .filter { $0.hasSuffix(".json") }
    logs = try SmallFile.names(inFolder: "\(path)/\(form.logs)", limit: Self.nameLimit)
    guard !logs.isEmpty else { throw FileFailure(path: path, reason: "no log file in it") }
    var inner = model
    inner.source = .jsonLines(path: "\(path)/\(form.logs)/\(logs[logs.count / 2])")
    inner.protection = Protection(kind: .none)
    inner.canonical = nil
    inner.anchorPath = nil
    log = try TextClone(inner)
  }

  func write(_ edit: Edit, to target: String) throws(FileFailure) {
    try Self.copy(path, form, to: target, limit: .max)
    let folder = "\(target)/\(form.logs)"
    switch edit {
    case .records(let edit): try log.write(edit, to: "\(folder)/\(logs[logs.count / 2])")
    case .keep(let count): try keep(count, in: target)
    case .removeLog(let index): CloneFolder.remove("\(folder)/\(logs[index])")
    case .swapLogs(let first, let second):
      try copyLog(first, to: "\(folder)/\(logs[second])")
      try copyLog(second, to: "\(folder)/\(logs[first])")
    case .addLog(let index, let name): try copyLog(index, to: "\(folder)/\(name)")
    case .removeSignature(let index):
      CloneFolder.remove("\(target)/\(form.digests)/\(digests[index]).sig")
    case .removeDigests:
      for name in try SmallFile.names(
        inFolder: "\(target)/\(form.digests)", limit: Self.nameLimit)
      { CloneFolder.remove("\(target)/\(form.digests)/\(name)") }
    case .recompute(let edit):
      let name = logs[logs.count / 2]
      try log.write(edit, to: "\(folder)/\(name)")
      try relist(name, in: target)
    }
  }

  private func copyLog(_ index: Int, to target: String) throws(FileFailure) {
    try CloneFolder.copy("\(path)/\(form.logs)/\(logs[index])", to: target)
  }

  /// Takes away the digests after the first `count`, and the logs that only they list.
  private func keep(_ count: Int, in target: String) throws(FileFailure) {
    var listed: [UInt8] = []
    for (index, name) in digests.enumerated() {
      let file = "\(target)/\(form.digests)/\(name)"
      if index < count {
        listed += try SmallFile.read(file, limit: 16 << 20)
      } else {
        CloneFolder.remove(file)
        CloneFolder.remove(file + ".sig")
      }
    }
    let text = String(decoding: listed, as: UTF8.self)
    for name in logs where !text.contains("\(form.logs)/\(name)") {
      CloneFolder.remove("\(target)/\(form.logs)/\(name)")
    }
  }

  /// Writes the new SM3 and size of a log file into the digest that lists it.
  private func relist(_ name: String, in target: String) throws(FileFailure) {
    let old = try Listing("\(path)/\(form.logs)/\(name)")
    let new = try Listing("\(target)/\(form.logs)/\(name)")
    for digest in digests {
      let file = "\(target)/\(form.digests)/\(digest)"
      let text = String(decoding: try SmallFile.read(file, limit: 16 << 20), as: UTF8.self)
      guard text.contains(old.sm3) else { continue }
      let changed = text.split(separator: old.sm3, omittingEmptySubsequences: false)
        .joined(separator: new.sm3)
        .split(separator: "\(old.size)", omittingEmptySubsequences: false)
        .joined(separator: "\(new.size)")
      try OutputFile(file).write(Array(changed.utf8)[...])
    }
  }
}
