import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy on loopback that holds data back for a while in each direction and counts its connections.
/// Connecting takes no longer than on loopback.
final class DelayProxy: Sendable {
  let port: Int
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let count: Counter

  final class Counter: Sendable {
    private let value = Atomic(0)
    var number: Int { value.load(ordering: .relaxed) }
    func add() { value.add(1, ordering: .relaxed) }
  }

  init(to target: Int, delay: Duration) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let count = Counter()
    let amount = TimeAmount(delay)
    channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        count.add()
        return ClientBootstrap(group: client.eventLoop)
          .channelOption(.allowRemoteHalfClosure, value: true)
          .channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .channelOption(.autoRead, value: false)
          .connect(host: "127.0.0.1", port: target)
          .flatMap { server in
            server.pipeline.addHandler(Pump(to: client, delay: amount))
              .and(client.pipeline.addHandler(Pump(to: server, delay: amount))).flatMap { _ in
                server.setOption(.autoRead, value: true)
                  .and(client.setOption(.autoRead, value: true)).map { _ in }
              }
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
    self.group = group
    self.count = count
  }

  /// Connections made so far.
  var connections: Int { count.number }

  func stop() async throws {
    try await channel.close()
    try await group.shutdownGracefully()
  }
}

/// Passes on what it reads, and the end of it, after a delay.
private final class Pump: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let peer: any Channel
  private let delay: TimeAmount

  init(to peer: any Channel, delay: TimeAmount) {
    self.peer = peer
    self.delay = delay
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    later(context) { $0.writeAndFlush(buffer, promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      later(context) { $0.close(mode: .output, promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    later(context) { $0.close(promise: nil) }
  }

  private func later(
    _ context: ChannelHandlerContext, _ action: @escaping @Sendable (any Channel) -> Void
  ) {
    guard delay > .zero else { return action(peer) }
    context.eventLoop.scheduleTask(in: delay) { [peer] in action(peer) }
  }
}
