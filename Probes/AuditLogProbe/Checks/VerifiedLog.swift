/// A log after its verification: what was found, and what that says about its construction.
struct VerifiedLog {
  let findings: LogFindings
  let facts: AuditFacts

  /// - Throws: when there is no log to read.
  init(
    _ model: LogModel, now: Instant, isTimeUp: @escaping @Sendable () -> Bool
  ) async throws(FileFailure) {
    var key: SecretKey?
    var publicKeys: [[UInt8]] = []
    if case .digestFolder(let path) = model.source {
      var folder = try DigestFolder(model, path: path, isTimeUp: isTimeUp)
      findings = try folder.run()
    } else {
      var verification = try LogVerification(model, now: now, isTimeUp: isTimeUp)
      findings = await verification.run()
      key = verification.key
      if let publicKey = verification.publicKey { publicKeys.append(publicKey) }
    }
    for path in [model.checkpoint?.publicKeyPath, model.protection.publicKeyPath] {
      guard let path, let info = try? PublicKeyFile.subjectPublicKeyInfo(path),
        !publicKeys.contains(info)
      else { continue }
      publicKeys.append(info)
    }
    var pitfalls = Pitfalls(
      model: model, findings: findings, hasAnchor: model.anchorPath != nil, key: key,
      publicKeys: publicKeys)
    facts = AuditFacts(
      model: model, findings: findings, pitfalls: pitfalls.all(),
      undetectable: pitfalls.undetectable())
  }
}
