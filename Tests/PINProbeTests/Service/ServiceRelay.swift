import COpenSSL
import Synchronization
import TestSupport

@testable import DemoBank

/// Stands in front of a service of the demonstration bank and passes host commands on, changed or not, in clear or
/// inside TLS.
final class ServiceRelay: Sendable {
  enum Action: Sendable {
    case answer([UInt8])
    /// The answer, and then the end of the connection.
    case answerAndClose([UInt8])
  }

  private final class Seen: Sendable {
    let requests = Mutex<[[UInt8]]>([])
  }

  let folder: Folder
  let service: PINService
  private let server: LoopbackServer
  private let seen = Seen()

  /// What was asked, in order.
  var requests: [[UInt8]] { seen.requests.withLock { $0 } }

  /// - Parameters:
  ///   - identity: what to show in TLS; nil for a service in clear.
  ///   - wantsCertificate: whether a client must show a certificate, of the same issuer.
  ///   - change: by the number of the request, from 1, the request, and the answer of the service.
  init(
    _ faults: Set<PINServiceFault> = [], identity: TLSServer.Identity? = nil,
    wantsCertificate: Bool = false,
    change: @escaping @Sendable (Int, [UInt8], [UInt8]) -> Action = { .answer($2) }
  ) throws {
    folder = try Folder()
    service = try PINService(in: folder.path, faults: faults)
    let tls = try identity.map { try RelayTLS($0, wantsCertificate: wantsCertificate) }
    let port = service.hostCommandPort
    server = try LoopbackServer(timeLimit: .seconds(120)) { [seen] descriptor in
      defer { PeerSocket.finish(descriptor) }
      guard let back = Upstream(port: port),
        let line = RelayLine(descriptor: descriptor, tls: tls)
      else { return }
      while true {
        let request = line.read()
        if request.isEmpty { return }
        let number = seen.requests.withLock { requests in
          requests.append(request)
          return requests.count
        }
        switch change(number, request, back.answer(to: request)) {
        case .answer(let answer): line.write(answer)
        case .answerAndClose(let answer):
          line.write(answer)
          return
        }
      }
    }
  }

  /// The description of the service with the relay's place, and with changes; gives its path.
  func describe(
    _ front: PINService.Front = .payshield, scheme: String = "tcp",
    changing changes: [(String, String)] = [], adding text: String = ""
  ) throws -> String {
    let path = try service.describe(front, rate: 10_000)
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    var description = String(decoding: try folder.bytes(name), as: UTF8.self)
      .replacing(
        "tcp://127.0.0.1:\(service.hostCommandPort)", with: "\(scheme)://127.0.0.1:\(server.port)"
      )
      .replacing("timeout-ms: 2000", with: "timeout-ms: 400")
    for (found, other) in changes { description = description.replacing(found, with: other) }
    try folder.write(description + text, to: "relay.yaml")
    return folder.path("relay.yaml")
  }

  func stop() {
    server.stop()
    service.stop()
  }
}

/// The server's side of TLS, of one certificate.
private final class RelayTLS: Sendable {
  /// Not changed after it is made.
  nonisolated(unsafe) let context: OpaquePointer

  init(_ identity: TLSServer.Identity, wantsCertificate: Bool) throws {
    guard let context = SSL_CTX_new(TLS_server_method()) else { throw SupportError("no TLS") }
    self.context = context
    SSL_CTX_set_security_level(context, 0)
    guard SSL_CTX_use_certificate(context, identity.certificate.pointer) == 1,
      SSL_CTX_use_PrivateKey(context, identity.key.pointer) == 1,
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context), identity.issuer.pointer) == 1
    else { throw SupportError("the certificate cannot be shown") }
    if wantsCertificate {
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
  }

  deinit { SSL_CTX_free(context) }
}

/// A connected socket, in clear or inside TLS; used by one thread.
private final class RelayLine {
  private let descriptor: CInt
  private let ssl: OpaquePointer?

  init?(descriptor: CInt, tls: RelayTLS?) {
    self.descriptor = descriptor
    ssl = tls.flatMap { SSL_new($0.context) }
    guard tls != nil else { return }
    guard let ssl, SSL_set_fd(ssl, descriptor) == 1, SSL_accept(ssl) == 1 else { return nil }
  }

  deinit {
    guard let ssl else { return }
    _ = SSL_shutdown(ssl)
    SSL_free(ssl)
  }

  /// Empty at the end.
  func read() -> [UInt8] {
    guard let ssl else { return PeerSocket.read(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = SSL_read(ssl, &buffer, Int32(buffer.count))
    return count > 0 ? Array(buffer.prefix(Int(count))) : []
  }

  func write(_ bytes: [UInt8]) {
    guard let ssl else {
      PeerSocket.write(bytes, to: descriptor)
      return
    }
    _ = SSL_write(ssl, bytes, Int32(bytes.count))
  }
}
