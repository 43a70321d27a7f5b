import Foundation
import Synchronization

/// A program run to its end.
package struct Finished: Sendable {
  /// The exit code; the number of the signal where one ended it.
  package var code: Int32
  package var wasSignalled: Bool
  package var out: [UInt8]
  package var err: [UInt8]

  package var outText: String { String(decoding: out, as: UTF8.self) }
  package var errText: String { String(decoding: err, as: UTF8.self) }
}

/// Why a test could not go on.
package struct SupportError: Error, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

/// The folder of the package.
package let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// A running program: outputs go to files, so that no pipe fills up, and it is ended by its process id.
package final class Program {
  private let process = Process()
  private let name: String
  private let output: Folder

  /// Starting is not safe from several threads at once.
  private static let starting = Mutex(())

  /// - Parameter environment: added to the tests' own.
  package init(
    _ path: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    name = ([path] + arguments).joined(separator: " ")
    output = try Folder()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { _, added in added }
    try output.write("", to: "out")
    try output.write("", to: "err")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output.path("out")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: output.path("err")))
    try Self.starting.withLock { _ in try process.run() }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// The process id.
  package var id: Int32 { process.processIdentifier }

  package var isRunning: Bool { process.isRunning }

  package func signal(_ number: Int32) {
    if process.isRunning { kill(process.processIdentifier, number) }
  }

  /// What it wrote to standard error so far.
  package var errSoFar: String { (try? output.text("err")) ?? "" }

  /// Waits for the end; a program that takes longer than `limit` is killed and is an error.
  package func end(within limit: Duration = .seconds(90)) async throws -> Finished {
    let deadline = ContinuousClock.now + limit
    while process.isRunning {
      if ContinuousClock.now > deadline {
        signal(SIGKILL)
        throw SupportError("still running after \(limit): \(name)\n\(errSoFar)")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    return Finished(
      code: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
      out: try output.bytes("out"), err: try output.bytes("err"))
  }

  /// Runs a program to its end.
  package static func run(
    _ path: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String] = [:], within limit: Duration = .seconds(90)
  ) async throws -> Finished {
    try await Program(path, arguments, in: folder, environment: environment).end(within: limit)
  }

  /// Asks the program to end and waits a moment for it.
  package func stop() async {
    signal(SIGTERM)
    if (try? await end(within: .seconds(5))) == nil { signal(SIGKILL) }
  }
}
