import Connections

/// One connection: sends a ClientHello, reads the server's flight, closes.
struct Exchange: Sendable {
  var name: String
  var hello: ClientHello
  /// The private halves of the hello's key shares.
  var keys: [KeyAgreement] = []

  /// Enough of a clear banner to tell what it is.
  private static let bannerLength = 64

  func run(at endpoint: Endpoint, until deadline: ContinuousClock.Instant) async -> Answer {
    var answer = Answer(name: name, hello: hello, flight: ServerFlight(), end: .read)
    let connection: Connection
    do throws(ConnectionError) {
      connection = try await Connection.connect(to: endpoint, until: deadline)
    } catch {
      answer.end = Answer.End(error)
      return answer
    }
    let keys = self.keys
    var reader: any AnswerReader =
      hello.version == .ssl2
      ? SSL2Reader()
      : FlightReader(answering: hello) { group, share in
        guard let pair = keys.first(where: { $0.group == group }) else { return nil }
        return try? pair.sharedSecret(with: share)
      }
    do throws(ConnectionError) {
      do throws(ConnectionError) {
        try await connection.send(hello.record)
      } catch {
        // A server may have spoken and gone before reading us: what it said still counts.
        if error != .reset { throw error }
      }
      answer.end = try await read(connection, &reader)
    } catch {
      answer.end = Answer.End(error)
    }
    answer.flight = reader.flight
    if answer.end == .notTLS { answer.clearBytes = await banner(reader.rest, connection) }
    answer.transcript = connection.transcript
    await connection.close()
    return answer
  }

  private func read(
    _ connection: Connection, _ reader: inout any AnswerReader
  ) async throws(ConnectionError) -> Answer.End {
    while !reader.flight.isOver {
      let bytes = try await connection.receive()
      do throws(WireError) {
        guard let bytes else {
          try reader.end()
          return .closed
        }
        try reader.feed(bytes)
      } catch {
        return Answer.End(error)
      }
    }
    return .read
  }

  /// Reads on for a line of text, so that a banner cut by TCP is still recognised.
  private func banner(_ start: [UInt8], _ connection: Connection) async -> [UInt8] {
    var bytes = start
    do throws(ConnectionError) {
      while bytes.count < Self.bannerLength, !bytes.contains(0x0A),
        let more = try await connection.receive()
      {
        bytes += more
      }
    } catch {
      // What came is enough to say that it is not TLS.
      return bytes
    }
    return bytes
  }
}

extension Answer.End {
  init(_ error: ConnectionError) {
    switch error {
    case .refused: self = .refused
    case .unreachable(let reason), .failed(let reason): self = .unreachable(reason)
    case .deadline: self = .timeout
    case .reset: self = .reset
    case .endless(let limit): self = .endless("more than \(limit) bytes")
    case .cancelled, .closed: self = .cancelled
    }
  }

  /// How an answer ended that breaks the protocol.
  init(_ error: WireError) {
    switch error.code {
    case .notTLS: self = .notTLS
    case .endless: self = .endless(error.description)
    default: self = .malformed(error)
    }
  }
}
