import COpenSSL
import Connections
import Synchronization

/// TLS over a connection by libssl, which sees bytes in memory and no socket: the connection keeps the deadlines.
final class SecureLine: ServiceLine {
  /// libssl's state of one connection. Freed with the line.
  private final class State {
    let ssl: OpaquePointer
    /// Owned by `ssl`.
    let incoming: OpaquePointer
    let outgoing: OpaquePointer

    init?(_ settings: TLSSettings) {
      guard let ssl = settings.connection() else { return nil }
      guard let incoming = BIO_new(BIO_s_mem()) else {
        SSL_free(ssl)
        return nil
      }
      guard let outgoing = BIO_new(BIO_s_mem()) else {
        BIO_free(incoming)
        SSL_free(ssl)
        return nil
      }
      SSL_set_bio(ssl, incoming, outgoing)
      self.ssl = ssl
      self.incoming = incoming
      self.outgoing = outgoing
    }

    deinit {
      SSL_free(ssl)
      ERR_clear_error()
    }

    /// What libssl wants sent.
    func pending() -> [UInt8] {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = Int(BIO_read(outgoing, &buffer, Int32(buffer.count)))
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
      }
    }

    func take(_ bytes: [UInt8]) -> Bool {
      BIO_write(incoming, bytes, Int32(clamping: bytes.count)) == bytes.count
    }
  }

  private enum Step {
    case done, wantsBytes, ended
    case failed(String)
  }

  /// Reasons from here on stand for alerts received (SSL_AD_REASON_OFFSET).
  private static let alertReasons = 1000

  private let connection: Connection
  /// Protects libssl's state, which the deadline's task may leave to the next one.
  private let state: Mutex<State>

  private init(_ connection: Connection, _ state: sending State) {
    self.connection = connection
    self.state = Mutex(state)
  }

  /// The line once both sides agreed and the service's certificate was checked.
  static func opened(
    over connection: Connection, by settings: TLSSettings
  ) async throws(LineFailure) -> SecureLine {
    guard let state = State(settings) else {
      throw .tls("libssl cannot speak TLS with \(settings.serverName)")
    }
    let line = SecureLine(connection, state)
    while true {
      let (step, bytes) = line.step { SSL_do_handshake($0.ssl) }
      if !bytes.isEmpty {
        try await duringHandshake { () async throws(ConnectionError) in
          try await connection.send(bytes)
        }
      }
      switch step {
      case .done: return line
      case .failed(let reason): throw .tls(reason)
      case .ended: throw .tls("the service ended TLS during the handshake")
      case .wantsBytes:
        let arrived = try await duringHandshake { () async throws(ConnectionError) in
          try await connection.receive()
        }
        guard let arrived else {
          throw .tls("the service ended the connection during the TLS handshake")
        }
        guard line.take(arrived) else { throw .tls("no memory") }
      }
    }
  }

  /// A reset is how a server that speaks no TLS, or none with us, often ends it.
  private static func duringHandshake<Value: Sendable>(
    _ body: () async throws(ConnectionError) -> Value
  ) async throws(LineFailure) -> Value {
    do throws(ConnectionError) {
      return try await body()
    } catch {
      throw error == .reset
        ? .tls("the service reset the connection during the TLS handshake") : .connection(error)
    }
  }

  func send(_ bytes: [UInt8]) async throws(ConnectionError) {
    guard !bytes.isEmpty else { return }
    let (step, sealed) = step { SSL_write($0.ssl, bytes, Int32(clamping: bytes.count)) }
    guard case .done = step else { throw .failed("TLS takes nothing to send") }
    try await connection.send(sealed)
  }

  func receive() async throws(ConnectionError) -> [UInt8]? {
    while true {
      var buffer = [UInt8](repeating: 0, count: 16 * 1024)
      var count: Int32 = 0
      let (step, answer) = step { state in
        count = SSL_read(state.ssl, &buffer, Int32(buffer.count))
        return count
      }
      if !answer.isEmpty { try await connection.send(answer) }
      switch step {
      case .done: return Array(buffer.prefix(Int(count)))
      case .ended: return nil
      case .failed(let reason): throw .failed(reason)
      case .wantsBytes:
        // An end without close_notify is an end all the same; whether the answer is whole, its length says.
        guard let arrived = try await connection.receive() else { return nil }
        guard take(arrived) else { throw .failed("no memory") }
      }
    }
  }

  func close() async {
    // The notice that nothing more will be said is a courtesy; it is not waited for.
    let (_, notice) = step { SSL_shutdown($0.ssl) }
    if !notice.isEmpty { try? await connection.send(notice) }
    await connection.close()
  }

  var receivedCount: Int { connection.receivedCount }

  // Tickets of TLS 1.3 come before the first answer; after one, bytes mean the end.
  var isStale: Bool { connection.hasNews }

  func listen() { connection.listen() }

  private func take(_ bytes: [UInt8]) -> Bool { state.withLock { $0.take(bytes) } }

  /// Runs one call of libssl and says how it went and what is to be sent.
  private func step(_ call: (State) -> Int32) -> (Step, [UInt8]) {
    state.withLock { state in
      ERR_clear_error()
      let result = call(state)
      let step = Self.meaning(of: result, state)
      ERR_clear_error()
      return (step, state.pending())
    }
  }

  private static func meaning(of result: Int32, _ state: State) -> Step {
    if result > 0 { return .done }
    switch SSL_get_error(state.ssl, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE, SSL_ERROR_NONE: return .wantsBytes
    case SSL_ERROR_ZERO_RETURN: return .ended
    default: return .failed(words(state.ssl))
    }
  }

  /// The certificate's fault where that is the cause; the service's alert; else libssl's own words.
  private static func words(_ ssl: OpaquePointer) -> String {
    let code = ERR_peek_error()
    let verdict = SSL_get_verify_result(ssl)
    // The lower 23 bits hold the reason unless the error is the system's.
    let reason = Int(code & 0x7F_FFFF)
    if verdict != Int(X509_V_OK), reason == Int(SSL_R_CERTIFICATE_VERIFY_FAILED) {
      return "the service's certificate is not accepted: "
        + String(cString: X509_verify_cert_error_string(verdict))
    }
    let text = miping_error_reason(code).map { String(cString: $0) } ?? "no reason given"
    return (alertReasons...alertReasons + 255).contains(reason)
      ? "the service refused TLS with alert \(reason - alertReasons), \(text)" : text
  }
}
