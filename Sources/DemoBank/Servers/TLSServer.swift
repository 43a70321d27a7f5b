import COpenSSL
import NationalCrypto

/// A TLS server of libssl on loopback, as good or as bad as its options make it.
///
/// libssl has no suite with SM algorithms: even the best such server uses cryptography without using an
/// approved one (D met, A not met).
final class TLSServer: Sendable {
  /// Versions of TLS by their number on the wire.
  enum Version: UInt16, Sendable, Hashable, Comparable {
    case tls10 = 0x0301
    case tls11 = 0x0302
    case tls12 = 0x0303
    case tls13 = 0x0304

    static func < (first: Version, second: Version) -> Bool {
      first.rawValue < second.rawValue
    }
  }

  /// What the server offers. Its certificates do not depend on the name the client asks for.
  struct Options: Sendable {
    var versions: ClosedRange<Version>
    /// Suites up to TLS 1.2 in libssl's names, joined by colons; the server's order decides.
    var suites: String
    /// libssl's security level; 0 permits everything it was built with.
    var securityLevel: Int32
    /// One a kind of key.
    var identities: [Identity]
  }

  /// A certificate with its key and its issuer's certificate.
  struct Identity: Sendable {
    var certificate: DemoCertificate
    var key: DemoKey
    var issuer: DemoCertificate
  }

  let port: Int
  private let server: LoopbackServer

  /// Listens on 127.0.0.1 at once.
  init(_ options: Options) throws(DemoError) {
    let context = try TLSContext(options)
    server = try LoopbackServer { context.serve($0) }
    port = server.port
  }

  /// Closes the port and ends every connection; returns whether everything had ended within a second.
  @discardableResult
  func stop() -> Bool { server.stop() }

  /// The number of connections open now.
  var openConnections: Int { server.openConnections }

  deinit { server.stop() }
}

/// Owns libssl's settings of one server.
private final class TLSContext: Sendable {
  /// Changed in the initialiser only; libssl permits making connections of it on several threads.
  nonisolated(unsafe) private let pointer: OpaquePointer

  init(_ options: TLSServer.Options) throws(DemoError) {
    let operation = "setting up a TLS server"
    ERR_clear_error()
    guard let pointer = SSL_CTX_new(TLS_server_method()) else { throw .libcrypto(operation) }
    self.pointer = pointer
    SSL_CTX_set_security_level(pointer, options.securityLevel)
    SSL_CTX_set_options(pointer, miping_demo_server_options())
    let settings = [
      (SSL_CTRL_SET_MIN_PROTO_VERSION, Int(options.versions.lowerBound.rawValue)),
      (SSL_CTRL_SET_MAX_PROTO_VERSION, Int(options.versions.upperBound.rawValue)),
    ]
    for (setting, value) in settings {
      try require(SSL_CTX_ctrl(pointer, setting, value, nil) == 1, operation)
    }
    // Gives back the mode before, so there is nothing to check; sessions are not kept.
    _ = SSL_CTX_ctrl(pointer, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
    try require(SSL_CTX_set_cipher_list(pointer, options.suites) == 1, operation)
    for identity in options.identities {
      try require(SSL_CTX_use_certificate(pointer, identity.certificate.pointer) == 1, operation)
      try require(SSL_CTX_use_PrivateKey(pointer, identity.key.pointer) == 1, operation)
      // The last argument but one asks libssl for a reference of its own.
      let issuer = UnsafeMutableRawPointer(identity.issuer.pointer)
      try require(SSL_CTX_ctrl(pointer, SSL_CTRL_CHAIN_CERT, 1, issuer) == 1, operation)
    }
  }

  deinit { SSL_CTX_free(pointer) }

  /// Shakes hands, reads one request, gives one reply.
  func serve(_ descriptor: CInt) {
    defer { PeerSocket.finish(descriptor) }
    guard let connection = SSL_new(pointer) else { return }
    defer { SSL_free(connection) }
    // What goes wrong from here on is the client's doing; libssl has sent its alert.
    guard SSL_set_fd(connection, descriptor) == 1, SSL_accept(connection) == 1,
      request(from: connection)
    else { return }
    let reply = PeerSocket.reply
    guard SSL_write(connection, reply, Int32(reply.count)) == Int32(reply.count) else { return }
    // 0: our close_notify is out and the client's is not in, which is not waited for.
    guard SSL_shutdown(connection) >= 0 else { return }
  }

  /// Whether a request came, whole or as much as is read of one.
  private func request(from connection: OpaquePointer) -> Bool {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !PeerSocket.isWholeRequest(request) {
      let count = SSL_read(connection, &buffer, Int32(buffer.count))
      guard count > 0 else { return false }
      request += buffer.prefix(Int(count))
    }
    return true
  }
}
