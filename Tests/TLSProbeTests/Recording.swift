import Bytes
import Connections
import Foundation
import Testing

@testable import TLSProbe

/// One recorded exchange: what the client sent first and all that the server sent.
struct Recording: Sendable, CustomTestStringConvertible {
  var name: String
  var sent: [UInt8]
  /// The server's records, or the whole stream in one piece.
  var received: [[UInt8]]

  var stream: [UInt8] { received.flatMap { $0 } }
  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// Every recording of a TLCP or RFC 8998 server.
  static let tlcp: [Recording] = names(in: "tlcp").filter { $0 != "facts" }.map(tlcp(_:))
  /// Every recording of this probe's own hellos.
  static let tls: [Recording] = names(in: "tls").map(tls(_:))

  static func tlcp(_ name: String) -> Recording {
    let file = json("tlcp", name)
    func records(_ field: String) -> [[UInt8]] {
      (file[field] as? [String] ?? []).map { bytes(fromHexadecimal: $0) ?? [] }
    }
    return Recording(
      name: name, sent: records("client_to_server").first ?? [],
      received: records("server_to_client"))
  }

  static func tls(_ name: String) -> Recording {
    let exchange = json("tls", name)["exchange"] as? [[String: String]] ?? []
    func all(_ direction: String) -> [UInt8] {
      exchange.filter { $0["direction"] == direction }
        .flatMap { bytes(fromHexadecimal: $0["hex"] ?? "") ?? [] }
    }
    return Recording(name: name, sent: all("sent"), received: [all("received")])
  }

  static func json(_ subfolder: String, _ name: String) -> [String: Any] {
    let file = folder.appendingPathComponent(subfolder).appendingPathComponent(name + ".json")
    let parsed = (try? Data(contentsOf: file)).flatMap {
      try? JSONSerialization.jsonObject(with: $0)
    }
    return parsed as? [String: Any] ?? [:]
  }

  private static func names(in subfolder: String) -> [String] {
    let path = folder.appendingPathComponent(subfolder).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// The ClientHello that was sent, as far as reading the answer needs it.
  var hello: ClientHello {
    get throws {
      var reader = ByteReader(sent, base: 0)
      _ = try reader.take(9)
      var hello = ClientHello(
        version: ProtocolVersion(rawValue: try reader.uint16()), random: try reader.take(32),
        suites: [])
      var session = try reader.vector(1)
      hello.sessionID = session.rest()
      var suites = try reader.vector(2)
      while !suites.isAtEnd { hello.suites.append(CipherSuite(try suites.uint16())) }
      var compressions = try reader.vector(1)
      hello.compressions = compressions.rest()
      guard !reader.isAtEnd else { return hello }
      var extensions = try reader.vector(2)
      while !extensions.isAtEnd {
        let number = try extensions.uint16()
        var body = try extensions.vector(2)
        switch number {
        case ExtensionNumber.serverName: hello.serverName = "recorded.test"
        case ExtensionNumber.extendedMasterSecret: hello.offersExtendedMasterSecret = true
        case ExtensionNumber.supportedGroups: hello.groups = [.x25519]
        case ExtensionNumber.supportedVersions:
          if body.rest().suffix(2) == [3, 4] { hello.version = .tls13 }
        case ExtensionNumber.keyShare:
          var shares = try body.vector(2)
          while !shares.isAtEnd {
            let group = NamedGroup(rawValue: try shares.uint16())
            var key = try shares.vector(2)
            hello.keyShares.append(.init(group: group, key: key.rest()))
          }
        default: break
        }
      }
      return hello
    }
  }

  /// The handshake message of the first record.
  var helloMessage: [UInt8] { Array(sent.dropFirst(5)) }

  /// A reader for this recording; it opens TLS 1.3 flights made with the fixed key.
  func reader() throws -> FlightReader {
    FlightReader(answering: try hello, sent: helloMessage) { group, share in
      guard group == .x25519 else { return nil }
      return try? Self.fixedKey().sharedSecret(with: share)
    }
  }

  /// The flight as it is read from the whole stream, and how the reading ended.
  func answer() throws -> Answer {
    var reader = try reader()
    var end = Answer.End.read
    do throws(WireError) {
      try reader.feed(stream)
      try reader.end()
      if !reader.flight.isOver { end = .closed }
    } catch {
      end = error.code == .notTLS ? .notTLS : .malformed(error)
    }
    var transcript = Transcript()
    transcript.append(.received, stream)
    return Answer(
      name: name, hello: try hello, flight: reader.flight, end: end, clearBytes: reader.rest,
      transcript: transcript)
  }

  static func fixedKey() throws -> KeyAgreement {
    try KeyAgreement(x25519: Array(0x40...0x5F))
  }

  /// The randomness the recordings in `tls/` were made with.
  static let fixedSource = HelloMaker.Source(
    bytes: { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 + 1) } },
    keyPair: { $0 == .x25519 ? try? fixedKey() : nil })
}
