import Connections

/// One connection that goes through a TLCP handshake.
struct TLCPVisit: Sendable {
  /// What came of it.
  struct Result: Sendable {
    var answer: Answer
    /// The client as it was at the end.
    var client: TLCPClient

    /// How the handshake ended, in the words of the facts.
    enum Ending: Sendable, Hashable {
      case completed
      /// What the server sent is wrong: its proof, its records, its Finished.
      case wrong
      /// An alert or the end of the connection instead of the server's Finished.
      case refused
      /// Silence, a lost connection before our turn, or something we could not do.
      case unknown
    }

    var ending: Ending {
      if client.isConnected { return .completed }
      guard answer.flight.acceptedVersion == .tlcp else { return .unknown }
      switch client.failure {
      case .wire, .keyExchange, .record, .finished: return .wrong
      case .alert: return .refused
      case .unable: return .unknown
      case nil: break
      }
      switch answer.end {
      case .closed, .reset: return client.hasFinished || client.isResumed ? .refused : .unknown
      case .read, .timeout, .malformed, .notTLS, .endless, .refused, .unreachable, .cancelled:
        return .unknown
      }
    }
  }

  /// Names the evidence.
  var name: String
  var hello: ClientHello
  var session: TLCPClient.Session?
  var deviation: TLCPClient.Deviation?
  /// Certificates of our own, shown when asked for.
  var identity: ShownPair?
  /// Sent as application data once the handshake is completed; the answer's first record is waited for.
  var request: [UInt8]?
  var source: TLCPClient.Source

  func run(at endpoint: Endpoint, until deadline: ContinuousClock.Instant) async -> Result {
    var answer = Answer(name: name, hello: hello, flight: ServerFlight(), end: .read)
    var client = TLCPClient(
      hello, resuming: session, deviation: deviation, pair: identity?.pair,
      dialect: identity?.dialect ?? .tongsuo, source: source)
    let connection: Connection
    do throws(ConnectionError) {
      connection = try await Connection.connect(to: endpoint, until: deadline)
    } catch {
      answer.end = Answer.End(error)
      return Result(answer: answer, client: client)
    }
    do throws(ConnectionError) {
      answer.end = try await converse(connection, &client)
    } catch {
      answer.end = Answer.End(error)
    }
    if case .wire(let error)? = client.failure {
      switch error.code {
      case .notTLS: answer.end = .notTLS
      case .endless: answer.end = .endless(error.description)
      default: answer.end = .malformed(error)
      }
      // A problem is stated once, from the end.
      client.flight.problems.removeAll { $0 == error }
    }
    answer.flight = client.flight
    if answer.end == .notTLS { answer.clearBytes = client.rest }
    answer.transcript = connection.transcript
    await connection.close()
    return Result(answer: answer, client: client)
  }

  private func converse(
    _ connection: Connection, _ client: inout TLCPClient
  ) async throws(ConnectionError) -> Answer.End {
    do throws(ConnectionError) {
      try await connection.send(hello.record)
    } catch {
      // A server may have spoken and gone before reading us: what it said still counts.
      if error != .reset { throw error }
    }
    while !client.isOver, !client.isConnected {
      guard let bytes = try await connection.receive() else {
        client.end()
        return .closed
      }
      let reply = client.feed(bytes)
      guard !reply.isEmpty else { continue }
      do throws(ConnectionError) {
        try await connection.send(reply)
      } catch {
        // It may have refused us while we wrote; its alert is still to be read.
        if error != .reset { throw error }
      }
    }
    guard client.isConnected, client.failure == nil else { return .read }
    if let request {
      try await connection.send(client.seal(request, as: .applicationData))
      while !client.isOver, client.data.isEmpty {
        guard let bytes = try await connection.receive() else {
          client.end()
          return .closed
        }
        _ = client.feed(bytes)
      }
      guard client.failure == nil else { return .read }
    }
    do throws(ConnectionError) {
      try await connection.send(client.closeNotify())
    } catch {
      // The handshake is done; how the server takes our leave says nothing.
      if error == .cancelled { throw error }
    }
    return .read
  }
}
