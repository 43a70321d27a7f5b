import NationalCrypto
import Synchronization

/// A TLCP server on loopback (TLCP 服务端), as good or as bad as its options make it: ECC and ECDHE suites
/// with SM4, two certificates, client certificates on demand, sessions resumed by id.
final class TLCPServer: Sendable {
  /// Suites by their code (GB/T 38636-2020).
  enum Suite: UInt16, Sendable, Hashable, CaseIterable {
    case eccCBC = 0xE013
    case eccGCM = 0xE053
    case ecdheCBC = 0xE011
    case ecdheGCM = 0xE051

    /// The suites that need no certificate of the client.
    static let ecc = [eccCBC, eccGCM]

    var isCBC: Bool { self == .eccCBC || self == .ecdheCBC }
    var isAgreement: Bool { self == .ecdheCBC || self == .ecdheGCM }
  }

  /// Whose habits it has where products differ (实现差异).
  enum Dialect: Sendable, Hashable, CaseIterable {
    /// By the letter of the standard.
    case standard
    /// ClientKeyExchange of ECDHE without an outer length; an empty record before each application record;
    /// nonces from a random number on.
    case tongsuo
    /// CertificateVerify over the messages themselves; no session ids; closes on extensions it does not
    /// know, and wants every message in one record of version 0101.
    case gmssl
  }

  /// One thing that is wrong with the server.
  enum Fault: Sendable, Hashable, CaseIterable {
    /// Serves no encryption certificate.
    case oneCertificate
    /// Serves the encryption certificate first.
    case swapped
    case expired
    /// The signing certificate may encrypt only, and the other way round.
    case wrongKeyUsage
    /// Signs something else than it should.
    case badSignature
    /// Chooses a suite that was not offered.
    case unofferedSuite
    /// Takes any Finished of the client for right.
    case ignoresFinished
    /// Takes records for authentic whose MAC, tag or padding is wrong.
    case ignoresRecords
    /// Sends a Finished that does not fit the handshake.
    case wrongFinished
    /// Sends its Finished in a record that is not authentic.
    case wrongRecord
    /// Refuses TLCP as a TLS server does.
    case tlsOnly
    /// Answers in clear text.
    case plaintext
    /// Never answers.
    case silent
    /// Sends empty records after its hello without end.
    case endlessRecords
    /// Takes any CertificateVerify of the client for right.
    case ignoresClientSignature
  }

  /// Whether a client certificate is asked for. ECDHE suites always need one.
  enum ClientCertificate: Sendable, Hashable {
    case none, requested, required
    /// Required, and none that comes is trusted.
    case mistrusted
  }

  struct Options: Sendable {
    var suites = Suite.ecc
    var clientCertificate = ClientCertificate.none
    var resumesSessions = true
    var dialect = Dialect.standard
    /// The names it answers for; with none, for every name. Of no matter but in the GmSSL dialect.
    var names: [String] = []
    var fault: Fault?
  }

  let port: Int
  private let server: LoopbackServer

  /// Listens on 127.0.0.1 at once.
  init(_ identity: TLCPIdentity, _ options: Options = Options()) throws(DemoError) {
    let sessions = TLCPSessionStore()
    server = try LoopbackServer(timeLimit: .seconds(10)) { descriptor in
      Self.serve(
        descriptor, TLCPServerSession(TLCPServerMaterial(identity, sessions), options),
        options.fault)
    }
    port = server.port
  }

  /// Closes the port and ends every connection; returns whether everything had ended within a second.
  @discardableResult
  func stop() -> Bool { server.stop() }

  /// The number of connections open now.
  var openConnections: Int { server.openConnections }

  deinit { server.stop() }

  private static func serve(
    _ descriptor: CInt, _ start: TLCPServerSession, _ fault: Fault?
  ) {
    var session = start
    defer { PeerSocket.finish(descriptor) }
    while !session.isOver {
      let bytes = PeerSocket.read(descriptor)
      guard !bytes.isEmpty else { return }
      if fault == .silent { continue }
      if fault == .plaintext {
        PeerSocket.write(PeerSocket.reply, to: descriptor)
        return
      }
      let reply = session.take(bytes)
      guard reply.isEmpty || PeerSocket.write(reply, to: descriptor) else { return }
      if fault == .endlessRecords, session.hasSaidHello {
        while PeerSocket.write([22, 1, 1, 0, 0], to: descriptor) {}
        return
      }
    }
  }
}

/// Sessions that may be resumed, by id; the oldest goes when there are too many.
final class TLCPSessionStore: Sendable {
  struct Session: Sendable {
    var suite: UInt16
    var master: [UInt8]
  }

  private static let most = 64
  /// Protects against the threads of the connections.
  private let state = Mutex((order: [[UInt8]](), byID: [[UInt8]: Session]()))

  func keep(_ session: Session, as id: [UInt8]) {
    state.withLock { state in
      state.order.append(id)
      state.byID[id] = session
      if state.order.count > Self.most { state.byID[state.order.removeFirst()] = nil }
    }
  }

  func find(_ id: [UInt8]) -> Session? { state.withLock { $0.byID[id] } }
}
