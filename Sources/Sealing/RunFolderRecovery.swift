extension RunFolder {
  /// Opens a run's folder to go on with it, and puts right what a killed process left.
  ///
  /// The half line at the end of the list is moved to `evidence.jsonl.torn`; files that were being written
  /// are removed; whole files no line names are moved below `aside/`. None of them is ever evidence.
  ///
  /// - Throws: `chain` or `evidence` when what was listed does not verify; then nothing was changed.
  package static func open(_ path: String, runID: String) throws(SealingError) -> RunFolder {
    let listPath = path + "/" + RunLayout.list
    guard try Disk.kind(path) == .folder, try Disk.kind(listPath) == .file else {
      throw .notARun(path: path)
    }
    var list = try ListFile(path: listPath, isNew: false)
    let bytes = try Disk.read(listPath, limit: readLimit)
    let reading = try EvidenceChain.verify(bytes)
    var torn: [UInt8] = []
    if let fault = reading.fault {
      guard case .torn = fault.reason else { throw .chain(path: listPath, fault) }
      torn = Array(bytes[reading.length...])
    }
    try check(reading.records, path)
    if !torn.isEmpty {
      try setAside(torn: torn, in: path)
      try list.truncate(to: reading.length)
    }
    try setAsideStrays(in: path, listed: Set(reading.records.map(\.file)))
    return RunFolder(path: path, runID: runID, list: list, reading)
  }

  private static func check(
    _ records: [EvidenceRecord], _ path: String
  ) throws(SealingError) {
    for record in records {
      let file = path + "/" + record.file
      let fault = EvidenceFault(
        line: record.sequence + 1, file: record.file,
        reason: try Disk.kind(file) == nil ? .missing : .changed)
      guard try Disk.kind(file) == .file, try FileDigest(ofFile: file) == record.digest else {
        throw .evidence(path: path + "/" + RunLayout.list, fault)
      }
    }
  }

  /// The half line joins those of earlier times, each on a line of its own.
  private static func setAside(torn: [UInt8], in path: String) throws(SealingError) {
    let place = path + "/" + RunLayout.torn
    var bytes: [UInt8] = []
    if try Disk.kind(place) != nil { bytes = try Disk.read(place, limit: readLimit) }
    try Disk.write(bytes + torn + [UInt8(ascii: "\n")], to: place)
    try Disk.sync(folder: path)
  }

  private static func setAsideStrays(
    in path: String, listed: Set<String>
  ) throws(SealingError) {
    let inside = RunLayout.evidence + "/"
    let entries = try Disk.entries(below: path)
    var target: String?
    for entry in entries where entry.kind == .file {
      if entry.path.hasSuffix(Disk.partSuffix) {
        try Disk.removeFile(path + "/" + entry.path)
      } else if entry.path.hasPrefix(inside) && !listed.contains(entry.path) {
        let aside: String
        if let target { aside = target } else { aside = try newAside(in: path) }
        target = aside
        let stray = entry.path.dropFirst(inside.count)
        if let slash = stray.lastIndex(of: "/") {
          try Disk.makeFolders(aside + "/" + stray[..<slash])
        }
        try Disk.move(path + "/" + entry.path, to: aside + "/" + stray)
      }
    }
    for entry in entries.reversed() where entry.kind == .folder && entry.path.hasPrefix(inside) {
      Disk.removeEmptyFolder(path + "/" + entry.path)
    }
    try Disk.sync(folder: path + "/" + RunLayout.evidence)
  }

  /// `aside/1`, `aside/2`…: one a time the folder is put right.
  private static func newAside(in path: String) throws(SealingError) -> String {
    var number = 1
    while true {
      let place = "\(path)/\(RunLayout.aside)/\(number)"
      if try Disk.kind(place) == nil {
        try Disk.makeFolders(place)
        return place
      }
      number += 1
    }
  }
}
