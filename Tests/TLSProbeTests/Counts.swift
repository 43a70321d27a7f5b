import Synchronization

/// A count and the highest it was.
final class Counts: Sendable {
  /// Protects against the threads of servers that count.
  private let state = Mutex((now: 0, most: 0))

  var most: Int { state.withLock { $0.most } }

  func change(_ body: @Sendable (inout Int) -> Void) {
    state.withLock {
      body(&$0.now)
      $0.most = max($0.most, $0.now)
    }
  }
}
