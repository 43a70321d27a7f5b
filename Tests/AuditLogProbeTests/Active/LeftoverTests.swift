import AssessmentModel
import FoundationEssentials
import Glibc
import Testing

@testable import AuditLogProbe

@Suite("what would be left behind")
struct LeftoverTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Makes a folder with a file, a folder and a symbolic link that leads out of it.
  private func clone(_ name: String, mode: mode_t = 0o700) throws -> String {
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: path + "/run/inner", withIntermediateDirectories: true)
    try folder.write(name + "/run/inner/log.jsonl", "{}\n")
    symlink(folder.path + "/outside", path + "/run/link")
    chmod(path, mode)
    return path
  }

  private var names: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
  }

  @Test("clone folders that nobody holds are removed, and nothing else")
  func clones() throws {
    try folder.write("outside", "stays")
    _ = try clone("miping-clone-4711-aB3xYz")
    let kept = [
      "miping-clone-aB3xYz", "miping-clone-4711-aB3xYz7", "miping-clone-pid-aB3xYz",
      "other-4711-aB3xYz", "miping-clone-1-2-aB3xYz",
    ]
    for name in kept { _ = try clone(name) }
    _ = try clone("miping-clone-4712-aB3xYz", mode: 0o755)
    try folder.write("miping-clone-4713-aB3xYz", "a file")
    symlink(folder.path + "/other-4711-aB3xYz", folder.path + "/miping-clone-4714-aB3xYz")
    let held = open(try clone("miping-clone-4715-aB3xYz"), O_RDONLY | O_DIRECTORY)
    #expect(flock(held, LOCK_EX) == 0)
    let before = names
    CloneFolder.removeLeftovers(in: folder.path, givenTo: nil)
    #expect(before.subtracting(names) == ["miping-clone-4711-aB3xYz"])
    #expect(FileManager.default.fileExists(atPath: folder.path + "/outside"))
    #expect(names.contains("miping-clone-4715-aB3xYz"))
    close(held)
    CloneFolder.removeLeftovers(in: folder.path, givenTo: nil)
    #expect(!names.contains("miping-clone-4715-aB3xYz"))
  }

  @Test("a clone folder in use is held")
  func held() throws {
    let clone = try CloneFolder()
    CloneFolder.removeLeftovers(givenTo: nil)
    #expect(FileManager.default.fileExists(atPath: clone.path))
  }

  /// A program that starts a daemon, which writes its number to a file, and waits for that.
  private func program(_ daemon: String) throws -> [String] {
    chmod(folder.path, 0o777)
    let path = try folder.write(
      "start.sh",
      """
      #!/bin/sh
      \(daemon) /bin/sh -c 'echo $$ > "\(folder.path)/pid.new"; mv "\(folder.path)/pid.new" "\(folder.path)/pid"; exec sleep 300' > /dev/null 2>&1 &
      while [ ! -e '\(folder.path)/pid' ]; do sleep 0.01; done
      """)
    chmod(path, 0o755)
    return [path]
  }

  private func daemon() throws -> pid_t {
    let text = try String(
      decoding: Data(contentsOf: URL(filePath: folder.path + "/pid")), as: UTF8.self)
    return try #require(pid_t(text.filter(\.isNumber)))
  }

  private func run(_ daemon: String, user: String? = nil) async throws -> CommandRun.Outcome {
    await command(try program(daemon), user: user)()
  }

  private func command(_ arguments: [String], user: String? = nil) -> CommandRun {
    CommandRun(
      arguments: arguments, folder: folder.path, user: user, timeout: .seconds(20),
      outputLimit: 1 << 20)
  }

  @Test(
    "a daemon is ended, whatever session and group it went to",
    arguments: ["", "setsid", "setsid setsid -f", "setsid setsid -f setsid -f setsid -f"])
  func daemons(_ change: String) async throws {
    let outcome = try await run(change)
    #expect(outcome.end == .exit(code: 0))
    #expect(outcome.left == [])
    #expect(kill(try daemon(), 0) == -1)
    #expect(RunningProcess.all().filter { $0.isForeignChild && $0.state == "Z" }.isEmpty)
  }

  @Test("a daemon that threw its environment away is named, since it may be somebody else's")
  func unknown() async throws {
    let outcome = try await run("setsid env -i")
    let daemon = try daemon()
    #expect(outcome.left == [Int(daemon)])
    kill(daemon, SIGKILL)
    waitpid(daemon, nil, 0)
  }

  @Test(
    "a daemon under another account is ended though it threw its environment away",
    .enabled(if: geteuid() == 0))
  func otherAccount() async throws {
    let outcome = try await run("setsid env -i", user: "nobody")
    #expect(outcome.end == .exit(code: 0))
    #expect(outcome.left == [])
    #expect(kill(try daemon(), 0) == -1)
  }

  @Test("processes that others start at the same time are left alone")
  func others() async throws {
    var other = pid_t()
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, 0x80)
    defer { posix_spawnattr_destroy(&attributes) }
    let command = command(try program("setsid"))
    async let ended = command()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("30"), nil]
    defer { for argument in arguments { free(argument) } }
    #expect(posix_spawn(&other, "/bin/sleep", nil, &attributes, &arguments, nil) == 0)
    let outcome = await ended
    #expect(outcome.end == .exit(code: 0))
    #expect(kill(other, 0) == 0)
    kill(other, SIGKILL)
    waitpid(other, nil, 0)
  }

  @Test("what a verifier may have left running is stated with its number")
  func stated() async throws {
    var log = try AttackedLog("hmac-record")
    let path = try program("setsid env -i")[0]
    try log.verify(
      with:
        "rm -f '\(folder.path)/pid'; '\(path)'; cat '\(folder.path)/pid' >> '\(folder.path)/all'")
    let seen = try await log.inspected()
    let text = try String(
      decoding: Data(contentsOf: URL(filePath: folder.path + "/all")), as: UTF8.self)
    let numbers = text.split(separator: "\n").compactMap { Int($0) }
    #expect(!numbers.isEmpty)
    let stated = seen.facts["audit.verifier"]?["left-running"]?.list ?? []
    #expect(stated == numbers.sorted().map { .integer($0) })
    for number in numbers {
      kill(pid_t(number), SIGKILL)
      waitpid(pid_t(number), nil, 0)
    }
  }
}
