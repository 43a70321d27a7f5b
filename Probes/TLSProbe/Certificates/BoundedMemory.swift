import Synchronization

/// What was found once and may be asked for again; the older half goes when it is full.
///
/// The same few certificates and issuers come again and again in lists of endpoints and in captures, and
/// libcrypto takes a tenth of a millisecond to read a key, a millisecond to verify an SM2 signature.
final class BoundedMemory<Key: Sendable & Hashable, Value: Sendable>: Sendable {
  private let most: Int
  /// Shared by all inspections of the process.
  private let state = Mutex((order: [Key](), found: [Key: Value]()))

  /// - Parameter most: how many are kept for sure; twice as many are never kept.
  init(most: Int) { self.most = most }

  /// What is known of `key`, else what `find` finds, which is kept.
  func value<Failure: Error>(
    of key: Key, _ find: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    if let known = state.withLock({ $0.found[key] }) { return known }
    let found = try find()
    state.withLock { state in
      if state.found.updateValue(found, forKey: key) == nil { state.order.append(key) }
      // In bulk, so that dropping does not cost a shift each time.
      guard state.order.count >= 2 * most else { return }
      for old in state.order.prefix(most) { state.found[old] = nil }
      state.order.removeFirst(most)
    }
    return found
  }
}
