import NationalCrypto

/// Makes the hellos of an inspection.
struct HelloMaker: Sendable {
  /// Where randomness comes from; recorded exchanges are replayed with their own.
  struct Source: Sendable {
    var bytes: @Sendable (Int) -> [UInt8]
    /// A key pair for a group; `nil` when it cannot be made.
    var keyPair: @Sendable (NamedGroup) -> KeyAgreement?

    static let system = Source(
      bytes: { count in
        // Eight bytes a time: every number asked for is a system call.
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        while bytes.count < count {
          let number = generator.next()
          for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
          }
        }
        return Array(bytes.prefix(count))
      },
      keyPair: { try? KeyAgreement($0) })
  }

  var serverName: String?
  var source = Source.system

  /// What a server's certificate is asked to be.
  enum CertificateKind: Sendable, Hashable {
    case any, rsa, elliptic
  }

  /// The groups for which TLS 1.3 hellos bring a key share unless a server wants another.
  static let usualShares: [NamedGroup] = [.x25519, .p256]

  /// A TLS 1.3 hello; a key share for each of `shares`.
  ///
  /// - Parameter isPlain: without the extensions that only ask for extras.
  func tls13(
    name: String = "tls1.3", shares: [NamedGroup] = usualShares,
    certificates: CertificateKind = .any, isPlain: Bool = false
  ) -> Exchange {
    let keys = shares.compactMap(source.keyPair)
    var hello = ClientHello(
      version: .tls13, random: source.bytes(32), sessionID: source.bytes(32),
      suites: SuiteOffer.tls13, serverName: serverName, groups: NamedGroup.tls13 + [.sm2],
      signatureSchemes: schemes(certificates),
      keyShares: keys.map { ClientHello.KeyShare(group: $0.group, key: $0.publicKey) })
    if !isPlain {
      hello.asksForStaple = true
      hello.applicationProtocols = Self.applicationProtocols
    }
    return Exchange(name: name, hello: hello, keys: keys)
  }

  /// What web servers speak; others pass over the extension or refuse it with alert 120.
  static let applicationProtocols = ["h2", "http/1.1"]

  /// A hello for SSL 3.0 to TLS 1.2.
  ///
  /// - Parameter isPlain: without extensions but those TLS 1.2 needs to choose an elliptic suite, for
  ///   servers that drop what they do not know.
  func classic(
    _ version: ProtocolVersion, name: String, suites: [CipherSuite],
    certificates: CertificateKind = .any, isPlain: Bool = false
  ) -> Exchange {
    var hello = ClientHello(
      version: version, random: source.bytes(32), suites: suites + [.renegotiationSign])
    guard version != .ssl3 else {
      hello.compressions = [1, 0]
      return Exchange(name: name, hello: hello)
    }
    hello.groups = isPlain ? [.p256, .p384, .x25519] : NamedGroup.classic
    if version == .tls12 { hello.signatureSchemes = schemes(certificates) }
    if !isPlain {
      hello.compressions = [1, 0]
      hello.serverName = serverName
      hello.offersExtendedMasterSecret = true
      hello.offersEncryptThenMAC = true
      hello.offersTicket = true
      hello.asksForStaple = true
      hello.applicationProtocols = Self.applicationProtocols
    }
    return Exchange(name: name, hello: hello)
  }

  /// An SSL 2.0 hello with every cipher kind.
  func ssl2() -> Exchange {
    Exchange(
      name: "ssl2.0", hello: ClientHello(version: .ssl2, random: source.bytes(32), suites: []))
  }

  /// A TLCP hello: at most server_name as extension, since some servers close on any other.
  func tlcp(name: String, isPlain: Bool = false) -> Exchange {
    Exchange(
      name: name,
      hello: ClientHello(
        version: .tlcp, random: source.bytes(32), suites: SuiteOffer.tlcp,
        serverName: isPlain ? nil : serverName))
  }

  /// A TLS 1.3 hello that counts on a HelloRetryRequest, which names suite and group without a signature.
  func retry13(name: String, suites: [CipherSuite], groups: [NamedGroup]) -> Exchange {
    Exchange(
      name: name,
      hello: ClientHello(
        version: .tls13, random: source.bytes(32), sessionID: source.bytes(32), suites: suites,
        serverName: serverName, groups: groups, signatureSchemes: SignatureScheme.all))
  }

  /// A TLS 1.3 hello for one group, whose answer can be opened when its suite can.
  func share13(
    name: String, suites: [CipherSuite], group: NamedGroup, schemes: [SignatureScheme]
  ) -> Exchange {
    let keys = [group].compactMap(source.keyPair)
    return Exchange(
      name: name,
      hello: ClientHello(
        version: .tls13, random: source.bytes(32), sessionID: source.bytes(32), suites: suites,
        serverName: serverName, groups: [group], signatureSchemes: schemes,
        keyShares: keys.map { ClientHello.KeyShare(group: $0.group, key: $0.publicKey) }),
      keys: keys)
  }

  /// A hello for SSL 3.0 to TLS 1.2 with just these suites, groups and schemes; those left out are all.
  func offer(
    _ version: ProtocolVersion, name: String, suites: [CipherSuite], groups: [NamedGroup] = [],
    schemes: [SignatureScheme] = []
  ) -> Exchange {
    var hello = ClientHello(
      version: version, random: source.bytes(32), suites: suites + [.renegotiationSign])
    guard version != .ssl3 else { return Exchange(name: name, hello: hello) }
    hello.serverName = serverName
    hello.groups = groups.isEmpty ? NamedGroup.classic : groups
    if version == .tls12 {
      hello.signatureSchemes = schemes.isEmpty ? SignatureScheme.all : schemes
    }
    hello.offersExtendedMasterSecret = true
    hello.offersEncryptThenMAC = true
    return Exchange(name: name, hello: hello)
  }

  private func schemes(_ kind: CertificateKind) -> [SignatureScheme] {
    switch kind {
    case .any: SignatureScheme.all
    case .rsa: SignatureScheme.rsa
    case .elliptic: SignatureScheme.elliptic
    }
  }
}
