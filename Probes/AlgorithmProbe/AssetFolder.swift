import Glibc

/// A file or folder that is searched (资产存放处): every regular file in it, in order of path.
///
/// Symbolic links are never followed, so there are no loops and nothing outside is read. What cannot be read,
/// is no file, or is beyond a bound is reported, not passed over.
struct AssetFolder {
  static let maximumDepth = 32
  static let maximumFiles = 100_000
  /// Keys and certificates are small; a larger file is reported instead of read.
  static let maximumFileLength = 16 << 20
  static let maximumTotalLength = 4 << 30

  /// The target itself could not be opened.
  struct Unreadable: Error { var reason: String }

  private var files = 0
  private var total = 0

  /// Calls `visit` with the relative path and contents of each file, `report` with what was left out.
  ///
  /// - Parameter goesOn: asked before each file; `false` ends the search.
  static func search<Findings>(
    _ target: String, into findings: inout Findings, goesOn: () -> Bool,
    visit: (_ content: inout [UInt8], _ path: String, _ findings: inout Findings) -> Void,
    report: (_ path: String, _ cause: String, _ findings: inout Findings) -> Void
  ) throws(Unreadable) {
    // The target is named by a person and may be a link; what is under it may not.
    let descriptor = open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Unreadable(reason: cause()) }
    var search = AssetFolder()
    _ = search.enter(
      descriptor, name: lastName(target), path: "", depth: 0, &findings, goesOn, visit, report)
  }

  private static func lastName(_ path: String) -> String {
    path.split(separator: "/").last.map { String($0) } ?? path
  }

  private static func cause() -> String { String(cString: strerror(errno)) }

  /// Takes over `descriptor`; whether the search goes on.
  private mutating func enter<Findings>(
    _ descriptor: CInt, name: String, path: String, depth: Int, _ findings: inout Findings,
    _ goesOn: () -> Bool, _ visit: (inout [UInt8], String, inout Findings) -> Void,
    _ report: (String, String, inout Findings) -> Void
  ) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      report(path.isEmpty ? name : path, AssetFolder.cause(), &findings)
      close(descriptor)
      return true
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      defer { close(descriptor) }
      let path = path.isEmpty ? name : path
      guard goesOn() else { return false }
      var content: [UInt8] = []
      if let cause = read(descriptor, length: Int(status.st_size), into: &content) {
        report(path, cause, &findings)
      } else {
        visit(&content, path, &findings)
      }
      return true
    case S_IFDIR:
      guard depth < AssetFolder.maximumDepth else {
        report(path, "deeper than \(AssetFolder.maximumDepth) folders", &findings)
        close(descriptor)
        return true
      }
      return list(
        descriptor, path: path, depth: depth, &findings, goesOn, visit, report)
    default:
      report(path.isEmpty ? name : path, "neither a file nor a folder", &findings)
      close(descriptor)
      return true
    }
  }

  private mutating func list<Findings>(
    _ descriptor: CInt, path: String, depth: Int, _ findings: inout Findings,
    _ goesOn: () -> Bool, _ visit: (inout [UInt8], String, inout Findings) -> Void,
    _ report: (String, String, inout Findings) -> Void
  ) -> Bool {
    guard let folder = fdopendir(descriptor) else {
      report(path.isEmpty ? "." : path, AssetFolder.cause(), &findings)
      close(descriptor)
      return true
    }
    defer { closedir(folder) }
    let names = names(in: folder)
    if names.count > AssetFolder.maximumFiles {
      report(
        path.isEmpty ? "." : path, "more than \(AssetFolder.maximumFiles) entries", &findings)
    }
    for name in names.prefix(AssetFolder.maximumFiles) {
      guard goesOn() else { return false }
      let shown = String(decoding: name.map { UInt8(bitPattern: $0) }.dropLast(), as: UTF8.self)
      let inner = path.isEmpty ? shown : "\(path)/\(shown)"
      let entry = openat(
        dirfd(folder), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard entry >= 0 else {
        let cause = errno == ELOOP ? "a symbolic link, not followed" : AssetFolder.cause()
        report(inner, cause, &findings)
        continue
      }
      guard
        enter(
          entry, name: shown, path: inner, depth: depth + 1, &findings, goesOn, visit, report)
      else { return false }
    }
    return true
  }

  /// The names in a folder but `.` and `..`, as bytes with their final zero, sorted.
  private func names(in folder: OpaquePointer) -> [[CChar]] {
    var names: [[CChar]] = []
    while names.count <= AssetFolder.maximumFiles, let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      let isItselfOrParent =
        name == [CChar](".".utf8CString) || name == [CChar]("..".utf8CString)
      if !isItselfOrParent { names.append(name) }
    }
    return names.sorted { first, second in
      first.lexicographicallyPrecedes(second) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
    }
  }

  /// Reads a whole file; the reason when it is not read.
  private mutating func read(
    _ descriptor: CInt, length: Int, into content: inout [UInt8]
  ) -> String? {
    files += 1
    guard files <= AssetFolder.maximumFiles else {
      return "more than \(AssetFolder.maximumFiles) files"
    }
    guard length <= AssetFolder.maximumFileLength else {
      return "\(length) bytes, at most \(AssetFolder.maximumFileLength) are read"
    }
    guard total <= AssetFolder.maximumTotalLength else {
      return "more than \(AssetFolder.maximumTotalLength) bytes in all"
    }
    // One buffer of the announced size: a file that grows meanwhile is read as it was.
    content = [UInt8](repeating: 0, count: length)
    var filled = 0
    while filled < length {
      let count = content.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), length - filled)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return AssetFolder.cause() }
      if count == 0 { break }
      filled += count
    }
    content.removeLast(length - filled)
    total += filled
    return nil
  }
}
