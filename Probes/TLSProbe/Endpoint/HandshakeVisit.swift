import Connections

/// One connection on which a client goes through its handshake, asks what it was given to ask, and closes
/// in order.
struct HandshakeVisit<Client: HandshakeClient>: Sendable {
  /// Names the evidence.
  var name: String
  /// The client before its first byte.
  var client: Client
  /// Sent as application data once the handshake is completed; the answer's first record is waited for.
  var request: [UInt8]?

  /// How long the server's last word is waited for.
  private static var farewell: Duration { .seconds(1) }

  func run(
    at endpoint: Endpoint, until deadline: ContinuousClock.Instant
  ) async -> HandshakeResult<Client> {
    var answer = Answer(name: name, hello: client.hello, flight: ServerFlight(), end: .read)
    var client = client
    let connection: Connection
    do throws(ConnectionError) {
      connection = try await Connection.connect(to: endpoint, until: deadline)
    } catch {
      answer.end = Answer.End(error)
      return HandshakeResult(answer: answer, client: client)
    }
    do throws(ConnectionError) {
      answer.end = try await converse(connection, &client)
    } catch {
      answer.end = Answer.End(error)
    }
    if case .wire(let error)? = client.failure {
      answer.end = Answer.End(error)
      // A problem is stated once, from the end.
      client.flight.problems.removeAll { $0 == error }
    }
    answer.flight = client.flight
    if answer.end == .notTLS { answer.clearBytes = client.rest }
    answer.transcript = connection.transcript
    await connection.close()
    return HandshakeResult(answer: answer, client: client)
  }

  private func converse(
    _ connection: Connection, _ client: inout Client
  ) async throws(ConnectionError) -> Answer.End {
    try await send(client.hello.record, on: connection)
    while !client.isOver, !client.isConnected {
      guard let bytes = try await connection.receive() else {
        client.end()
        return .closed
      }
      let reply = client.feed(bytes)
      if !reply.isEmpty { try await send(reply, on: connection) }
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
      return .read
    }
    if Client.finishesLast { await hearOut(connection, &client) }
    return .read
  }

  /// Sends what belongs to the handshake. A server may have spoken and gone before reading us: what it said
  /// still counts, its alert above all.
  private func send(_ bytes: [UInt8], on connection: Connection) async throws(ConnectionError) {
    do throws(ConnectionError) { try await connection.send(bytes) } catch {
      if error != .reset { throw error }
    }
  }

  /// Reads until the server has closed, refused us, or kept silent for long: one that does not like our
  /// Finished can only tell now, one that does answers close_notify in kind or closes.
  private func hearOut(_ connection: Connection, _ client: inout Client) async {
    let patience = Task {
      if (try? await Task.sleep(for: Self.farewell)) != nil { await connection.close() }
    }
    defer { patience.cancel() }
    while !client.isOver, let bytes = try? await connection.receive() {
      _ = client.feed(bytes)
    }
  }
}

/// What came of a visit.
struct HandshakeResult<Client: HandshakeClient>: Sendable {
  var answer: Answer
  /// The client as it was at the end.
  var client: Client
}

/// How a whole handshake ended, in the words of the facts.
enum HandshakeEnding: Sendable, Hashable {
  case completed
  /// What the server sent is wrong: its proof, its records, its Finished.
  case wrong
  /// The server ended it instead of taking our part of it.
  case refused
  /// Silence, another group or suite, a connection lost before our turn, or something we could not do.
  case unknown
}
