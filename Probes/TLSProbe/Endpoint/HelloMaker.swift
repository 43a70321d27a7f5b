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
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
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
  func tls13(
    name: String = "tls1.3", shares: [NamedGroup] = usualShares,
    certificates: CertificateKind = .any
  ) -> Exchange {
    let keys = shares.compactMap(source.keyPair)
    let hello = ClientHello(
      version: .tls13, random: source.bytes(32), sessionID: source.bytes(32),
      suites: [0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0x00C6, 0x00C7].map(
        CipherSuite.init(rawValue:)),
      serverName: serverName, groups: NamedGroup.tls13 + [.sm2],
      signatureSchemes: schemes(certificates),
      keyShares: keys.map { ClientHello.KeyShare(group: $0.group, key: $0.publicKey) })
    return Exchange(name: name, hello: hello, keys: keys)
  }

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
    }
    return Exchange(name: name, hello: hello)
  }

  /// A TLCP hello: at most server_name as extension, since some servers close on any other.
  func tlcp(name: String, isPlain: Bool = false) -> Exchange {
    Exchange(
      name: name,
      hello: ClientHello(
        version: .tlcp, random: source.bytes(32), suites: SuiteOffer.tlcp,
        serverName: isPlain ? nil : serverName))
  }

  private func schemes(_ kind: CertificateKind) -> [SignatureScheme] {
    switch kind {
    case .any: SignatureScheme.all
    case .rsa: SignatureScheme.rsa
    case .elliptic: SignatureScheme.elliptic
    }
  }
}
