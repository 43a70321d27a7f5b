import AssessmentModel
import Testing

@testable import DemoBank
@testable import TLSProbe

/// The probe against the demonstration bank's TLCP server, sound and with every fault.
@Suite("Inspecting a TLCP server")
struct TLCPServerTests {
  private func inspect(
    _ options: TLCPServer.Options = TLCPServer.Options(), parameters: [String: FactValue] = [:],
    within time: Duration = .seconds(40)
  ) async throws -> Observation {
    let identity = try TLCPIdentity(
      name: DemoTarget.name, now: DemoTarget.now, fault: options.fault)
    let server = try TLCPServer(identity, options)
    defer { server.stop() }
    return try await DemoTarget.inspect(
      "tlcp", port: server.port, parameters: parameters, within: time)
  }

  private func codes(_ seen: Observation) -> [FactValue] {
    seen.facts["endpoint.problems"]?.values(at: "code") ?? []
  }

  @Test("a sound server gives every fact its good value", arguments: ["fast", "polite"])
  func sound(method: String) async throws {
    let seen = try await inspect(parameters: ["method": .text(method), "active": "full"])
    #expect(seen.unavailable == nil)
    let expected: [String: FactValue] = [
      "endpoint.kind": "tlcp", "tlcp.offered": true, "tlcp.accepted-suites": ["E013", "E053"],
      "tlcp.suites-undetermined": [], "tlcp.completed-suites": ["E013", "E053"],
      "tlcp.handshake-completed": true, "tlcp.certificate-order": "sign-enc",
      "tlcp.certificate.key-usages-separate": true, "tlcp.certificate.validity": "valid",
      "tlcp.certificate.name-matches": true, "tlcp.certificate.self-signed": false,
      "tlcp.key-exchange-signature-valid": true, "tlcp.client-certificate-requested": false,
      "tlcp.client-certificate-required": false, "tlcp.resumption": true,
      "tlcp.refuses-bad-finished": true, "tlcp.refuses-bad-mac": true,
      "tlcp.refuses-bad-padding": true, "tls.protected": true, "endpoint.problems": [],
    ]
    for (fact, value) in expected { #expect(seen.facts[fact] == value, "\(fact)") }
  }

  @Test("nothing wrong is sent unless asked for")
  func passive() async throws {
    let seen = try await inspect()
    #expect(seen.facts.keys.filter { $0.hasPrefix("tlcp.refuses") } == [])
    #expect(!seen.evidence.contains { $0.name.contains("bad-") })
    #expect(seen.evidence.contains { $0.name == "hello-tlcp-handshake-e053.json" })
    #expect(throws: (any Error).self) { try TLSEndpointProbe(parameters: ["active": "all"]) }
  }

  @Test("a request is answered when one is given, and none is sent otherwise")
  func request() async throws {
    let seen = try await inspect(parameters: ["request": "GET / HTTP/1.0\r\n\r\n"])
    #expect(seen.facts["tlcp.application-data-exchanged"] == true)
    #expect(seen.facts["endpoint.problems"] == [])
    let other = try await inspect()
    #expect(other.facts["tlcp.application-data-exchanged"] == nil)
    #expect(!other.evidence.contains { $0.name.contains("request") })
    #expect(throws: (any Error).self) { try TLSEndpointProbe(parameters: ["request": ""]) }
  }

  @Test("the suites are the server's", arguments: TLCPServer.Suite.ecc)
  func singleSuite(suite: TLCPServer.Suite) async throws {
    let seen = try await inspect(
      TLCPServer.Options(suites: [suite], resumesSessions: false), parameters: ["active": "full"])
    let code = FactValue.text(CipherSuite(suite.rawValue).code)
    #expect(seen.facts["tlcp.accepted-suites"] == .list([code]))
    #expect(seen.facts["tlcp.completed-suites"] == .list([code]))
    #expect(seen.facts["tlcp.handshake-completed"] == true)
    #expect(seen.facts["tlcp.resumption"] == false)
    #expect((seen.facts["tlcp.refuses-bad-padding"] == nil) == (suite == .eccGCM))
    #expect(seen.facts["tlcp.refuses-bad-mac"] == true)
  }

  @Test(
    "a client certificate that is asked for is required or not",
    arguments: [(TLCPServer.ClientCertificate.requested, false), (.required, true)])
  func clientCertificate(wish: TLCPServer.ClientCertificate, isRequired: Bool) async throws {
    let seen = try await inspect(TLCPServer.Options(clientCertificate: wish))
    #expect(seen.facts["tlcp.client-certificate-requested"] == true)
    #expect(seen.facts["tlcp.client-certificate-required"] == .boolean(isRequired))
    #expect(seen.facts["tlcp.handshake-completed"]?.boolean == (isRequired ? nil : true))
    #expect(seen.facts["tlcp.accepted-suites"] == ["E013", "E053"])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var fault: TLCPServer.Fault
    var facts: [String: FactValue]
    var absent: [String] = []
    var code: String?
    var testDescription: String { "\(fault)" }
  }

  static let cases: [Case] = [
    Case(
      fault: .oneCertificate,
      facts: [
        "tlcp.certificate-order": "enc-missing", "tlcp.key-exchange-signature-valid": false,
        "tlcp.handshake-completed": false, "tlcp.accepted-suites": ["E013", "E053"],
        "tls.protected": false,
      ], absent: ["tlcp.resumption"], code: "bad-key-exchange"),
    Case(
      fault: .swapped,
      facts: [
        "tlcp.certificate-order": "enc-sign", "tlcp.key-exchange-signature-valid": false,
        "tlcp.handshake-completed": false,
      ], code: "bad-key-exchange"),
    Case(
      fault: .expired,
      facts: ["tlcp.certificate.validity": "expired", "tlcp.handshake-completed": true]),
    Case(
      fault: .wrongKeyUsage,
      facts: [
        "tlcp.certificate-order": "enc-sign", "tlcp.key-exchange-signature-valid": true,
        "tlcp.handshake-completed": true,
      ]),
    Case(
      fault: .badSignature,
      facts: [
        "tlcp.key-exchange-signature-valid": false, "tlcp.handshake-completed": false,
        "tls.protected": false,
      ], code: "bad-key-exchange"),
    Case(
      fault: .unofferedSuite,
      facts: ["tlcp.offered": false], absent: ["tlcp.accepted-suites"], code: "unoffered-suite"),
    Case(
      fault: .ignoresFinished,
      facts: [
        "tlcp.handshake-completed": true, "tlcp.refuses-bad-finished": false,
        "tlcp.refuses-bad-mac": true, "tlcp.refuses-bad-padding": true,
      ]),
    Case(
      fault: .ignoresRecords,
      facts: [
        "tlcp.handshake-completed": true, "tlcp.refuses-bad-finished": true,
        "tlcp.refuses-bad-mac": false, "tlcp.refuses-bad-padding": false,
      ]),
    Case(
      fault: .wrongFinished,
      facts: [
        "tlcp.handshake-completed": false, "tlcp.completed-suites": [],
        "tlcp.accepted-suites": ["E013", "E053"],
      ], absent: ["tlcp.resumption"], code: "bad-finished"),
    Case(
      fault: .wrongRecord,
      facts: ["tlcp.handshake-completed": false, "tlcp.completed-suites": []], code: "bad-record"),
    Case(
      fault: .tlsOnly,
      facts: [
        "endpoint.kind": "tls", "tlcp.offered": false,
      ], absent: ["tlcp.accepted-suites", "tlcp.handshake-completed"]),
    Case(
      fault: .plaintext,
      facts: [
        "endpoint.kind": "other", "endpoint.clear-protocol": "http",
      ], absent: ["tlcp.offered"]),
    Case(
      fault: .silent, facts: ["endpoint.kind": "silent"], absent: ["tlcp.offered"]),
    Case(
      fault: .endlessRecords,
      facts: ["tlcp.offered": true, "tlcp.handshake-completed": false]),
    Case(
      fault: .ignoresClientSignature,
      facts: ["tlcp.handshake-completed": true], absent: ["tlcp.refuses-bad-certificate-verify"]),
  ]

  @Test("every fault shows in the facts", arguments: cases)
  func faults(this: Case) async throws {
    let seen = try await inspect(
      TLCPServer.Options(fault: this.fault), parameters: ["active": "full"],
      within: .seconds(this.fault == .silent ? 5 : 40))
    for (fact, value) in this.facts { #expect(seen.facts[fact] == value, "\(fact)") }
    for fact in this.absent { #expect(seen.facts[fact] == nil, "\(fact)") }
    if let code = this.code { #expect(codes(seen).contains(.text(code))) }
  }

  @Test("every fault there is has its case")
  func complete() {
    #expect(Set(Self.cases.map(\.fault)) == Set(TLCPServer.Fault.allCases))
  }
}
