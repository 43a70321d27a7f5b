import Glibc

/// Reads a small file whose contents are secret (秘密文件): keys, passwords, PINs.
package enum SecretFile {
  /// Why it could not be read; nothing of the contents.
  package struct Unreadable: Error, Sendable, Hashable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
  }

  /// All of the file, which the caller wipes.
  ///
  /// A pipe that nobody writes to does not hold it up.
  ///
  /// - Parameter limit: bytes; a longer file is not read.
  package static func read(_ path: String, atMost limit: Int) throws(Unreadable) -> [UInt8] {
    guard !path.utf8.contains(0) else { throw Unreadable(reason: "a zero byte in the path") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    // In one piece from the start, so that growing leaves no copies behind.
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    defer { wipe(&bytes) }
    var filled = 0
    while filled < bytes.count {
      let room = bytes.count - filled
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), room)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
      if count == 0 { return Array(bytes[..<filled]) }
      filled += count
    }
    throw Unreadable(reason: "the file has more than \(limit) bytes")
  }
}
