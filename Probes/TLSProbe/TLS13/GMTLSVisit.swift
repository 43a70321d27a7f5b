import Connections
import NationalCrypto

/// One connection that makes a whole TLS 1.3 handshake with SM suites and closes in order.
struct GMTLSVisit: Sendable {
  /// What came of it.
  struct Result: Sendable {
    var answer: Answer
    /// The client as it was at the end.
    var client: GMTLSClient

    /// How the handshake ended, in the words of the facts.
    enum Ending: Sendable, Hashable {
      case completed
      /// The server's flight was right, but it refused ours.
      case refused
      /// What the server sent is wrong: its proof, its records, its Finished.
      case wrong
      /// Silence, another group or suite, a lost connection, or something we could not do.
      case unknown
    }

    var ending: Ending {
      switch client.failure {
      case .wire, .keyExchange, .record, .finished:
        return answer.flight.acceptedVersion == .tls13 ? .wrong : .unknown
      case .alert: return client.isConnected ? .refused : .unknown
      case .unable: return .unknown
      case nil: return client.isConnected ? .completed : .unknown
      }
    }
  }

  /// Names the evidence.
  var name: String
  var hello: ClientHello
  var key: SM2EphemeralKey
  var pair: ClientPair?
  var deviation: GMTLSClient.Deviation?
  /// Sent as application data once the handshake is completed; the answer's first record is waited for.
  var request: [UInt8]?

  /// How long the server's last word is waited for.
  private static let farewell = Duration.seconds(1)

  func run(at endpoint: Endpoint, until deadline: ContinuousClock.Instant) async -> Result {
    var answer = Answer(name: name, hello: hello, flight: ServerFlight(), end: .read)
    var client = GMTLSClient(hello, key: key, pair: pair, deviation: deviation)
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
    answer.transcript = connection.transcript
    await connection.close()
    return Result(answer: answer, client: client)
  }

  private func converse(
    _ connection: Connection, _ client: inout GMTLSClient
  ) async throws(ConnectionError) -> Answer.End {
    try await connection.send(hello.record)
    while !client.isOver, !client.isConnected {
      guard let bytes = try await connection.receive() else {
        client.end()
        return .closed
      }
      let reply = client.feed(bytes)
      if !reply.isEmpty { try await connection.send(reply) }
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
    await takeLeave(connection, &client)
    return .read
  }

  /// Says close_notify and reads what still comes: a server that does not like our Finished can only tell
  /// now. One that does answers in kind or closes.
  private func takeLeave(_ connection: Connection, _ client: inout GMTLSClient) async {
    // The handshake is done; a connection that breaks now says nothing more.
    guard (try? await connection.send(client.closeNotify())) != nil else { return }
    await listen(connection, &client)
  }

  /// Reads until the server has closed, refused us, or kept silent for long.
  private func listen(_ connection: Connection, _ client: inout GMTLSClient) async {
    let patience = Task {
      if (try? await Task.sleep(for: Self.farewell)) != nil { await connection.close() }
    }
    defer { patience.cancel() }
    while !client.isOver, let bytes = try? await connection.receive() {
      _ = client.feed(bytes)
    }
  }
}
