import Glibc

/// A folder of our own for clones, mode 0700, removed with everything in it when nobody holds it any more.
final class CloneFolder: Sendable {
  let path: String

  /// Levels of folders that are removed.
  private static let depthLimit = 32

  /// Held open under a lock, which the system lets go however this process ends: so a folder without one is left
  /// from a run that is no more, in whatever container that was.
  private let lock: Int32

  private static let prefix = "miping-clone-"
  private static var base: String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return base.hasPrefix("/") ? base : "/tmp"
  }

  /// Makes the folder where temporary files belong.
  init() throws(FileFailure) {
    let base = Self.base
    // Six places that the system fills.
    let open = String(repeating: "X", count: 6)
    while true {
      var template = Array("\(base)/\(Self.prefix)\(getpid())-\(open)".utf8CString)
      guard mkdtemp(&template) != nil else {
        throw FileFailure(path: base, reason: String(cString: strerror(errno)))
      }
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      // Another run may have taken it for a folder that was left, before it was locked.
      guard let lock = Self.opened(path, orUnlockable: true) else { continue }
      self.path = path
      self.lock = lock
      return
    }
  }

  deinit {
    Self.remove(path)
    close(lock)
  }

  /// Opens a folder and locks it; nil when another one holds it, or it is no folder any more.
  ///
  /// - Parameter orUnlockable: where the file system has no locks, it is opened without.
  private static func opened(_ path: String, orUnlockable: Bool) -> Int32? {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    let isLocked = flock(folder, LOCK_EX | LOCK_NB) == 0
    let isUnlockable = !isLocked && errno != EWOULDBLOCK
    var status = stat()
    var named = stat()
    guard isLocked || isUnlockable && orUnlockable, fstat(folder, &status) == 0,
      lstat(path, &named) == 0, status.st_ino == named.st_ino, status.st_dev == named.st_dev
    else {
      close(folder)
      return nil
    }
    return folder
  }

  /// Removes the folders that killed runs of this account left where temporary files belong.
  ///
  /// - Parameter user: the account that clones are given to, which folders may belong to as well.
  static func removeLeftovers(in base: String = base, givenTo user: Account?) {
    let owners = [geteuid()] + (geteuid() == 0 ? [user].compactMap { $0?.user } : [])
    for name in (try? SmallFile.names(inFolder: base, limit: 1_000_000)) ?? []
    where isOurs(name) {
      let path = "\(base)/\(name)"
      guard let folder = opened(path, orUnlockable: false) else { continue }
      var status = stat()
      if fstat(folder, &status) == 0, status.st_mode & 0o7777 == 0o700,
        owners.contains(status.st_uid)
      {
        empty(folder, depth: depthLimit)
        rmdir(path)
      }
      close(folder)
    }
  }

  private static func isOurs(_ name: String) -> Bool {
    let parts = name.dropFirst(prefix.count).split(separator: "-")
    return name.hasPrefix(prefix) && parts.count == 2 && pid_t(parts[0]) != nil
      && parts[1].utf8.count == 6
  }

  /// An empty folder inside; what it held before is removed.
  func fresh(_ name: String) throws(FileFailure) -> String {
    let inner = "\(path)/\(name)"
    Self.remove(inner)
    try Self.make(inner)
    return inner
  }

  static func make(_ path: String) throws(FileFailure) {
    guard mkdir(path, 0o700) == 0 else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Gives everything inside `path` to an account, so that a command under it can read its copies.
  static func give(_ path: String, to account: Account) {
    lchown(path, account.user, account.group)
    for name in names(path) { give("\(path)/\(name)", to: account) }
  }

  /// Removes a file, or a folder with what is in it; symbolic links are not followed.
  static func remove(_ path: String) {
    guard unlink(path) != 0 else { return }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return }
    empty(folder, depth: depthLimit)
    close(folder)
    rmdir(path)
  }

  /// Removes what is in an open folder. Paths are not gone through again: whoever else may change something in
  /// there cannot lead us out of it.
  private static func empty(_ folder: Int32, depth: Int) {
    guard depth > 0,
      let stream = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    else { return }
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { $0.prefix { $0 != 0 } + [0] }
      names.append(name.map { CChar(bitPattern: $0) })
    }
    closedir(stream)
    for name in names where strcmp(name, ".") != 0 && strcmp(name, "..") != 0 {
      guard unlinkat(folder, name, 0) != 0 else { continue }
      let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard inner >= 0 else { continue }
      empty(inner, depth: depth - 1)
      close(inner)
      unlinkat(folder, name, AT_REMOVEDIR)
    }
  }

  private static func names(_ path: String) -> [String] {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [] }
    return (try? SmallFile.names(inFolder: path, limit: 1_000_000)) ?? []
  }

  /// Copies a regular file, or its first `limit` bytes; the copy is readable by its owner alone.
  ///
  /// - Returns: the bytes written.
  @discardableResult
  static func copy(
    _ path: String, to target: String, limit: Int = .max
  ) throws(FileFailure) -> Int {
    let source = try OpenFile(path)
    let output = try OutputFile(target)
    var piece: [UInt8] = []
    var count = 0
    while count < limit {
      piece.removeAll(keepingCapacity: true)
      guard try source.read(upTo: min(1 << 20, limit - count), into: &piece) > 0 else { break }
      try output.write(piece[...])
      count += piece.count
    }
    return count
  }
}

/// A new file that is written from its beginning to its end, mode 0600.
final class OutputFile {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(FileFailure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
    self.path = path
  }

  deinit { close(descriptor) }

  func write(_ bytes: ArraySlice<UInt8>) throws(FileFailure) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FileFailure(path: path, reason: String(cString: strerror(errno)))
      }
      rest = rest.dropFirst(count)
    }
  }
}
