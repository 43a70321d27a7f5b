import FoundationEssentials

/// The folder a file stands in.
package func folder(of path: String) -> String {
  let whole = absolute(path, in: FileManager.default.currentDirectoryPath)
  guard let slash = whole.lastIndex(of: "/") else { return "." }
  return slash == whole.startIndex ? "/" : String(whole[..<slash])
}

/// `path` as an absolute path, taken from `folder` when relative.
package func absolute(_ path: String, in folder: String) -> String {
  if path.hasPrefix("/") { return path }
  return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
}
