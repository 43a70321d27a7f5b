import AssessmentModel
import ProbeKit
import Testing

@testable import DemoBank
@testable import TLSProbe

/// The probe with a client pair against servers of each dialect.
@Suite("Inspecting mutual TLCP")
struct TLCPMutualTests {
  private func inspect(
    _ options: TLCPServer.Options, showsPair: Bool = true,
    parameters: [String: FactValue] = [:]
  ) async throws -> Observation {
    let identity = try TLCPIdentity(
      name: DemoTarget.name, now: DemoTarget.now, fault: options.fault)
    let server = try TLCPServer(identity, options)
    defer { server.stop() }
    return try await DemoTarget.inspect(
      "tlcp", port: server.port, showsPair: showsPair, parameters: parameters)
  }

  @Test(
    "every suite is finished with the pair, and the dialect is told",
    arguments: [
      (TLCPServer.Dialect.tongsuo, "tongsuo"), (.gmssl, "gmssl"), (.standard, "standard"),
    ])
  func dialects(dialect: TLCPServer.Dialect, name: String) async throws {
    let seen = try await inspect(
      TLCPServer.Options(
        suites: TLCPServer.Suite.allCases, clientCertificate: .required, dialect: dialect),
      parameters: ["request": "GET / HTTP/1.0\r\n\r\n"])
    let all: FactValue = ["E011", "E013", "E051", "E053"]
    let expected: [String: FactValue] = [
      "tlcp.accepted-suites": all, "tlcp.completed-suites": all,
      "tlcp.mutual-completed-suites": all, "tlcp.mutual-handshake-completed": true,
      "tlcp.handshake-completed": true, "tlcp.dialect": .text(name),
      "tlcp.client-certificate-requested": true, "tlcp.client-certificate-required": true,
      "tlcp.client-certificate-trusted": true,
      "tlcp.resumption": .boolean(dialect != .gmssl), "tlcp.application-data-exchanged": true,
      "tlcp.key-exchange-signature-valid": true,
    ]
    for (fact, value) in expected { #expect(seen.facts[fact] == value, "\(fact)") }
  }

  @Test("a server that only asks is finished both ways")
  func requested() async throws {
    let seen = try await inspect(TLCPServer.Options(clientCertificate: .requested))
    #expect(seen.facts["tlcp.mutual-completed-suites"] == ["E013", "E053"])
    #expect(seen.facts["tlcp.client-certificate-required"] == false)
    #expect(seen.facts["tlcp.handshake-completed"] == true)
    // Without a key agreement the standard's letter and this dialect are one.
    #expect(seen.facts["tlcp.dialect"] == "tongsuo")
  }

  @Test("a server that never asks is shown nothing")
  func none() async throws {
    let seen = try await inspect(TLCPServer.Options())
    #expect(seen.facts["tlcp.mutual-completed-suites"] == nil)
    #expect(seen.facts["tlcp.dialect"] == nil)
    #expect(!seen.evidence.contains { $0.name.contains("mutual") })
  }

  @Test("ECDHE suites alone: found without a pair, finished with one")
  func agreementOnly() async throws {
    let options = TLCPServer.Options(suites: [.ecdheGCM])
    let without = try await inspect(options, showsPair: false)
    #expect(without.facts["tlcp.accepted-suites"] == ["E051"])
    #expect(without.facts["tlcp.handshake-completed"] == nil)
    #expect(without.facts["tlcp.completed-suites"] == nil)
    #expect(without.facts["tlcp.client-certificate-required"] == true)
    #expect(without.facts["tlcp.key-exchange-signature-valid"] == true)
    let with = try await inspect(options)
    #expect(with.facts["tlcp.completed-suites"] == ["E051"])
    #expect(with.facts["tlcp.handshake-completed"] == true)
    #expect(with.facts["tlcp.resumption"] == true)
  }

  @Test("a pair the server does not trust is refused, and that is no failed handshake")
  func mistrusted() async throws {
    let seen = try await inspect(TLCPServer.Options(clientCertificate: .mistrusted))
    #expect(seen.facts["tlcp.mutual-handshake-completed"] == false)
    #expect(seen.facts["tlcp.mutual-completed-suites"] == [])
    #expect(seen.facts["tlcp.handshake-completed"] == nil)
    #expect(seen.facts["tlcp.client-certificate-required"] == true)
    #expect(seen.facts["endpoint.problems"]?.values(at: "alert").contains(48) == true)
    #expect(seen.facts["tlcp.client-certificate-trusted"] == false)
    #expect(seen.evidence.count { $0.name.contains("mutual") } == 2)
  }

  @Test(
    "faults in mutual handshakes are refused by a sound server",
    arguments: [TLCPServer.Dialect.tongsuo, .gmssl])
  func faults(dialect: TLCPServer.Dialect) async throws {
    let seen = try await inspect(
      TLCPServer.Options(
        suites: TLCPServer.Suite.allCases, clientCertificate: .required, dialect: dialect),
      parameters: ["active": "full"])
    // What was wrong on purpose is no problem of the server's.
    let places = seen.facts["endpoint.problems"]?.values(at: "where") ?? []
    #expect(!places.contains { $0.text?.contains("bad-") ?? false })
    #expect(!places.contains { $0.text?.contains("mutual") ?? false })
    #expect(seen.evidence.contains { $0.name == "hello-tlcp-bad-certificate-verify.json" })
    for fault in ["finished", "mac", "padding", "certificate-verify"] {
      #expect(seen.facts["tlcp.refuses-bad-\(fault)"] == true, "\(fault)")
    }
  }

  @Test("a server that takes any CertificateVerify is found out")
  func clientSignature() async throws {
    let seen = try await inspect(
      TLCPServer.Options(clientCertificate: .required, fault: .ignoresClientSignature),
      parameters: ["active": "full"])
    #expect(seen.facts["tlcp.refuses-bad-certificate-verify"] == false)
    #expect(seen.facts["tlcp.refuses-bad-finished"] == true)
    let without = try await inspect(
      TLCPServer.Options(fault: .ignoresClientSignature), showsPair: false,
      parameters: ["active": "full"])
    #expect(without.facts["tlcp.refuses-bad-certificate-verify"] == nil)
  }

  @Test("a name the server does not know is no reason to call TLCP not offered")
  func unknownName() async throws {
    let seen = try await inspect(
      TLCPServer.Options(dialect: .gmssl, names: ["other.example-bank.test"]), showsPair: false)
    #expect(seen.facts["tlcp.offered"] == true)
    #expect(seen.facts["tlcp.accepted-suites"] == ["E013", "E053"])
    #expect(seen.facts["tlcp.handshake-completed"] == true)
  }

  @Test("a pair that is not whole, not readable or does not fit is refused by the parameter's name")
  func parameters() {
    func refused(_ change: [String: String?]) -> String? {
      var values = TestPKI.pairParameters.mapValues { FactValue.text($0) }
      for (name, value) in change { values[name] = value.map { .text($0) } }
      do throws(ParameterError) {
        _ = try TLSEndpointProbe(parameters: values)
        return nil
      } catch {
        // What was put in place of a reference is not repeated.
        #expect(!"\(error)".contains("secret"))
        return error.parameter
      }
    }
    #expect(refused([:]) == nil)
    for name in TestPKI.pairParameters.keys {
      #expect(refused([name: nil]) == name)
      #expect(refused([name: "file:/nonexistent/secret"]) == name)
      #expect(refused([name: "env:NO_SUCH_NAME_HERE"]) == name)
    }
    #expect(
      refused(["client-sign-key": TestPKI.path("sm2-client-enc.key")]) == "client-sign-key")
    #expect(
      refused(["client-encryption-key": TestPKI.path("sm2-root.cert")])
        == "client-encryption-key")
    #expect(refused(["trust-anchors": "secret"]) == "trust-anchors")
  }
}
