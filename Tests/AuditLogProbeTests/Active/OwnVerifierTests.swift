import AssessmentModel
import FoundationEssentials
import Glibc
import Testing

@testable import AuditLogProbe

@Suite("the log's own verifier, whatever it does")
struct OwnVerifierTests {
  private func result(
    _ text: String, others: [String: FactValue] = [:]
  ) async throws -> Observation {
    var log = try AttackedLog("hmac-record")
    try log.verify(with: text, others: others)
    return try await log.inspected()
  }

  @Test(
    "is unusable when it gives no answer for the untouched clone",
    arguments: [
      ("sleep 60", "not done in time"), ("kill -SEGV $$", "ended by signal 11"),
      ("exit 7", "exit code 7 for the untouched clone"),
      ("yes", "more than 65536 bytes of output"),
      ("trap '' TERM HUP INT; while :; do :; done", "not done in time"),
    ])
  func unusable(_ text: String, _ reason: String) async throws {
    let seen = try await result(text, others: ["timeout": "400ms", "output-limit": "64KiB"])
    #expect(seen.facts["audit.verifier"]?["state"] == "unusable")
    #expect(seen.facts["audit.verifier"]?["reason"]?.text == reason)
    // The attacks are judged without it.
    #expect(seen.attack("T1") == "noticed-by-probe-only")
    #expect(seen.attack("T5") == "not-noticed")
    #expect(seen.attack("T14") == "could-not-run")
    #expect(seen.variants("T1").allSatisfy { $0["own-verifier"] == "none" })
  }

  @Test("is unusable when it is not there, or not a program")
  func missing() async throws {
    for name in ["/nowhere/verify", "/etc/passwd", "/"] {
      var log = try AttackedLog("hmac-record")
      log.model.fields["verifier"] = ["command": [.text(name), "{copy}"], "timeout": "5s"]
      let seen = try await log.inspected()
      #expect(seen.facts["audit.verifier"]?["state"] == "unusable", "\(name)")
      #expect(seen.attack("T1") == "noticed-by-probe-only")
    }
  }

  @Test("what it leaves running is ended, and does not hold anything up")
  func grandchildren() async throws {
    let folder = try TestFolder()
    let start = ContinuousClock.now
    let seen = try await result(
      "sleep 300 & echo $! >> '\(folder.path)/pids'; [ -s \"$1\" ]")
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(seen.facts["audit.verifier"]?["state"] == "usable")
    let pids = String(
      decoding: try Data(contentsOf: URL(filePath: folder.path + "/pids")), as: UTF8.self)
    for line in pids.split(separator: "\n") {
      let pid = try #require(Int32(line))
      // Ended, though perhaps not yet waited for by the system's first process.
      let status =
        (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/stat"))).map {
          String(decoding: $0, as: UTF8.self)
        } ?? "Z"
      #expect(status.contains("Z") || !status.contains("sleep"))
    }
  }

  @Test("an answer that fails for one attack only leaves that one open")
  func failsOnce() async throws {
    // Hangs for logs of 49 records, accepts all others.
    let seen = try await result(
      "[ $(wc -l < \"$1\") -eq 49 ] && sleep 60; exit 0", others: ["timeout": "300ms"])
    #expect(seen.variant("T5", "last-1")?["result"] == "could-not-run")
    #expect(seen.variant("T5", "last-5")?["result"] == "not-noticed")
    #expect(seen.variant("T3", "middle")?["result"] == "noticed-by-probe-only")
  }

  @Test("gets copies and nothing else: no shell, no environment, no input, no open files")
  func surroundings() async throws {
    setenv("AUDIT_TEST_SECRET", "do-not-pass", 1)
    defer { unsetenv("AUDIT_TEST_SECRET") }
    let folder = try TestFolder()
    chmod(folder.path, 0o777)
    var log = try AttackedLog("hmac-record")
    let text = """
      { printf '%s\\n' "$@"; pwd; env; ls /proc/self/fd | wc -l; head -c 1 | wc -c; } > '\(folder.path)/seen'
      """
    try log.verify(
      with: text, arguments: ["{copy}", "a b", "$(id)", "--log={copy}", "*"])
    _ = try await log.inspected()
    let seen = String(
      decoding: try Data(contentsOf: URL(filePath: folder.path + "/seen")), as: UTF8.self)
    let lines = seen.split(separator: "\n").map(String.init)
    #expect(lines[0].contains("/miping-clone-") && lines[0].hasSuffix("/run/log.jsonl"))
    #expect(Array(lines[1...4]) == ["a b", "$(id)", "--log=" + lines[0], "*"])
    #expect(lines[5] + "/log.jsonl" == lines[0])
    #expect(!seen.contains("do-not-pass"))
    #expect(!seen.contains(log.folder.path + "/log.jsonl"))
    // Input, output, error output, and the folder that `ls` itself reads.
    #expect(Array(lines.suffix(2)).map { $0.filter(\.isNumber) } == ["4", "0"])
  }

