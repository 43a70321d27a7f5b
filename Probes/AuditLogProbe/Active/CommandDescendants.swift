import Glibc
import Synchronization

/// The processes that come from a command (后代进程), so that none of them outlives it.
///
/// Every command has a session of its own, which its descendants stay in unless they make one for themselves, as
/// daemons do. Those are handed to this process once their parents are gone, and known by what they inherited: the
/// folder in their environment, and, of a command under another account, that they can never gain privileges.
final class CommandDescendants {
  /// Time within which killed processes are gone, unless the system holds them.
  private static let patience = Duration.seconds(2)
  /// The commands that run, with their folders.
  private static let running = Mutex<[pid_t: String]>([:])

  private let command: pid_t
  private let folder: String
  private let isUnprivileged: Bool
  private let before: Set<RunningProcess.Identity>
  private var killed: Set<pid_t> = []

  /// - Parameters:
  ///   - folder: where the command runs, and no other one.
  ///   - isUnprivileged: the command was started so that nothing of it can gain privileges.
  ///   - start: starts the command; its number, or why it did not start.
  static func of<Failure: Error>(
    folder: String, isUnprivileged: Bool, start: () -> Result<pid_t, Failure>
  ) -> Result<CommandDescendants, Failure> {
    // Before the start: an orphan that nobody takes goes to the system's first process, and is lost to us.
    running.withLock { running in
      if running.isEmpty { Subreaper.set(true) }
      let before = Set(RunningProcess.all().filter(\.isForeignChild).map(\.identity))
      let started = start()
      switch started {
      case .success(let command): running[command] = folder
      case .failure: if running.isEmpty { Subreaper.set(false) }
      }
      return started.map {
        CommandDescendants(
          $0, folder, isUnprivileged && !RunningProcess.isUnprivileged(getpid()), before)
      }
    }
  }

  private init(
    _ command: pid_t, _ folder: String, _ isUnprivileged: Bool,
    _ before: Set<RunningProcess.Identity>
  ) {
    self.command = command
    self.folder = folder
    self.isUnprivileged = isUnprivileged
    self.before = before
  }

  /// Whether the command itself has ended.
  var hasEnded: Bool {
    var information = siginfo_t()
    let code = waitid(P_PID, id_t(command), &information, WEXITED | WNOHANG | WNOWAIT)
    return code == 0 ? information.si_signo == SIGCHLD : errno != EINTR
  }

  /// Kills the command with all that comes from it, and waits until they are gone.
  ///
  /// - Returns: the command's status as `wait` gives it, and the numbers of processes that may come from the
  ///   command and are left: those that threw away what they had inherited, or that the system would not end.
  func end() -> (status: Int32, left: [Int]) {
    // The command is not yet waited for, so its number, and that of its session, cannot belong to others.
    kill(-command, SIGKILL)
    kill(command, SIGKILL)
    var information = siginfo_t()
    while waitid(P_PID, id_t(command), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    let deadline = ContinuousClock.now + Self.patience
    var left: [Int] = []
    while true {
      let children = RunningProcess.all()
      children.filter(isEndedOrphan).forEach { waitpid($0.number, nil, WNOHANG) }
      let ours = children.filter(isOurs)
      // A look that finds none proves that there is none: each of them is in the session, or a child of ours, or
      // has an ancestor that is.
      guard !ours.isEmpty, ContinuousClock.now < deadline else {
        left = (ours + children.filter(isUnknown)).filter { $0.state != "Z" }.map { Int($0.number) }
        break
      }
      for process in ours {
        killed.insert(process.number)
        kill(process.number, SIGKILL)
        if process.parent == getpid() { waitpid(process.number, nil, WNOHANG) }
      }
      usleep(2000)
    }
    var status: Int32 = 0
    while waitpid(command, &status, 0) < 0, errno == EINTR {}
    Self.running.withLock { running in
      running[command] = nil
      if running.isEmpty { Subreaper.set(false) }
    }
    return (status, left)
  }

  private func isOurs(_ process: RunningProcess) -> Bool {
    guard process.number != command else { return false }
    if process.session == command || killed.contains(process.number) { return true }
    guard process.isForeignChild, !before.contains(process.identity), !isOfAnother(process) else {
      return false
    }
    return process.hasFolder(folder)
      || isUnprivileged && RunningProcess.isUnprivileged(process.number)
  }

  /// Whether the process ended by itself after its parents, so that nobody but us takes its status.
  private func isEndedOrphan(_ process: RunningProcess) -> Bool {
    process.state == "Z" && process.isForeignChild && !before.contains(process.identity)
      && Self.running.withLock { $0[process.number] } == nil
  }

  private func isUnknown(_ process: RunningProcess) -> Bool {
    process.number != command && process.isForeignChild && !before.contains(process.identity)
      && !isOfAnother(process) && !isOurs(process)
  }

  /// Whether the process comes from another command that runs at the same time.
  private func isOfAnother(_ process: RunningProcess) -> Bool {
    let others = Self.running.withLock { $0 }.filter { $0.key != command }
    return others[process.number] != nil || others[process.session] != nil
      || others.values.contains { process.hasFolder($0) }
  }
}

/// A process as the system lists it.
struct RunningProcess {
  /// A number and its owner's start, since numbers are used again.
  struct Identity: Hashable {
    var number: pid_t
    var start: String
  }

  var number: pid_t
  var state: String
  var parent: pid_t
  var session: pid_t
  var start: String

  var identity: Identity { Identity(number: number, start: start) }

  /// A child of this process in another session: a command, or what one left. Whatever else this process starts
  /// stays in its own.
  var isForeignChild: Bool { parent == getpid() && session != getsid(0) }

  static func all() -> [RunningProcess] {
    let names = (try? SmallFile.names(inFolder: "/proc", limit: 1_000_000)) ?? []
    return names.compactMap { name in pid_t(name).flatMap { RunningProcess($0) } }
  }

  /// nil when there is none.
  private init?(_ number: pid_t) {
    guard let bytes = Self.bytes(number, "stat") else { return nil }
    // The name stands in brackets, and may hold some itself.
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?
      .split(separator: " ")
    guard let parts, parts.count > 19, let parent = pid_t(parts[1]), let session = pid_t(parts[3])
    else { return nil }
    self.number = number
    self.parent = parent
    self.session = session
    state = String(parts[0])
    start = String(parts[19])
  }

  /// Whether the process began with `folder` for temporary files.
  func hasFolder(_ folder: String) -> Bool {
    guard let bytes = Self.bytes(number, "environ") else { return false }
    return bytes.split(separator: 0).contains { $0.elementsEqual("TMPDIR=\(folder)".utf8) }
  }

  /// Whether neither the process nor its children can ever gain privileges.
  static func isUnprivileged(_ number: pid_t) -> Bool {
    guard let bytes = bytes(number, "status") else { return false }
    return bytes.split(separator: 0x0A).contains { $0.elementsEqual("NoNewPrivs:\t1".utf8) }
  }

  private static func bytes(_ number: pid_t, _ name: String) -> [UInt8]? {
    try? SmallFile.read("/proc/\(number)/\(name)", limit: 1 << 20)
  }
}

/// Whether orphans among our descendants become our children (子进程收养).
private enum Subreaper {
  /// `prctl`, which Swift does not see, since it takes a varying number of arguments.
  private typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
  private static let control = dlsym(nil, "prctl").map { unsafeBitCast($0, to: Control.self) }
  /// Linux's `PR_SET_CHILD_SUBREAPER`.
  private static let option: Int32 = 36

  static func set(_ isOn: Bool) { _ = control?(option, isOn ? 1 : 0, 0, 0, 0) }
}
