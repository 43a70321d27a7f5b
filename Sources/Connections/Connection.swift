import NIOCore
import NIOPosix
import Synchronization

/// One TCP exchange with a deadline.
///
/// Bounded in every direction: the deadline of the whole exchange, the bytes it accepts
/// (`receiveLimit`), and what it holds unread (one read buffer). Cancelling the task that uses it closes
/// it at once.
package final class Connection: Sendable {
  /// Bytes a connection accepts in all before it is called endless.
  package static let receiveLimit = 1 << 20

  package let endpoint: Endpoint
  private let channel: any Channel
  private let inbox: Inbox
  private let alarm: Scheduled<Void>

  /// One read takes a usual flight; larger buffers cost a scan of many endpoints more than second reads.
  private static let readLength = 4 * 1024

  private init(endpoint: Endpoint, channel: any Channel, inbox: Inbox, timeLeft: TimeAmount) {
    self.endpoint = endpoint
    self.channel = channel
    self.inbox = inbox
    alarm = channel.eventLoop.scheduleTask(in: timeLeft) {
      inbox.finish(.error(.deadline))
      channel.close(promise: nil)
    }
  }

  /// Connects to an address literal; everything on the connection ends at `deadline`.
  package static func connect(
    to endpoint: Endpoint, until deadline: ContinuousClock.Instant
  ) async throws(ConnectionError) -> Connection {
    let address: SocketAddress
    do {
      address = try SocketAddress(ipAddress: endpoint.address, port: Int(endpoint.port))
    } catch {
      throw .unreachable("\(endpoint.address) is not an IP address")
    }
    let timeLeft = TimeAmount(until: deadline)
    guard timeLeft > .zero else { throw .deadline }
    let inbox = Inbox(limit: receiveLimit)
    let attempt = Attempt()
    let bootstrap = ClientBootstrap(group: ConnectionThreads.place)
      .connectTimeout(timeLeft)
      .channelOption(.autoRead, value: false)
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readLength)
      )
      .channelInitializer { channel in
        attempt.began(channel)
        return channel.pipeline.addHandler(inbox)
      }
    let outcome: Result<any Channel, ConnectionError> = await withTaskCancellationHandler {
      do {
        return .success(try await bootstrap.connect(to: address).get())
      } catch {
        return .failure(Task.isCancelled ? .cancelled : ConnectionError(error, connecting: true))
      }
    } onCancel: {
      attempt.cancel()
    }
    return Connection(
      endpoint: endpoint, channel: try outcome.get(), inbox: inbox,
      timeLeft: TimeAmount(until: deadline))
  }

  /// Sends all of `bytes`; returns when the system has taken them.
  package func send(_ bytes: [UInt8]) async throws(ConnectionError) {
    if Task.isCancelled { await close() }
    if case .error(let error) = inbox.end { throw error }
    // Before the write, since the answer may be in before the write is known to be done.
    inbox.recordSent(bytes)
    let result: Result<Void, ConnectionError> = await guarded {
      do {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        return .success(())
      } catch {
        // What the reader learnt (deadline, reset, cancellation) says more than the failed write.
        if case .error(let known) = self.inbox.end { return .failure(known) }
        return .failure(ConnectionError(error, connecting: false))
      }
    }
    try result.get()
  }

  /// The next bytes, at most `count` (at least one is asked for); `nil` after the peer's FIN.
  ///
  /// Bytes that arrived before an end are handed over before that end is told.
  package func receive(upTo count: Int = 16 * 1024) async throws(ConnectionError) -> [UInt8]? {
    let result: Result<[UInt8]?, ConnectionError> = await guarded {
      while true {
        if Task.isCancelled { return .failure(.cancelled) }
        if let taken = self.inbox.take(upTo: max(1, count)) { return taken }
        await self.inbox.waitForNews(asking: self.channel)
      }
    }
    return try result.get()
  }

  /// Asks the system for what may come unasked, which `hasNews` then tells. Returns at once.
  package func listen() { channel.read() }

  /// Whether bytes have arrived that nobody received yet, or the connection has ended, as far as was asked for.
  package var hasNews: Bool { inbox.hasNews }

  /// Closes both directions; afterwards nothing can be sent, and what arrived is gone. May be repeated.
  package func close() async {
    alarm.cancel()
    inbox.finish(.error(.closed), discarding: true)
    channel.close(promise: nil)
    try? await channel.closeFuture.get()
  }

  /// Everything that was sent and received so far.
  package var transcript: Transcript { inbox.transcript }

  /// Runs `body`; cancellation of the task ends the connection, which makes `body` return.
  private func guarded<Value: Sendable>(_ body: () async -> Value) async -> Value {
    await withTaskCancellationHandler {
      await body()
    } onCancel: {
      inbox.finish(.error(.cancelled), discarding: true)
      channel.close(promise: nil)
    }
  }
}

/// A connection being made, so that cancelling the task can close it: a connect by itself does not
/// notice cancellation.
private final class Attempt: Sendable {
  private struct State {
    var channel: (any Channel)?
    var isCancelled = false
  }

  /// Protects against the cancellation handler, which runs on any thread at any time.
  private let state = Mutex(State())

  func began(_ channel: any Channel) {
    let isCancelled = state.withLock { state in
      state.channel = channel
      return state.isCancelled
    }
    if isCancelled { channel.close(promise: nil) }
  }

  func cancel() {
    let channel = state.withLock { state in
      state.isCancelled = true
      return state.channel
    }
    channel?.close(promise: nil)
  }
}
