#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Answers HTTP in clear (明文): a channel without any cryptography.
final class ClearTextServer: Sendable {
  let port: Int
  private let server: LoopbackServer

  /// Listens on 127.0.0.1 at once.
  init() throws(DemoError) {
    server = try LoopbackServer { descriptor in
      var request: [UInt8] = []
      // Whatever is asked, also something that is not HTTP, gets the reply.
      repeat {
        let part = PeerSocket.read(descriptor)
        if part.isEmpty { break }
        request += part
      } while request.starts(with: Array("GET ".utf8)) && !PeerSocket.isWholeRequest(request)
      if !request.isEmpty { PeerSocket.write(PeerSocket.reply, to: descriptor) }
      PeerSocket.finish(descriptor)
    }
    port = server.port
  }

  /// Closes the port; returns whether everything had ended within a second.
  @discardableResult
  func stop() -> Bool { server.stop() }

  deinit { server.stop() }
}

/// Accepts connections and never answers (a tarpit), so that only a deadline ends a visit.
final class SilentServer: Sendable {
  let port: Int
  private let server: LoopbackServer

  /// Listens on 127.0.0.1 at once. A connection is kept for a minute, twice the usual deadline.
  init() throws(DemoError) {
    server = try LoopbackServer(timeLimit: .seconds(60)) { descriptor in
      while !PeerSocket.read(descriptor).isEmpty {}
    }
    port = server.port
  }

  /// Closes the port; returns whether everything had ended within a second.
  @discardableResult
  func stop() -> Bool { server.stop() }

  deinit { server.stop() }
}

/// A port on which nobody listens: it stays bound, so that no other program can take it meanwhile.
final class ClosedPort: Sendable {
  let port: Int
  private let socket: LoopbackSocket

  init() throws(DemoError) {
    socket = try LoopbackSocket()
    port = socket.port
  }

  deinit { close(socket.descriptor) }
}
