import Connections

/// What one connection with one ClientHello brought.
struct Answer: Sendable {
  /// How the exchange ended.
  enum End: Sendable, Hashable {
    /// The flight was read as far as it is read; an alert counts.
    case read
    /// FIN before the flight was over.
    case closed
    case reset
    /// The time of the attempt passed.
    case timeout
    case malformed(WireError)
    /// The peer's first bytes are not TLS.
    case notTLS
    case endless(String)
    case refused
    case unreachable(String)
    case cancelled
  }

  /// Names the evidence: `tls1.2`, `tlcp-plain`…
  var name: String
  var hello: ClientHello
  var flight: ServerFlight
  var end: End
  /// The first bytes of the peer that are no record.
  var clearBytes: [UInt8] = []
  var transcript = Transcript()
  /// Whether the server dropped hellos just then that it accepts at other times.
  var isDoubted = false

  var receivedAnything: Bool { transcript.count(.received) > 0 }

  /// How the server met the hello.
  enum Outcome: Sendable, Hashable {
    case accepted(ProtocolVersion)
    /// An alert, an error of SSL 2.0, or a ServerHello that is none for this hello.
    case declined
    /// FIN or RST without a byte: refused, cause unknown.
    case dropped
    /// Nothing can be said: silence, a broken answer, no connection.
    case unknown
  }

  var outcome: Outcome {
    if let version = flight.acceptedVersion { return .accepted(version) }
    if flight.alert != nil || flight.isRefusedByUs || flight.isRefusedBySSL2 { return .declined }
    switch end {
    case .closed, .reset: return receivedAnything || isDoubted ? .unknown : .dropped
    case .read, .timeout, .malformed, .notTLS, .endless, .refused, .unreachable, .cancelled:
      return .unknown
    }
  }

  /// One line for a person when something stood in the way.
  var trouble: String? {
    switch end {
    case .read: flight.alert.map { "\($0)" }
    case .closed where isDoubted, .reset where isDoubted:
      "dropped, as hellos accepted before were at that time"
    case .closed: "closed" + (receivedAnything ? " before the answer was complete" : "")
    case .reset: "connection reset"
    case .timeout: receivedAnything ? "answer not complete in time" : "no answer in time"
    case .malformed(let error): "\(error)"
    case .notTLS: "the answer is not TLS"
    case .endless(let detail): "endless answer: \(detail)"
    case .refused: "connection refused"
    case .unreachable(let reason): "unreachable: \(reason)"
    case .cancelled: "cancelled"
    }
  }
}
