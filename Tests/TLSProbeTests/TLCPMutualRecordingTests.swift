import Bytes
import NationalCrypto
import TestSupport
import Testing

@testable import DemoBank
@testable import TLSProbe

/// Mutual handshakes of real servers, repeated to the byte: our client against the recorded servers, the
/// demonstration server against the recorded clients.
@Suite("Mutual TLCP against recordings")
struct TLCPMutualRecordingTests {
  static let recordings: [(String, TLCPDialect, TLCPServer.Dialect)] = [
    ("ok-gmssl-ecdhe-gcm-mutual", .gmssl, .gmssl),
    ("ok-tongsuo-ecdhe-gcm-mutual-keys", .tongsuo, .tongsuo),
  ]

  /// A record's handshake body.
  private static func body(_ record: [UInt8]) -> [UInt8] { Array(record.dropFirst(9)) }

  private static func chain(_ certificate: [UInt8]) throws -> [[UInt8]] {
    var reader = ByteReader(body(certificate))
    var list = try reader.vector(3)
    var chain: [[UInt8]] = []
    while !list.isAtEnd {
      var entry = try list.vector(3)
      chain.append(entry.rest())
    }
    return chain
  }

  /// The recorded client's pair: its signature is given out for what it is a signature of only.
  private static func pair(_ recorded: TLCPRecording) throws -> ClientPair {
    let chain = try chain(recorded.sent[1])
    let signer = try Certificate(der: chain[0])
    let signature = Array(body(recorded.sent[3]).dropFirst(2))
    let key = try TestPKI.bytes("sm2-client-enc.key")
    return ClientPair(
      signCertificate: chain[0], encryptionCertificate: chain[1],
      issuers: Array(chain.dropFirst(2)),
      sign: { (message, identity) throws(CryptoError) in
        try SM2.verify(
          signature: signature, message: message, publicKeyOf: signer, identity: identity)
          ? signature : []
      },
      agree: { (ephemeral, peer) throws(CryptoError) in
        try SM2KeyAgreement.secret(
          privateKeyPEM: key, ephemeral: ephemeral, peer: peer, isInitiator: false, length: 48)
      })
  }

  private static func client(
    _ recorded: TLCPRecording, _ dialect: TLCPDialect
  ) throws -> TLCPClient {
    let scalar = try #require(recorded.secrets["client_ephemeral_private"])
    var source = recorded.source()
    source.ephemeral = { () throws(CryptoError) in try SM2EphemeralKey(scalar: scalar) }
    return TLCPClient(
      try recorded.recording.hello, sent: recorded.recording.helloMessage,
      pair: try pair(recorded), dialect: dialect, source: source)
  }

  @Test("our flight is the recorded client's, in its dialect", arguments: recordings)
  func client(name: String, dialect: TLCPDialect, server: TLCPServer.Dialect) throws {
    let recorded = TLCPRecording(name)
    var client = try Self.client(recorded, dialect)
    let output = client.feed(recorded.recording.stream)
    #expect(client.failure == nil)
    #expect(client.isConnected)
    #expect(client.hasShownPair)
    #expect(client.master == recorded.secrets["master_secret"])
    #expect(output == recorded.ownFlight.flatMap { $0 })
    let data = recorded.plaintexts.filter { !$0.isClient && $0.type == 23 }.flatMap(\.bytes)
    #expect(client.data == data)
    for other in TLCPDialect.allCases where other != dialect {
      var stranger = try Self.client(recorded, other)
      #expect(stranger.feed(recorded.recording.stream) != output)
    }
  }

  @Test("without a pair an ECDHE suite ends after the hello")
  func noPair() throws {
    let recorded = TLCPRecording("ok-gmssl-ecdhe-gcm-mutual")
    var client = try recorded.client()
    #expect(client.feed(recorded.recording.stream) == [])
    #expect(client.isOver)
    #expect(client.failure == nil)
    #expect(client.flight.acceptedVersion == .tlcp)
  }

  @Test("a damaged or foreign point of the server ends the handshake", arguments: [10, 40, 81])
  func damagedPoint(place: Int) throws {
    let recorded = TLCPRecording("ok-tongsuo-ecdhe-gcm-mutual-keys")
    var records = recorded.recording.received
    records[2][place] ^= 1
    var client = try Self.client(recorded, .tongsuo)
    #expect(client.feed(records.flatMap { $0 }) == [])
    #expect(client.failure?.code != nil)
  }

