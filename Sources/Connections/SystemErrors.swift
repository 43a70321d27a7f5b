import Glibc
import NIOCore
import NIOPosix

extension ConnectionError {
  /// Reads what the network layer threw; `connecting` tells a refused request from a reset connection.
  init(_ error: any Error, connecting: Bool) {
    switch error {
    case let error as ConnectionError: self = error
    case let error as IOError: self = .init(errno: error.errnoCode, connecting: connecting)
    case let error as NIOConnectionError:
      self =
        error.connectionErrors.first.map { .init($0.error, connecting: connecting) }
        ?? .unreachable("no address")
    case let error as ChannelError:
      switch error {
      case .connectTimeout: self = .deadline
      case .ioOnClosedChannel, .alreadyClosed, .outputClosed, .inputClosed, .eof:
        self = connecting ? .failed("\(error)") : .reset
      default: self = .failed("\(error)")
      }
    default: self = .failed("\(error)")
    }
  }

  private init(errno code: CInt, connecting: Bool) {
    switch code {
    case ECONNREFUSED: self = .refused
    case ECONNRESET where connecting: self = .refused
    case ECONNRESET, EPIPE, ECONNABORTED: self = .reset
    case ETIMEDOUT: self = connecting ? .deadline : .reset
    default:
      let words = String(cString: strerror(code))
      self = connecting ? .unreachable(words) : .failed(words)
    }
  }
}

extension TimeAmount {
  /// The time from now until `instant`; zero when it has passed, at most an hour.
  init(until instant: ContinuousClock.Instant) {
    let left = ContinuousClock.now.duration(to: instant)
    let bounded = min(max(left, .zero), .seconds(3600))
    let (seconds, attoseconds) = bounded.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
