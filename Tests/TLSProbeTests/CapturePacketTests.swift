import AssessmentModel
import Bytes
import Foundation
import ProbeKit
import TestSupport
import Testing

@testable import TLSProbe

extension CaptureSuites {
  @Suite("Reading capture files")
  struct CapturePacketTests {
    /// Facts but the one a transcript cannot have.
    private func withoutAddress(_ facts: [String: FactValue]) -> [String: FactValue] {
      facts.filter { $0.key != "capture.server" }
    }

    private func transcriptFacts(_ name: String) async throws -> [String: FactValue] {
      try await CaptureRun.observe(RecordedConnection(tlcp: name).transcript).facts
    }

    private func facts(
      _ script: PacketScript, format: CaptureWriter.Format = .pcap, kept: Int = 65535
    ) async throws -> [String: FactValue] {
      let link = CaptureWriter.number(of: script.link)
      let seen = try await CaptureRun.observe(
        CaptureWriter.file(script.frames, link: link, format: format, kept: kept))
      #expect(seen.unavailable == nil)
      return seen.facts
    }

    @Test("every recording gives the same facts from packets", arguments: Recording.tlcp)
    func sameFacts(recording: Recording) async throws {
      var generator = SeededGenerator(seed: 11)
      let connection = RecordedConnection(tlcp: recording.name)
      let expected = try await transcriptFacts(recording.name)
      for (index, link) in LinkType.allCases.enumerated() {
        for format in CaptureWriter.Format.allCases {
          let isIPv6 = (index + format.rawValue.count).isMultiple(of: 2)
          var script = try #require(
            PacketScript(
              connection, client: isIPv6 ? "[2001:db8::9]:40001" : "10.1.2.3:51000",
              server: isIPv6 ? "[2001:db8::1]:8443" : "10.1.2.4:443", cut: 1...900,
              // Both sides' numbers wrap around within the first bytes.
              sequences: (UInt32.max - 20, UInt32.max - 60), generator: &generator))
          script.link = link
          script.tags = [[], [0x8100], [0x88A8, 0x8100]][index % 3]
          if format != .pcap { script.disturb(&generator) }
          let seen = try await facts(script, format: format)
          #expect(withoutAddress(seen) == expected, "\(link) \(format)")
          #expect(seen["capture.server"]?.text == script.server.description)
        }
      }
    }

