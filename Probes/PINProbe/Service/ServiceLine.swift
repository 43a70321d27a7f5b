import Connections

/// A connection to a service as calls use it: in clear, or inside TLS.
///
/// Used by one task at a time. Everything ends with the deadline the connection was made with.
protocol ServiceLine: Sendable {
  func send(_ bytes: [UInt8]) async throws(ConnectionError)

  /// The next bytes; nil after the service ended the connection.
  func receive() async throws(ConnectionError) -> [UInt8]?

  func close() async

  /// Bytes that arrived on the wire so far.
  var receivedCount: Int { get }

  /// Asks the system for what may come between two calls; `isStale` then tells whether something did.
  func listen()

  /// Whether the connection is of no use for another call: its end, or bytes nobody asked for, came in.
  var isStale: Bool { get }
}

extension Connection: ServiceLine {
  func receive() async throws(ConnectionError) -> [UInt8]? {
    try await receive(upTo: 16 * 1024)
  }

  var receivedCount: Int { transcript.count(.received) }

  var isStale: Bool { hasNews }
}

/// Why no line to a service came about.
enum LineFailure: Error, Sendable, Hashable {
  case connection(ConnectionError)
  /// The service was reached, and TLS with it was refused by one of the two sides; in words.
  case tls(String)

  /// How a line is made: TCP, and TLS over it where the description says so.
  static func line(
    to endpoint: Endpoint, by settings: TLSSettings?, until deadline: ContinuousClock.Instant
  ) async -> Result<any ServiceLine, LineFailure> {
    let connection: Connection
    do throws(ConnectionError) {
      connection = try await Connection.connect(to: endpoint, until: deadline)
    } catch { return .failure(.connection(error)) }
    guard let settings else { return .success(connection) }
    do throws(LineFailure) {
      return .success(try await SecureLine.opened(over: connection, by: settings))
    } catch {
      await connection.close()
      return .failure(error)
    }
  }
}
