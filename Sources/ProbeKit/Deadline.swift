/// Runs `body` until `deadline`, then cancels it and returns `nil`.
///
/// `body` must answer cancellation promptly. The result is also `nil` when the surrounding task is
/// cancelled before `body` finishes.
package func withDeadline<Value: Sendable>(
  _ deadline: ContinuousClock.Instant, _ body: @escaping @Sendable () async -> Value
) async -> Value? {
  await withTaskGroup(of: Value?.self) { group in
    group.addTask { await body() }
    group.addTask {
      try? await Task.sleep(until: deadline)
      return nil
    }
    defer { group.cancelAll() }
    return await group.next() ?? nil
  }
}
