import Connections

/// Whole handshakes in one version: one is finished, then its session is offered again (会话重用).
struct HandshakeSurvey: Sendable {
  /// What one connection brought.
  struct Visit: Sendable {
    /// Names the evidence.
    var name: String
    var state = LibraryHandshake.State.going
    /// Whether the server took up something of what was offered.
    var isAnswered = false
    var isResumed = false
    var session: LibraryHandshake.Session?
    var transcript = Transcript()
    /// Why the connection ended where that was not ours to decide.
    var end: String?

    var trouble: String? {
      switch state {
      case .finished: nil
      case .refused(let alert): "alert \(alert)"
      case .failed(let reason): reason
      case .going: end ?? "not finished"
      }
    }
  }

  enum Resumption: String, Sendable, Hashable {
    case ticket
    case sessionID = "session-id"
    case none
  }

  struct Findings: Sendable {
    var visits: [Visit] = []

    /// Whether a handshake was finished; `nil` where neither success nor an alert shows it. An alert to
    /// the hello itself says only that libssl offers nothing the server has, as with SM suites.
    var isFinished: Bool? {
      switch visits.first?.state {
      case .finished: true
      case .refused: visits.first?.isAnswered == true ? false : nil
      case .failed, .going, nil: nil
      }
    }

    /// How the session was resumed; `nil` where that could not be tried to the end.
    var resumption: Resumption? {
      guard let first = visits.first, first.state == .finished else { return nil }
      guard let session = first.session else { return Resumption.none }
      guard visits.count > 1, let last = visits.last, last.state == .finished else { return nil }
      guard last.isResumed else { return Resumption.none }
      return session.hasTicket ? .ticket : .sessionID
    }
  }

  var dialer: Dialer
  /// TLS 1.0 to 1.3.
  var version: ProtocolVersion
  var serverName: String?

  /// The longest wait for a ticket that may never come.
  private static let ticketPatience = Duration.seconds(2)

  func run() async -> Findings {
    var findings = Findings()
    let name = version.name.lowercased()
    guard let first = await visit("\(name)-handshake", nil) else { return findings }
    findings.visits = [first]
    guard first.state == .finished, let session = first.session else { return findings }
    if let second = await visit("\(name)-resumption", session) { findings.visits.append(second) }
    return findings
  }

  private func visit(_ name: String, _ session: LibraryHandshake.Session?) async -> Visit? {
    await dialer.visit(urgency: 7) { [version, serverName] endpoint, deadline in
      var visit = Visit(name: name)
      guard
        let handshake = LibraryHandshake(
          version: version, serverName: serverName, session: session)
      else {
        visit.state = .failed("libssl cannot make this handshake")
        return visit
      }
      // The ticket of a session that is resumed is of no further use.
      let waitsForTicket = version == .tls13 && session == nil
      do throws(ConnectionError) {
        let connection = try await Connection.connect(to: endpoint, until: deadline)
        do throws(ConnectionError) {
          try await Self.converse(connection, handshake, waitsForTicket, &visit)
        } catch {
          visit.end = "\(error)"
        }
        visit.transcript = connection.transcript
        await connection.close()
      } catch {
        visit.end = "\(error)"
      }
      visit.state = handshake.state
      visit.isAnswered = handshake.isAnswered
      visit.isResumed = handshake.isResumed
      if visit.state == .finished { visit.session = handshake.session }
      return visit
    }
  }

  private static func converse(
    _ connection: Connection, _ handshake: LibraryHandshake, _ waitsForTicket: Bool,
    _ visit: inout Visit
  ) async throws(ConnectionError) {
    var reply = handshake.feed([])
    while handshake.state == .going {
      if !reply.isEmpty { try await connection.send(reply) }
      guard let bytes = try await connection.receive() else {
        visit.end = "closed"
        return
      }
      reply = handshake.feed(bytes)
    }
    guard handshake.state == .finished else {
      if !reply.isEmpty { try await connection.send(reply) }
      return
    }
    // Taking leave at once makes a server that sends no ticket close instead of leaving us waiting.
    try await connection.send(reply + handshake.close())
    let end = ContinuousClock.now + ticketPatience
    while waitsForTicket, handshake.state == .finished, handshake.session == nil,
      ContinuousClock.now < end, let bytes = try await connection.receive()
    {
      _ = handshake.feed(bytes)
    }
  }
}