  @Test("exit codes are those the model declares")
  func exitCodes() async throws {
    let seen = try await result("exit 4", others: ["ok-exit": [0, 4]])
    #expect(seen.facts["audit.verifier"]?["state"] == "usable")
    #expect(seen.facts["audit.verifier"]?["empty-log"] == "accepted")
    #expect(seen.pitfallNames.contains("verifier-blind"))
  }

  @Test("a wrong key in the configuration is tried where there is no key file")
  func configuration() async throws {
    var log = try AttackedLog("hmac-record")
    let config = try log.folder.write(
      "verify.conf", "# keys of 2026\nkey = 00112233445566778899AABBCCDDEEFF\nlevel = 3\n")
    try log.verify(
      with: "grep -q 00112233445566778899AABBCCDDEEFF \"$2\" && grep -q 'level = 3' \"$2\"",
      arguments: ["{copy}", "{config}"], others: ["config": .text(config)])
    let seen = try await log.inspected()
    #expect(seen.attack("T14") == "noticed-by-own-verifier")
    #expect(seen.attack("T1") == "noticed-by-probe-only")
  }

  @Test(
    "runs as another account where the tests have the right to that", .enabled(if: geteuid() == 0))
  func account() async throws {
    let folder = try TestFolder()
    chmod(folder.path, 0o777)
    let seen = try await result(
      "id -un >> '\(folder.path)/who'; cat \"$1\" > /dev/null", others: ["user": "nobody"])
    #expect(seen.facts["audit.verifier"]?["state"] == "usable")
    let who = String(
      decoding: try Data(contentsOf: URL(filePath: folder.path + "/who")), as: UTF8.self)
    #expect(Set(who.split(separator: "\n")) == ["nobody"])
  }

  @Test("keeps no more of the output than it says")
  func output() async throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "chatty.sh", "#!/bin/sh\nhead -c 300000 /dev/zero\nhead -c 10 /dev/zero >&2\n")
    chmod(path, 0o755)
    let run = CommandRun(
      arguments: [path], folder: folder.path, user: nil, timeout: .seconds(10),
      outputLimit: 1 << 20)
    let outcome = await run()
    #expect(outcome.end == .exit(code: 0))
    #expect(outcome.output.count == CommandRun.keptOutput)
    #expect(outcome.outputCount == 300_010)
  }

  @Test("an inspection that is cancelled in the middle of the attacks is not finished")
  func cancelledAttacks() async throws {
    var log = try AttackedLog("hmac-record")
    let mark = log.folder.path + "/started"
    try log.verify(with: "touch '\(mark)'; sleep 60")
    let path = try log.folder.write("log.yaml", log.model.text)
    let task = Task { try await inspect(path) }
    let end = ContinuousClock.now + .seconds(20)
    while !FileManager.default.fileExists(atPath: mark), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(10))
    }
    task.cancel()
    #expect(try await task.value.unavailable?.reason == .cancelled)
    // The folder goes with the last who holds it.
    withExtendedLifetime(log) {}
  }

  @Test("is ended at once when the inspection is cancelled")
  func cancelled() async throws {
    let folder = try TestFolder()
    let run = CommandRun(
      arguments: ["/bin/sleep", "60"], folder: folder.path, user: nil, timeout: .seconds(60),
      outputLimit: 1 << 20)
    let start = ContinuousClock.now
    let task = Task { await run() }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    #expect(await task.value.end == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("many hanging commands hold up no other work")
  func pool() async throws {
    let folder = try TestFolder()
    let run = CommandRun(
      arguments: ["/bin/sleep", "2"], folder: folder.path, user: nil, timeout: .seconds(20),
      outputLimit: 1 << 20)
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<16 { group.addTask { _ = await run() } }
      // Sixteen commands of two seconds each, on fewer threads of the pool, at the same time.
      await group.waitForAll()
    }
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test(
    "a wrong key has the form of the right one",
    arguments: [
      ("00112233445566778899aabbccddeeff\n", false), ("QUJDREVGR0hJSktMTU5PUA==", false),
      ("key: \"00112233445566778899AABBCCDDEEFF\"", true),
    ])
  func wrongKey(_ text: String, _ isConfig: Bool) throws {
    let right = Array(text.utf8)
    let wrong = try #require(WrongKey.bytes(like: right, onlyLongRuns: isConfig))
    #expect(wrong.count == right.count)
    #expect(wrong != right)
    #expect(wrong.last == right.last || !isConfig)
  }

  @Test("no key is made up where none stands")
  func noKey() {
    #expect(
      WrongKey.bytes(like: Array("path=/etc/bank/abcdef0123456789".utf8), onlyLongRuns: true) == nil
    )
    #expect(WrongKey.bytes(like: [], onlyLongRuns: false) == nil)
  }
}
