import AssessmentModel
import ControlCatalog
import Foundation
import ProbeKit
import ProbeRegistry
import TestSupport

/// A copy of the shipped controls, or of a part of them, in a temporary folder that a test may break.
final class ControlsCopy {
  static let shipped = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Controls")

  let folder: URL

  /// `parts`: folders below Controls.
  init(_ parts: [String] = ["GBT-39786-2021", "GMT-0077-2019", "Rules"]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "controls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for part in parts {
      try FileManager.default.copyItem(
        at: Self.shipped.appending(path: part), to: folder.appending(path: part))
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ file: String) -> String { folder.appending(path: file).path }

  func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: file))
  }

  func text(of file: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
  }

  func remove(_ file: String) throws {
    try FileManager.default.removeItem(at: folder.appending(path: file))
  }

  func read(overlays: [String] = [], completedBy base: String? = nil) -> Outcome {
    let faults = Faults()
    let catalog = CatalogReader(probes: ProbeList.all.map { $0.description }, faults: faults)
      .read(folder: folder.path, overlays: overlays.map { path($0) }, completedBy: base)
    return Outcome(catalog: catalog, faults: faults.sorted, folder: folder.path)
  }

  struct Outcome {
    var catalog: Catalog?
    var faults: [Fault]
    var folder: String

    /// `FILE:LINE:COLUMN`, the file below the folder, each once.
    var places: [String] {
      var seen: Set<String> = []
      return faults.map {
        let file = $0.place.file.replacingOccurrences(of: folder + "/", with: "")
        return "\(file == folder ? "." : file):\($0.place.line):\($0.place.column)"
      }.filter { seen.insert($0).inserted }
    }
  }
}

/// One textual break. The mark `§` in `to` stands where each fault is expected; it is taken out again.
struct Break: Sendable, CustomStringConvertible {
  var name: String
  var file: String
  var from: String
  var to: String

  init(_ name: String, _ file: String, _ from: String, _ to: String) {
    self.name = name
    self.file = file
    self.from = from
    self.to = to
  }

  var description: String { name }

  /// The broken text and the places `FILE:LINE:COLUMN` of its faults.
  func applied(to text: String) throws -> (text: String, places: [String]) {
    let broken = try MarkedText(text, replacing: from, with: to)
    return (broken.text, broken.places.map { "\(file):\($0)" })
  }
}
