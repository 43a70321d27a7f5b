import Bytes

/// A ClientHello as some other client sent it.
struct RecordedHello: Sendable, Hashable {
  /// The version field.
  var legacyVersion: ProtocolVersion
  var random: [UInt8]
  var suites: Set<CipherSuite>
  var compressions: Set<UInt8>
  /// Numbers of the extensions offered.
  var extensions: Set<UInt16> = []
  /// Of supported_versions; `nil` without it.
  var versions: Set<ProtocolVersion>?
  /// The host name asked for.
  var serverName: String?

  init(_ message: HandshakeMessage) throws(WireError) {
    var reader = message.reader
    do throws(ByteError) {
      legacyVersion = ProtocolVersion(rawValue: try reader.uint16())
      random = try reader.take(32)
      _ = try reader.vector(1)
      var codes = try reader.vector(2)
      suites = []
      while !codes.isAtEnd { suites.insert(CipherSuite(try codes.uint16())) }
      var methods = try reader.vector(1)
      compressions = Set(methods.rest())
      if !reader.isAtEnd {
        var list = try reader.vector(2)
        while !list.isAtEnd {
          let number = try list.uint16()
          try read(number, try list.vector(2))
        }
        try reader.requireEnd("ClientHello")
      }
    } catch {
      throw WireError(error, in: "ClientHello")
    }
  }

  private mutating func read(_ number: UInt16, _ body: ByteReader) throws(ByteError) {
    extensions.insert(number)
    var body = body
    switch number {
    case ExtensionNumber.serverName where !body.isAtEnd:
      var names = try body.vector(2)
      while !names.isAtEnd {
        let kind = try names.uint8()
        var name = try names.vector(2)
        guard kind == 0 else { continue }
        serverName = HostName.serverName(String(decoding: name.rest(), as: UTF8.self))
      }
    case ExtensionNumber.supportedVersions:
      var list = try body.vector(1)
      var offered: Set<ProtocolVersion> = []
      while !list.isAtEnd { offered.insert(ProtocolVersion(rawValue: try list.uint16())) }
      versions = offered
    default: break
    }
  }

  /// Whether a server may select `selected`: one listed, else the version field's own or an older one of
  /// the same family. TLCP is a family of its own.
  func allows(_ selected: ProtocolVersion) -> Bool {
    if let versions { return versions.contains(selected) }
    if selected == .tlcp || legacyVersion == .tlcp { return selected == legacyVersion }
    return ProtocolVersion.tlsFamily.contains(selected) && selected != .tls13
      && selected.rawValue <= legacyVersion.rawValue
  }

  /// What of `answer` was not offered.
  func violations(of answer: ServerHello) -> [WireError] {
    var list: [WireError] = []
    let place = answer.place + 39 + answer.sessionID.count
    if !allows(answer.version) {
      list.append(
        WireError(
          .wrongVersion, at: answer.place + 4,
          "\(answer.version) selected, \(legacyVersion) offered"))
    }
    if !suites.contains(answer.suite) || answer.suite == .renegotiationSign {
      list.append(WireError(.unofferedSuite, at: place, "suite \(answer.suite) was not offered"))
    }
    if !compressions.contains(answer.compression) {
      list.append(
        WireError(
          .unofferedCompression, at: place + 2,
          "compression \(answer.compression) was not offered"))
    }
    return list
  }
}
