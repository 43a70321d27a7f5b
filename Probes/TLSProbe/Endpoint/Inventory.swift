/// What a server accepts beyond its first choice, by version (密码套件、群、签名算法清单).
struct Inventory: Sendable {
  /// Codes found, in the order found; `isSettled` when all others are known to be refused.
  struct Found: Sendable, Hashable {
    var codes: [UInt16] = []
    /// Why others stay open; empty when none does.
    var troubles: [String] = []
    /// Whether anything was asked.
    var isAsked = false
    /// Whether some count as refused for a dropped connection only.
    var restsOnDrop = false

    var isSettled: Bool { isAsked && troubles.isEmpty }

    mutating func add(_ code: UInt16) {
      if !codes.contains(code) { codes.append(code) }
    }

    /// Opens what rests on drops by a server that turned out to drop what it accepts.
    mutating func doubtDrops() {
      let trouble = "some were dropped by a server that drops what it accepts as well"
      if restsOnDrop, !troubles.contains(trouble) { troubles.append(trouble) }
    }

    mutating func add(_ result: Elimination.Result) {
      isAsked = true
      result.accepted.forEach { add($0) }
      if result.restsOnDrop { restsOnDrop = true }
      if let trouble = result.trouble, !troubles.contains(trouble) { troubles.append(trouble) }
    }
  }

  struct Version: Sendable {
    var suites = Found()
    var groups = Found()
    var schemes = Found()
    /// Whether the server's order decides; `nil` when nothing shows it.
    var prefersOwnOrder: Bool?

    mutating func doubtDrops() {
      suites.doubtDrops()
      groups.doubtDrops()
      schemes.doubtDrops()
    }
  }

  /// The right name's certificate against what other names bring (SNI).
  struct NameTest: Sendable {
    /// `no-name` or `unknown-name`.
    var name: String
    var answer: Answer
    /// The answer to the usual hello with the same suite.
    var usual: Answer
  }

  var versions: [ProtocolVersion: Version] = [:]
  /// Whether a hello with the fallback sign is refused with alert 86; `nil` when not shown.
  var honoursFallbackSign: Bool?
  var names: [NameTest] = []
  /// What whole handshakes brought, in the versions they were tried in.
  var handshakes: [ProtocolVersion: HandshakeSurvey.Findings] = [:]
  /// Every answer the inventory rests on.
  var answers: [Answer] = []

  /// What could not be completed in `version`, and why.
  func troubles(of version: ProtocolVersion) -> [(what: String, trouble: String)] {
    guard let part = versions[version] else { return [] }
    return part.suites.troubles.map { ("suites", $0) } + part.groups.troubles.map { ("groups", $0) }
      + part.schemes.troubles.map { ("signature algorithms", $0) }
  }
}
