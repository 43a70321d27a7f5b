import FoundationEssentials

/// Finds the controls folder.
package enum ControlsFolder {
  /// `explicit`, then `MIPING_CONTROLS`, then `share/miping/Controls` beside the binary's folder, then the
  /// nearest `Controls/` upward from the working folder and from the binary. nil: nowhere.
  package static func find(
    explicit: String?, environment: [String: String], workingFolder: String, binary: String
  ) -> String? {
    if let explicit { return absolute(explicit, in: workingFolder) }
    if let named = environment["MIPING_CONTROLS"], !named.isEmpty {
      return absolute(named, in: workingFolder)
    }
    let binaryFolder = folder(of: binary)
    let installed = folder(of: binaryFolder) + "/share/miping/Controls"
    if isFolder(installed) { return installed }
    return nearest(upwardFrom: workingFolder) ?? nearest(upwardFrom: binaryFolder)
  }

  private static func nearest(upwardFrom start: String) -> String? {
    var current = start
    while true {
      let candidate = absolute("Controls", in: current)
      if isFolder(candidate + "/Rules") { return candidate }
      if current == "/" { return nil }
      current = folder(of: current)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
  }
}
