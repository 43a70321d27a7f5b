import COpenSSL

/// How TLS with a service is spoken (TLS连接参数): TLS 1.2 or 1.3, whose word is trusted, which name is expected,
/// and, where the service wants one, the certificate to show.
///
/// Only the anchors of the description are trusted, never those of the system. TLCP (GB/T 38636) is not spoken:
/// libssl has no suite of it.
final class TLSSettings: Sendable {
  /// What the description says, as PEM.
  struct Description: Sendable, CustomReflectable {
    /// Certificates; each is an anchor, also one in the middle of a chain.
    var trust: [UInt8]
    /// The DNS name or the address the certificate must be for.
    var serverName: String
    /// The certificate to show with those between it and its root, and its key.
    var certificate: [UInt8]?
    var key: [UInt8]?
    var password: String?

    var customMirror: Mirror { Mirror(self, children: []) }
  }

  /// Which part of the description libcrypto or libssl cannot use.
  enum Unusable: Error, Sendable, Hashable {
    case setUp, trust, certificate, key

    var words: String {
      switch self {
      case .setUp: "TLS cannot be set up"
      case .trust: "\"trust\" has no certificate in PEM"
      case .certificate: "\"certificate\" is no certificate in PEM that TLS takes"
      case .key:
        "\"key\" is not the private key of \"certificate\" in PEM, or its password is wrong"
      }
    }
  }

  let serverName: String
  /// Changed in the initialiser only; libssl counts its users and locks it.
  nonisolated(unsafe) private let context: OpaquePointer

  init(_ description: Description) throws(Unusable) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw .setUp }
    self.context = context
    serverName = description.serverName
    guard
      SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1,
      let store = SSL_CTX_get_cert_store(context),
      X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN)) == 1
    else { throw .setUp }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    let anchors = Self.certificates(description.trust)
    defer { anchors.forEach { X509_free($0) } }
    guard !anchors.isEmpty, anchors.allSatisfy({ X509_STORE_add_cert(store, $0) == 1 }) else {
      throw .trust
    }
    guard let certificate = description.certificate else { return }
    let chain = Self.certificates(certificate)
    defer { chain.forEach { X509_free($0) } }
    guard let leaf = chain.first, SSL_CTX_use_certificate(context, leaf) == 1 else {
      throw .certificate
    }
    for issuer in chain.dropFirst() {
      // The last argument but one asks libssl for a reference of its own.
      guard SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(issuer)) == 1
      else { throw .certificate }
    }
    guard let key = Self.key(description.key ?? [], password: description.password) else {
      throw .key
    }
    defer { EVP_PKEY_free(key) }
    guard SSL_CTX_use_PrivateKey(context, key) == 1, SSL_CTX_check_private_key(context) == 1
    else { throw .key }
  }

  deinit { SSL_CTX_free(context) }

  /// One connection's side of TLS; nil when libssl has no memory for it or the name is none.
  func connection() -> OpaquePointer? {
    guard let ssl = SSL_new(context) else { return nil }
    let parameters = SSL_get0_param(ssl)
    var name = Array(serverName.utf8CString)
    let isSet: Bool
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 {
      // RFC 6066 allows no addresses in server_name.
      isSet = true
    } else {
      X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      isSet =
        X509_VERIFY_PARAM_set1_host(parameters, name, serverName.utf8.count) == 1
        && SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name) == 1
    }
    ERR_clear_error()
    guard isSet else {
      SSL_free(ssl)
      return nil
    }
    SSL_set_connect_state(ssl)
    return ssl
  }

  /// At most 100; the caller frees them.
  private static func certificates(_ pem: [UInt8]) -> [OpaquePointer] {
    guard let text = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return [] }
    defer { BIO_free(text) }
    var found: [OpaquePointer] = []
    while found.count < 100, let one = PEM_read_bio_X509(text, nil, nil, nil) { found.append(one) }
    return found
  }

  private static func key(_ pem: [UInt8], password: String?) -> OpaquePointer? {
    guard let text = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
    defer { BIO_free(text) }
    // Without a password an empty one, so that libcrypto asks nobody on the terminal.
    return (password ?? "").withCString {
      PEM_read_bio_PrivateKey(text, nil, nil, UnsafeMutableRawPointer(mutating: $0))
    }
  }
}
