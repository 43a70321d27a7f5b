import Foundation
import Synchronization

/// The service's own log: commands, codes, masked accounts (服务日志).
final class ServiceLog: Sendable {
  private static let limit = 4 << 20

  let path: String
  /// Protects the file's growth; connections write from threads of their own.
  private let written = Mutex(0)

  init(path: String) throws(DemoError) {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: Data()) else {
      throw .file(path: path, code: errno)
    }
  }

  func write(command: String, code: String, account: String) {
    let masked = String(repeating: "*", count: max(0, account.utf8.count - 4)) + account.suffix(4)
    append("command=\(command) code=\(code) account=\(masked)\n")
  }

  /// What a log must never hold.
  func leak(_ digits: [UInt8]) { append("debug pin=\(PINReference.text(digits))\n") }

  private func append(_ line: String) {
    written.withLock { count in
      // A demonstration that runs for long stops logging rather than filling the disk.
      guard count + line.utf8.count <= Self.limit, let file = FileHandle(forWritingAtPath: path)
      else { return }
      count += line.utf8.count
      defer { try? file.close() }
      guard (try? file.seekToEnd()) != nil else { return }
      try? file.write(contentsOf: Data(line.utf8))
    }
  }
}
