import Glibc

/// A file or folder of logs: every regular file in it, in order of path (日志目录遍历).
///
/// Symbolic links under it are not followed, so there are no loops and nothing outside is read.
struct LogFolder {
  static let maximumDepth = 32
  static let maximumFiles = 100_000

  /// The target itself could not be opened.
  struct Unreadable: Error { var reason: String }

  private let goesOn: () -> Bool
  private let visit: (_ descriptor: CInt, _ path: String) -> Void
  private let report: (_ path: String, _ cause: String) -> Void
  private var files = 0

  /// Calls `visit` with an open file and its relative path, `report` with what was left out.
  static func search(
    _ target: String, goesOn: @escaping () -> Bool,
    visit: @escaping (_ descriptor: CInt, _ path: String) -> Void,
    report: @escaping (_ path: String, _ cause: String) -> Void
  ) throws(Unreadable) {
    // The target is named by a person and may be a link; what is under it may not.
    let descriptor = open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Unreadable(reason: cause()) }
    var folder = LogFolder(goesOn: goesOn, visit: visit, report: report)
    let name = target.split(separator: "/").last.map { String($0) } ?? target
    folder.enter(descriptor, name: name, path: "", depth: 0)
  }

  private init(
    goesOn: @escaping () -> Bool, visit: @escaping (CInt, String) -> Void,
    report: @escaping (String, String) -> Void
  ) {
    self.goesOn = goesOn
    self.visit = visit
    self.report = report
  }

  private static func cause() -> String { String(cString: strerror(errno)) }

  /// Takes over `descriptor`.
  private mutating func enter(_ descriptor: CInt, name: String, path: String, depth: Int) {
    let shown = path.isEmpty ? name : path
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      report(shown, LogFolder.cause())
      close(descriptor)
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      defer { close(descriptor) }
      files += 1
      if files <= LogFolder.maximumFiles {
        visit(descriptor, shown)
      } else if files == LogFolder.maximumFiles + 1 {
        report(shown, "from here on not looked through: \(LogFolder.maximumFiles) files were")
      }
    case S_IFDIR where depth < LogFolder.maximumDepth: list(descriptor, path, depth)
    case S_IFDIR:
      report(shown, "deeper than \(LogFolder.maximumDepth) folders")
      close(descriptor)
    default:
      report(shown, "neither a file nor a folder")
      close(descriptor)
    }
  }

  /// Takes over `descriptor`.
  private mutating func list(_ descriptor: CInt, _ path: String, _ depth: Int) {
    guard let folder = fdopendir(descriptor) else {
      report(path.isEmpty ? "." : path, LogFolder.cause())
      close(descriptor)
      return
    }
    defer { closedir(folder) }
    var names: [[CChar]] = []
    while let entry = readdir(folder), names.count < LogFolder.maximumFiles {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      if name != [46, 0], name != [46, 46, 0] { names.append(name) }
    }
    names.sort { $0.lexicographicallyPrecedes($1) }
    for name in names {
      guard goesOn() else { return }
      let text = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let inner = path.isEmpty ? text : "\(path)/\(text)"
      let entry = openat(
        dirfd(folder), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard entry >= 0 else {
        report(inner, errno == ELOOP ? "a symbolic link, not followed" : LogFolder.cause())
        continue
      }
      enter(entry, name: text, path: inner, depth: depth + 1)
    }
  }
}
