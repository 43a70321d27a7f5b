import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The part that all servers of the bank share: a listener on 127.0.0.1, a thread that accepts, and a thread
/// a connection, all of them bounded in number and time.
///
/// At most `most` connections are open at once; further ones wait in the system's queue. A connection that is
/// older than `timeLimit` is shut down, whatever it is doing. SIGPIPE is blocked in the threads of the server
/// and nowhere else: the system sends it to the thread that wrote, where it ends with the thread, so a client
/// that goes away cannot end the process and no setting of the process changes.
final class LoopbackServer: Sendable {
  private struct State {
    var isStopping = false
    /// When each open connection, by descriptor, has to be over.
    var open: [CInt: ContinuousClock.Instant] = [:]
  }

  static let most = 64
  /// How long the accepting thread sleeps before it looks at the clock and the stop flag again.
  private static let tick: CInt = 25

  let port: Int
  private let listener: LoopbackSocket
  private let timeLimit: Duration
  private let serve: @Sendable (CInt) -> Void
  private let state = Mutex(State())
  private let threads = DispatchGroup()

  /// Starts at once. `serve` is called on a thread of its own with a connected socket, which is closed after.
  init(
    timeLimit: Duration = .seconds(10), serve: @escaping @Sendable (CInt) -> Void
  ) throws(DemoError) {
    let listener = try LoopbackSocket()
    do throws(DemoError) {
      try listener.listen()
    } catch {
      close(listener.descriptor)
      throw error
    }
    self.listener = listener
    port = listener.port
    self.timeLimit = timeLimit
    self.serve = serve
    run { [self] in acceptConnections() }
  }

  /// Closes the listener, ends every connection and waits for the threads; a second call does nothing more.
  ///
  /// - Returns: whether all threads had ended within a second.
  @discardableResult
  func stop() -> Bool {
    state.withLock { state in
      state.isStopping = true
      for descriptor in state.open.keys { shutdown(descriptor, CInt(SHUT_RDWR)) }
    }
    return threads.wait(timeout: .now() + .seconds(1)) == .success
  }

  /// The number of connections open now.
  var openConnections: Int { state.withLock { $0.open.count } }

  private func run(_ body: @escaping @Sendable () -> Void) {
    threads.enter()
    Thread.detachNewThread { [threads] in
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      body()
      threads.leave()
    }
  }

  private func acceptConnections() {
    while endOverdue() {
      var waited = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
      let hasRoom = openConnections < Self.most
      // With a negative descriptor poll only sleeps.
      if !hasRoom { waited.fd = -1 }
      guard poll(&waited, 1, Self.tick) > 0 else { continue }
      let accepted = accept(listener.descriptor, nil, nil)
      if accepted >= 0 {
        take(accepted)
      } else if errno == EMFILE || errno == ENFILE {
        // The connection stays in the queue; without a pause this loop would spin.
        poll(nil, 0, Self.tick)
      }
    }
    close(listener.descriptor)
  }

  /// Shuts down connections whose time is over; false when the server is to stop.
  private func endOverdue() -> Bool {
    let now = ContinuousClock.now
    return state.withLock { state in
      for (descriptor, end) in state.open where end < now {
        shutdown(descriptor, CInt(SHUT_RDWR))
      }
      return !state.isStopping
    }
  }

  private func take(_ descriptor: CInt) {
    let end = ContinuousClock.now + timeLimit
    let isTaken = state.withLock { state in
      if !state.isStopping { state.open[descriptor] = end }
      return !state.isStopping
    }
    guard isTaken, (try? LoopbackSocket.refuseInheritance(descriptor)) != nil else {
      release(descriptor)
      return
    }
    run { [self] in
      serve(descriptor)
      release(descriptor)
    }
  }

  /// Closes under the lock, so that `stop` never shuts down a number that means another file by then.
  private func release(_ descriptor: CInt) {
    state.withLock { state in
      state.open[descriptor] = nil
      close(descriptor)
    }
  }
}

/// What servers do with a connected socket.
enum PeerSocket {
  /// Up to 4 096 bytes; empty after the end, a failure or the time limit.
  static func read(_ descriptor: CInt) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : []
  }

  /// Whether all of `bytes` could be sent.
  @discardableResult
  static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// Ends the sending direction and takes what the peer still sends, for half a second and 64 KiB at most.
  ///
  /// Closing with unread bytes makes the system send RST, which can overtake an alert already on its way.
  static func finish(_ descriptor: CInt) {
    guard shutdown(descriptor, CInt(SHUT_WR)) == 0 else { return }
    let end = ContinuousClock.now + .milliseconds(500)
    for _ in 0..<16 where ContinuousClock.now < end {
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waited, 1, 100) > 0 else { continue }
      if read(descriptor).isEmpty { return }
    }
  }

  /// The end of the header of an HTTP request, or the most we read of one.
  static func isWholeRequest(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 8192 || bytes.suffix(4).elementsEqual([13, 10, 13, 10])
  }

  /// The one reply all servers give.
  static let reply = Array(
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\ndemo\n"
      .utf8)
}
