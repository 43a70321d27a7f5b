import Synchronization

/// What was found of signatures on certificates: the same few issuers come again and again in lists and
/// captures, and every SM2 verification takes a millisecond.
final class SignatureMemory: Sendable {
  /// One signature: digests of the certificate and of the issuer tried.
  struct Key: Sendable, Hashable {
    var certificate: String
    var issuer: String
  }

  static let shared = SignatureMemory()
  /// When twice as many are known, the older half goes.
  private static let most = 1024

  /// Shared by all inspections of the process.
  private let state = Mutex((order: [Key](), found: [Key: ChainCheck.State]()))

  /// What is known of the signature, else what `verify` finds, which is kept.
  func state(of key: Key, _ verify: () -> ChainCheck.State) -> ChainCheck.State {
    if let known = state.withLock({ $0.found[key] }) { return known }
    let found = verify()
    state.withLock { state in
      if state.found.updateValue(found, forKey: key) == nil { state.order.append(key) }
      // In bulk, so that dropping does not cost a shift each time.
      guard state.order.count > 2 * Self.most else { return }
      for old in state.order.prefix(Self.most) { state.found[old] = nil }
      state.order.removeFirst(Self.most)
    }
    return found
  }
}
