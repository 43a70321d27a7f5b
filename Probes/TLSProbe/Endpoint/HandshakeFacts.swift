import AssessmentModel

/// The facts of whole handshakes, by version.
struct HandshakeFacts {
  private(set) var facts: [String: FactValue] = [:]

  /// - Parameter answers: those that accept TLS, which show whether a client certificate is asked for.
  init(_ handshakes: [ProtocolVersion: HandshakeSurvey.Findings], answers: [Answer]) {
    func state(
      _ name: String, _ value: (ProtocolVersion, HandshakeSurvey.Findings) -> FactValue?
    ) {
      var values: [String: FactValue] = [:]
      for (version, findings) in handshakes { values[version.name] = value(version, findings) }
      if !values.isEmpty { facts[name] = .record(values) }
    }
    func asksForCertificate(_ version: ProtocolVersion) -> Bool {
      answers.contains {
        $0.flight.acceptedVersion == version && $0.flight.requestsClientCertificate
      }
    }
    state("tls.handshake-completed") { version, findings in
      // Who is refused for want of a certificate has not seen a handshake fail.
      guard let isFinished = findings.isFinished, isFinished || !asksForCertificate(version) else {
        return nil
      }
      return .boolean(isFinished)
    }
    state("tls.client-certificate-required") { version, findings in
      guard asksForCertificate(version) else { return nil }
      return findings.isFinished.map { .boolean(!$0) }
    }
    state("tls.resumption") { _, findings in findings.resumption.map { .text($0.rawValue) } }
    state("tls.ticket-lifetime") { _, findings in
      guard let session = findings.visits.first?.session, session.hasTicket else { return nil }
      return .integer(session.lifetime)
    }
    state("tls.early-data") { version, findings in
      guard version == .tls13, let first = findings.visits.first, first.state == .finished else {
        return nil
      }
      return .boolean((first.session?.earlyData ?? 0) > 0)
    }
  }
}
