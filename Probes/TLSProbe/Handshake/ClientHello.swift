import Bytes

/// A ClientHello as data: what is offered, and how it is written.
struct ClientHello: Sendable, Hashable {
  struct KeyShare: Sendable, Hashable {
    var group: NamedGroup
    var key: [UInt8]
  }

  /// The version the hello is about; `tls13` is offered by extension.
  var version: ProtocolVersion
  /// 32 bytes.
  var random: [UInt8]
  /// At most 32 bytes.
  var sessionID: [UInt8] = []
  var suites: [CipherSuite]
  var compressions: [UInt8] = [0]
  /// A host name, never an address.
  var serverName: String?
  var groups: [NamedGroup] = []
  var signatureSchemes: [SignatureScheme] = []
  var keyShares: [KeyShare] = []
  /// Offers extended_master_secret (RFC 7627).
  var offersExtendedMasterSecret = false
  /// Offers encrypt_then_mac (RFC 7366), which concerns CBC suites only.
  var offersEncryptThenMAC = false
  /// Offers session tickets with an empty one (RFC 5077).
  var offersTicket = false
  /// Asks for a stapled OCSP response (RFC 6066 8).
  var asksForStaple = false
  /// Application protocols offered (RFC 7301); none leaves the extension out.
  var applicationProtocols: [String] = []

  /// Extensions a server may answer; the renegotiation sign among the suites counts as one (RFC 5746).
  var offeredExtensions: Set<UInt16> {
    var numbers = Set(extensions.map(\.number))
    if suites.contains(.renegotiationSign) { numbers.insert(ExtensionNumber.renegotiationInfo) }
    return numbers
  }

  /// Whether a server may select `selected`: the version itself, up to TLS 1.2 also an older one of the
  /// family (RFC 5246 E.1). TLS 1.3 and TLCP hellos offer nothing else.
  func allows(_ selected: ProtocolVersion) -> Bool {
    if selected == version { return true }
    guard version != .tls13, version != .tlcp else { return false }
    return ProtocolVersion.tlsFamily.contains(selected) && selected.rawValue < version.rawValue
  }

  /// Version field: TLS 1.3 says 1.2 there (RFC 8446 4.1.2).
  private var legacyVersion: ProtocolVersion { version == .tls13 ? .tls12 : version }

  private struct Extension {
    var number: UInt16
    var body: [UInt8]

    init(_ number: UInt16, _ write: (inout ByteWriter) -> Void) {
      self.number = number
      var writer = ByteWriter()
      write(&writer)
      body = writer.bytes
    }
  }

  private var extensions: [Extension] {
    var list: [Extension] = []
    if let serverName {
      list.append(
        Extension(ExtensionNumber.serverName) { writer in
          writer.vector(2) { names in
            names.uint8(0)
            names.vector(2) { $0.append(Array(serverName.utf8)) }
          }
        })
    }
    if offersExtendedMasterSecret {
      list.append(Extension(ExtensionNumber.extendedMasterSecret) { _ in })
    }
    if offersEncryptThenMAC { list.append(Extension(ExtensionNumber.encryptThenMAC) { _ in }) }
    if offersTicket { list.append(Extension(ExtensionNumber.sessionTicket) { _ in }) }
    if asksForStaple {
      // status_type ocsp, no responder ids, no extensions.
      list.append(Extension(ExtensionNumber.statusRequest) { $0.append([1, 0, 0, 0, 0]) })
    }
    if !applicationProtocols.isEmpty {
      list.append(
        Extension(ExtensionNumber.applicationProtocols) { writer in
          writer.vector(2) { names in
            for name in applicationProtocols { names.vector(1) { $0.append(Array(name.utf8)) } }
          }
        })
    }
    if !groups.isEmpty {
      list.append(
        Extension(ExtensionNumber.supportedGroups) { writer in
          writer.vector(2) { inner in groups.forEach { inner.uint16($0.rawValue) } }
        })
      if version != .tls13 {
        list.append(
          Extension(ExtensionNumber.pointFormats) { writer in writer.vector(1) { $0.uint8(0) } })
      }
    }
    if !signatureSchemes.isEmpty {
      list.append(
        Extension(ExtensionNumber.signatureAlgorithms) { writer in
          writer.vector(2) { inner in signatureSchemes.forEach { inner.uint16($0.rawValue) } }
        })
    }
    if version == .tls13 {
      list.append(
        Extension(ExtensionNumber.supportedVersions) { writer in
          writer.vector(1) { $0.uint16(version.rawValue) }
        })
      list.append(
        Extension(ExtensionNumber.keyShare) { writer in
          writer.vector(2) { shares in
            for share in keyShares {
              shares.uint16(share.group.rawValue)
              shares.vector(2) { $0.append(share.key) }
            }
          }
        })
    }
    return list
  }

  /// The handshake message.
  ///
  /// Some servers fail on messages of 256 to 511 bytes; a hello with extensions that would be one is
  /// padded to 512 (RFC 7685).
  var message: HandshakeMessage {
    let plain = body(padding: nil)
    let short = 512 - (plain.count + 4)
    guard (1...256).contains(short), !extensions.isEmpty, version != .tlcp else {
      return HandshakeMessage(kind: .clientHello, body: plain, place: 0)
    }
    return HandshakeMessage(
      kind: .clientHello, body: body(padding: max(0, short - 4)), place: 0)
  }

  private func body(padding: Int?) -> [UInt8] {
    var writer = ByteWriter()
    writer.uint16(legacyVersion.rawValue)
    writer.append(random)
    writer.vector(1) { $0.append(sessionID) }
    writer.vector(2) { inner in suites.forEach { inner.uint16($0.rawValue) } }
    writer.vector(1) { $0.append(compressions) }
    var list = extensions
    if let padding {
      list.append(
        Extension(ExtensionNumber.padding) {
          $0.append([UInt8](repeating: 0, count: padding))
        })
    }
    if !list.isEmpty {
      writer.vector(2) { inner in
        for entry in list {
          inner.uint16(entry.number)
          inner.vector(2) { $0.append(entry.body) }
        }
      }
    }
    return writer.bytes
  }

  /// The one record it is sent in. Its version is TLS 1.0 at most, save in TLCP, whose servers insist on
  /// 0101 (one message, one record).
  var record: [UInt8] {
    if version == .ssl2 { return SSL2.clientHello(challenge: Array(random.prefix(16))) }
    var writer = ByteWriter()
    writer.uint8(Record.ContentType.handshake.rawValue)
    let isLater = [.tls11, .tls12, .tls13].contains(version)
    writer.uint16((isLater ? ProtocolVersion.tls10 : version).rawValue)
    writer.vector(2) { $0.append(message.encoded) }
    return writer.bytes
  }
}
