import Glibc
import NationalCrypto
import Synchronization

/// Runs the log owner's verifier on a clone (自有验证程序), which gets paths of copies and nothing else.
struct OwnVerifier: Sendable {
  let rule: VerifierRule
  let deadline: ContinuousClock.Instant
  let left = LeftProcesses()

  enum KeyState: Sendable, Hashable { case asItIs, wrong, missing }

  /// Processes that may come from the verifier and still run.
  final class LeftProcesses: Sendable {
    private let numbers = Mutex<Set<Int>>([])
    var sorted: [Int] { numbers.withLock { $0.sorted() } }
    func add(_ more: [Int]) { numbers.withLock { $0.formUnion(more) } }
  }

  private var user: String? { rule.user ?? (geteuid() == 0 ? "nobody" : nil) }

  /// Why a wrong key cannot be tried; nil when it can.
  var wrongKeyObstacle: String? {
    if rule.uses(.key) || rule.uses(.config) { return nil }
    return "the verifier's command takes neither {key} nor {config}"
  }

  /// What the verifier says about the clone that `model` reads, which lies in `folder`.
  func callAsFunction(
    _ model: LogModel, in folder: CloneFolder, _ run: String, key: KeyState = .asItIs
  ) async -> VerifierAnswer {
    let left = deadline - ContinuousClock.now
    guard left > .zero else { return .failed("the time was over") }
    let command: CommandRun
    do throws(FileFailure) {
      command = CommandRun(
        arguments: try arguments(model, run, key), folder: run, user: user,
        timeout: min(rule.timeout, left), outputLimit: rule.outputLimit)
    } catch {
      return .failed(error.description)
    }
    if let user, let account = Account(named: user), account.user != geteuid() {
      CloneFolder.give(folder.path, to: account)
    }
    let outcome = await command()
    self.left.add(outcome.left)
    switch outcome.end {
    case .exit(let code): return rule.okExit.contains(code) ? .accepted : .rejected(code: code)
    case .signal(let number): return .failed("ended by signal \(number)")
    case .timeout: return .failed("not done in time")
    case .tooMuchOutput: return .failed("more than \(rule.outputLimit) bytes of output")
    case .cancelled: return .failed("cancelled")
    case .notStarted(let why): return .failed("not started: \(why)")
    }
  }

  private func arguments(
    _ model: LogModel, _ run: String, _ key: KeyState
  ) throws(FileFailure) -> [String] {
    var paths: [VerifierRule.Placeholder: String] = [.copy: model.source.path]
    // In a server the clone is a table of a scratch schema; how to get there the verifier knows.
    if case .postgres(let address, let form) = model.source {
      paths[.copy] = "\(address.schema).\(form.table)"
    }
    if case .file(let path) = model.checkpoint?.place { paths[.checkpoints] = path }
    if let path = rule.keyPath {
      paths[.key] = try copy(path, as: "key", in: run, changed: key)
    }
    if let path = rule.configPath {
      // With a key of its own, only that one is changed.
      paths[.config] = try copy(
        path, as: "config", in: run, changed: rule.keyPath == nil ? key : .asItIs)
    }
    var arguments = rule.command
    for (index, text) in arguments.enumerated().dropFirst() {
      var filled = text
      for placeholder in VerifierRule.Placeholder.allCases where filled.contains("{") {
        let mark = "{\(placeholder.rawValue)}"
        guard filled.contains(mark) else { continue }
        guard let path = paths[placeholder] else {
          throw FileFailure(path: mark, reason: "the log has no such file")
        }
        filled = filled.split(separator: mark, omittingEmptySubsequences: false)
          .joined(separator: path)
      }
      arguments[index] = filled
    }
    return arguments
  }

  private func copy(
    _ path: String, as name: String, in run: String, changed: KeyState
  ) throws(FileFailure) -> String {
    let target = "\(run)/\(name)-\(ClonedLog.name(path))"
    switch changed {
    case .missing: break
    case .asItIs: try CloneFolder.copy(path, to: target, limit: 16 << 20)
    case .wrong:
      var bytes = try SmallFile.read(path, limit: 1 << 20)
      defer { wipe(&bytes) }
      let isConfig = path == rule.configPath
      guard let wrong = WrongKey.bytes(like: bytes, onlyLongRuns: isConfig) else {
        throw FileFailure(path: path, reason: "no key stands in it that could be replaced")
      }
      try OutputFile(target).write(wrong[...])
    }
    return target
  }
}

/// Key material of the same form as another one, and wrong (错误密钥).
enum WrongKey {
  /// Digits of a key that stands inside other text.
  private static let runLength = 16

  /// Bytes in which every hexadecimal or base64 digit of a key is another one; of a raw key every byte.
  ///
  /// - Parameter onlyLongRuns: the key stands in other text, so that only runs of 16 and more hexadecimal digits
  ///   are taken for it.
  /// - Returns: nil when nothing was replaced.
  static func bytes(like bytes: [UInt8], onlyLongRuns: Bool) -> [UInt8]? {
    let isText = bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || (0x09...0x0D).contains($0) }
    guard isText else { return onlyLongRuns || bytes.isEmpty ? nil : bytes.map { $0 ^ 0x5A } }
    // A key in PEM cannot be replaced digit by digit: it would be no key at all, which is noticed by anybody.
    if bytes.starts(with: "-----BEGIN".utf8) { return nil }
    var changed = bytes
    var start = 0
    var isChanged = false
    while start < changed.count {
      guard isHexadecimal(changed[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < changed.count, isHexadecimal(changed[end]) { end += 1 }
      let isWord =
        start > 0 && isWordByte(changed[start - 1])
        || end < changed.count && isWordByte(changed[end])
      if !onlyLongRuns || (end - start >= runLength && !isWord) {
        for index in start..<end { changed[index] = other(changed[index]) }
        isChanged = true
      }
      start = end
    }
    return isChanged ? changed : nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x2D || byte == 0x2F
  }

  /// Another digit of the same kind.
  private static func other(_ digit: UInt8) -> UInt8 {
    switch digit {
    case 0x30...0x39: 0x30 + (digit - 0x30 + 5) % 10
    case 0x41...0x46: 0x41 + (digit - 0x41 + 3) % 6
    default: 0x61 + (digit - 0x61 + 3) % 6
    }
  }
}
