import Dispatch
import Glibc
import Synchronization

/// A command of the log's owner to run once (外部命令): started directly, never by a shell, in a session of its
/// own, with an environment that holds nothing of ours, and limits it cannot step over.
struct CommandRun: Sendable {
  /// Path of the program, then its arguments as they are.
  var arguments: [String]
  /// Where it runs; also its `HOME` and `TMPDIR`.
  var folder: String
  /// The account it runs under; nil: the caller's own.
  var user: String?
  var timeout: Duration
  /// Bytes of output after which it is ended.
  var outputLimit: Int

  /// Bytes of output that are kept.
  static let keptOutput = 64 << 10

  enum End: Sendable, Hashable {
    case exit(code: Int)
    case signal(Int)
    case timeout
    case tooMuchOutput
    case cancelled
    /// It could not be started: why.
    case notStarted(String)
  }

  struct Outcome: Sendable, Hashable {
    var end: End
    /// The first ``keptOutput`` bytes of what it wrote to its output and error output.
    var output: [UInt8] = []
    /// All bytes it wrote as far as they were read.
    var outputCount = 0
    /// Numbers of processes that may come from it and still run.
    var left: [Int] = []
  }

  /// Runs the command on a thread of its own, so that no other work waits for it, and ends it with all
  /// that comes from it at the time limit or when the task is cancelled.
  func callAsFunction() async -> Outcome {
    let stop = StopFlag()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "audit-log command").async {
          continuation.resume(returning: run(stop))
        }
      }
    } onCancel: {
      stop.set()
    }
  }

  private final class StopFlag: Sendable {
    private let isSet = Atomic(false)
    func set() { isSet.store(true, ordering: .relaxed) }
    var value: Bool { isSet.load(ordering: .relaxed) }
  }

  /// Where a program that changes its account and then becomes another one is looked for.
  private static let accountChangers = ["/usr/bin/setpriv", "/bin/setpriv"]

  /// The full command line; nil when the account cannot be changed.
  private func commandLine() -> [String]? {
    guard let user, let wanted = Account(named: user) else {
      return user == nil ? arguments : nil
    }
    if wanted.user == geteuid() { return arguments }
    guard geteuid() == 0,
      let changer = Self.accountChangers.first(where: { access($0, X_OK) == 0 })
    else { return nil }
    return [
      changer, "--reuid=\(wanted.user)", "--regid=\(wanted.group)", "--clear-groups",
      "--no-new-privs", "--",
    ] + arguments
  }

  private func run(_ stop: StopFlag) -> Outcome {
    guard var line = commandLine(), let first = line.first else {
      return Outcome(end: .notStarted("it cannot be run as \(user ?? "nobody")"))
    }
    // The command starts in another folder, where a relative path would lead elsewhere.
    guard let place = arguments.first, let found = realpath(place, nil) else {
      return Outcome(end: .notStarted(String(cString: strerror(errno))))
    }
    defer { free(found) }
    guard access(found, X_OK) == 0 else {
      return Outcome(end: .notStarted(String(cString: strerror(errno))))
    }
    line[line.count - arguments.count] = String(cString: found)
    let program = first == place ? String(cString: found) : first
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      return Outcome(end: .notStarted(String(cString: strerror(errno))))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started = CommandDescendants.of(folder: folder, isUnprivileged: first != place) {
      spawn(program, line, output: ends[1])
    }
    close(ends[1])
    defer { close(ends[0]) }
    switch started {
    case .failure(let reason): return Outcome(end: .notStarted(reason.text))
    case .success(let descendants): return watch(descendants, output: ends[0], stop)
    }
  }

  private struct Reason: Error { var text: String }

  private func spawn(
    _ program: String, _ line: [String], output: Int32
  ) -> Result<pid_t, Reason> {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var code = posix_spawn_file_actions_init(&actions)
    guard code == 0 else { return .failure(Reason(text: String(cString: strerror(code)))) }
    defer { posix_spawn_file_actions_destroy(&actions) }
    code = posix_spawnattr_init(&attributes)
    guard code == 0 else { return .failure(Reason(text: String(cString: strerror(code)))) }
    defer { posix_spawnattr_destroy(&attributes) }
    var nothing = sigset_t()
    var everything = sigset_t()
    sigemptyset(&nothing)
    sigfillset(&everything)
    let flags = SpawnExtensions.newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    let codes: [Int32] = [
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
      posix_spawn_file_actions_adddup2(&actions, output, 1),
      posix_spawn_file_actions_adddup2(&actions, output, 2),
      SpawnExtensions.closeFrom.map { $0(&actions, 3) } ?? 0,
      SpawnExtensions.changeFolder.map { $0(&actions, folder) } ?? 0,
      posix_spawnattr_setsigmask(&attributes, &nothing),
      posix_spawnattr_setsigdefault(&attributes, &everything),
      posix_spawnattr_setflags(&attributes, Int16(flags)),
    ]
    if let code = codes.first(where: { $0 != 0 }) {
      return .failure(Reason(text: String(cString: strerror(code))))
    }
    let environment = [
      "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "HOME=\(folder)",
      "TMPDIR=\(folder)",
    ]
    var argumentPointers: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    var environmentPointers: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var process = pid_t()
    code = posix_spawn(
      &process, program, &actions, &attributes, &argumentPointers, &environmentPointers)
    guard code == 0 else { return .failure(Reason(text: String(cString: strerror(code)))) }
    return .success(process)
  }

  /// Reads what the command writes until it has ended, then ends what it may have left running.
  private func watch(
    _ descendants: CommandDescendants, output: Int32, _ stop: StopFlag
  ) -> Outcome {
    let deadline = ContinuousClock.now + timeout
    var outcome = Outcome(end: .timeout)
    var isOpen = true
    var pause: Int32 = 1
    // Without blocking: a grandchild may keep the other end open after the command has ended.
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
    var ended: End?
    while ended == nil {
      if descendants.hasEnded { break }
      if stop.value {
        ended = .cancelled
      } else if ContinuousClock.now >= deadline {
        ended = .timeout
      } else if outcome.outputCount > outputLimit {
        ended = .tooMuchOutput
      } else if isOpen {
        var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        if poll(&waiting, 1, pause) > 0 {
          isOpen = drain(output, into: &outcome)
          pause = 1
        } else {
          pause = min(pause * 2, 16)
        }
      } else {
        usleep(UInt32(pause) * 1000)
        pause = min(pause * 2, 16)
      }
    }
    let (status, left) = descendants.end()
    outcome.left = left
    if isOpen { _ = drain(output, into: &outcome) }
    outcome.end = ended ?? Self.end(of: status)
    if ended == nil, outcome.outputCount > outputLimit { outcome.end = .tooMuchOutput }
    return outcome
  }

  /// `status` as `wait` gives it: the signal in the low seven bits, else the exit code in the next eight.
  private static func end(of status: Int32) -> End {
    let signal = Int(status & 0x7F)
    return signal == 0 ? .exit(code: Int(status >> 8 & 0xFF)) : .signal(signal)
  }

  /// Reads what is there, within bounds; false once the other end is closed.
  private func drain(_ output: Int32, into outcome: inout Outcome) -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while outcome.outputCount <= outputLimit {
      let count = piece.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno == EAGAIN }
      if count == 0 { return false }
      outcome.outputCount += count
      let room = max(0, Self.keptOutput - outcome.output.count)
      outcome.output.append(contentsOf: piece.prefix(min(count, room)))
    }
    return true
  }
}

/// A flag and two functions of the C library whose declarations Swift does not see, since they are GNU extensions; nil where
/// the library lacks them.
private enum SpawnExtensions {
  typealias CloseFrom =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
  typealias ChangeFolder =
    @convention(c) (
      UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
    ) -> Int32

  /// The flag `POSIX_SPAWN_SETSID`.
  static let newSession: Int32 = 0x80
  static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
    unsafeBitCast($0, to: CloseFrom.self)
  }
  static let changeFolder = dlsym(nil, "posix_spawn_file_actions_addchdir_np").map {
    unsafeBitCast($0, to: ChangeFolder.self)
  }
}

/// An account of the operating system.
struct Account: Sendable, Hashable {
  var user: UInt32
  var group: UInt32

  /// nil when there is none of that name.
  init?(named name: String) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 1 << 14)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      return nil
    }
    user = entry.pw_uid
    group = entry.pw_gid
  }
}
