import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM (中断): the first one cancels a piece of work, which then ends in its own way and removes what it
/// made; a second one ends the process as it would anyway. One at a time.
struct Interruption {
  private let sources: [any DispatchSourceSignal]
  private let state = State()

  private final class State: Sendable {
    let wasMet = Atomic(false)
  }

  /// - Parameter onFirst: what the first signal does.
  init(_ onFirst: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { [state] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        signal(number, SIG_DFL)
        state.wasMet.store(true, ordering: .relaxed)
        onFirst()
      }
      source.resume()
      return source
    }
  }

  /// Whether a signal came.
  var wasMet: Bool { state.wasMet.load(ordering: .relaxed) }

  /// Stops listening; a signal after that does nothing more.
  func end() { for source in sources { source.cancel() } }
}
