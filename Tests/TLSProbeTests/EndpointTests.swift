import AssessmentModel
import Bytes
import Foundation
import NationalCrypto
import Synchronization
import TestSupport
import Testing

@testable import TLSProbe

@Suite("Inspecting an endpoint")
struct EndpointTests {
  /// What a replay server does with one connection, knowing the record version of the hello.
  typealias Script = @Sendable (LoopbackListener.Peer, UInt16) -> Void

  private static let alert70: [UInt8] = [0x15, 3, 3, 0, 2, 2, 70]
  private static let alert40: [UInt8] = [0x15, 3, 3, 0, 2, 2, 40]

  private func inspect(
    _ scheme: String = "any", within time: Duration = .seconds(10),
    parameters: [String: FactValue] = [:], source: HelloMaker.Source = .system,
    _ script: @escaping Script
  ) async throws -> (Observation, LoopbackListener) {
    let listener = try LoopbackListener { peer in
      let hello = peer.read()
      script(peer, hello.count > 2 ? UInt16(hello[1]) << 8 | UInt16(hello[2]) : 0)
    }
    defer { listener.stop() }
    let probe = try TLSEndpointProbe(
      parameters: parameters, source: source, now: { "2026-11-21T00:00:00Z" })
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "\(scheme)://127.0.0.1:\(listener.port)")
    let seen = await probe.inspect(object, until: .now + time)
    return (seen, listener)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: String
    var reason: Unavailability.Reason?
    var clear: String?
    var script: Script

