import AssessmentModel
import Bytes
import Foundation
import TestSupport
import Testing

@testable import TLSProbe

@Suite("Reading a server's flight")
struct FlightReaderTests {
  /// Feeds pieces until an error or the end; what was read and what went wrong.
  private func read(
    _ recording: Recording, in pieces: [[UInt8]]
  ) throws -> (ServerFlight, WireError?) {
    var reader = try recording.reader()
    do throws(WireError) {
      for piece in pieces { try reader.feed(piece) }
      try reader.end()
      return (reader.flight, nil)
    } catch {
      return (reader.flight, error)
    }
  }

  @Test(
    "every recording reads the same however TCP cuts it", arguments: Recording.tlcp + Recording.tls)
  func fragmentation(recording: Recording) async throws {
    let whole = try read(recording, in: [recording.stream])
    let single = try read(recording, in: recording.stream.map { [$0] })
    #expect(single.0 == whole.0)
    #expect(single.1 == whole.1)
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<5 {
      await Task.yield()
      var pieces: [[UInt8]] = []
      var rest = recording.stream[...]
      while !rest.isEmpty {
        let length = min(rest.count, Int.random(in: 1...700, using: &generator))
        pieces.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
      let cut = try read(recording, in: pieces)
      #expect(cut.0 == whole.0)
      #expect(cut.1 == whole.1)
    }
  }

  /// What the recordings' own list says, as far as an endpoint's facts go.
  @Test("each TLCP recording gives the facts listed for it", arguments: Recording.tlcp)
  func listedFacts(recording: Recording) throws {
    let all = Recording.json("tlcp", "facts")["facts"] as? [String: [String: Any]] ?? [:]
    let expected = try #require(all[recording.name])
    let stated = EndpointFacts(
      [try recording.answer()], name: "pay.example.test", now: "2026-11-21T00:00:00Z",
      place: "recording")
    let facts = stated.facts
    if let offered = expected["tlcp.offered"] {
      #expect((facts["tlcp.offered"] == true) == (offered as? Bool ?? false))
    }
    if let digests = expected["tlcp.certificates"] as? [String] {
      if facts["tlcp.offered"] == true {
        #expect(facts["tlcp.certificates"]?.values(at: "sha256").compactMap(\.text) == digests)
      }
    }
    for name in [
      "tlcp.certificate-order", "tlcp.key-exchange-signature-valid",
      "tlcp.client-certificate-requested",
    ] where facts["tlcp.offered"] == true {
      switch expected[name] {
      case let text as String: #expect(facts[name]?.text == text, "\(name)")
      case let flag as Bool: #expect(facts[name]?.boolean == flag, "\(name)")
      default: break
      }
    }
    if let protocols = expected["tls.protocols"] as? [String] {
      #expect(facts["tls.protocols"]?.values(at: "").compactMap(\.text) == protocols)
    }
    if let suites = expected["tlcp.accepted-suites"] as? [String] {
      #expect(facts["tlcp.chosen-suite"]?.text == suites.first)
    }
  }

  @Test(
    "what a TLS recording shows",
    arguments: [
      ("nginx-tls13-1302", "TLS1.3", "1302", "001D", "0403", "ECDSA"),
      ("openssl-tls13-1301", "TLS1.3", "1301", "001D", "0403", "ECDSA"),
      ("openssl-tls13-rsa", "TLS1.3", "1301", "001D", "0804", "RSA"),
      ("openssl-tls12-rsa", "TLS1.2", "C02F", "001D", "0804", "RSA"),
      ("openssl-tls12-ecdsa", "TLS1.2", "C02B", "001D", "0403", "ECDSA"),
      ("openssl-tls11-ecdsa", "TLS1.1", "C009", "001D", nil, "ECDSA"),
      ("openssl-tls10-ecdsa", "TLS1.0", "C009", "001D", nil, "ECDSA"),
    ] as [(String, String, String, String, String?, String)])
  func tlsFacts(
    name: String, version: String, suite: String, group: String, scheme: String?, key: String
  ) throws {
    let facts = EndpointFacts(
      [try Recording.tls(name).answer()], name: "pay.example.test",
      now: "2026-11-21T00:00:00Z", place: "recording"
    ).facts
    #expect(facts["endpoint.kind"] == "tls")
    #expect(facts["tls.protocols"] == .list([.text(version)]))
    #expect(facts["tls.chosen-suite"]?[version]?.text == suite)
    #expect(facts["tls.chosen-group"]?[version]?.text == group)
    #expect(facts["tls.chosen-signature-algorithm"]?[version]?.text == scheme)
    #expect(facts["tls.key-exchange-signature-valid"]?[version] == true)
    #expect(facts["tls.certificates"]?.values(at: "authentication") == [.text(key)])
    let keyLabels = facts["tls.certificate.key-algorithms"]?.list
    #expect(keyLabels == [key == "RSA" ? "RSA-2048" : "EC-P-256"])
    #expect(facts["tls.protected"] == true)
    #expect(facts["endpoint.problems"] == [])
  }

  @Test(
    "a signature over another client random does not verify",
    arguments: [
      "openssl-tls12-rsa", "openssl-tls12-ecdsa", "openssl-tls11-ecdsa",
    ])
  func wrongRandom(name: String) throws {
    var answer = try Recording.tls(name).answer()
    answer.hello.random[5] ^= 1
    let facts = EndpointFacts(
      [answer], name: "x", now: "2026-11-21T00:00:00Z", place: "recording"
    ).facts
    let version = try #require(answer.flight.acceptedVersion?.name)
    #expect(facts["tls.key-exchange-signature-valid"]?[version] == false)
    #expect(facts["tls.protected"] != true)
  }

  @Test("a protected TLS 1.3 flight that was touched does not open")
  func touchedFlight() throws {
    let recording = Recording.tls("openssl-tls13-1301")
    var stream = recording.stream
    stream[stream.count - 60] ^= 1
    var reader = try recording.reader()
    try reader.feed(stream)
    #expect(reader.flight.problems.map(\.code) == [.undecryptable])
    #expect(!reader.flight.isComplete)
  }

  @Test(
    "a HelloRetryRequest accepts the version and names the group",
    arguments: [
      ("openssl-tls13-retry-p256", NamedGroup.p256),
      ("openssl-tls13-retry-ffdhe", NamedGroup(rawValue: 256)),
    ])
  func retryRequest(name: String, group: NamedGroup) throws {
    let flight = try Recording.tls(name).answer().flight
    #expect(flight.acceptedVersion == .tls13)
    #expect(flight.hello?.isRetryRequest == true)
    #expect(flight.hello?.keyShareGroup == group)
    #expect(flight.chain == nil)
  }

  @Test("an anonymous suite is accepted and protects nothing")
  func anonymous() throws {
    let facts = EndpointFacts(
      [try Recording.tls("openssl-tls12-anonymous").answer()], name: "x",
      now: "2026-11-21T00:00:00Z", place: "recording"
    ).facts
    #expect(facts["tls.protocols"] == ["TLS1.2"])
    #expect(facts["tls.chosen-suite"] == ["TLS1.2": "00A6"])
    #expect(facts["tls.dh-bits"] == ["TLS1.2": 1024])
    #expect(facts["tls.certificates"] == nil)
    #expect(facts["tls.key-exchange-signature-valid"] == nil)
    #expect(facts["tls.protected"] != true)
  }

  private static let header: [UInt8] = [0x16, 3, 3]

  @Test(
    "a broken stream is refused where it breaks",
    arguments: [
      ([0x16, 3, 3, 0x48, 0x01], .oversizedRecord, 3),
      ([0x48, 0x54, 0x54, 0x50], .notTLS, 0),
      ([0x16, 9, 9, 0, 0], .notTLS, 1),
      ([0x16, 3, 3, 0, 4, 2, 4, 0, 1], .badHandshakeLength, 6),
      ([0x16, 3, 3, 0, 4, 2, 0, 0, 0], .malformedMessage, 9),
      ([0x16, 3, 3, 0, 4, 11, 0, 0, 0], .unexpectedMessage, 5),
      ([0x14, 3, 3, 0, 1, 1], .unexpectedMessage, 0),
      ([0x17, 3, 3, 0, 1, 1], .unexpectedMessage, 0),
      ([0x15, 3, 3, 0, 1, 2], .malformedMessage, 6),
      ([0x16, 3, 3, 0, 9, 2], .truncatedRecord, 0),
      ([0x16, 3, 3, 0, 2, 2, 0], .truncatedRecord, 7),
    ] as [([UInt8], WireError.Code, Int)])
  func broken(stream: [UInt8], code: WireError.Code, place: Int) throws {
    let recording = Recording(name: "", sent: Recording.tls("openssl-tls12-rsa").sent, received: [])
    let (_, error) = try read(recording, in: [stream])
    #expect(error?.code == code)
    #expect(error?.place == place)
  }

  @Test(
    "empty records, warnings and HelloRequests without end are cut off",
    arguments: [
      ([0x16, 3, 3, 0, 0], 0), ([0x15, 3, 3, 0, 2, 1, 112], 0), ([0x17, 3, 3, 0, 0], 0),
      // A message's place is after its record's header.
      ([0x16, 3, 3, 0, 4, 0, 0, 0, 0], 5),
    ] as [([UInt8], Int)])
  func endless(record: [UInt8], inRecord: Int) throws {
    let recording = Recording(name: "", sent: Recording.tls("openssl-tls12-rsa").sent, received: [])
    let (_, error) = try read(recording, in: Array(repeating: record, count: 40))
    #expect(error?.code == .endless)
    #expect(error?.place == record.count * FlightReader.patience + inRecord)
  }

  @Test(
    "an answer that was not offered is not an acceptance",
    arguments: [
      (0x0303, 0xC030, 0, []), (0x0303, 0x1301, 0, [.unofferedSuite]),
      (0x0303, 0x00FF, 0, [.unknownSuite, .unofferedSuite]),
      (0x0303, 0xC030, 9, [.unofferedCompression]), (0x0304, 0xC030, 0, [.wrongVersion]),
      (0x0101, 0xC030, 0, [.wrongVersion]), (0x0302, 0xC014, 0, []),
    ] as [(UInt16, UInt16, UInt8, [WireError.Code])])
  func unoffered(
    version: UInt16, suite: UInt16, compression: UInt8, problems: [WireError.Code]
  ) throws {
    var message = ByteWriter()
    message.uint8(2)
    message.vector(3) { body in
      body.uint16(version)
      body.append([UInt8](repeating: 7, count: 32))
      body.vector(1) { _ in }
      body.uint16(suite)
      body.uint8(compression)
    }
    var record = ByteWriter()
    record.append(Self.header)
    record.vector(2) { $0.append(message.bytes) }
    var reader = FlightReader(
      answering: HelloMaker(source: Recording.fixedSource).classic(
        .tls12, name: "", suites: SuiteOffer.classic(.tls12)[0]
      ).hello)
    try reader.feed(record.bytes)
    #expect(reader.flight.problems.map(\.code) == problems)
    #expect((reader.flight.acceptedVersion != nil) == problems.isEmpty)
  }

  @Test("no mutation of a recorded flight makes the reader or the facts fail")
  func mutations() async throws {
    var generator = SeededGenerator(seed: 20_261_121)
    var refused = 0
    let recordings = (Recording.tlcp + Recording.tls).filter { $0.stream.count > 40 }
    for recording in recordings {
      for round in 0..<5000 / recordings.count + 1 {
        var changed = recording
        var stream = recording.stream
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<min(stream.count, 2600), using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: stream[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: stream[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
          case 2: stream.removeSubrange(place...)
          default: stream.insert(contentsOf: [0, 0xFF], at: place)
          }
          if stream.isEmpty { stream = [0x16] }
        }
        changed.received = [stream]
        let answer = try changed.answer()
        if case .malformed(let error) = answer.end {
          refused += 1
          #expect(error.place >= 0 && error.place <= stream.count)
        }
        if round % 10 == 0 {
          // Other tests measure time on the same threads.
          await Task.yield()
          let facts = EndpointFacts(
            [answer], name: "x", now: "2026-11-21T00:00:00Z", place: "x"
          ).facts
          #expect(facts["endpoint.kind"] != nil)
        }
      }
    }
    #expect(refused > 500)
  }
}
