import Glibc
import NIOPosix
import Synchronization

/// The addresses of `host` in text form, in the system's order, each once; a literal is its own address.
///
/// The system's resolver cannot be interrupted: at `deadline` or on cancellation the answer is given up,
/// and the lookup ends by itself on its own thread.
package func resolve(
  _ host: String, until deadline: ContinuousClock.Instant
) async throws(ConnectionError) -> [String] {
  guard deadline > .now else { throw .deadline }
  let answer = Answer()
  let outcome: Result<[String], ConnectionError> = await withTaskCancellationHandler {
    await withTaskGroup(of: Result<[String], ConnectionError>?.self) { group in
      group.addTask { await answer.value(of: host) }
      group.addTask {
        guard (try? await Task.sleep(until: deadline)) != nil else { return nil }
        answer.give(.failure(.deadline))
        return nil
      }
      defer { group.cancelAll() }
      for await result in group {
        if let result { return result }
      }
      return .failure(.deadline)
    }
  } onCancel: {
    answer.give(.failure(.cancelled))
  }
  return try outcome.get()
}

/// Lookups run on these threads, away from the tasks' own; four names at once.
private let lookupThreads: NIOThreadPool = {
  let threads = NIOThreadPool(numberOfThreads: 4)
  threads.start()
  return threads
}()

/// The first answer to a lookup: its result, the deadline or cancellation.
private final class Answer: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Result<[String], ConnectionError>, Never>)
    case given(Result<[String], ConnectionError>)
  }

  /// Protects against the three that may answer, each on a thread of its own.
  private let state = Mutex(State.open)

  func give(_ result: Result<[String], ConnectionError>) {
    let waiting = state.withLock {
      state -> CheckedContinuation<Result<[String], ConnectionError>, Never>? in
      switch state {
      case .open:
        state = .given(result)
        return nil
      case .awaited(let continuation):
        state = .given(result)
        return continuation
      case .given: return nil
      }
    }
    waiting?.resume(returning: result)
  }

  func value(of host: String) async -> Result<[String], ConnectionError> {
    lookupThreads.submit { _ in self.give(lookUp(host)) }
    return await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Result<[String], ConnectionError>? in
        if case .given(let result) = state { return result }
        state = .awaited(continuation)
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}

private func lookUp(_ host: String) -> Result<[String], ConnectionError> {
  var hints = addrinfo()
  hints.ai_family = AF_UNSPEC
  hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
  var list: UnsafeMutablePointer<addrinfo>?
  let status = getaddrinfo(host, nil, &hints, &list)
  guard status == 0 else {
    return .failure(.unreachable("\(host): \(String(cString: gai_strerror(status)))"))
  }
  defer { freeaddrinfo(list) }
  var addresses: [String] = []
  var next = list
  while let entry = next {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let written = getnameinfo(
      entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
      NI_NUMERICHOST)
    if written == 0 {
      let address = String(
        decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if !addresses.contains(address) { addresses.append(address) }
    }
    next = entry.pointee.ai_next
  }
  return addresses.isEmpty ? .failure(.unreachable("\(host): no address")) : .success(addresses)
}
