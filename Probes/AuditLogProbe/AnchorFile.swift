import Glibc

/// Writes an anchor where nothing is yet.
enum AnchorFile {
  /// - Throws: when the file exists, or cannot be written whole.
  static func create(_ path: String, _ text: String) throws(FileFailure) {
    guard !path.utf8.contains(0) else { throw FileFailure(path: "", reason: "a zero byte") }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FileFailure(path: path, reason: String(cString: strerror(errno)))
      }
      written += count
    }
  }
}
