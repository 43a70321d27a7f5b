import Foundation
import TestSupport

/// Tests against other programs run only where MIPING_PEERS is set: they need packages of Debian's.
let peersAreWanted = ProcessInfo.processInfo.environment["MIPING_PEERS"] != nil

/// The built program, driven as a user would.
enum Miping {
  /// Beside the test bundle, or where MIPING_BINARY says.
  static let binary: String = {
    if let named = ProcessInfo.processInfo.environment["MIPING_BINARY"] { return named }
    return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "miping").path
  }()

  static let environment = ["MIPING_CONTROLS": "\(packageRoot)/Controls", "LC_ALL": "C.UTF-8"]

  /// Runs a verb to its end in `folder`.
  @discardableResult
  static func run(_ arguments: [String], in folder: Folder) async throws -> Finished {
    try await Program.run(binary, arguments, in: folder.path, environment: environment)
  }

  static func start(_ arguments: [String], in folder: Folder) throws -> Program {
    try Program(binary, arguments, in: folder.path, environment: environment)
  }

  /// Assesses `scope.yaml` of the folder and reads the result printed.
  static func assess(
    _ options: [String] = [], in folder: Folder
  ) async throws -> (finished: Finished, result: JSON) {
    let finished = try await run(
      ["assess", "scope.yaml", "-q", "-f", "json"] + options, in: folder)
    guard !finished.out.isEmpty else { throw SupportError(finished.errText) }
    return (finished, try JSON(reading: finished.out))
  }
}

extension Folder {
  /// The folder's one run, `out/RUN`.
  func onlyRun(in out: String = "out") throws -> String {
    let runs = names(in: out)
    guard runs.count == 1 else { throw SupportError("expected one run in \(out): \(runs)") }
    return "\(out)/\(runs[0])"
  }
}

extension JSON {
  /// The finding of a requirement about an object.
  func finding(_ requirement: String, _ object: String) -> JSON {
    self["findings"].items.first {
      $0["requirement"].string == requirement && $0["object"].string == object
    } ?? .null
  }

  /// The inspection of an object.
  func inspection(_ object: String) -> JSON {
    self["inspections"].items.first { $0["object"].string == object } ?? .null
  }
}

/// A level 3 scope on loopback with the channels given.
func scope(
  _ channels: [(id: String, port: Int)], deadline: String = "10s", inspections: Int = 64
) -> String {
  let objects = channels.map {
    "  - {id: \($0.id), kind: channel, at: \"any://127.0.0.1:\($0.port)\", sni: pay.bank.test}"
  }
  return """
    system: {zh: 测试系统, en: Test system, level: 3}
    authorisation: {document: T-1, from: "2020-01-01", to: "2099-12-31", targets: ["127.0.0.0/8"]}
    limits: {deadline: \(deadline), inspections: \(inspections)}
    objects:
    \(objects.joined(separator: "\n"))

    """
}
