import NIOCore
import Synchronization

/// What has arrived on a connection and not been read yet, and how it ended.
///
/// The channel reads only when somebody waits, so at most one read buffer is held here; a peer that
/// ends the connection makes the channel hand over what the kernel still holds, which `limit` bounds.
final class Inbox: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  /// How a connection ended for the reader.
  enum End: Sendable, Hashable {
    case fin
    case error(ConnectionError)
  }

  private struct State {
    var arrived: [UInt8] = []
    var end: End?
    var reader: CheckedContinuation<Void, Never>?
    var transcript = Transcript()
    var received = 0
  }

  /// Protects what the event loop writes and a task reads.
  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var transcript: Transcript { state.withLock { $0.transcript } }
  var end: End? { state.withLock { $0.end } }

  var hasNews: Bool { state.withLock { !$0.arrived.isEmpty || $0.end != nil } }

  func recordSent(_ bytes: [UInt8]) {
    state.withLock { $0.transcript.append(.sent, bytes) }
  }

  /// Ends the inbox, first end wins; bytes that arrived before stay readable unless `discarding`.
  func finish(_ end: End, discarding: Bool = false) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.end == nil { state.end = end }
      if discarding { state.arrived = [] }
      return state.reader.take()
    }
    reader?.resume()
  }

  /// Up to `count` bytes that have arrived, or how it ended; `nil` when one must wait.
  func take(upTo count: Int) -> Result<[UInt8]?, ConnectionError>? {
    state.withLock { state in
      if !state.arrived.isEmpty {
        let taken = Array(state.arrived.prefix(count))
        state.arrived.removeFirst(taken.count)
        return .success(taken)
      }
      switch state.end {
      case .fin: return .success(nil)
      case .error(let error): return .failure(error)
      case nil: return nil
      }
    }
  }

  /// Returns when bytes are there or the connection has ended.
  func waitForNews(asking channel: any Channel) async {
    await withCheckedContinuation { continuation in
      let mustWait = state.withLock { state in
        guard state.arrived.isEmpty, state.end == nil else { return false }
        state.reader = continuation
        return true
      }
      if mustWait { channel.read() } else { continuation.resume() }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Array(unwrapInboundIn(data).readableBytesView)
    let (reader, isOver) = state.withLock {
      state -> (CheckedContinuation<Void, Never>?, Bool) in
      guard state.end == nil else { return (nil, false) }
      let kept = bytes.prefix(limit - state.received)
      state.received += kept.count
      state.arrived += kept
      state.transcript.append(.received, Array(kept))
      if kept.count < bytes.count { state.end = .error(.endless(limit: limit)) }
      return (state.reader.take(), kept.count < bytes.count)
    }
    reader?.resume()
    if isOver { context.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      finish(.fin)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.error(ConnectionError(error, connecting: false)))
    context.close(promise: nil)
  }

  /// Without an end stated before, the channel went away under us: that is a reset.
  func channelInactive(context: ChannelHandlerContext) {
    finish(.error(.reset))
    context.fireChannelInactive()
  }
}
