#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few file operations a run folder needs; every one of them says whether it is durable on return.
enum Disk {
  /// A file or folder found below another, with its path from there.
  struct Entry: Hashable {
    enum Kind: Hashable { case file, folder, other }
    var path: String
    var kind: Kind
  }

  /// Deeper folders are not walked: ours are three deep.
  static let maximumDepth = 16

  // MARK: Reading

  /// All bytes of a regular file; links are not followed.
  static func read(_ path: String, limit: Int) throws(SealingError) -> [UInt8] {
    var bytes: [UInt8] = []
    var isTooLarge = false
    try forEachChunk(of: path) { chunk in
      isTooLarge = isTooLarge || bytes.count + chunk.count > limit
      if !isTooLarge { bytes.append(contentsOf: chunk) }
      return !isTooLarge
    }
    if isTooLarge { throw .tooLarge(path: path, limit: limit) }
    return bytes
  }

  /// Hands out a regular file piece by piece until `body` says no; links are not followed.
  static func forEachChunk(
    of path: String, _ body: (UnsafeRawBufferPointer) throws(SealingError) -> Bool
  ) throws(SealingError) {
    let descriptor = try opened(path, O_RDONLY | O_NONBLOCK, .open)
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .file(path: path, .read, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .foreignEntry(path: path) }
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = systemRead(descriptor, chunk)
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw .file(path: path, .read, code: errno)
      }
      guard try body(UnsafeRawBufferPointer(rebasing: chunk[..<count])) else { return }
    }
  }

  /// What stands at `path` itself, links not followed; nil: nothing.
  static func kind(_ path: String) throws(SealingError) -> Entry.Kind? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw .file(path: path, .read, code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Everything below `folder`, sorted by the bytes of the path; a folder too deep is `other`.
  static func entries(below folder: String) throws(SealingError) -> [Entry] {
    var found: [Entry] = []
    var open: [(path: String, depth: Int)] = [("", 0)]
    while let next = open.popLast() {
      let place = next.path.isEmpty ? folder : folder + "/" + next.path
      for name in try names(in: place) {
        let path = next.path.isEmpty ? name : next.path + "/" + name
        let kind = try kind(folder + "/" + path) ?? .other
        if kind == .folder && next.depth < maximumDepth {
          found.append(Entry(path: path, kind: .folder))
          open.append((path, next.depth + 1))
        } else {
          found.append(Entry(path: path, kind: kind == .file ? .file : .other))
        }
      }
    }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func names(in folder: String) throws(SealingError) -> [String] {
    guard let stream = opendir(folder) else { throw .file(path: folder, .list, code: errno) }
    defer { _ = closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw .file(path: folder, .list, code: errno) }
        return names
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  // MARK: Writing

  /// Makes the folder; its parents must be there.
  static func makeFolder(_ path: String) throws(SealingError) {
    guard !path.utf8.contains(0) else { throw .file(path: path, .create, code: EINVAL) }
    guard mkdir(path, 0o755) == 0 else { throw .file(path: path, .create, code: errno) }
  }

  /// Makes the folder and every one above it that is missing.
  static func makeFolders(_ path: String) throws(SealingError) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      prefix += (prefix.isEmpty || prefix.hasSuffix("/") ? "" : "/") + part
      do throws(SealingError) {
        try makeFolder(prefix)
      } catch {
        guard case .file(_, _, let code) = error, code == EEXIST || code == EISDIR else {
          throw error
        }
      }
    }
  }

  /// Writes a file that is either whole or not there: `PATH.part`, sync, rename.
  ///
  /// Durable once the folder is synced as well.
  static func write(_ bytes: [UInt8], to path: String) throws(SealingError) {
    let file = try OpenFile(partOf: path)
    do throws(SealingError) {
      try writeAll(bytes, to: file.descriptor, path: path)
      try sync(file.descriptor, path: path)
      try move(path + partSuffix, to: path)
    } catch {
      _ = unlink(path + partSuffix)
      throw error
    }
  }

  /// Writes files that nothing refers to yet: each as `PATH.part`, renamed, and all synced at the end.
  ///
  /// After a power cut one may be there and not be whole, which does no harm while nothing refers to it.
  /// Syncing last lets the file system bring all bytes and names to the disk in few steps: a sync for each
  /// file in turn takes several times as long. Durable once the folder is synced as well.
  static func writeUnreferenced(
    _ files: [(path: String, bytes: [UInt8])]
  ) throws(SealingError) {
    // Few enough to be open at once.
    let step = 32
    for start in stride(from: 0, to: files.count, by: step) {
      var open: [OpenFile] = []
      for file in files[start..<min(start + step, files.count)] {
        let part = try OpenFile(partOf: file.path)
        try writeAll(file.bytes, to: part.descriptor, path: file.path)
        try move(file.path + partSuffix, to: file.path)
        part.beginWriting()
        open.append(part)
      }
      for file in open { try sync(file.descriptor, path: file.path) }
    }
  }

  /// A file while it is being written; closed when it is let go of.
  private final class OpenFile {
    let path: String
    let descriptor: Int32

    init(partOf path: String) throws(SealingError) {
      self.path = path
      descriptor = try opened(path + partSuffix, O_WRONLY | O_CREAT | O_TRUNC, .create)
    }

    deinit { _ = close(descriptor) }

    /// Asks the system to begin bringing the bytes to the disk; only a hint.
    func beginWriting() {
      #if !canImport(Darwin)
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
      #endif
    }
  }

  /// What a file is called while it is being written.
  static let partSuffix = ".part"

  static func move(_ path: String, to target: String) throws(SealingError) {
    guard rename(path, target) == 0 else { throw .file(path: target, .rename, code: errno) }
  }

  /// Removes a file; one that is not there is fine.
  static func removeFile(_ path: String) throws(SealingError) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .file(path: path, .remove, code: errno)
    }
  }

  /// Removes a folder if it is empty.
  static func removeEmptyFolder(_ path: String) { _ = rmdir(path) }

  /// Brings the names in a folder to the disk.
  static func sync(folder path: String) throws(SealingError) {
    let descriptor = try opened(path, O_RDONLY | O_DIRECTORY, .open)
    defer { _ = close(descriptor) }
    try sync(descriptor, path: path)
  }

  static func opened(
    _ path: String, _ flags: Int32, _ action: SealingError.Action
  ) throws(SealingError) -> Int32 {
    guard !path.utf8.contains(0) else { throw .file(path: path, action, code: EINVAL) }
    let descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .file(path: path, action, code: errno) }
    return descriptor
  }

  static func sync(_ descriptor: Int32, path: String) throws(SealingError) {
    while fsync(descriptor) != 0 {
      // Some file systems cannot sync a folder, and say so with EINVAL.
      if errno == EINVAL { return }
      guard errno == EINTR else { throw .file(path: path, .sync, code: errno) }
    }
  }

  static func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(SealingError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .file(path: path, .write, code: errno)
      }
      written += count
    }
  }
}

/// Outside `Disk`, whose own `read` would hide the system's.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
  write(descriptor, buffer.baseAddress, buffer.count)
}
