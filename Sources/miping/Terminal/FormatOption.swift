import ArgumentParser
import AssessmentModel
import FoundationEssentials
import Glibc

/// `FORMAT[:PATH]` of `-f`.
struct FormatOption: ExpressibleByArgument, Sendable, Hashable {
  enum Format: String, CaseIterable, Sendable { case table, json, html, junit }

  var format: Format
  /// nil: standard output.
  var path: String?

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let format = Format(rawValue: String(parts[0])) else { return nil }
    self.format = format
    if parts.count == 2 {
      guard !parts[1].isEmpty else { return nil }
      path = String(parts[1])
    }
  }

  init(_ format: Format) { self.format = format }

  /// As help prints a default.
  var defaultValueDescription: String { format.rawValue + (path.map { ":" + $0 } ?? "") }

  static var allValueStrings: [String] { Format.allCases.map(\.rawValue) }

  /// Two results cannot share standard output.
  static func check(_ options: [FormatOption]) throws {
    guard options.count(where: { $0.path == nil }) <= 1 else {
      throw ValidationError(
        Language.current.pick(
          zh: "只能有一种格式写到标准输出；其余请写成 -f FORMAT:PATH",
          en: "only one format can go to standard output; write the others as -f FORMAT:PATH"))
    }
  }

  /// Whether a file of this name may be put in place whole. A device or a pipe (`/dev/null`, `/dev/fd/3`) must
  /// be written to instead: giving its name to a file would take it from everybody on the machine.
  static func isReplaceable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// Writes to the path or standard output; a failure ends with code 5.
  func write(_ bytes: [UInt8]) throws {
    guard let path else {
      Terminal.out(bytes)
      return
    }
    do {
      try Data(bytes).write(
        to: URL(filePath: path), options: Self.isReplaceable(path) ? .atomic : [])
    } catch {
      Terminal.note(
        Language.current.pick(
          zh: "\(path)：无法写出（\(error.localizedReason)）",
          en: "\(path): cannot be written (\(error.localizedReason))"))
      throw ExitMeaning.toolFailed.exit
    }
  }
}

extension Error {
  /// One line: the system's own words where it has some. The file is named by who prints this.
  var localizedReason: String {
    if let cause = (self as? CocoaError)?.underlying as? POSIXError {
      return String(cString: strerror(cause.code.rawValue))
    }
    return ActiveScalar.inert("\(self)", limit: 200)
  }
}
