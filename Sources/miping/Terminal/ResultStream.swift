import AssessmentModel
import Glibc

/// A result that is written piece by piece: to standard output at once, to a file under another name until
/// it is whole.
struct ResultStream: ~Copyable {
  private let path: String?
  private let descriptor: Int32
  /// The name until it is whole; nil where the path is a device or a pipe and is written to directly.
  private let partialPath: String?

  /// A file that cannot be written ends with code 5.
  init(_ option: FormatOption) throws {
    path = option.path
    guard let path = option.path else {
      descriptor = 1
      partialPath = nil
      return
    }
    partialPath = FormatOption.isReplaceable(path) ? path + ".part" : nil
    descriptor = open(
      partialPath ?? path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw Self.failure(path) }
  }

  func write(_ text: String) throws {
    guard let path else {
      Terminal.out(Array(text.utf8))
      return
    }
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      start += count
    }
  }

  /// Gives the file its name.
  consuming func finish() throws {
    guard let path, let partialPath else { return }
    guard rename(partialPath, path) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> any Error {
    let reason = String(cString: strerror(errno))
    Terminal.note(
      Language.current.pick(
        zh: "\(path)：无法写出（\(reason)）", en: "\(path): cannot be written (\(reason))"))
    return ExitMeaning.toolFailed.exit
  }

  deinit { if path != nil { close(descriptor) } }
}
