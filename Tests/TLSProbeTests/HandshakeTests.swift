import AssessmentModel
import Bytes
import Foundation
import TestSupport
import Testing

@testable import DemoBank
@testable import TLSProbe

/// Handshakes finished with libssl on the other side too.
@Suite("Finishing TLS handshakes")
struct HandshakeTests {
  private static let now = 1_795_000_000.0  // 2026-11-18

  private func inspect(
    _ versions: ClosedRange<TLSServer.Version>, suites: String = "DEFAULT"
  ) async throws -> Observation {
    let certificates = try DemoCertificates(now: Self.now)
    let server = try TLSServer(
      TLSServer.Options(
        versions: versions, suites: suites, securityLevel: 0, identities: certificates.good))
    defer { server.stop() }
    let probe = try TLSEndpointProbe(
      parameters: [:], source: .system, now: { "2026-11-18T12:00:00Z" })
    return await probe.inspect(
      AssessmentObject(id: "gw", kind: .channel, locator: "tls://127.0.0.1:\(server.port)"),
      until: .now + .seconds(30))
  }

  private func inspect(_ server: ScriptedServer) async throws -> Observation {
    let listener = try server.listen()
    defer { listener.stop() }
    let probe = try TLSEndpointProbe(parameters: [:])
    return await probe.inspect(
      AssessmentObject(id: "gw", kind: .channel, locator: "tls://127.0.0.1:\(listener.port)"),
      until: .now + .seconds(20))
  }

  @Test("a session is finished and resumed by its ticket in TLS 1.2 and TLS 1.3")
  func both() async throws {
    let seen = try await inspect(.tls12 ... .tls13)
    #expect(seen.facts["tls.handshake-completed"] == ["TLS1.2": true, "TLS1.3": true])
    #expect(seen.facts["tls.resumption"] == ["TLS1.2": "ticket", "TLS1.3": "ticket"])
    #expect(seen.facts["tls.early-data"] == ["TLS1.3": false])
    #expect(seen.facts["tls.client-certificate-required"] == nil)
    let lifetime = seen.facts["tls.ticket-lifetime"]?["TLS1.3"]?.integer ?? 0
    #expect((1...604_800).contains(lifetime))
    #expect(seen.facts["endpoint.problems"] == [])
  }

  @Test("old servers are asked in the newest version they have")
  func old() async throws {
    let seen = try await inspect(.tls10 ... .tls11)
    #expect(seen.facts["tls.protocols"] == ["TLS1.0", "TLS1.1"])
    #expect(seen.facts["tls.handshake-completed"] == ["TLS1.1": true])
    #expect(seen.facts["tls.resumption"] == ["TLS1.1": "ticket"])
  }

  @Test("every byte of a whole handshake is evidence, and no session key is in it")
  func evidence() async throws {
    let seen = try await inspect(.tls12 ... .tls12)
    let piece = try #require(seen.evidence.first { $0.name == "handshake-tls1.2.json" })
    let connections = try #require(
      try JSONDecoder().decode(FactValue.self, from: Data(piece.bytes)).list)
    #expect(connections.count == 2)
    for connection in connections {
      #expect(connection["end"] == "finished")
      let passages = connection["exchange"]?.list ?? []
      #expect(passages.compactMap { $0["direction"]?.text }.prefix(2) == ["sent", "received"])
      // Records only: ChangeCipherSpec was sent by both sides.
      for direction in ["sent", "received"] {
        let hex = passages.filter { $0["direction"]?.text == direction }
          .compactMap { $0["hex"]?.text }.joined()
        var reader = RecordReader()
        reader.feed(try #require(bytes(fromHexadecimal: hex)))
        var types: Set<Record.ContentType> = []
        while let record = try reader.next() { types.insert(record.type) }
        #expect(reader.unfinished == 0)
        #expect(types.contains(.changeCipherSpec))
      }
    }
  }

  @Test("a server whose Finished cannot be right is not said to have finished")
  func scripted() async throws {
    let server = ScriptedServer(versions: [
      .tls12: .init(suites: [0xC02F], groups: [29], schemes: [0x0401])
    ])
    let seen = try await inspect(server)
    #expect(seen.facts["tls.protocols"] == ["TLS1.2"])
    #expect(seen.facts["tls.handshake-completed"] == nil)
    #expect(seen.facts["tls.resumption"] == nil)
  }

  @Test("a server that has nothing of what libssl offers is not said to have refused a handshake")
  func nothingInCommon() async throws {
    let server = ScriptedServer(versions: [.tls13: .init(suites: [0x00C6], groups: [41])])
    let seen = try await inspect(server)
    #expect(seen.facts["tls.accepted-suites"] == ["TLS1.3": ["00C6"]])
    #expect(seen.facts["tls.handshake-completed"] == nil)
  }

  @Test("all that libssl has is offered: the suites with CCM, and the Brainpool curves")
  func offer() throws {
    let new = try ScriptedServer.Hello(
      #require(LibraryHandshake(version: .tls13, serverName: nil, session: nil)).feed([]))
    #expect(Set(new.suites).isSuperset(of: [0x1301, 0x1302, 0x1303, 0x1304, 0x1305]))
    #expect(Set(new.groups).isSuperset(of: [23, 24, 25, 29, 30, 256, 260]))
    let old = try ScriptedServer.Hello(
      #require(LibraryHandshake(version: .tls12, serverName: nil, session: nil)).feed([]))
    #expect(Set(old.groups).isSuperset(of: [22, 23, 24, 25, 26, 27, 28, 29, 30]))
  }
}
