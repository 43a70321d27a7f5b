import NationalCrypto

/// A file with one password a line, read to open what is encrypted and wiped after use.
enum PasswordFile {
  static let maximumLength = 1 << 20
  static let maximumPasswords = 1000

  /// The passwords in order, without line ends; empty lines are none.
  static func passwords(_ path: String) throws(SecretFile.Unreadable) -> [[UInt8]] {
    var content = try SecretFile.read(path, atMost: maximumLength)
    defer { wipe(&content) }
    let lines = content.split(separator: UInt8(ascii: "\n")).map { line in
      Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }.filter { !$0.isEmpty }
    guard lines.count <= maximumPasswords else {
      throw SecretFile.Unreadable(
        reason: "\(lines.count) passwords, at most \(maximumPasswords) are tried")
    }
    return lines
  }
}
