import Glibc

@testable import DemoBank

/// A connection to a service on loopback, for a stand-in that passes requests on.
final class Upstream: Sendable {
  private let socket: Int32

  init?(port: Int) {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    self.socket = socket
    guard socket >= 0, status == 0 else { return nil }
  }

  deinit { close(socket) }

  /// The first piece of the answer, waited for half a second; what needs no answer gets none.
  func answer(to request: [UInt8]) -> [UInt8] {
    guard PeerSocket.write(request, to: socket) else { return [] }
    var waited = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return poll(&waited, 1, 500) > 0 ? PeerSocket.read(socket) : []
  }
}
