import AssessmentModel
import Bytes
import Foundation
import ProbeKit
import TestSupport
import Testing

@testable import TLSProbe

extension CaptureSuites {
  @Suite("Captures that are not what they should be")
  struct CaptureHostileTests {
    private static func frames(_ name: String, seed: UInt64 = 1) throws -> [[UInt8]] {
      var generator = SeededGenerator(seed: seed)
      let script = PacketScript(
        RecordedConnection(tlcp: name), cut: 200...1400, generator: &generator)
      return try #require(script).frames
    }

    @Test(
      "a file that is no capture says so",
      arguments: [
        ([], "the file is empty"),
        (Array("not a capture at all".utf8), "unknown file format"),
        ([0xD4, 0xC3, 0xB2, 0xA1, 2, 0], "truncated"),
        ([0x0A, 0x0D, 0x0D, 0x0A, 0x1C, 0, 0, 0, 1, 2, 3, 4], "no pcap, pcapng or transcript"),
        (Array("[1, 2]".utf8), "top level"),
        (Array("{".utf8), "the JSON is broken"),
        (Array("{}".utf8), "no key client-to-server"),
        (Array(#"{"client_to_server": []}"#.utf8), "no key server-to-client"),
        (
          Array(#"{"client_to_server": ["16"], "server_to_client": ["1"]}"#.utf8),
          "server-to-client[0]"
        ),
        (
          Array(#"{"client_to_server": ["zz"], "server_to_client": []}"#.utf8),
          "client-to-server[0]"
        ),
        (
          Array(#"{"client_to_server": [1], "server_to_client": []}"#.utf8), "client_to_server[0]"
        ),
        (
          Array(#"{"client_to_server": [], "server_to_client": [], "close": ["x"]}"#.utf8),
          "close[0]"
        ),
      ] as [([UInt8], String)])
    func notACapture(bytes: [UInt8], detail: String) async throws {
      let seen = try await CaptureRun.observe(bytes)
      #expect(seen.unavailable?.reason == .malformed)
      #expect(
        seen.unavailable?.detail.contains(detail) == true, "\(seen.unavailable?.detail ?? "")")
      #expect(seen.facts.isEmpty)
    }

    @Test("a path that is no file is unreadable", arguments: ["/", "/nonexistent", "", "-"])
    func noFile(path: String) async throws {
      let seen = try await CaptureRun.probe().inspect(
        CaptureRun.object(path), until: .now + .seconds(5))
      #expect(seen.unavailable?.reason == .unreadable)
    }

    @Test("a link type that is not known is named")
    func linkType() async throws {
      let seen = try await CaptureRun.observe(
        CaptureWriter.file(try Self.frames("ok-tongsuo-ecc-gcm"), link: 105))
      #expect(seen.unavailable?.reason == .malformed)
      #expect(seen.unavailable?.detail.contains("IEEE802_11") == true)
    }

    @Test(
      "a parameter that is no endpoint is refused",
      arguments: ["443", "host:443", "::1:443", "[1.2.3.4]:1", "1.2.3.4:70000"])
    func parameter(text: String) {
      #expect(throws: ParameterError.self) { try CaptureRun.probe(["server": .text(text)]) }
      #expect(throws: ParameterError.self) { try CaptureRun.probe(["sni": "x"]) }
    }

    @Test(
      "a file cut anywhere gives what is before the cut", arguments: CaptureWriter.Format.allCases)
    func cutFile(format: CaptureWriter.Format) async throws {
      let whole = CaptureWriter.file(
        try Self.frames("ok-tongsuo-ecc-gcm"), link: 1, format: format)
      var hadFacts = false
      for length in stride(from: 1, to: whole.count, by: 97) {
        let seen = try await CaptureRun.observe(Array(whole.prefix(length)))
        if seen.unavailable != nil {
          #expect(seen.unavailable?.reason == .malformed || seen.unavailable?.reason == .failed)
          continue
        }
        hadFacts = true
        #expect(seen.facts["capture.problems"] == [], "cut at \(length)")
        #expect(
          seen.facts["tlcp.handshake-completed"] != false || cutBetween(whole, length, format))
        let file = try #require(seen.evidence.first { $0.name == "capture.json" })
        let record = try JSONDecoder().decode(FactValue.self, from: Data(file.bytes))
        if let fault = record["fault"] {
          #expect(seen.facts["capture.incomplete"] == true)
          #expect((fault["offset"]?.integer ?? -1) <= length)
          #expect((fault["packet"]?.integer ?? -1) >= 0)
        }
      }
      #expect(hadFacts)
    }

    /// Cut exactly between two packets a file is whole, and the connection in it is open.
    private func cutBetween(
      _ whole: [UInt8], _ length: Int, _ format: CaptureWriter.Format
    ) -> Bool {
      let frames = (try? Self.frames("ok-tongsuo-ecc-gcm")) ?? []
      return (0...frames.count).contains { count in
        CaptureWriter.file(Array(frames.prefix(count)), link: 1, format: format).count == length
      }
    }

    @Test("too many connections are given up, not kept")
    func manyConnections() throws {
      var table = FlowTable()
      let hello = RecordedConnection(tlcp: "fail-close-after-hello").turns[0].bytes
      let server = try #require(NetworkEndpoint("10.0.0.1:443"))
      for number in 0..<(FlowTable.mostOpen + 500) {
        let address = HostAddress(bytes: [10, 1, UInt8(number >> 8), UInt8(number & 255)])
        let client = NetworkEndpoint(address: address, port: 40_000)
        table.take(
          .segment(
            TCPSegment(
              source: client, destination: server, sequence: 1, acknowledgement: 0, flags: .syn,
              payload: [], missing: 0)))
        table.take(
          .segment(
            TCPSegment(
              source: client, destination: server, sequence: 2, acknowledgement: 1,
              flags: .acknowledges, payload: hello, missing: 0)))
      }
      table.finish(isCut: false, isTimeUp: { false })
      #expect(table.readings.count == FlowTable.mostOpen + 500)
      #expect(table.readings.map(\.number) == Array(0..<table.readings.count))
      #expect(table.readings.filter { $0.gaps == [.givenUp] }.count == 500)
      #expect(table.readings.filter { $0.exchange != nil }.count <= FlowTable.mostExchanges)
    }

    @Test("one connection never holds more than a mebibyte")
    func manyBytes() throws {
      let client = try #require(NetworkEndpoint("10.0.0.2:40000"))
      let server = try #require(NetworkEndpoint("10.0.0.1:443"))
      func flow(_ isHandshake: Bool, hole: Bool) -> Int {
        var flow = Flow(number: 0, first: min(client, server), second: max(client, server))
        let length = 1 << 14
        let header: [UInt8] = [isHandshake ? 22 : 23, 3, 3, UInt8(length >> 8), 0]
        let record = header + [UInt8](repeating: 11, count: length)
        var largest = 0
        for (source, other) in [(client, server), (server, client)] {
          flow.take(
            TCPSegment(
              source: source, destination: other, sequence: 0, acknowledgement: 0, flags: .syn,
              payload: [], missing: 0), room: FlowTable.mostRetained)
        }
        for number in 0..<400 {
          for (source, other) in [(client, server), (server, client)] {
            flow.take(
              TCPSegment(
                source: source, destination: other,
                sequence: UInt32(1 + number * record.count + (hole ? 1 : 0)), acknowledgement: 0,
                flags: [], payload: record, missing: 0), room: FlowTable.mostRetained)
            largest = max(largest, flow.retained)
          }
        }
        return largest
      }
      for isHandshake in [true, false] {
        for hole in [true, false] {
          #expect(flow(isHandshake, hole: hole) <= 1 << 20)
        }
      }
    }

    @Test("a time that is over before the end is told")
    func deadline() async throws {
      let frames = try Self.frames("ok-tongsuo-ecc-gcm")
      let many = (0..<200).flatMap { _ in frames }
      let seen = try await CaptureRun.observe(
        CaptureWriter.file(many, link: 1), within: .milliseconds(-1))
      #expect(seen.unavailable?.reason == .deadline)
    }

    /// Changes bytes at random places, cuts, repeats and swaps.
    private static func mutate(
      _ frames: [[UInt8]], _ generator: inout SeededGenerator
    ) -> [[UInt8]] {
      var frames = frames
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        guard let place = frames.indices.randomElement(using: &generator) else { break }
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: frames[place].removeLast(Int.random(in: 0...frames[place].count, using: &generator))
        case 1: frames.remove(at: place)
        case 2: frames.insert(frames[place], at: 0)
        case 3: frames.swapAt(place, frames.count - 1)
        default:
          for _ in 0..<Int.random(in: 1...3, using: &generator) where !frames[place].isEmpty {
            // Headers matter more than what comes late.
            let end = Int.random(in: 0..<3, using: &generator) == 0 ? frames[place].count : 120
            let index = Int.random(in: 0..<min(end, frames[place].count), using: &generator)
            frames[place][index] = UInt8.random(in: .min ... .max, using: &generator)
          }
        }
      }
      return frames
    }

    @Test("twenty thousand mutations of packets are read without harm", arguments: 0..<20)
    func packetFuzz(seed: Int) async throws {
      var generator = SeededGenerator(seed: UInt64(seed) + 1000)
      let names = [
        "fail-bad-ske-signature", "both-tongsuo-tls-side", "tls13-tongsuo-sm4ccm-hrr",
        "resume-tongsuo-ecc-cbc-2-resumed", "fail-gmssl-unknown-extension",
      ]
      let name = names[seed % names.count]
      let original = try Self.frames(name, seed: UInt64(seed))
      var understood = 0
      for _ in 0..<1000 {
        await Task.yield()
        var table = FlowTable()
        for frame in Self.mutate(original, &generator) {
          guard let reader = LinkType.ethernet.internetPacket(in: frame) else { continue }
          table.take(InternetPacket(reader))
        }
        table.finish(isCut: false, isTimeUp: { false })
        let stated = CaptureFacts(
          table.readings, chains: table.chains.chains, isCut: false, now: "2026-11-21T00:00:00Z"
        ).facts
        #expect(Set(stated.keys).isSubset(of: TLSCaptureProbe.description.facts.keys))
        if stated["capture.connections"] != nil, stated["capture.incomplete"] == false {
          understood += 1
        }
        for problem in stated["capture.problems"]?.list ?? [] {
          let code = try #require(problem["code"]?.text)
          #expect(Self.codes.contains(code))
        }
      }
      // Not all were refused at the door.
      #expect(understood > 50)
    }

    static let codes: Set<String> = [
      "truncated-record", "oversized-record", "bad-handshake-length", "not-tls", "wrong-version",
      "unoffered-suite", "unknown-suite", "unoffered-compression", "missing-key-exchange",
      "empty-certificate",
    ]

    @Test(
      "mutations of whole files are read without harm", arguments: CaptureWriter.Format.allCases)
    func fileFuzz(format: CaptureWriter.Format) async throws {
      var generator = SeededGenerator(seed: 77)
      let original = CaptureWriter.file(
        try Self.frames("fail-gmssl-no-common-suite"), link: 1, format: format)
      for _ in 0..<500 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
          let index = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
        }
        let seen = try await CaptureRun.observe(bytes)
        #expect(seen.unavailable != nil || !seen.facts.isEmpty)
      }
    }

    @Test("mutations of transcripts are read without harm")
    func transcriptFuzz() async throws {
      var generator = SeededGenerator(seed: 78)
      let original = RecordedConnection(tlcp: "ok-gmssl-ecc-cbc")
      for _ in 0..<1000 {
        await Task.yield()
        var connection = original
        let turn = Int.random(in: 0..<connection.turns.count, using: &generator)
        let count = connection.turns[turn].bytes.count
        let index = Int.random(in: 0..<min(count, 150), using: &generator)
        connection.turns[turn].bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
        let seen = try CaptureContents.transcript(connection.transcript, "fuzz")
        let facts = CaptureFacts(
          seen.readings, chains: seen.chains, isCut: false, now: "2026-11-21T00:00:00Z"
        ).facts
        for code in facts["capture.problems"]?.values(at: "code") ?? [] {
          #expect(Self.codes.contains(code.text ?? ""))
        }
      }
    }
  }
}
