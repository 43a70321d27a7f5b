import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder the bank's papers are written into. A marker file tells a folder of its own from others.
struct DemoFolder {
  static let marker = ".miping-demo"

  let path: String

  /// Takes an empty folder, or one of an earlier demo, or makes it.
  ///
  /// - Throws: `folderInUse` when anything else is in it; nothing is written then.
  init(taking path: String) throws(DemoError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: nil)
    } catch { throw .file(path: path, code: errno) }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw .file(path: path, code: errno)
    }
    guard names.isEmpty || names.contains(Self.marker) else { throw .folderInUse(path: path) }
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    try write("Files of miping demo; they are written anew by every demo.\n", to: Self.marker)
  }

  func makeFolder(_ name: String) throws(DemoError) {
    guard mkdir("\(path)/\(name)", 0o755) == 0 || errno == EEXIST else {
      throw .file(path: "\(path)/\(name)", code: errno)
    }
  }

  func write(_ text: String, to name: String) throws(DemoError) {
    try write(Array(text.utf8), to: name)
  }

  /// Writes one file anew, never through a symbolic link. Private keys are for the owner's eyes alone.
  func write(_ bytes: [UInt8], to name: String, isPrivate: Bool = false) throws(DemoError) {
    let file = "\(path)/\(name)"
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(file, flags, isPrivate ? mode_t(0o600) : mode_t(0o644))
    guard descriptor >= 0 else { throw .file(path: file, code: errno) }
    var rest = bytes[...]
    while !rest.isEmpty {
      #if canImport(Glibc)
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      #elseif canImport(Musl)
        let written = rest.withUnsafeBytes { Musl.write(descriptor, $0.baseAddress, $0.count) }
      #else
        let written = rest.withUnsafeBytes { Darwin.write(descriptor, $0.baseAddress, $0.count) }
      #endif
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let code = errno
        close(descriptor)
        throw .file(path: file, code: code)
      }
      rest = rest.dropFirst(written)
    }
    guard close(descriptor) == 0 else { throw .file(path: file, code: errno) }
  }
}
