import Bytes
import NationalCrypto

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Audit logs of the bank (审计日志), made anew at each start: one that is well protected and verified, one that was
/// tampered with, and one whose verifier accepts everything.
package struct DemoAuditLogs: Sendable, Hashable {
  /// A log as an assessor gets it.
  package struct Log: Sendable, Hashable {
    /// Also the name of its folder.
    package let id: String
    package let zh: String
    package let en: String
    /// Path of its log model.
    package let modelPath: String
  }

  /// A chain of HMAC-SM3 with SM2-signed heads, an anchor elsewhere, and a verifier that recomputes all of it.
  package let good: Log
  /// The same construction; two records were changed afterwards.
  package let tampered: Log
  /// HMAC-SM3 of single records, nothing that counts them, and a verifier that accepts whatever it is shown.
  package let blind: Log

  package var all: [Log] { [good, tampered, blind] }

  /// Writes the logs, their keys, models and verifiers below `audit/` of the bank's folder.
  ///
  /// - Parameter now: seconds since 1970; the newest record is a few minutes older.
  static func write(to folder: DemoFolder, now: Double) throws(DemoError) -> DemoAuditLogs {
    try folder.makeFolder("audit")
    try folder.makeFolder("audit/keys")
    try folder.makeFolder("audit/witness")
    let place = try absolute(folder.path)
    let signer = try DemoKey(.sm2)
    let publicKey = try AuditProtection.publicPEM(of: signer)
    try folder.write(publicKey, to: "audit/keys/heads.pub.pem")
    let good = Writer(
      folder: folder, now: now,
      log: Log(
        id: "ledger-audit", zh: "核心账务审计日志", en: "Audit log of the ledger",
        modelPath: "\(place)/audit/ledger-audit/log.yaml"))
    let tampered = Writer(
      folder: folder, now: now,
      log: Log(
        id: "payment-audit", zh: "支付前置审计日志", en: "Audit log of the payment front end",
        modelPath: "\(place)/audit/payment-audit/log.yaml"))
    let blind = Writer(
      folder: folder, now: now,
      log: Log(
        id: "branch-audit", zh: "网点系统审计日志", en: "Audit log of the branch system",
        modelPath: "\(place)/audit/branch-audit/log.yaml"))
    try good.writeChain(signer, tampering: false)
    try tampered.writeChain(signer, tampering: true)
    try blind.writeCodes()
    return DemoAuditLogs(good: good.log, tampered: tampered.log, blind: blind.log)
  }

  /// The path from the root, for programs that run in another folder.
  private static func absolute(_ path: String) throws(DemoError) -> String {
    guard let resolved = realpath(path, nil) else { throw .file(path: path, code: errno) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Writes one log with all that belongs to it.
  private struct Writer {
    let folder: DemoFolder
    let now: Double
    let log: Log

    private var place: String { "audit/\(log.id)" }
    /// The folder `audit`, as programs that run elsewhere find it.
    private var root: String { String(log.modelPath.dropLast("/\(log.id)/log.yaml".count)) }

    func writeChain(_ signer: DemoKey, tampering: Bool) throws(DemoError) {
      try folder.makeFolder(place)
      let key = AuditProtection.randomKey()
      try folder.write(
        Array((hexadecimal(key) + "\n").utf8), to: "audit/keys/\(log.id).hex", isPrivate: true)
      var records = AuditRecord.all(before: now)
      let genesis = try AuditProtection.chain(&records, name: log.id, key: key)
      let heads = try AuditProtection.heads(records, name: log.id, signer: signer)
      if tampering { AuditRecord.tamper(&records) }
      try folder.write(records.map(\.line).joined(), to: "\(place)/log.jsonl")
      try folder.write(heads, to: "\(place)/heads.jsonl")
      let count = records.count + (tampering ? 1 : 0)
      let head = records.last?.value ?? ""
      try folder.write(
        "{\"count\":\(count),\"head\":\"\(head)\"}\n", to: "audit/witness/\(log.id).json")
      try writeProgram(
        AuditVerifierText.good(
          log: log.id, genesis: hexadecimal(genesis),
          publicKey: "\(root)/keys/heads.pub.pem", witness: "\(root)/witness/\(log.id).json"))
      try folder.write(
        AuditModelText(log: log.id, isChain: true, isAttacked: !tampering).text,
        to: "\(place)/log.yaml")
    }

    func writeCodes() throws(DemoError) {
      try folder.makeFolder(place)
      let key = AuditProtection.randomKey()
      // Beside the log, where whoever changes the log finds it.
      try folder.write(
        Array((hexadecimal(key) + "\n").utf8), to: "\(place)/\(log.id).hex", isPrivate: true)
      var records = AuditRecord.all(before: now)
      try AuditProtection.codes(&records, key: key)
      try folder.write(records.map(\.line).joined(), to: "\(place)/log.jsonl")
      try writeProgram(AuditVerifierText.blind)
      try folder.write(
        AuditModelText(log: log.id, isChain: false, isAttacked: true).text, to: "\(place)/log.yaml")
    }

    private func writeProgram(_ text: String) throws(DemoError) {
      try folder.write(text, to: "\(place)/verify.sh")
      let path = "\(folder.path)/\(place)/verify.sh"
      guard chmod(path, 0o755) == 0 else { throw .file(path: path, code: errno) }
    }
  }
}
