import AssessmentModel
import Bytes
import Foundation
import TestSupport
import Testing

@testable import TLSProbe

@Suite("Taking an inventory")
struct InventoryTests {
  private func inspect(
    _ server: ScriptedServer, _ parameters: [String: FactValue] = [:],
    within time: Duration = .seconds(20)
  ) async throws -> (seen: Observation, connections: Int) {
    let listener = try server.listen()
    defer { listener.stop() }
    let probe = try TLSEndpointProbe(
      parameters: parameters, source: .system, now: { "2026-11-21T00:00:00Z" })
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "tls://127.0.0.1:\(listener.port)")
    let seen = await probe.inspect(object, until: .now + time)
    return (seen, listener.accepted)
  }

  private func codes(_ list: [UInt16]) -> FactValue {
    .list(list.sorted().map { .text(fourDigits($0)) })
  }

  private func problems(_ seen: Observation) -> [String] {
    (seen.facts["endpoint.problems"]?.values(at: "message") ?? []).compactMap(\.text)
  }

  private static let usual = ScriptedServer(versions: [
    .tls10: .init(suites: [0x0035, 0xC014, 0x000A], groups: [23]),
    .tls12: .init(
      suites: [0xC030, 0xC02B, 0x009D, 0x0041, 0xC0AC, 0x0018, 0x00A8, 0xC013],
      groups: [24, 29, 19],
      schemes: [0x0601, 0x0403, 0x0201]),
    .tls13: .init(suites: [0x1303, 0x00C6, 0x1301], groups: [41, 23, 4588, 256]),
  ])

  @Test(
    "every suite, group and algorithm of a server's table is found, and no other",
    arguments: ["polite", "fast"], [false, true])
  func wholeTable(method: FactValue, followsClient: Bool) async throws {
    var server = Self.usual
    server.followsClient = followsClient
    let (seen, _) = try await inspect(server, ["method": method])
    #expect(
      seen.facts["tls.accepted-suites"]
        == .record(
          Dictionary(
            uniqueKeysWithValues: server.versions.map { ($0.key.name, codes($0.value.suites)) })))
    #expect(
      seen.facts["tls.groups"] == [
        "TLS1.2": codes([24, 29, 19]), "TLS1.3": codes([41, 23, 4588, 256]),
      ])
    // The flights of TLS 1.3 are HelloRetryRequests, which show no signature.
    #expect(
      seen.facts["tls.signature-algorithms"] == ["TLS1.2": codes([0x0601, 0x0403, 0x0201])])
    let preference = FactValue.boolean(!followsClient)
    #expect(
      seen.facts["tls.server-preference"] == [
        "TLS1.0": preference, "TLS1.2": preference, "TLS1.3": preference,
      ])
    // This server knows nothing of the fallback sign.
    #expect(seen.facts["tls.fallback-scsv"] == false)
  }

  @Test("any table comes out as it went in", arguments: 1...12)
  func anyTable(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let classic = SuiteOffer.classic(.tls12).flatMap { $0 }.filter { suite in
      // Exchanges with a form of their own are not spoken by the scripted server.
      guard let parts = suite.parts else { return false }
      return [.rsa, .ecdhe, .dhe].contains(parts.keyExchange) && parts.authentication == .rsa
        && !parts.isExport
    }
    let suites = classic.shuffled(using: &generator).prefix(
      Int.random(in: 1...20, using: &generator))
    let groups = NamedGroup.classic.shuffled(using: &generator).prefix(3)
    let schemes = SignatureScheme.all.shuffled(using: &generator)
      .prefix(Int.random(in: 1...8, using: &generator))
    let server = ScriptedServer(
      versions: [
        .tls12: .init(
          suites: suites.map(\.rawValue), groups: groups.map(\.rawValue),
          schemes: schemes.map(\.rawValue))
      ], followsClient: seed % 2 == 0, refusesByClosing: seed % 5 == 0)
    let (seen, _) = try await inspect(server, ["method": seed % 3 == 0 ? "fast" : "polite"])
    #expect(seen.facts["tls.accepted-suites"] == ["TLS1.2": codes(suites.map(\.rawValue))])
    let kinds = Set(suites.compactMap(\.parts?.keyExchange))
    #expect(
      seen.facts["tls.groups"]
        == (kinds.contains(.ecdhe) ? ["TLS1.2": codes(groups.map(\.rawValue))] : nil))
    #expect(
      seen.facts["tls.signature-algorithms"]
        == (kinds.isDisjoint(with: [.ecdhe, .dhe])
          ? nil : ["TLS1.2": codes(schemes.map(\.rawValue))]))
    #expect(problems(seen).isEmpty)
  }

  @Test("a server that closes on long hellos is asked in shorter ones", arguments: [33, 40, 80])
  func intolerance(mostSuites: Int) async throws {
    var server = Self.usual
    server.mostSuites = mostSuites
    let (seen, connections) = try await inspect(server)
    #expect(
      seen.facts["tls.accepted-suites"]?["TLS1.2"] == codes(server.versions[.tls12]?.suites ?? []))
    #expect(
      seen.facts["tls.accepted-suites"]?["TLS1.0"] == codes(server.versions[.tls10]?.suites ?? []))
    #expect(connections < 200)
  }

  @Test(
    "a server that drops hellos of 256 to 511 bytes, or with more than 120 suites, loses nothing")
  func intolerantLengths() async throws {
    var server = Self.usual
    server.versions[.ssl3] = .init(suites: [0x000A, 0x0005, 0x0035])
    server.mostSuites = 120
    server.droppedLengths = 256...511
    let (seen, connections) = try await inspect(server)
    #expect(
      seen.facts["tls.accepted-suites"]
        == .record(
          Dictionary(
            uniqueKeysWithValues: server.versions.map { ($0.key.name, codes($0.value.suites)) })))
    for piece in seen.evidence where !piece.name.hasPrefix("handshake") {
      #expect(!String(decoding: piece.bytes, as: UTF8.self).contains(#""end": "closed""#))
    }
    #expect(connections < 100)
  }

  @Test("a server that begins to refuse connections is left alone for a while, then asked the rest")
  func beginsToRefuse() async throws {
    let first = try Self.usual.listen()
    let probe = try TLSEndpointProbe(
      parameters: ["connections": 2], source: .system, now: { "2026-11-21T00:00:00Z" })
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "tls://127.0.0.1:\(first.port)")
    async let observation = probe.inspect(object, until: .now + .seconds(20))
    while first.accepted < 20 { try await Task.sleep(for: .milliseconds(1)) }
    first.stop()
    try await Task.sleep(for: .milliseconds(250))
    let second = try Self.usual.listen(port: first.port)
    defer { second.stop() }
    let seen = await observation
    for (version, table) in Self.usual.versions {
      #expect(seen.facts["tls.accepted-suites"]?[version.name] == codes(table.suites))
    }
    #expect(second.accepted > 20)
  }

  @Test("SSL 2.0 is accepted only by its own hello, which lists all its cipher kinds at once")
  func ssl2() async throws {
    var server = Self.usual
    server.versions[.tls13] = nil
    server.ssl2Ciphers = [0x010080, 0x0700C0, 0x0A0A0A]
    let (seen, _) = try await inspect(server)
    #expect(seen.facts["tls.protocols"] == ["SSL2.0", "TLS1.0", "TLS1.2"])
    // 0A0A0A was not offered.
    #expect(seen.facts["tls.accepted-suites"]?["SSL2.0"] == ["010080", "0700C0"])
    #expect(seen.evidence.contains { $0.name == "hello-ssl2.0.json" })
    server.ssl2Ciphers = []
    let (none, _) = try await inspect(server)
    #expect(none.facts["tls.protocols"] == ["TLS1.0", "TLS1.2"])
    #expect(none.facts["tls.protocols-undetermined"] == [])
  }

  @Test("a server that refuses by closing is read as refusing")
  func closing() async throws {
    var server = Self.usual
    server.refusesByClosing = true
    let (seen, connections) = try await inspect(server)
    #expect(
      seen.facts["tls.accepted-suites"]?["TLS1.2"] == codes(server.versions[.tls12]?.suites ?? []))
    #expect(seen.facts["tls.protocols"] == ["TLS1.0", "TLS1.2", "TLS1.3"])
    #expect(connections < 200)
  }

  @Test(
    "a server that falters for a while is given pauses, and nothing is missed",
    arguments: [ScriptedServer.Fault.reset, .silence])
  func falters(fault: ScriptedServer.Fault) async throws {
    var server = Self.usual
    server.fault = { $0 == 14 || $0 == 21 ? fault : nil }
    let (seen, _) = try await inspect(server, within: .seconds(5))
    let expected = server.versions.mapValues { codes($0.suites) }
    for (version, suites) in expected {
      #expect(seen.facts["tls.accepted-suites"]?[version.name] == suites)
    }
  }

  @Test("a server that falls silent leaves its lists open, and is soon left alone")
  func fallsSilent() async throws {
    var server = Self.usual
    server.fault = { $0 >= 20 ? .silence : nil }
    let (seen, connections) = try await inspect(server, within: .seconds(12))
    #expect(seen.unavailable == nil)
    #expect(seen.facts["endpoint.kind"] == "tls")
    #expect(seen.facts["tls.protocols"] == ["TLS1.0", "TLS1.2", "TLS1.3"])
    #expect(seen.facts["tls.accepted-suites"] == nil)
    #expect(problems(seen).contains { $0.hasPrefix("the list of suites is not complete") })
    // Given up for its silence, long before the deadline.
    #expect(problems(seen).contains { $0.hasSuffix("the server stopped answering") })
    #expect(!problems(seen).contains { $0.hasSuffix("the deadline passed") })
    #expect(connections < 60)
  }

  @Test("a suite that was not offered is no acceptance, and leaves the list open")
  func unoffered() async throws {
    var server = Self.usual
    server.fault = { $0 > 12 ? .unoffered : nil }
    let (seen, connections) = try await inspect(server)
    #expect(seen.facts["tls.accepted-suites"] == nil)
    #expect(seen.facts["endpoint.problems"]?.values(at: "code").contains("unoffered-suite") == true)
    #expect(problems(seen).contains { $0.contains("what was not offered") })
    #expect(connections < 80)
  }

  @Test("no hello of an inventory offers more than 120 codes, or is 256 to 511 bytes long")
  func helloSizes() async throws {
    let (seen, _) = try await inspect(Self.usual)
    for piece in seen.evidence {
      let parsed = try JSONDecoder().decode(FactValue.self, from: Data(piece.bytes))
      let connections = parsed.list ?? [parsed]
      for connection in connections {
        let sent = connection["exchange"]?.list?.first?["hex"]?.text ?? ""
        let raw = try #require(bytes(fromHexadecimal: sent))
        // The hello of SSL 2.0 is another.
        if raw.first != 0x16 {
          #expect(raw.count < 128)
          continue
        }
        let hello = try ScriptedServer.Hello(raw)
        #expect((1...120).contains(hello.suites.count))
        #expect(!(256...511).contains(raw.count - 5))
      }
    }
  }
}
