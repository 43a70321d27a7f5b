import Dispatch
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP, the end of the terminal (中断): the first one cancels a piece of work, which then ends
/// in its own way and removes what it made; a second one ends the process as it would anyway, except for SIGHUP, which
/// shell and system both send when a terminal goes. One at a time.
struct Interruption {
  private let sources: [any DispatchSourceSignal]
  private let state = State()

  private final class State: Sendable {
    let wasMet = Atomic(false)
  }

  /// - Parameter onFirst: what the first signal does.
  init(_ onFirst: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { [state] number in
      if number == SIGHUP, Self.isHangupIgnored { return nil }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if number != SIGHUP { signal(number, SIG_DFL) }
        state.wasMet.store(true, ordering: .relaxed)
        onFirst()
      }
      source.resume()
      return source
    }
  }

  /// Whether this process was started so that the end of the terminal is passed over, as nohup does.
  private static let isHangupIgnored: Bool = {
    let before = signal(SIGHUP, SIG_IGN)
    return unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }()

  /// Whether a signal came.
  var wasMet: Bool { state.wasMet.load(ordering: .relaxed) }

  /// Stops listening; a signal after that does nothing more.
  func end() { for source in sources { source.cancel() } }
}
