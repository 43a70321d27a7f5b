import Foundation
import Glibc
import Synchronization

/// Sockets on 127.0.0.1 for the tests' own use; no program started by a test inherits them.
package enum Loopback {
  /// A port nothing listens on at the moment.
  package static func freePort() throws -> Int {
    let (socket, port) = try bound()
    close(socket)
    return port
  }

  package static func answers(_ port: Int) -> Bool {
    let socket = Glibc.socket(AF_INET, streamType, 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    return with(address(port)) { connect(socket, $0, $1) } == 0
  }

  /// A port that is taken and refuses every connection.
  package final class ClosedPort: Sendable {
    package let port: Int
    private let socket: Int32

    package init() throws { (socket, port) = try bound() }

    deinit { close(socket) }
  }

  /// Accepts and counts connections.
  package final class Listener: Sendable {
    /// What it does with a connection.
    package enum Manner: Sendable {
      /// Never answers: a tarpit.
      case silent
      /// Closes it at once.
      case closes
    }

    package let port: Int
    private let socket: Int32
    /// Written by the accepting thread, read by the test.
    private let accepted = Mutex<(count: Int, open: [Int32])>((0, []))

    package init(_ manner: Manner) throws {
      (socket, port) = try bound()
      guard listen(socket, 128) == 0 else {
        close(socket)
        throw SupportError("cannot listen on \(port)")
      }
      Thread.detachNewThread { [weak self, socket] in
        while true {
          let connection = accept(socket, nil, nil)
          guard connection >= 0 else { return }
          _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
          guard let self else { return }
          self.take(connection, manner)
        }
      }
    }

    private func take(_ connection: Int32, _ manner: Manner) {
      accepted.withLock { state in
        state.count += 1
        switch manner {
        case .silent: state.open.append(connection)
        case .closes:
          // What was said is read first: closing on unread bytes is a reset, not an end.
          var question = [UInt8](repeating: 0, count: 1 << 14)
          _ = recv(connection, &question, question.count, 0)
          close(connection)
        }
      }
    }

    package var count: Int { accepted.withLock(\.count) }

    deinit {
      shutdown(socket, Int32(SHUT_RDWR))
      close(socket)
      accepted.withLock { state in for one in state.open { close(one) } }
    }
  }

  private static let streamType = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

  private static func bound() throws -> (socket: Int32, port: Int) {
    let socket = Glibc.socket(AF_INET, streamType, 0)
    var taken = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard socket >= 0, with(address(0), { bind(socket, $0, $1) }) == 0,
      withUnsafeMutablePointer(
        to: &taken,
        {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }) == 0
    else { throw SupportError("no free port on loopback") }
    return (socket, Int(UInt16(bigEndian: taken.sin_port)))
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func with<Value>(
    _ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
  ) -> Value {
    var address = address
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
