import AssessmentModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TLSProbe

/// A TLCP server that writes its flight message by message, as a library without a write buffer does.
@Suite("A TLCP server that takes its time")
struct TLCPPaceTests {
  private static let suites: [UInt16] = [0xE013, 0xE053, 0xE019, 0xE059]

  @Test("no connection is closed while the server is still writing its flight")
  func flightIsHeardOut() async throws {
    let flight = Recording.tlcp("ok-gmssl-ecc-cbc").received.prefix(4)
    let interrupted = Mutex(0)
    let listener = try LoopbackListener { peer in
      let bytes = peer.read()
      guard bytes.count > 2, bytes[1] == 1, bytes[2] == 1,
        let offered = try? ScriptedServer.Hello(bytes).suites,
        let suite = Self.suites.first(where: offered.contains)
      else {
        peer.write([0x15, 1, 1, 0, 2, 2, 71])
        peer.waitForEnd()
        return
      }
      var records = Array(flight)
      // After the headers, version, random and the empty session id.
      records[0].replaceSubrange(44..<46, with: [UInt8(suite >> 8), UInt8(suite & 0xFF)])
      for record in records {
        if !peer.write(record) { interrupted.withLock { $0 += 1 } }
        usleep(15_000)
      }
      peer.waitForEnd()
    }
    defer { listener.stop() }
    let probe = try TLSEndpointProbe(parameters: [:])
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "tlcp://127.0.0.1:\(listener.port)")
    let seen = await probe.inspect(object, until: .now + .seconds(20))
    #expect(seen.facts["tlcp.accepted-suites"] == ["E013", "E019", "E053", "E059"])
    #expect(interrupted.withLock { $0 } == 0)
  }
}
