/// Why a connection could not be made or went no further.
package enum ConnectionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The host answered the connection request with a reset: nothing listens there.
  case refused
  /// No route, an unusable address, no permission…; the reason in words.
  case unreachable(String)
  /// The deadline of the exchange passed.
  case deadline
  /// The peer ended the connection with RST instead of FIN.
  case reset
  /// The peer sent more than the limit, in bytes; the connection is closed.
  case endless(limit: Int)
  /// The surrounding task was cancelled; the connection is closed.
  case cancelled
  /// This side closed the connection before.
  case closed
  /// The system refused a call; its words.
  case failed(String)

  package var description: String {
    switch self {
    case .refused: "connection refused"
    case .unreachable(let reason): "unreachable: \(reason)"
    case .deadline: "deadline passed"
    case .reset: "connection reset by the peer"
    case .endless(let limit): "the peer sent more than \(limit) bytes"
    case .cancelled: "cancelled"
    case .closed: "connection already closed"
    case .failed(let reason): "failed: \(reason)"
    }
  }
}