    @Test(
      "single bytes out of order, repeated, with the SYN last", arguments: [1, 2, 3] as [UInt64])
    func worstOrder(seed: UInt64) async throws {
      var generator = SeededGenerator(seed: seed)
      let name = "ok-tongsuo-ecc-gcm"
      var script = try #require(
        PacketScript(RecordedConnection(tlcp: name), cut: 1...40, generator: &generator))
      script.packets.shuffle(using: &generator)
      let expected = try await transcriptFacts(name)
      var seen = withoutAddress(try await facts(script))
      // Who closed first is told by the order of packets alone.
      var wanted = expected
      seen["capture.closed"] = nil
      wanted["capture.closed"] = nil
      #expect(seen == wanted)
    }

    @Test("a connection whose SYN is missing but whose hello is there is complete")
    func withoutSYN() async throws {
      var generator = SeededGenerator(seed: 5)
      for name in ["ok-gmssl-ecc-cbc", "both-tongsuo-tls-side", "fail-gmssl-no-common-suite"] {
        var script = try #require(
          PacketScript(RecordedConnection(tlcp: name), cut: 1...60, generator: &generator))
        script.packets.removeFirst(3)
        let expected = try await transcriptFacts(name)
        #expect(withoutAddress(try await facts(script)) == expected, "\(name)")
      }
    }

    @Test(
      "a lost segment makes a capture incomplete and is never a problem",
      arguments: [
        "ok-tongsuo-ecc-gcm", "both-tongsuo-tls-side", "resume-tongsuo-ecc-cbc-2-resumed",
        "tls13-tongsuo-sm4ccm-hrr", "ok-tongsuo-fragmented-records",
      ])
    func lostSegment(name: String) async throws {
      var generator = SeededGenerator(seed: 3)
      let connection = RecordedConnection(tlcp: name)
      let whole = try #require(PacketScript(connection, cut: 50...700, generator: &generator))
      let expected = try await transcriptFacts(name)
      for place in whole.dataPlaces {
        var script = whole
        script.packets.remove(at: place)
        let seen = try await facts(script)
        #expect(seen["capture.incomplete"] == true, "segment \(place)")
        #expect(seen["capture.problems"] == [], "segment \(place)")
        // What is said is what the whole capture says.
        for (fact, value) in seen where fact.hasPrefix("tls.") || fact.hasPrefix("tlcp.") {
          #expect(value == expected[fact], "\(fact), segment \(place)")
        }
      }
    }

    @Test("a connection seen from its middle on is incomplete", arguments: Recording.tlcp)
    func fromTheMiddle(recording: Recording) async throws {
      var generator = SeededGenerator(seed: 8)
      let connection = RecordedConnection(tlcp: recording.name)
      var script = try #require(PacketScript(connection, cut: 30...200, generator: &generator))
      let places = script.dataPlaces
      guard places.count > 4 else { return }
      script.packets.removeFirst(places[places.count / 2] + 1)
      let seen = try await facts(script)
      #expect(seen["capture.incomplete"] == true)
      #expect(seen["capture.problems"] == [])
      #expect(seen["tlcp.handshake-completed"] == nil)
    }

    @Test("frames cut by the capture make it incomplete")
    func snapLength() async throws {
      var generator = SeededGenerator(seed: 4)
      let script = try #require(
        PacketScript(
          RecordedConnection(tlcp: "ok-tongsuo-ecc-gcm"), cut: 900...900, generator: &generator))
      let seen = try await facts(script, kept: 300)
      #expect(seen["capture.incomplete"] == true)
      #expect(seen["capture.problems"] == [])
      #expect(seen["tlcp.offered"] == true)
      #expect(seen["tlcp.handshake-completed"] == nil)
    }

    @Test("fragments of IP packets make it incomplete")
    func fragments() async throws {
      var generator = SeededGenerator(seed: 4)
      let script = try #require(
        PacketScript(RecordedConnection(tlcp: "ok-tongsuo-ecc-gcm"), generator: &generator))
      var frames = script.frames
      // More fragments follow the last packet with data: 14 of Ethernet, 6 to the flags.
      let place = try #require(script.dataPlaces.last)
      frames[place][20] |= 0x20
      let seen = try await CaptureRun.observe(CaptureWriter.file(frames, link: 1))
      #expect(seen.facts["capture.incomplete"] == true)
      #expect(
        seen.facts["capture.gaps"]?.values(at: "gaps").contains("packets-unreadable") == true)
      #expect(seen.facts["capture.problems"] == [])
    }

    @Test("several servers are never mixed")
    func severalServers() async throws {
      var generator = SeededGenerator(seed: 9)
      let names = ["ok-tongsuo-ecc-gcm", "fail-enc-first", "both-tongsuo-tls-side"]
      let servers = ["10.9.0.1:443", "[2001:db8::5]:443", "10.9.0.1:8443"]
      var scripts: [PacketScript] = []
      for (name, server) in zip(names, servers) {
        let client = server.hasPrefix("[") ? "[2001:db8::6]:50000" : "10.9.0.9:50000"
        scripts.append(
          try #require(
            PacketScript(
              RecordedConnection(tlcp: name), client: client, server: server, generator: &generator)
          ))
      }
      // The packets of all connections alternate.
      var frames: [[UInt8]] = []
      for place in 0..<(scripts.map(\.frames.count).max() ?? 0) {
        for script in scripts where place < script.packets.count {
          frames.append(script.frames[place])
        }
      }
      let bytes = CaptureWriter.file(frames, link: 1)
      let seen = try await CaptureRun.observe(bytes)
      #expect(seen.unavailable?.reason == .failed)
      #expect(seen.facts == ["capture.servers": .list(servers.map { .text($0) })])
      for (name, server) in zip(names, servers) {
        let one = try await CaptureRun.observe(bytes, ["server": .text(server)])
        let expected = try await transcriptFacts(name)
        #expect(one.unavailable == nil)
        #expect(withoutAddress(one.facts) == expected, "\(server)")
      }
      let other = try await CaptureRun.observe(bytes, ["server": "10.9.0.2:443"])
      #expect(other.unavailable?.reason == .failed)
      let file = try TemporaryFile(bytes)
      let path = file.path
      let all = try await CaptureRun.probe().inspectAll(
        CaptureRun.object(path), until: .now + .seconds(30))
      #expect(all.map(\.object.id) == servers.map { "capture \($0)" })
      #expect(all.map { $0.object.parameters["server"]?.text } == servers)
      for (name, one) in zip(names, all) {
        let expected = try await transcriptFacts(name)
        #expect(withoutAddress(one.observation.facts) == expected)
      }
      let chosen = try await CaptureRun.probe().inspect(all[1].object, until: .now + .seconds(30))
      #expect(chosen.facts == all[1].observation.facts)
      _ = file.path
    }

    @Test("the connections of one server are put together")
    func oneServer() async throws {
      var generator = SeededGenerator(seed: 21)
      var frames: [[UInt8]] = []
      let names = [
        "resume-tongsuo-ecc-cbc-1-full", "resume-tongsuo-ecc-cbc-2-resumed", "ok-tongsuo-ecc-gcm",
        "both-tongsuo-tls-side", "fail-tongsuo-no-common-suite",
      ]
      for (index, name) in names.enumerated() {
        // The same port again and again, as after a while in a long capture.
        let script = try #require(
          PacketScript(
            RecordedConnection(tlcp: name), sequences: (UInt32(index * 90_000), 7_000_000),
            generator: &generator))
        frames += script.frames
      }
      let facts = try await CaptureRun.observe(CaptureWriter.file(frames, link: 1)).facts
      #expect(facts["capture.connections"] == 5)
      #expect(facts["tlcp.offered"] == true)
      #expect(facts["tlcp.accepted-suites"] == ["E013", "E053"])
      #expect(facts["tlcp.handshake-completed"] == true)
      #expect(facts["tlcp.key-exchange-signature-valid"] == true)
      #expect(facts["tls.protocols"] == ["TLS1.2"])
      #expect(facts["tls.accepted-suites"] == ["TLS1.2": ["C030"]])
      #expect(facts["tls.certificates"]?.list?.count == 1)
      #expect(facts["capture.incomplete"] == false)
      #expect(facts["capture.alerts"]?.values(at: "connection") == [4])
    }

    @Test("a server that speaks no TLS does not hide the one that does")
    func otherTraffic() async throws {
      var generator = SeededGenerator(seed: 2)
      let web = RecordedConnection(
        turns: [
          .init(isClient: true, bytes: Array("GET /?password=hunter2 HTTP/1.1\r\n\r\n".utf8)),
          .init(isClient: false, bytes: Array("HTTP/1.1 200 OK\r\n\r\nsecret".utf8)),
        ], close: ["server fin", "client fin"])
      let script = try #require(
        PacketScript(web, server: "10.1.2.4:80", generator: &generator))
      let tlcp = try #require(
        PacketScript(RecordedConnection(tlcp: "ok-gmssl-ecc-gcm"), generator: &generator))
      let bytes = CaptureWriter.file(script.frames + tlcp.frames, link: 1)
      let seen = try await CaptureRun.observe(bytes)
      #expect(seen.facts["capture.server"] == "10.1.2.4:443")
      #expect(seen.facts["tlcp.offered"] == true)
      let clear = try await CaptureRun.observe(bytes, ["server": "10.1.2.4:80"])
      #expect(clear.facts["capture.problems"]?.values(at: "code") == ["not-tls", "not-tls"])
      #expect(clear.facts["tls.protocols"] == nil)
      for evidence in clear.evidence {
        let text = String(decoding: evidence.bytes, as: UTF8.self)
        #expect(!text.contains(hexadecimal(Array("hunter2".utf8))))
        #expect(!text.contains(hexadecimal(Array("secret".utf8))))
      }
    }
  }
}
