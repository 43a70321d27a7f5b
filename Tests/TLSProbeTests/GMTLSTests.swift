import AssessmentModel
import ProbeKit
import TestSupport
import Testing

@testable import DemoBank
@testable import TLSProbe

/// The probe against the demonstration bank's TLS 1.3 server with SM suites, sound and with every fault.
@Suite("Inspecting TLS 1.3 with SM suites")
struct GMTLSTests {
  private func inspect(
    _ options: GMTLSServer.Options = GMTLSServer.Options(), showsPair: Bool = false,
    parameters: [String: FactValue] = [:]
  ) async throws -> Observation {
    let identity = try TLCPIdentity(name: DemoTarget.name, now: DemoTarget.now)
    let server = try GMTLSServer(GMTLSServer.Identity(identity), options)
    defer { server.stop() }
    return try await DemoTarget.inspect(
      "tls", port: server.port, showsPair: showsPair, parameters: parameters)
  }

  @Test("a sound server gives every fact its good value")
  func sound() async throws {
    let seen = try await inspect(
      parameters: ["active": "full", "request": "GET / HTTP/1.0\r\n\r\n"])
    let expected: [String: FactValue] = [
      "endpoint.kind": "tls", "tls.protocols": ["TLS1.3"],
      "tls.accepted-suites": ["TLS1.3": ["00C6", "00C7"]],
      "tls.groups": ["TLS1.3": ["0029"]], "tls.signature-algorithms": ["TLS1.3": ["0708"]],
      "tls.key-exchange-signature-valid": ["TLS1.3": true], "tls.protected": true,
      "tls.certificate.chain": "verified", "tls.certificate.chain-all-sm2": true,
      "tls.certificate.root": "no-anchors", "tls.certificate.key-algorithms": ["SM2"],
      "tls13-gm.offered": true, "tls13-gm.accepted-suites": ["00C6", "00C7"],
      "tls13-gm.completed-suites": ["00C6", "00C7"], "tls13-gm.handshake-completed": true,
      "tls13-gm.certificate-verify-valid": true,
      "tls13-gm.client-certificate-requested": false,
      "tls13-gm.application-data-exchanged": true, "tls13-gm.refuses-bad-finished": true,
      "tls13-gm.refuses-bad-mac": true, "endpoint.problems": [],
    ]
    for (fact, value) in expected { #expect(seen.facts[fact] == value, "\(fact)") }
    #expect(seen.facts["tls13-gm.certificates"]?.list?.count == 2)
  }

  @Test("one suite, no ticket", arguments: GMTLSServer.Suite.allCases)
  func single(suite: GMTLSServer.Suite) async throws {
    let seen = try await inspect(GMTLSServer.Options(suites: [suite], sendsTicket: false))
    let code = FactValue.text(CipherSuite(suite.rawValue).code)
    #expect(seen.facts["tls13-gm.accepted-suites"] == .list([code]))
    #expect(seen.facts["tls13-gm.handshake-completed"] == true)
    #expect(seen.facts.keys.filter { $0.hasPrefix("tls13-gm.refuses") } == [])
  }

  @Test("a server that wants a group unknown here shows certificate and signature all the same")
  func foreignGroup() async throws {
    let seen = try await inspect(GMTLSServer.Options(preferredGroup: 0x11EC))
    #expect(seen.facts["tls.chosen-group"] == ["TLS1.3": "11EC"])
    #expect(seen.facts["tls.groups"] == ["TLS1.3": ["0029", "11EC"]])
    #expect(seen.facts["tls.signature-algorithms"] == ["TLS1.3": ["0708"]])
    #expect(seen.facts["tls.certificate.key-algorithms"] == ["SM2"])
    #expect(seen.facts["tls.protected"] == true)
    #expect(seen.facts["tls13-gm.handshake-completed"] == true)
  }

  @Test("a certificate asked for is shown when there is one", arguments: [true, false])
  func clientCertificate(showsPair: Bool) async throws {
    let seen = try await inspect(
      GMTLSServer.Options(asksForCertificate: true), showsPair: showsPair)
    #expect(seen.facts["tls13-gm.client-certificate-requested"] == true)
    #expect(seen.facts["tls13-gm.handshake-completed"] == true)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var fault: GMTLSServer.Fault
    var facts: [String: FactValue]
    var code: String?
    var testDescription: String { "\(fault)" }
  }

  static let cases: [Case] = [
    Case(
      fault: .badSignature,
      facts: [
        "tls13-gm.certificate-verify-valid": false, "tls13-gm.handshake-completed": false,
        "tls13-gm.completed-suites": [],
      ], code: "bad-key-exchange"),
    Case(
      fault: .otherIdentity,
      facts: [
        "tls13-gm.certificate-verify-valid": false, "tls13-gm.handshake-completed": false,
      ], code: "bad-key-exchange"),
    Case(
      fault: .otherScheme, facts: ["tls13-gm.handshake-completed": false],
      code: "bad-key-exchange"),
    Case(
      fault: .wrongFinished,
      facts: [
        "tls13-gm.certificate-verify-valid": true, "tls13-gm.handshake-completed": false,
      ], code: "bad-finished"),
    Case(
      fault: .wrongRecord, facts: ["tls13-gm.handshake-completed": false], code: "bad-record"),
    Case(
      fault: .badPoint,
      facts: ["tls13-gm.handshake-completed": false, "tls13-gm.completed-suites": []],
      code: "bad-key-exchange"),
    Case(
      fault: .ignoresFinished,
      facts: [
        "tls13-gm.handshake-completed": true, "tls13-gm.refuses-bad-finished": false,
        "tls13-gm.refuses-bad-mac": true,
      ]),
    Case(
      fault: .ignoresRecords,
      facts: [
        "tls13-gm.handshake-completed": true, "tls13-gm.refuses-bad-finished": true,
        "tls13-gm.refuses-bad-mac": false,
      ]),
  ]

  @Test("every fault shows in the facts", arguments: cases)
  func faults(this: Case) async throws {
    let seen = try await inspect(
      GMTLSServer.Options(fault: this.fault), parameters: ["active": "full"])
    for (fact, value) in this.facts { #expect(seen.facts[fact] == value, "\(fact)") }
    if let code = this.code {
      #expect(seen.facts["endpoint.problems"]?.values(at: "code").contains(.text(code)) == true)
    }
  }

  @Test("without a ticket a fault taken for right is still found out")
  func silentAcceptance() async throws {
    let seen = try await inspect(
      GMTLSServer.Options(sendsTicket: false, fault: .ignoresFinished),
      parameters: ["active": "full"])
    #expect(seen.facts["tls13-gm.refuses-bad-finished"] == false)
  }

  @Test("every fault there is has its case")
  func complete() {
    #expect(Set(Self.cases.map(\.fault)) == Set(GMTLSServer.Fault.allCases))
  }

  @Test("three thousand damaged server streams end without harm and never connect by chance")
  func hostile() async throws {
    let identity = try TLCPIdentity(name: DemoTarget.name, now: DemoTarget.now)
    let key = try SM2EphemeralKeyBox()
    var server = GMTLSServerSession(GMTLSServer.Identity(identity), GMTLSServer.Options())
    let sound = server.take(key.hello.record)
    #expect(sound.count > 1000)
    var generator = SeededGenerator(seed: 8998)
    for round in 0..<3000 {
      if round.isMultiple(of: 20) { await Task.yield() }
      var client = GMTLSClient(key.hello, key: key.key)
      var stream = sound
      let isChanged = round > 0
      if isChanged {
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: stream.indices, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: stream[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
          case 1: stream.remove(at: place)
          case 2: stream.removeSubrange(place...)
          default: stream.insert(stream[place], at: place)
          }
          if stream.isEmpty { stream = [22] }
        }
      }
      let output = client.feed(stream)
      client.end()
      #expect(client.isOver)
      #expect(output.isEmpty == !client.isConnected)
      if !isChanged { #expect(client.isConnected) }
    }
  }
}
