import Foundation
import Glibc
import Synchronization

/// A TCP listener on 127.0.0.1 written on plain sockets, so that it can misbehave in every way.
package final class LoopbackListener: Sendable {
  /// One accepted connection, as the misbehaving side sees it.
  package struct Peer: Sendable {
    let socket: CInt

    /// Up to `count` bytes; empty after the other side's FIN or an error.
    package func read(_ count: Int = 65536) -> [UInt8] {
      var buffer = [UInt8](repeating: 0, count: count)
      let taken = Glibc.recv(socket, &buffer, count, 0)
      return taken > 0 ? Array(buffer.prefix(taken)) : []
    }

    /// Whether all of `bytes` could be sent.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
      var sent = 0
      while sent < bytes.count {
        let rest = Array(bytes[sent...])
        let written = Glibc.send(socket, rest, rest.count, CInt(MSG_NOSIGNAL))
        if written <= 0 { return false }
        sent += written
      }
      return true
    }

    /// Ends the sending direction with FIN.
    package func finish() { Glibc.shutdown(socket, CInt(SHUT_WR)) }

    /// Makes the close that follows an RST.
    package func resetOnClose() {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    /// Waits until the other side has gone.
    package func waitForEnd() { while !read().isEmpty {} }
  }

  package let port: UInt16
  private let socket: CInt
  private let isAccepting: Bool
  private let count = Mutex(0)

  /// Serves every connection with `serve` on a thread of its own, then closes it.
  ///
  /// - Parameter port: any free one for 0.
  package init(port wanted: UInt16 = 0, serve: @escaping @Sendable (Peer) -> Void) throws {
    (socket, port) = try Self.listen(backlog: 128, port: wanted)
    isAccepting = true
    Thread.detachNewThread { [socket, self] in
      while true {
        let accepted = accept(socket, nil, nil)
        guard accepted >= 0 else {
          // Closed here and not in `stop`, so that its number cannot be another's while this waits.
          close(socket)
          return
        }
        count.withLock { $0 += 1 }
        Thread.detachNewThread {
          serve(Peer(socket: accepted))
          close(accepted)
        }
      }
    }
  }

  /// Never accepts: connections beyond `backlog` stay unanswered.
  package init(unacceptingWithBacklog backlog: CInt) throws {
    (socket, port) = try Self.listen(backlog: backlog)
    isAccepting = false
  }

  /// How many connections were accepted so far.
  package var accepted: Int { count.withLock { $0 } }

  package func stop() {
    shutdown(socket, CInt(SHUT_RDWR))
    if !isAccepting { close(socket) }
  }

  /// A port on which nothing listens.
  package static func freePort() throws -> UInt16 {
    let (socket, port) = try listen(backlog: 1)
    close(socket)
    return port
  }

  private static func listen(backlog: CInt, port: UInt16 = 0) throws -> (CInt, UInt16) {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw POSIXError(.EMFILE) }
    // A port that was listened on before may be taken again at once.
    var reuse: CInt = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_port = port.bigEndian
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        Glibc.bind(socket, pointer, length) == 0 && Glibc.listen(socket, backlog) == 0
          && getsockname(socket, pointer, &length) == 0
      }
    }
    guard status else { throw POSIXError(.EADDRINUSE) }
    return (socket, UInt16(bigEndian: address.sin_port))
  }
}
