import Bytes
import NationalCrypto
import TestSupport
import Testing

@testable import TLSProbe

@Suite("The TLCP client against recordings")
struct TLCPClientTests {
  static let completed = [
    "ok-tongsuo-ecc-cbc", "ok-gmssl-ecc-cbc", "ok-tongsuo-ecc-gcm", "ok-gmssl-ecc-gcm",
    "ok-tongsuo-fragmented-records", "resume-tongsuo-ecc-cbc-1-full", "both-tongsuo-tlcp-side",
    "fail-expired", "fail-wrong-keyusage",
  ]

  /// Feeds the server's bytes in `pieces`; everything the client answered.
  private func play(_ pieces: [[UInt8]], to client: inout TLCPClient) -> [UInt8] {
    pieces.flatMap { client.feed($0) }
  }

  @Test("a recorded handshake is completed with the recorded secrets", arguments: completed)
  func replay(name: String) throws {
    let recorded = TLCPRecording(name)
    var client = try recorded.client()
    let output = play([recorded.recording.stream], to: &client)
    #expect(client.failure == nil)
    #expect(client.isConnected)
    #expect(client.hasServerFollowed)
    #expect(client.master == recorded.secrets["master_secret"])
    let hello = try #require(client.flight.hello)
    let block = try TLCPKeys.block(
      master: client.master, clientRandom: try recorded.recording.hello.random,
      serverRandom: hello.random, length: recorded.secrets["key_block"]?.count ?? 0)
    #expect(block == recorded.secrets["key_block"])
    let keys = try #require(client.keys)
    let mode = try #require(TLCPMode(ecc: hello.suite))
    let isCBC = mode == .cbc
    #expect(
      block
        == keys.client.mac + keys.server.mac + keys.client.key + keys.server.key
        + keys.client.iv + keys.server.iv)
    // CBC: our bytes are the recorded ones. GCM nonces are the sender's choice, so the content counts.
    if isCBC { #expect(output == recorded.ownFlight.flatMap { $0 }) }
    #expect(try finished(in: output, keys, mode) == recorded.plaintexts.first?.bytes)
    let data = recorded.plaintexts.filter { !$0.isClient && $0.type == 23 }.flatMap(\.bytes)
    #expect(client.data == data)
    #expect(client.session?.id == (hello.sessionID.isEmpty ? nil : hello.sessionID))
  }

  /// The content of the last record of `output`, opened with the client's keys.
  private func finished(
    in output: [UInt8], _ keys: TLCPKeys, _ mode: TLCPMode
  ) throws -> [UInt8]? {
    var reader = RecordReader()
    reader.feed(output)
    var last: Record?
    while let record = try reader.next() { last = record }
    var protection = try TLCPProtection(mode, keys.client)
    return try last.flatMap { try protection.open($0) }
  }

