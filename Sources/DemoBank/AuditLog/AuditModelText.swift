#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The log model of an audit log of the bank (审计日志模型), as its owner states it.
struct AuditModelText {
  var log: String
  /// A chain with signed heads, or values of single records.
  var isChain: Bool
  /// Attacks on clones are allowed.
  var isAttacked: Bool

  var text: String {
    """
    # 审计日志模型 / What this audit log is and how it is protected. Paths are taken from this file's folder.
    name: \(log)
    source: {kind: jsonl, path: log.jsonl}
    map: {seq: seq, time: ts, type: type, subject: subject, object: object, result: result}
    required: [ts, type, subject, object, result]
    canonical:
      kind: joined
      fields: [seq, ts, type, subject, object, result]
      separator: "7c"
      escape: backslash
      null: "\\\\N"
    \(isChain ? chain : codes)
    # 主动测试 / Attacks on clones of the log, never on the log itself.
    active: \(isAttacked ? "clone" : "none")
    verifier:
      command: [./\(command)]
      key: \(key)
      timeout: 10s
    \(user)coverage:
      event-types:
        login: [login]
        logout: [logout]
        user-change: [user-change]
        privilege-change: [privilege-change]
        audit-stop: [audit-stop]
      failures: [failure]
      users: {application: [teller-01, teller-02, dba-01, ops-01, auditor-01]}

    """
  }

  private var key: String { isChain ? "../keys/\(log).hex" : "\(log).hex" }

  private var command: String {
    isChain
      ? "verify.sh, \"{copy}\", \"{checkpoints}\", \"{key}\"" : "verify.sh, \"{copy}\", \"{key}\""
  }

  /// The verifier runs as whoever started the demo, who can read the bank's folder.
  private var user: String {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "" }
    return "  user: \"\(String(cString: name))\"\n"
  }

  private var codes: String {
    """
    protection:
      kind: hmac
      digest: sm3
      key: {file: \(key), format: hex}
      value-field: mac
    """
  }

  private var chain: String {
    """
    protection:
      kind: hmac-chain
      digest: sm3
      key: {file: \(key), format: hex}
      value-field: mac
      order: prev-first
      prev-as: hex
      genesis: {text: \(log)}
    checkpoint:
      kind: sm2-head
      path: heads.jsonl
      public-key: ../keys/heads.pub.pem
      log-id: \(log)
      max-uncovered: 0
    anchor: {file: ../witness/\(log).json}
    """
  }
}
