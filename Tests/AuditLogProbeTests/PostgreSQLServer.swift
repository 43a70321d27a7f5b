import AssessmentModel
import FoundationEssentials
import Glibc
import TestSupport

@testable import AuditLogProbe

/// A PostgreSQL server of a test's own, on a socket in its folder, ended by its process id.
final class PostgreSQLServer {
  static let user = "bank"
  static let password = "p'w \\ of this test"

  let folder: TestFolder
  private let binaries: String
  private let program: Program

  /// `settings` are given to the server, `name=value` each.
  init(settings: [String] = []) async throws {
    folder = try TestFolder()
    try folder.open()
    try folder.write("password", Self.password + "\n")
    binaries = try Self.newestBinaries()
    let data = folder.path + "/data"
    _ = try await Self.run(
      Self.unprivileged([
        binaries + "/initdb", "-D", data, "-U", Self.user, "-A", "scram-sha-256", "--no-sync",
        "-E", "UTF8", "--locale=C.UTF-8", "--pwfile", folder.path + "/password",
      ]))
    let command = Self.unprivileged(
      [binaries + "/postgres", "-D", data, "-k", folder.path, "-c", "listen_addresses=", "-F"]
        + settings.flatMap { ["-c", $0] })
    program = try Program(command[0], Array(command.dropFirst()))
    let end = ContinuousClock.now + .seconds(30)
    while (try? await sql("SELECT 1")) == nil {
      guard program.isRunning, ContinuousClock.now < end else {
        throw SupportError("postgres did not start: \(program.errSoFar)")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Ends the server without waiting for its clients.
  func stop() async {
    program.signal(SIGINT)
    if (try? await program.end(within: .seconds(20))) == nil { program.signal(SIGKILL) }
  }

  /// The source of a model.
  func source(
    schema: String, table: String = "audit_log", user: String = PostgreSQLServer.user,
    password: String? = nil
  ) -> FactValue {
    [
      "kind": "postgres", "table": .text(table), "schema": .text(schema), "order-by": "id",
      "connection": [
        "host": .text(folder.path), "database": "postgres", "user": .text(user),
        "password": .text("file:" + (password ?? folder.path + "/password")),
      ],
    ]
  }

  /// Runs statements as the server's owner.
  @discardableResult
  func sql(_ text: String) async throws -> String {
    try folder.write("script.sql", text)
    let result = try await Program.run(
      binaries + "/psql",
      [
        "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder.path, "-U", Self.user, "-d",
        "postgres", "-f", folder.path + "/script.sql",
      ], environment: ["PGPASSWORD": Self.password])
    guard result.code == 0 else { throw SupportError("psql: \(result.errText)") }
    return result.outText
  }

  /// A text as SQL writes it.
  static func literal(_ value: FactValue) -> String {
    switch value {
    case .text(let text):
      "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        + "'"
    case .integer(let number): String(number)
    case .null, .boolean, .list, .record: "NULL"
    }
  }

  private static func run(_ command: [String]) async throws -> Finished {
    let result = try await Program.run(command[0], Array(command.dropFirst()))
    guard result.code == 0 else { throw SupportError("\(command): \(result.errText)") }
    return result
  }

  /// The server refuses to run as root.
  private static func unprivileged(_ command: [String]) -> [String] {
    guard geteuid() == 0 else { return command }
    return ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + command
  }

  /// Debian keeps each version in a folder of its own.
  private static func newestBinaries() throws -> String {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    guard let newest = versions.compactMap(Int.init).max() else {
      throw SupportError("no PostgreSQL server in \(root)")
    }
    return "\(root)/\(newest)/bin"
  }
}