  @Test("every recorded record of both sides opens to its plaintext", arguments: completed)
  func plaintexts(name: String) throws {
    let recorded = TLCPRecording(name)
    var client = try recorded.client()
    _ = client.feed(recorded.recording.stream)
    let keys = try #require(client.keys)
    let hello = try #require(client.flight.hello)
    let mode = try #require(TLCPMode(ecc: hello.suite))
    var sides = try [
      true: TLCPProtection(mode, keys.client), false: TLCPProtection(mode, keys.server),
    ]
    #expect(recorded.plaintexts.count >= 4)
    for plaintext in recorded.plaintexts {
      let records = plaintext.isClient ? recorded.sent : recorded.recording.received
      let bytes = records[plaintext.index]
      let record = Record(
        type: try #require(Record.ContentType(rawValue: plaintext.type)), version: .tlcp,
        fragment: Array(bytes.dropFirst(5)), place: 0)
      #expect(try sides[plaintext.isClient]?.open(record) == plaintext.bytes)
      // The other way round: with the recorded IV the recorded bytes come out.
      if mode == .cbc, plaintext.isClient {
        var own = try TLCPProtection(mode, keys.client)
        for earlier in recorded.plaintexts where earlier.isClient && earlier.index < plaintext.index
        {
          _ = try own.seal(earlier.bytes, .handshake, iv: [UInt8](repeating: 0, count: 16))
        }
        #expect(
          try own.seal(plaintext.bytes, record.type, iv: Array(record.fragment.prefix(16)))
            == record.fragment)
      }
    }
  }

  @Test(
    "the result does not depend on how the bytes are cut",
    arguments: completed + ["ok-fake-coalesced-flight", "fail-tongsuo-client-cert-required"])
  func cutting(name: String) throws {
    let recorded = TLCPRecording(name)
    let stream = recorded.recording.stream
    var whole = try recorded.client()
    let output = play([stream], to: &whole)
    var single = try recorded.client()
    #expect(play(stream.map { [$0] }, to: &single) == output)
    #expect(single.flight == whole.flight)
    #expect(single.state == whole.state)
    #expect(single.failure == whole.failure)
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<10 {
      var pieces: [[UInt8]] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let length = min(rest.count, Int.random(in: 1...900, using: &generator))
        pieces.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
      var client = try recorded.client()
      #expect(play(pieces, to: &client) == output)
      #expect(client.state == whole.state)
    }
  }

  @Test("a session is resumed by its id, the server's Finished first")
  func resumption() throws {
    let recorded = TLCPRecording("resume-tongsuo-ecc-cbc-2-resumed")
    let session = TLCPClient.Session(
      id: try recorded.recording.hello.sessionID, suite: CipherSuite(0xE013),
      master: try #require(recorded.secrets["master_secret"]))
    var client = try recorded.client(resuming: session)
    let output = client.feed(recorded.recording.stream)
    #expect(client.failure == nil)
    #expect(client.isConnected)
    #expect(client.isResumed)
    #expect(output == recorded.ownFlight.flatMap { $0 })
    // With a wrong master secret nothing opens.
    var other = session
    other.master[0] ^= 1
    var stranger = try recorded.client(resuming: other)
    _ = stranger.feed(recorded.recording.stream)
    #expect(stranger.failure.map { if case .record = $0 { true } else { false } } == true)
    #expect(!stranger.isConnected)
  }

  @Test("an empty certificate answers the request of a server, which may refuse it")
  func clientCertificate() throws {
    let recorded = TLCPRecording("fail-tongsuo-client-cert-required")
    var client = try recorded.client()
    let output = client.feed(recorded.recording.stream)
    #expect(output == recorded.ownFlight.flatMap { $0 })
    #expect(client.flight.requestsClientCertificate)
    #expect(client.hasFinished)
    #expect(!client.hasServerFollowed)
    #expect(client.failure == .alert(Alert(level: 2, code: 40, recordVersion: .tlcp)))
  }

  @Test(
    "a server that does not prove its keys gets no premaster",
    arguments: [
      "fail-bad-ske-signature", "fail-enc-first", "fail-single-cert", "fail-rsa-cert-in-ecc-suite",
    ])
  func unproven(name: String) throws {
    let recorded = TLCPRecording(name)
    var client = try recorded.client()
    #expect(client.feed(recorded.recording.stream) == [])
    #expect(client.failure.map { if case .keyExchange = $0 { true } else { false } } == true)
    #expect(client.isOver)
  }

  @Test("a suite that was not offered ends it, without a flight of ours")
  func unoffered() throws {
    let recorded = TLCPRecording("fail-unoffered-suite")
    var client = try recorded.client()
    #expect(client.feed(recorded.recording.stream) == [])
    #expect(client.flight.isRefusedByUs)
    #expect(client.flight.problems.map(\.code) == [.unofferedSuite])
    #expect(client.isOver)
  }

  @Test("a wrong Finished, a changed record and a wrong order are told apart")
  func wrongAnswers() throws {
    let recorded = TLCPRecording("ok-tongsuo-ecc-gcm")
    let records = recorded.recording.received
    func run(_ records: [[UInt8]]) throws -> HandshakeFailure? {
      var client = try recorded.client()
      _ = client.feed(records.flatMap { $0 })
      #expect(!client.isConnected)
      return client.failure
    }
    var changed = records
    changed[5][20] ^= 1
    let place = records[..<5].reduce(0) { $0 + $1.count }
    #expect(try run(changed) == .record(place: place))
    // The server's keys, another verify_data.
    var client = try recorded.client()
    _ = client.feed(recorded.recording.stream)
    var protection = try TLCPProtection(.gcm, try #require(client.keys).server)
    let forged = try protection.seal(
      [20, 0, 0, 12] + [UInt8](repeating: 9, count: 12), .handshake, iv: [])
    #expect(
      try run(Array(records[..<5]) + [[22, 1, 1, 0, UInt8(forged.count)] + forged])
        == .finished(place: place + 5))
    for order in [
      [0, 4], [0, 1, 2, 4], [0, 1, 2, 3, 5], [1], [0, 0], [0, 1, 1], [0, 1, 2, 3, 3],
    ] {
      // A protected record read in clear claims a length that no message has.
      let code = order.last == 5 ? "bad-handshake-length" : "unexpected-message"
      #expect(try run(order.map { records[$0] })?.code == code, "\(order)")
    }
  }

  @Test("empty records are borne for a while and not for ever")
  func emptyRecords() throws {
    let recorded = TLCPRecording("ok-gmssl-ecc-cbc")
    var client = try recorded.client()
    _ = client.feed(recorded.recording.received[..<6].flatMap { $0 })
    #expect(client.isConnected)
    var protection = try TLCPProtection(.cbc, try #require(client.keys).server)
    let iv = [UInt8](repeating: 3, count: 16)
    _ = try protection.seal([], .handshake, iv: iv)
    for number in 0...FlightReader.patience {
      let fragment = try protection.seal([], .applicationData, iv: iv)
      #expect(client.failure == nil, "record \(number)")
      _ = client.feed([23, 1, 1, 0, UInt8(fragment.count)] + fragment)
    }
    #expect(client.failure?.code == "endless")
  }
}
