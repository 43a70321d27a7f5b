import COpenSSL

/// A whole TLS handshake by libssl, bytes in and bytes out: no socket, no clock. Certificates are not judged
/// here; the Finished messages, and so the keys, are.
///
/// Used by one task at a time.
final class LibraryHandshake {
  /// A session to offer again. Holds keys: it never leaves the probe.
  struct Session: Sendable {
    fileprivate var der: [UInt8]
    var hasTicket: Bool
    /// Seconds, as the server says; 0 when it says nothing.
    var lifetime: Int
    /// Bytes of early data a TLS 1.3 ticket allows.
    var earlyData: Int
  }

  enum State: Sendable, Hashable {
    case going, finished
    /// The server's alert ended it.
    case refused(alert: UInt8)
    /// libssl could not go on, or the server's messages were wrong; its words.
    case failed(String)
  }

  private(set) var state = State.going
  /// Whether the server took up the session offered.
  private(set) var isResumed = false
  /// Whether the server began with a handshake message: what was offered suits it.
  private(set) var isAnswered = false
  private let ssl: OpaquePointer
  /// Owned by `ssl`.
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer

  /// Reasons from here on stand for alerts received (SSL_AD_REASON_OFFSET).
  private static let alertReasons: Int32 = 1000
  /// SSL_OP_LEGACY_SERVER_CONNECT, a macro with arguments: servers without RFC 5746 are talked to.
  private static let allowsOldServers: UInt64 = 1 << 2
  /// SSL_OP_TLSEXT_PADDING: no hello of 256 to 511 bytes, on which some servers fail.
  private static let pads: UInt64 = 1 << 4

  /// Every suite of TLS 1.3 that libssl has, not only those it offers by itself.
  private static let suites13 =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
    + ":TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"
  /// The same for groups, the usual ones first.
  private static let groups =
    "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192"
    + ":brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:secp256k1"

  /// What all handshakes share; libssl counts its users and locks it.
  private final class Context: @unchecked Sendable {
    let pointer: OpaquePointer?

    init() {
      pointer = SSL_CTX_new(TLS_client_method())
      guard let pointer else { return }
      SSL_CTX_set_security_level(pointer, 0)
      SSL_CTX_set_verify(pointer, SSL_VERIFY_NONE, nil)
      _ = SSL_CTX_set_options(pointer, LibraryHandshake.allowsOldServers | LibraryHandshake.pads)
      if SSL_CTX_set_cipher_list(pointer, "ALL:!aNULL:@SECLEVEL=0") != 1 { ERR_clear_error() }
      // A library built without one of these keeps what it offers by itself.
      if SSL_CTX_set_ciphersuites(pointer, LibraryHandshake.suites13) != 1 { ERR_clear_error() }
      var groups = Array(LibraryHandshake.groups.utf8CString)
      if SSL_CTX_ctrl(pointer, SSL_CTRL_SET_GROUPS_LIST, 0, &groups) != 1 { ERR_clear_error() }
    }
  }

  private static let context = Context()

  /// `nil` when libssl cannot do such a handshake.
  ///
  /// - Parameter version: TLS 1.0 to 1.3, the only one offered.
  init?(version: ProtocolVersion, serverName: String?, session: Session?) {
    guard let context = Self.context.pointer, let ssl = SSL_new(context) else {
      ERR_clear_error()
      return nil
    }
    guard let incoming = BIO_new(BIO_s_mem()) else {
      SSL_free(ssl)
      return nil
    }
    guard let outgoing = BIO_new(BIO_s_mem()) else {
      BIO_free(incoming)
      SSL_free(ssl)
      return nil
    }
    SSL_set_bio(ssl, incoming, outgoing)
    self.ssl = ssl
    self.incoming = incoming
    self.outgoing = outgoing
    let number = Int(version.rawValue)
    guard SSL_ctrl(ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, number, nil) == 1,
      SSL_ctrl(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, number, nil) == 1
    else { return nil }
    if let serverName {
      var name = Array(serverName.utf8CString)
      guard
        SSL_ctrl(
          ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name) == 1
      else { return nil }
    }
    if let session, !offer(session) { return nil }
    SSL_set_connect_state(ssl)
  }

  deinit {
    SSL_free(ssl)
    ERR_clear_error()
  }

  private func offer(_ session: Session) -> Bool {
    let read = session.der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var place = buffer.baseAddress
      return d2i_SSL_SESSION(nil, &place, buffer.count)
    }
    guard let read else { return false }
    defer { SSL_SESSION_free(read) }
    return SSL_set_session(ssl, read) == 1
  }

  /// Takes the server's bytes, none at the start, and returns what to send.
  func feed(_ bytes: [UInt8]) -> [UInt8] {
    if let first = bytes.first {
      if first == Record.ContentType.handshake.rawValue { isAnswered = true }
      guard BIO_write(incoming, bytes, Int32(clamping: bytes.count)) == bytes.count else {
        state = .failed("no memory")
        return []
      }
    }
    ERR_clear_error()
    if state == .going {
      let result = SSL_do_handshake(ssl)
      if result == 1 {
        state = .finished
        isResumed = SSL_session_reused(ssl) == 1
      } else {
        note(result)
      }
    }
    // In TLS 1.3 tickets, and refusals of the client's part, follow the handshake.
    if state == .finished {
      var buffer = [UInt8](repeating: 0, count: 4096)
      var result: Int32
      repeat { result = SSL_read(ssl, &buffer, Int32(buffer.count)) } while result > 0
      note(result)
    }
    return pending()
  }

  /// The notice that nothing more will be said.
  func close() -> [UInt8] {
    ERR_clear_error()
    // 0: sent, and the peer's is not in yet, which is what is expected.
    if SSL_shutdown(ssl) < 0 { ERR_clear_error() }
    return pending()
  }

  private func note(_ result: Int32) {
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_NONE, SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE, SSL_ERROR_ZERO_RETURN: return
    default:
      let code = ERR_peek_error()
      // The lower 23 bits hold the reason unless the error is the system's.
      let reason = Int32(truncatingIfNeeded: code & 0x7F_FFFF)
      if (Self.alertReasons...Self.alertReasons + 255).contains(reason) {
        state = .refused(alert: UInt8(truncatingIfNeeded: reason - Self.alertReasons))
      } else {
        state = .failed(miping_error_reason(code).map { String(cString: $0) } ?? "no reason given")
      }
      ERR_clear_error()
    }
  }

  private func pending() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Int(BIO_read(outgoing, &buffer, Int32(buffer.count)))
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// The session as it can be offered again; `nil` while there is none.
  var session: Session? {
    guard let current = SSL_get1_session(ssl) else { return nil }
    defer { SSL_SESSION_free(current) }
    guard SSL_SESSION_is_resumable(current) == 1 else { return nil }
    let length = Int(i2d_SSL_SESSION(current, nil))
    guard length > 0 else { return nil }
    var der = [UInt8](repeating: 0, count: length)
    let written = der.withUnsafeMutableBufferPointer { buffer -> Int in
      var place = buffer.baseAddress
      return Int(i2d_SSL_SESSION(current, &place))
    }
    guard written == length else { return nil }
    return Session(
      der: der, hasTicket: SSL_SESSION_has_ticket(current) == 1,
      lifetime: Int(clamping: SSL_SESSION_get_ticket_lifetime_hint(current)),
      earlyData: Int(SSL_SESSION_get_max_early_data(current)))
  }
}
