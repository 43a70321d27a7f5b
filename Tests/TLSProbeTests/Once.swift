import Synchronization

/// True the first time it is asked.
final class Once: Sendable {
  /// Protects against the threads of servers that ask.
  private let isTaken = Mutex(false)

  func take() -> Bool {
    isTaken.withLock { taken in
      defer { taken = true }
      return !taken
    }
  }
}
