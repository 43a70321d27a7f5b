/// What a log model allows and describes beyond reading the log (主动核查设置): attacks on clones, the log's own
/// verifier, harmless events looked for in the log, and what the log has to cover.
struct ActiveRules: Sendable, Hashable {
  enum Mode: String, Sendable, Hashable, CaseIterable { case none, clone }

  /// Attacks and canaries run only with `clone`.
  var mode = Mode.none
  /// Bytes of a log that are cloned at most.
  var cloneLimit = 256 << 20
  var verifier: VerifierRule?
  var canary: CanaryRule?
  var coverage: CoverageRule?
}

/// The command by which the log's owner verifies the log (自有验证程序). It is started directly, never by a shell.
struct VerifierRule: Sendable, Hashable {
  /// Path of the program and its arguments; ``Placeholder``s stand for paths of copies.
  var command: [String]
  /// Copied for each run.
  var configPath: String?
  /// Copied for each run; random bytes of the same form stand in its place when the wrong key is tried.
  var keyPath: String?
  /// Exit codes that say "the log is right".
  var okExit: Set<Int> = [0]
  var timeout = Duration.seconds(60)
  /// Bytes of output after which the command is ended.
  var outputLimit = 1 << 20
  /// The account it runs under; nil: `nobody` when started by root, else the caller's own.
  var user: String?

  /// What may stand in an argument, in braces.
  enum Placeholder: String, Sendable, Hashable, CaseIterable { case copy, checkpoints, config, key }

  func uses(_ placeholder: Placeholder) -> Bool {
    command.dropFirst().contains { $0.contains("{\(placeholder.rawValue)}") }
  }
}

/// Harmless authorised events that must appear in the log (审计探针事件).
struct CanaryRule: Sendable, Hashable {
  struct Action: Sendable, Hashable {
    var name: String
    /// `{token}` stands for the mark that is looked for.
    var command: [String]
    var okExit: Set<Int> = [0]
    /// Texts the record must have, by mapped field; `{token}` is allowed.
    var expected: [CanaryField: String] = [:]
  }

  /// Before the random digits of every mark.
  var prefix = "canary-"
  var actions: [Action]
  /// How long the log is searched after an action.
  var wait = Duration.seconds(60)
  /// How long an action may take.
  var timeout = Duration.seconds(10)
  /// Difference allowed between the record's time and the local clock.
  var toleranceMilliseconds = 5000
}

/// The parts of a record that a canary can expect.
enum CanaryField: String, Sendable, Hashable, CaseIterable { case type, subject, object, result }

/// Who and what the log has to cover (审计覆盖要求).
struct CoverageRule: Sendable, Hashable {
  struct Users: Sendable, Hashable {
    /// A file of accounts in the form of `passwd`.
    var passwdPath: String?
    var operatingSystem: [String] = []
    var database: [String] = []
    var application: [String] = []
    /// Accounts that need no records, each with its reason.
    var exempt: [String: String] = [:]
  }

  var users = Users()
  /// Values of the type field that stand for each required event type.
  var eventTypes: [String: [String]] = [:]
  /// Values of the result field that mean failure.
  var failures: [String] = []
  /// Days the oldest record must be old; nil: nothing is claimed.
  var retentionDays: Int?
  /// Where the settings of pgaudit can be read; nil: nowhere.
  var audit: AuditSettingsRule?
}

/// Where the settings of PostgreSQL and pgaudit that decide what is logged are read (审计开关配置).
enum AuditSettingsRule: Sendable, Hashable {
  /// A file of the owner's, in the form of Facts.md.
  case file(path: String)
  /// The server itself, by read-only queries.
  case server(PostgreSQLAddress)
}
