import Glibc

/// A folder of our own for clones, mode 0700, removed with everything in it when nobody holds it any more.
final class CloneFolder: Sendable {
  let path: String

  /// Levels of folders that are removed.
  private static let depthLimit = 32

  /// Makes the folder where temporary files belong.
  init() throws(FileFailure) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // Six places that the system fills.
    let open = String(repeating: "X", count: 6)
    var template = Array(
      "\(base.hasPrefix("/") ? base : "/tmp")/miping-clone-\(open)".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileFailure(path: base, reason: String(cString: strerror(errno)))
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path, depth: Self.depthLimit) }

  /// An empty folder inside; what it held before is removed.
  func fresh(_ name: String) throws(FileFailure) -> String {
    let inner = "\(path)/\(name)"
    Self.remove(inner, depth: Self.depthLimit)
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
  static func remove(_ path: String, depth: Int = depthLimit) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    if depth > 0 { for name in names(path) { remove("\(path)/\(name)", depth: depth - 1) } }
    rmdir(path)
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
