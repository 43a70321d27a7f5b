/// Accounts of an operating system that can log in (可登录账户), read from a file in the form of `passwd`.
enum LoginAccounts {
  private static let sizeLimit = 4 << 20
  /// Programs that end at once in place of a session.
  private static let refusals: Set<String> = [
    "nologin", "false", "sync", "shutdown", "halt", "true",
  ]

  /// Names in the order of the file; lines of another form are passed over.
  static func read(_ path: String) throws(FileFailure) -> [String] {
    let text = String(decoding: try SmallFile.read(path, limit: sizeLimit), as: UTF8.self)
    var names: [String] = []
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 7, let name = parts.first, !name.isEmpty else { continue }
      let program = parts[6].split(separator: "/").last.map(String.init) ?? "sh"
      if !refusals.contains(program), !names.contains(String(name)) { names.append(String(name)) }
    }
    return names
  }
}
