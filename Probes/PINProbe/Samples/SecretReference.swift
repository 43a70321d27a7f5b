import Glibc
import NationalCrypto

/// A secret a file gives by value or by reference: text, `env:NAME`, or `file:PATH`.
///
/// A relative path counts from the folder of the file that names it, and from the working folder when nothing
/// is there.
package enum SecretReference {
  /// A file with one secret is small.
  static let maximumLength = 1 << 16

  /// Why a secret could not be had. Never quotes a value.
  package struct Unreadable: Error, Sendable, Hashable { package var reason: String }

  /// The secret, without white space around it.
  package static func resolve(
    _ text: String, from file: String
  ) throws(Unreadable) -> String {
    if text.hasPrefix("env:") {
      let name = String(text.dropFirst(4))
      guard let value = getenv(name) else {
        throw Unreadable(reason: "the environment variable is not set")
      }
      return trimmed(String(cString: value))
    }
    guard text.hasPrefix("file:") else { return text }
    let path = String(text.dropFirst(5))
    guard !path.hasPrefix("/") else { return try contents(path) }
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let beside = folder.isEmpty && !file.hasPrefix("/") ? path : "\(folder)/\(path)"
    return access(beside, F_OK) == 0 ? try contents(beside) : try contents(path)
  }

  private static func contents(_ path: String) throws(Unreadable) -> String {
    do throws(SecretFile.Unreadable) {
      var bytes = try SecretFile.read(path, atMost: maximumLength)
      defer { wipe(&bytes) }
      return trimmed(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw Unreadable(reason: error.reason)
    }
  }

  private static func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0.isWhitespace }
    guard let first = text.firstIndex(where: { !isSpace($0) }),
      let last = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(text[first...last])
  }
}
