#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one regular file, never more of it than allowed.
enum FileBytes {
  enum Failure: Error, Hashable {
    case tooLarge(limit: Int)
    case notRegular
    case refused(code: Int32)
    case badPath

    var message: String {
      switch self {
      case .tooLarge(let limit): "the file is larger than the \(limit) bytes allowed"
      case .notRegular: "this is not a regular file, but a file of text is expected"
      case .refused(let code): "the file cannot be read: \(Self.reason(code))"
      case .badPath: "the path holds a zero byte, so no file can have it"
      }
    }

    private static func reason(_ code: Int32) -> String {
      switch code {
      case ENOENT: "no such file"
      case ENOTDIR: "a part of its path is not a folder"
      case EACCES, EPERM: "permission denied"
      case ELOOP: "too many symbolic links"
      case ENAMETOOLONG: "its path is too long"
      case EMFILE, ENFILE: "too many open files"
      case EIO: "input/output error"
      default: "system error \(code)"
      }
    }
  }

  static func read(path: String, limit: Int) throws(Failure) -> [UInt8] {
    guard !path.utf8.contains(0) else { throw .badPath }
    // Without blocking: opening a pipe nobody writes to would otherwise wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .refused(code: errno) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .refused(code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    guard Int(status.st_size) <= limit else { throw .tooLarge(limit: limit) }
    return try contents(of: descriptor, limit: limit)
  }

  /// The size a file states may be wrong (`/proc`, a file that grows), so the bytes are counted again.
  private static func contents(of descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes {
        #if canImport(Glibc)
          Glibc.read(descriptor, $0.baseAddress, $0.count)
        #elseif canImport(Musl)
          Musl.read(descriptor, $0.baseAddress, $0.count)
        #else
          Darwin.read(descriptor, $0.baseAddress, $0.count)
        #endif
      }
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw .refused(code: errno)
      }
      bytes.append(contentsOf: chunk.prefix(count))
      guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
    }
  }
}
