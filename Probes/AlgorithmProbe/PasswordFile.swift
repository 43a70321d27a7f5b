import Glibc
import NationalCrypto

/// A file with one password a line, read to open what is encrypted and wiped after use.
enum PasswordFile {
  static let maximumLength = 1 << 20
  static let maximumPasswords = 1000

  struct Unreadable: Error { var reason: String }

  /// The passwords in order, without line ends; empty lines are none.
  static func passwords(_ path: String) throws(Unreadable) -> [[UInt8]] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var content = [UInt8](repeating: 0, count: maximumLength + 1)
    defer { wipe(&content) }
    var filled = 0
    while filled < content.count {
      let room = content.count - filled
      let count = content.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress?.advanced(by: filled), room)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Unreadable(reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      filled += count
    }
    guard filled <= maximumLength else {
      throw Unreadable(reason: "more than \(maximumLength) bytes")
    }
    let lines = content[..<filled].split(separator: UInt8(ascii: "\n")).map { line in
      Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }.filter { !$0.isEmpty }
    guard lines.count <= maximumPasswords else {
      throw Unreadable(reason: "\(lines.count) passwords, at most \(maximumPasswords) are tried")
    }
    return lines
  }
}
