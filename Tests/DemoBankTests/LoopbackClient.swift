import COpenSSL
import Glibc

/// A plain TCP client on 127.0.0.1.
struct LoopbackClient {
  let socket: CInt

  /// nil when the connection is refused.
  init?(port: Int) {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(socket)
      return nil
    }
    self.socket = socket
  }

  func send(_ bytes: [UInt8]) {
    _ = Glibc.send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL))
  }

  /// Everything up to the other side's end; nil when five seconds pass without a byte or on RST.
  func readToEnd() -> [UInt8]? {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count == 0 { return all }
      if count < 0 { return nil }
      all += buffer.prefix(count)
    }
  }

  /// Closes with RST instead of FIN.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      socket, SOL_SOCKET, CInt(SO_LINGER), &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close(socket)
  }

  func end() { close(socket) }
}

/// What a client of libssl saw in one handshake and one exchange.
struct TLSVisit: Equatable {
  var version: String
  var suite: String
  var chainLength: Int
  var reply: String

  /// nil when the handshake fails.
  ///
  /// - Parameter versions: lowest and highest version offered, as on the wire.
  /// - Parameter suites: libssl's names, for TLS 1.2 and below.
  init?(port: Int, versions: ClosedRange<Int>, suites: String = "ALL:@SECLEVEL=0") {
    guard let client = LoopbackClient(port: port) else { return nil }
    defer { client.end() }
    guard let context = SSL_CTX_new(TLS_client_method()) else { return nil }
    defer { SSL_CTX_free(context) }
    guard SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, versions.lowerBound, nil) == 1,
      SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, versions.upperBound, nil) == 1,
      SSL_CTX_set_cipher_list(context, suites) == 1, let connection = SSL_new(context)
    else { return nil }
    defer { SSL_free(connection) }
    guard SSL_set_fd(connection, client.socket) == 1, SSL_connect(connection) == 1 else {
      ERR_clear_error()
      return nil
    }
    let request = Array("GET / HTTP/1.1\r\nHost: demo.test\r\n\r\n".utf8)
    guard SSL_write(connection, request, Int32(request.count)) == Int32(request.count) else {
      return nil
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = SSL_read(connection, &buffer, Int32(buffer.count))
      guard count > 0 else { break }
      bytes += buffer.prefix(Int(count))
    }
    version = String(cString: SSL_get_version(connection))
    suite = String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(connection)))
    chainLength = Int(miping_stack_count(UnsafeRawPointer(SSL_get_peer_cert_chain(connection))))
    reply = String(decoding: bytes, as: UTF8.self)
  }
}
