import Foundation
import Glibc

/// How long short commands take from start to end, beside programs that do nothing and nearly nothing.
enum StartTimes {
  static let repeats = 21

  static func measure(miping: String, controls: String) throws -> [Row] {
    let commands: [(what: String, arguments: [String], target: Double?)] = [
      ("/bin/true", ["/bin/true"], nil),
      ("openssl version", ["/usr/bin/openssl", "version"], nil),
      ("miping --help", [miping, "--help"], 20),
      ("miping catalog check Controls", [miping, "catalog", "check", controls], 100),
    ]
    var times = [[Double]](repeating: [], count: commands.count)
    // In turns, so that a busy moment of the machine falls on all of them.
    for _ in 0..<repeats {
      for (place, command) in commands.enumerated() {
        times[place].append(try seconds { try run(command.arguments) } * 1_000)
      }
    }
    let medians = times.map { median(of: $0) }
    return commands.indices.map { place in
      Row(
        what: commands[place].what, value: medians[place], unit: "ms",
        target: commands[place].target, ratio: medians[place] / medians[1])
    }
  }

  struct Failed: Error { var command: [String] }

  private static func run(_ command: [String]) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var arguments = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var id = pid_t()
    guard posix_spawn(&id, command[0], &actions, nil, arguments, environ) == 0 else {
      throw Failed(command: command)
    }
    var status: Int32 = 0
    guard waitpid(id, &status, 0) == id, status == 0 else { throw Failed(command: command) }
  }
}
