import ArgumentParser
import AssessmentModel
import ControlCatalog
import FoundationEssentials
import ProbeKit
import ProbeRegistry
import Settings

/// Flags every verb understands.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "提示语言：zh-CN、en 或 both", en: "Language of messages: zh-CN, en or both"),
      valueName: "LANG"))
  var lang: Language = .current
}

/// Where the catalog comes from.
struct CatalogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      Language.current.pick(zh: "控制目录文件夹", en: "Folder of the control catalog"), valueName: "DIR"))
  var controls: String?

  @Option(
    help: ArgumentHelp(
      Language.current.pick(
        zh: "补充或加严条目的叠加文件，可重复", en: "Overlay that adds or tightens; may repeat"),
      valueName: "FILE"))
  var overlay: [String] = []

  func folder(_ language: Language) throws -> String {
    guard let found else { throw Failure.noControls(language) }
    return found
  }

  private var found: String? {
    ControlsFolder.find(
      explicit: controls, environment: ProcessInfo.processInfo.environment,
      workingFolder: FileManager.default.currentDirectoryPath, binary: CatalogOptions.binary)
  }

  /// Reads the catalog; faults are printed and end the verb with code 2.
  func catalog(_ language: Language) throws -> Catalog {
    try read(folder(language), completedBy: nil)
  }

  /// Reads a folder to be checked: units and rules it has no file of are taken from the catalog in use, so
  /// that a folder of requirements alone can be checked. Without a catalog in use the folder must be whole.
  func checked(_ folder: String, _ language: Language) throws -> Catalog {
    try read(folder, completedBy: controls == nil ? found : self.folder(language))
  }

  private func read(_ folder: String, completedBy base: String?) throws -> Catalog {
    let faults = Faults()
    let reader = CatalogReader(probes: ProbeList.all.map { $0.description }, faults: faults)
    guard
      let catalog = reader.read(
        folder: folder, overlays: overlay, completedBy: base == folder ? nil : base)
    else { throw Failure.report(faults.sorted) }
    return catalog
  }

  /// The running program, links resolved.
  private static var binary: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first ?? "miping"
  }
}
