import Bytes

/// A ServerHello or HelloRetryRequest, as sent.
struct ServerHello: Sendable, Hashable {
  /// The version field.
  var legacyVersion: ProtocolVersion
  var random: [UInt8]
  var sessionID: [UInt8]
  var suite: CipherSuite
  var compression: UInt8
  /// Extension bodies by number, in no order.
  var extensions: [UInt16: [UInt8]]
  /// Offset of the message.
  var place: Int

  /// The random value that marks a HelloRetryRequest (RFC 8446 4.1.3).
  static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]

  init(_ message: HandshakeMessage) throws(WireError) {
    var reader = message.reader
    place = message.place
    var found: [UInt16: [UInt8]] = [:]
    do throws(ByteError) {
      legacyVersion = ProtocolVersion(rawValue: try reader.uint16())
      random = try reader.take(32)
      var session = try reader.vector(1)
      sessionID = session.rest()
      suite = CipherSuite(rawValue: try reader.uint16())
      compression = try reader.uint8()
      if !reader.isAtEnd {
        var list = try reader.vector(2)
        found = try ExtensionList.read(&list)
        try reader.requireEnd("ServerHello")
      }
    } catch {
      throw WireError(error, in: "ServerHello")
    }
    guard sessionID.count <= 32 else {
      throw WireError(
        .malformedMessage, at: place, "session id of \(sessionID.count) bytes, at most 32 allowed")
    }
    extensions = found
  }

  /// The version selected: the one in supported_versions where it is, else the version field.
  var version: ProtocolVersion {
    guard let body = extensions[ExtensionNumber.supportedVersions], body.count == 2 else {
      return legacyVersion
    }
    return ProtocolVersion(rawValue: UInt16(body[0]) << 8 | UInt16(body[1]))
  }

  /// The application protocol selected, in ServerHello or EncryptedExtensions.
  static func applicationProtocol(in extensions: [UInt16: [UInt8]]) -> String? {
    guard let body = extensions[ExtensionNumber.applicationProtocols] else { return nil }
    var reader = ByteReader(body)
    guard var names = try? reader.vector(2), var name = try? names.vector(1), names.isAtEnd else {
      return nil
    }
    let text = name.rest()
    guard text.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    return String(decoding: text, as: UTF8.self)
  }

  var isRetryRequest: Bool { random == Self.retryRandom }

  /// The group of key_share, in both forms of the message.
  var keyShareGroup: NamedGroup? {
    guard let body = extensions[ExtensionNumber.keyShare], body.count >= 2 else { return nil }
    return NamedGroup(rawValue: UInt16(body[0]) << 8 | UInt16(body[1]))
  }

  /// The server's public key of key_share.
  var keyShare: [UInt8]? {
    guard let body = extensions[ExtensionNumber.keyShare] else { return nil }
    var reader = ByteReader(body)
    guard (try? reader.uint16()) != nil, var key = try? reader.vector(2), reader.isAtEnd else {
      return nil
    }
    return key.rest()
  }

  /// What in it does not fit `hello`; empty when it is a proper answer.
  func violations(of hello: ClientHello) -> [WireError] {
    var list: [WireError] = []
    if !hello.allows(version) {
      list.append(
        WireError(.wrongVersion, at: place + 4, "\(version) selected, \(hello.version) offered"))
    }
    if suite.parts == nil {
      list.append(WireError(.unknownSuite, at: place + 39 + sessionID.count, "suite \(suite)"))
    }
    if !hello.suites.contains(suite) || suite == .renegotiationSign {
      list.append(
        WireError(
          .unofferedSuite, at: place + 39 + sessionID.count, "suite \(suite) was not offered"))
    }
    if !hello.compressions.contains(compression) {
      list.append(
        WireError(
          .unofferedCompression, at: place + 41 + sessionID.count,
          "compression \(compression) was not offered"))
    }
    let allowed = hello.offeredExtensions
    for number in extensions.keys.sorted()
    where !allowed.contains(number) && !(isRetryRequest && number == 44) {
      list.append(
        WireError(
          .unofferedExtension, at: place, "extension \(number) was not offered"))
    }
    return list
  }
}
