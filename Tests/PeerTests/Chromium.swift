import Foundation
import TestSupport

/// A headless browser that can reach nothing: no name resolves and its proxy refuses every connection.
enum Chromium {
  static func visit(
    _ page: String, _ options: [String], in folder: Folder
  ) async throws -> Finished {
    let nowhere = try Loopback.ClosedPort()
    return try await Program.run(
      "/usr/bin/chromium",
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--user-data-dir=\(folder.path)/chromium", "--proxy-server=127.0.0.1:\(nowhere.port)",
        "--host-resolver-rules=MAP * ~NOTFOUND",
      ] + options + ["file://\(folder.path)/\(page)"], in: folder.path)
  }
}