  @Test("the demonstration server repeats the recorded one to the byte", arguments: recordings)
  func server(name: String, dialect: TLCPDialect, habits: TLCPServer.Dialect) throws {
    let recorded = TLCPRecording(name)
    var client = try Self.client(recorded, dialect)
    _ = client.feed(recorded.recording.stream)
    let flight = client.flight
    let hello = try #require(flight.hello)
    let chain = try #require(flight.chain)
    let exchange = try #require(flight.keyExchange)
    let signature = try #require(exchange.signature)
    let covered = try recorded.recording.hello.random + hello.random + exchange.parameters
    let received = recorded.recording.received
    let premaster = recorded.secrets["premaster_secret"]
    let clientPoint = try SM2.publicPoint(
      ofSubjectPublicKeyInfo: Certificate(der: Self.chain(recorded.sent[1])[1])
        .subjectPublicKeyInfo)
    let ephemeral = try SM2EphemeralKey(
      scalar: #require(recorded.secrets["client_ephemeral_private"])
    ).publicPoint
    let nonce = Array(received[6][5..<13])
    let random = hello.random
    let id = hello.sessionID
    func material() -> TLCPServerMaterial {
      let isFirst = Once()
      var material = TLCPServerMaterial(
        chain: chain, encryptionCertificate: chain[1],
        sign: { $0 == covered ? signature : nil }, decrypt: { _ in nil },
        keyShare: {
          TLCPServerMaterial.KeyShare(point: Array(exchange.parameters.dropFirst(4))) {
            $0 == clientPoint && $1 == ephemeral ? premaster : nil
          }
        },
        random: { count in count == 8 ? nonce : isFirst.take() ? random : id })
      material.certificateRequest = Self.body(received[3])
      if !hello.extensions.isEmpty {
        let bytes = Self.body(received[0])
        material.extensions = Array(bytes.dropFirst(40 + id.count))
      }
      return material
    }
    var server = TLCPServerSession(
      material(),
      TLCPServer.Options(suites: [.ecdheGCM], resumesSessions: !id.isEmpty, dialect: habits))
    #expect(server.take(recorded.sent[0]) == received[..<5].flatMap { $0 })
    #expect(server.take(recorded.ownFlight.flatMap { $0 }) == received[5...6].flatMap { $0 })
    #expect(!server.isOver)
    // A client of the other dialect is refused with an alert.
    for other in TLCPDialect.allCases where other != dialect {
      var refusing = TLCPServerSession(
        material(),
        TLCPServer.Options(suites: [.ecdheGCM], resumesSessions: !id.isEmpty, dialect: habits))
      _ = refusing.take(recorded.sent[0])
      var stranger = try Self.client(recorded, other)
      #expect(refusing.take(stranger.feed(recorded.recording.stream)).first == 21)
      #expect(refusing.isOver)
    }
  }

  @Test("two thousand damaged streams end without harm", arguments: recordings)
  func hostile(name: String, dialect: TLCPDialect, server: TLCPServer.Dialect) async throws {
    var generator = SeededGenerator(seed: 11)
    let recorded = TLCPRecording(name)
    let start = try Self.client(recorded, dialect)
    for round in 0..<1000 {
      if round.isMultiple(of: 20) { await Task.yield() }
      var stream = recorded.recording.stream
      let end = Int.random(in: 60...stream.count, using: &generator)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = min(end, stream.count - 1)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: stream[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: stream.remove(at: place)
        default: stream.insert(stream[place], at: place)
        }
      }
      var client = start
      let output = client.feed(stream)
      client.end()
      #expect(client.isOver)
      #expect(output.count < 4000)
    }
  }

  @Test("Tongsuo's mutual CBC recording opens under its master secret")
  func cbc() throws {
    let recorded = TLCPRecording("ok-tongsuo-ecdhe-cbc-mutual")
    let keys = try TLCPKeys(
      master: #require(recorded.secrets["master_secret"]),
      clientRandom: recorded.recording.hello.random,
      serverRandom: Array(recorded.recording.received[0][11..<43]), mode: .cbc)
    var client = try TLCPProtection(.cbc, keys.client)
    var server = try TLCPProtection(.cbc, keys.server)
    for plaintext in recorded.plaintexts {
      let bytes =
        (plaintext.isClient ? recorded.sent : recorded.recording.received)[plaintext.index]
      let record = Record(
        type: try #require(Record.ContentType(rawValue: bytes[0])), version: .tlcp,
        fragment: Array(bytes.dropFirst(5)), place: 0)
      let opened = plaintext.isClient ? try client.open(record) : try server.open(record)
      #expect(opened == plaintext.bytes)
    }
    #expect(recorded.plaintexts.count > 6)
  }
}
