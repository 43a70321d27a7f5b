import NationalCrypto

/// A TLS 1.3 server on loopback that speaks the SM suites of RFC 8998 and nothing else (国密 TLS 1.3 服务端),
/// as good or as bad as its options make it.
final class GMTLSServer: Sendable {
  /// Suites by their code.
  enum Suite: UInt16, Sendable, Hashable, CaseIterable {
    case sm4GCM = 0x00C6
    case sm4CCM = 0x00C7
  }

  /// One thing that is wrong with the server.
  enum Fault: Sendable, Hashable, CaseIterable {
    /// CertificateVerify signs something else than it should.
    case badSignature
    /// CertificateVerify is made under the identity of certificates instead of the one of TLS 1.3.
    case otherIdentity
    /// Sends a Finished that does not fit the handshake.
    case wrongFinished
    /// Sends its Finished in a record whose tag is wrong.
    case wrongRecord
    /// Takes any Finished of the client for right.
    case ignoresFinished
    /// Takes records for authentic whose tag is wrong.
    case ignoresRecords
    /// Signs with something else than sm2sig_sm3, by its own account.
    case otherScheme
    /// Sends the key share of a point that is not on the curve.
    case badPoint
  }

  struct Options: Sendable {
    var suites = Suite.allCases
    /// Asks for a client certificate; one that comes must prove its key, an empty list will do.
    var asksForCertificate = false
    /// Sends a session ticket after the handshake.
    var sendsTicket = true
    /// A group it asks for by HelloRetryRequest where it is offered, whether it could agree on it or not.
    var preferredGroup: UInt16?
    var fault: Fault?
  }

  /// A certificate list with the first one's key, a clear SM2 key in PEM.
  struct Identity: Sendable {
    var chain: [[UInt8]]
    var key: [UInt8]
  }

  let port: Int
  private let server: LoopbackServer

  /// Listens on 127.0.0.1 at once.
  init(_ identity: Identity, _ options: Options = Options()) throws(DemoError) {
    server = try LoopbackServer(timeLimit: .seconds(10)) { descriptor in
      var session = GMTLSServerSession(identity, options)
      defer { PeerSocket.finish(descriptor) }
      while !session.isOver {
        let bytes = PeerSocket.read(descriptor)
        guard !bytes.isEmpty else { return }
        let reply = session.take(bytes)
        guard reply.isEmpty || PeerSocket.write(reply, to: descriptor) else { return }
      }
    }
    port = server.port
  }

  /// Closes the port and ends every connection; returns whether everything had ended within a second.
  @discardableResult
  func stop() -> Bool { server.stop() }

  deinit { server.stop() }
}

extension GMTLSServer.Identity {
  /// A signing certificate made for one run, from the pair of a TLCP server.
  init(_ identity: TLCPIdentity) {
    chain = [identity.chain.first, identity.chain.last].compactMap { $0 }
    key = identity.signingKey
  }
}
