import TestSupport
import Testing

@testable import TLSProbe

@Suite("The TLCP client and hostile bytes")
struct TLCPFuzzTests {
  /// Changes `bytes` in one to four places: bits, bytes, cuts, repeats, removals, length fields.
  private static func changed(
    _ bytes: [UInt8], _ generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 1...80, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4: bytes.removeSubrange(place..<end)
      default: bytes.insert(contentsOf: [22, 1, 1, 0, UInt8(end - place)], at: place)
      }
    }
    return bytes
  }

  @Test("five thousand damaged streams end in a state, in order, and never connect by chance")
  func streams() async throws {
    var generator = SeededGenerator(seed: 2026)
    let recordings = [
      "ok-tongsuo-ecc-gcm", "ok-gmssl-ecc-cbc", "fail-tongsuo-client-cert-required",
      "ok-fake-coalesced-flight", "resume-tongsuo-ecc-cbc-2-resumed",
    ].map(TLCPRecording.init)
    for round in 0..<5000 {
      if round.isMultiple(of: 20) { await Task.yield() }
      let recorded = recordings[round % recordings.count]
      var stream = recorded.recording.stream
      // Whole records change places now and then.
      if round.isMultiple(of: 7) {
        stream = recorded.recording.received.shuffled(using: &generator).flatMap { $0 }
      }
      stream = Self.changed(stream, &generator)
      let session =
        recorded.secrets["premaster_secret"] == nil
        ? TLCPClient.Session(
          id: try recorded.recording.hello.sessionID, suite: CipherSuite(0xE013),
          master: recorded.secrets["master_secret"] ?? []) : nil
      var client = try recorded.client(resuming: session)
      var sent = 0
      var rest = stream[...]
      while !rest.isEmpty {
        let length = min(rest.count, Int.random(in: 1...2000, using: &generator))
        sent += client.feed(Array(rest.prefix(length))).count
        rest = rest.dropFirst(length)
      }
      client.end()
      #expect(client.isOver)
      #expect(sent < 1000)
      if client.isConnected { #expect(client.flight.hello?.version == .tlcp) }
      #expect(client.data.count <= TLCPClient.longestData)
    }
  }

  @Test("a damaged server Finished never completes a handshake")
  func finished() throws {
    var generator = SeededGenerator(seed: 5)
    for name in ["ok-tongsuo-ecc-gcm", "ok-gmssl-ecc-cbc"] {
      let recorded = TLCPRecording(name)
      for _ in 0..<200 {
        var records = Array(recorded.recording.received.prefix(6))
        let place = Int.random(in: 5..<records[5].count, using: &generator)
        records[5][place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        var client = try recorded.client()
        _ = client.feed(records.flatMap { $0 })
        #expect(!client.isConnected)
      }
    }
  }
}