    init(
      _ name: String, _ kind: String, _ reason: Unavailability.Reason? = nil,
      clear: String? = nil, _ script: @escaping Script
    ) {
      testDescription = name
      self.kind = kind
      self.reason = reason
      self.clear = clear
      self.script = script
    }
  }

  static let cases: [Case] = [
    Case("closes at once", "closed", .closed) { _, _ in },
    Case("resets", "reset", .reset) { peer, _ in peer.resetOnClose() },
    Case("HTTP", "other", clear: "http") { peer, _ in
      peer.write(Recording.tlcp("fail-http-reply").stream)
    },
    Case("SSH banner in two pieces", "other", clear: "ssh") { peer, _ in
      peer.write(Array("SS".utf8))
      usleep(20_000)
      peer.write(Array("H-2.0-Example\r\n".utf8))
      peer.waitForEnd()
    },
    Case("SMTP greeting", "other", clear: "smtp") { peer, _ in
      peer.write(Array("220 mx.example ESMTP\r\n".utf8))
    },
    Case("FTP greeting", "other", clear: "ftp") { peer, _ in
      peer.write(Array("220 ready\r\n".utf8))
    },
    Case("telnet", "other", clear: "telnet") { peer, _ in peer.write([0xFF, 0xFD, 0x18, 0x0A]) },
    Case("something in clear", "other", clear: "unknown") { peer, _ in
      peer.write(Array("hello\n".utf8))
    },
    Case("alert 70 to every hello", "tls") { peer, _ in peer.write(alert70) },
    Case("alert 40 to every hello", "tls") { peer, _ in peer.write(alert40) },
    Case("endless empty records", "tls", .endless) { peer, _ in
      while peer.write([0x17, 3, 3, 0, 0]) {}
    },
    Case("endless warnings", "tls", .endless) { peer, _ in
      while peer.write([0x15, 3, 3, 0, 2, 1, 112]) {}
    },
    Case("oversized record", "tls", .malformed) { peer, _ in
      peer.write([0x16, 3, 3, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 70_000))
    },
    Case("truncated record", "tls", .malformed) { peer, _ in
      peer.write(Recording.tlcp("fail-truncated-record").stream)
    },
  ]

  @Test("a port is what it answers", arguments: cases)
  func kinds(this: Case) async throws {
    let (seen, listener) = try await inspect { this.script($0, $1) }
    #expect(seen.facts["endpoint.kind"]?.text == this.kind)
    #expect(seen.unavailable?.reason == this.reason)
    let isSpoken = ["tls", "tlcp", "both"].contains(this.kind) && this.reason == nil
    #expect(
      seen.facts["endpoint.clear-protocol"]?.text == this.clear ?? (isSpoken ? "none" : nil))
    if this.kind == "tls", this.reason == nil {
      #expect(seen.facts["tls.protocols"] == [])
      #expect(seen.facts["tlcp.offered"] == false)
    } else {
      #expect(seen.facts["tls.protocols"] == nil)
    }
    #expect(seen.evidence.count == listener.accepted)
    #expect(Set(seen.evidence.map(\.name)).count == seen.evidence.count)
  }

  @Test("a silent port is silent, before the deadline")
  func silent() async throws {
    let start = ContinuousClock.now
    let (seen, _) = try await inspect(within: .seconds(4)) { peer, _ in peer.waitForEnd() }
    #expect(seen.facts["endpoint.kind"] == "silent")
    #expect(seen.unavailable?.reason == .silent)
    #expect(seen.facts["tls.protocols"] == nil)
    #expect(ContinuousClock.now - start < .seconds(6))
  }

  @Test("a port that drips bytes is neither silent nor known")
  func drip() async throws {
    let (seen, _) = try await inspect(within: .seconds(5)) { peer, _ in
      for byte in [0x16, 3, 3, 0, 80, 2, 0, 0] as [UInt8] where peer.write([byte]) {
        usleep(30_000)
      }
      peer.waitForEnd()
    }
    #expect(seen.facts["endpoint.kind"] == "tls")
    #expect(seen.unavailable?.reason == .deadline)
  }

  @Test("a port where nothing listens is refused, with one connection")
  func refused() async throws {
    let probe = try TLSEndpointProbe(parameters: [:])
    let port = try LoopbackListener.freePort()
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "tls://127.0.0.1:\(port)")
    let seen = await probe.inspect(object, until: .now + .seconds(5))
    #expect(seen.facts["endpoint.kind"] == "refused")
    #expect(seen.unavailable?.reason == .refused)
    #expect(seen.evidence.count == 1)
  }

  /// Plays the server's part of `recording`: its flight only.
  private static func flight(_ recording: Recording, records: Int) -> [UInt8] {
    recording.received.prefix(records).flatMap { $0 }
  }

  /// A source that gives the client random of `recording`, so that recorded signatures verify.
  private static func source(_ recording: Recording) throws -> HelloMaker.Source {
    let random = try recording.hello.random
    return HelloMaker.Source(
      bytes: { Array(random.prefix($0)) }, keyPair: { try? KeyAgreement($0) })
  }

  @Test(
    "a TLCP server is recognised and its key exchange verified",
    arguments: [
      ("ok-tongsuo-ecc-gcm", 4, "E053", false), ("ok-gmssl-ecc-cbc", 4, "E013", false),
      ("ok-tongsuo-ecdhe-gcm-mutual-keys", 5, "E051", true),
      ("ok-fake-coalesced-flight", 1, "E013", false),
      ("fail-warning-alert-first", 5, "E013", false),
      ("ok-tongsuo-rsa-cbc-sm3", 4, "E019", false),
    ])
  func tlcp(name: String, records: Int, suite: String, asksClient: Bool) async throws {
    let recording = Recording.tlcp(name)
    let flight = Self.flight(recording, records: records)
    let refusal = Recording.tlcp("fail-tlcp-only-tongsuo-tls12-hello").stream
    let (seen, _) = try await inspect("tlcp", source: Self.source(recording)) { peer, version in
      peer.write(version == 0x0101 ? flight : refusal)
      peer.waitForEnd()
    }
    #expect(seen.unavailable == nil)
    #expect(seen.facts["endpoint.kind"] == "tlcp")
    #expect(seen.facts["tlcp.offered"] == true)
    #expect(seen.facts["tlcp.chosen-suite"]?.text == suite)
    #expect(seen.facts["tlcp.certificate-order"] == "sign-enc")
    #expect(seen.facts["tlcp.certificate.key-usages-separate"] == true)
    #expect(seen.facts["tlcp.key-exchange-signature-valid"] == true)
    #expect(seen.facts["tlcp.client-certificate-requested"] == .boolean(asksClient))
    #expect(seen.facts["tls.protocols"] == [])
    #expect(seen.facts["tls.protected"] == true)
    #expect(seen.facts["tls.certificates"] == nil)
  }

  @Test("a port with both families is both")
  func both() async throws {
    let tlcp = Self.flight(.tlcp("both-tongsuo-tlcp-side"), records: 4)
    let tls = Self.flight(.tlcp("both-tongsuo-tls-side"), records: 4)
    let (seen, _) = try await inspect(
      source: Self.source(.tlcp("both-tongsuo-tls-side"))
    ) { peer, version in
      peer.write(version == 0x0101 ? tlcp : tls)
      peer.waitForEnd()
    }
    #expect(seen.facts["endpoint.kind"] == "both")
    #expect(seen.facts["tls.protocols"] == ["TLS1.2"])
    #expect(seen.facts["tls.chosen-suite"] == ["TLS1.2": "C030"])
    #expect(seen.facts["tls.key-exchange-signature-valid"] == ["TLS1.2": true])
    // Signed for another client random.
    #expect(seen.facts["tlcp.key-exchange-signature-valid"] == false)
    let problems = seen.facts["endpoint.problems"]?.values(at: "code") ?? []
    #expect(problems.contains("wrong-version"))
  }

  @Test("a server silent to one protocol leaves that one undetermined")
  func partlySilent() async throws {
    let tls = Self.flight(.tlcp("both-tongsuo-tls-side"), records: 4)
    let (seen, _) = try await inspect(within: .seconds(8)) { peer, version in
      if version != 0x0101 { peer.write(tls) }
      peer.waitForEnd()
    }
    #expect(seen.facts["endpoint.kind"] == "tls")
    #expect(seen.facts["tls.protocols"] == ["TLS1.2"])
    #expect(seen.facts["tlcp.offered"] == nil)
    #expect(seen.facts["tls.protocols-undetermined"] == ["TLCP"])
  }

  @Test("a TLCP server that closes on a name is asked again without")
  func plainerHello() async throws {
    let flight = Self.flight(.tlcp("ok-gmssl-ecc-cbc"), records: 4)
    let listener = try LoopbackListener { peer in
      let hello = peer.read()
      // 5 of the record, 4 of the message, then as long as without extensions.
      let suites = hello.count > 45 ? Int(hello[44]) << 8 | Int(hello[45]) : 0
      guard hello.count == 5 + 4 + 35 + 2 + suites + 2, hello[1] == 1 else { return }
      peer.write(flight)
      peer.waitForEnd()
    }
    defer { listener.stop() }
    let probe = try TLSEndpointProbe(parameters: ["sni": "pay.example.test"])
    let seen = await probe.inspect(
      AssessmentObject(
        id: "gw", kind: .channel, locator: "tlcp://127.0.0.1:\(listener.port)"),
      until: .now + .seconds(10))
    #expect(seen.facts["endpoint.kind"] == "tlcp")
    #expect(seen.facts["tlcp.chosen-suite"] == "E013")
  }

  @Test("certificates that cannot be read are stated as such")
  func hostileChain() async throws {
    let garbage: [[UInt8]] = [
      [], [0x30], [UInt8](repeating: 0x30, count: 3000), [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
    ]
    var message = ByteWriter()
    message.uint8(11)
    message.vector(3) { body in
      body.vector(3) { list in garbage.forEach { der in list.vector(3) { $0.append(der) } } }
    }
    var record = ByteWriter()
    record.append([0x16, 1, 1])
    record.vector(2) { $0.append(message.bytes) }
    let recording = Recording.tlcp("ok-tongsuo-ecc-gcm")
    let stream =
      recording.received[0] + record.bytes + recording.received[2]
      + recording.received[3]
    let (seen, _) = try await inspect("tlcp") { peer, version in
      peer.write(version == 0x0101 ? stream : Self.alert70)
      peer.waitForEnd()
    }
    #expect(seen.facts["tlcp.certificates"]?.values(at: "error").count == garbage.count)
    #expect(seen.facts["tlcp.key-exchange-signature-valid"] == false)
    #expect(seen.facts["tls.protected"] == false)
  }

  @Test(
    "never more connections at once than allowed",
    arguments: [
      (["connections": 2], 2), (["connections": 1], 1), ([:], 8), (["method": "polite"], 8),
      (["connections": "3", "method": "fast"], 3),
    ] as [([String: FactValue], Int)])
  func limit(parameters: [String: FactValue], most: Int) async throws {
    // Counted from hello to answer: a connection whose answer is out may already be closed over there.
    let counts = Counts()
    let (seen, listener) = try await inspect(parameters: parameters) { peer, _ in
      counts.change { $0 += 1 }
      usleep(20_000)
      counts.change { $0 -= 1 }
      peer.write(Self.alert40)
      peer.waitForEnd()
    }
    #expect(seen.facts["endpoint.kind"] == "tls")
    #expect((1...most).contains(counts.most))
    #expect(listener.accepted > 6)
  }

  @Test("cancelling ends an inspection at once")
  func cancellation() async throws {
    let listener = try LoopbackListener { $0.waitForEnd() }
    defer { listener.stop() }
    let probe = try TLSEndpointProbe(parameters: [:])
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "any://127.0.0.1:\(listener.port)")
    let task = Task { await probe.inspect(object, until: .now + .seconds(60)) }
    try await Task.sleep(for: .milliseconds(200))
    let start = ContinuousClock.now
    task.cancel()
    let seen = await task.value
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(seen.unavailable?.reason == .cancelled)
  }

  @Test("evidence holds what was sent and received, endless answers cut")
  func evidence() async throws {
    let (seen, _) = try await inspect { peer, _ in
      while peer.write([0x17, 3, 3, 0x40, 0] + [UInt8](repeating: 0, count: 16_384)) {}
    }
    #expect(seen.unavailable != nil)
    for piece in seen.evidence {
      #expect(piece.mediaType == "application/json")
      #expect(piece.bytes.count < 4 * TranscriptEvidence.longest)
      let record = try JSONDecoder().decode(FactValue.self, from: Data(piece.bytes))
      #expect(record.values(at: "exchange.direction").first == "sent")
    }
  }
}
