import Foundation
import Glibc

/// A program run to its end, measured.
enum Command {
  struct Finished {
    var seconds: Double
    /// The most memory it held at once.
    var peakMiB: Double
    var code: Int32
  }

  struct Failed: Error { var command: [String] }

  /// Runs `command`, its standard output into the file `output`.
  @discardableResult
  static func run(_ command: [String], output: String) throws -> Finished {
    var status: Int32 = 0
    var usage = rusage()
    let time = try seconds {
      let id = try start(command, output: output)
      guard wait4(id, &status, 0, &usage) == id else { throw Failed(command: command) }
    }
    return Finished(
      seconds: time, peakMiB: Double(usage.ru_maxrss) / 1024, code: status >> 8 & 0xFF)
  }

  /// Starts `command` and gives its process id.
  static func start(
    _ command: [String], output: String, environment: [String: String] = [:]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(
      &actions, 2, output + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var arguments = command.map { strdup($0) }
    arguments.append(nil)
    let all = ProcessInfo.processInfo.environment.merging(environment) { _, added in added }
    var variables = all.map { strdup("\($0.key)=\($0.value)") }
    variables.append(nil)
    defer { for text in arguments + variables { free(text) } }
    var id = pid_t()
    guard posix_spawn(&id, command[0], &actions, nil, arguments, variables) == 0 else {
      throw Failed(command: command)
    }
    return id
  }
}
