import AssessmentModel
import ControlCatalog
import Foundation
import Judging
import ProbeKit
import ProbeRegistry
import Testing

@Suite("Judging channels by the shipped catalog")
struct ChannelRulesTests {
  /// What `tls.endpoint` states of a server that speaks TLS 1.3 with SM algorithms and nothing else.
  private static let national: [String: FactValue] = [
    "endpoint.kind": "tls", "endpoint.clear-protocol": "none", "tlcp.offered": false,
    "tls.protocols": ["TLS1.3"], "tls.protocols-undetermined": [], "tls.protected": true,
    "tls.accepted-suites": ["TLS1.3": ["00C6", "00C7"]], "tls.chosen-suite": ["TLS1.3": "00C6"],
    "tls.chosen-group": ["TLS1.3": "0029"], "tls.certificate.key-algorithms": ["SM2"],
    "tls.certificate.validity": "valid", "tls.certificate.chain": "verified",
    "tls13-gm.certificate-verify-valid": true, "tls13-gm.handshake-completed": true,
  ]

  private func unit(_ id: String) throws -> (row: Requirement, catalog: Catalog) {
    let controls = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Controls")
    let catalog = try #require(
      CatalogReader(probes: ProbeList.all.map { $0.description }, faults: Faults()).read(
        folder: controls.path))
    return (try #require(catalog.unitRequirements.first { $0.id == id }), catalog)
  }

  @Test("a server without TLCP is not untested for want of TLCP facts")
  func withoutTLCP() throws {
    let (row, catalog) = try unit("L3-net.auth")
    let result = InspectionResult(
      object: "gw", procedure: Procedure(probe: "tls.endpoint"), unavailable: nil,
      facts: Self.national, evidence: [Bench.evidence("gw")])
    var input = Bench.input(
      [row], results: [result], answers: [Bench.answer("net.product-grade", .letter(met: true))])
    input.algorithms = catalog.algorithms
    let finding = try #require(judge(input).findings.first { $0.object == "gw" })
    #expect(finding.reasons.filter { $0.en.contains("tlcp") } == [])
    #expect(finding.verdict == .conforming)
  }

  @Test(
    "clear PINs in recorded messages speak against the channel; no recordings say nothing",
    arguments: [("insecure", Letter.notMet), ("secure", .met), ("not-run", .met)])
  func recordedPINs(result: String, letter: Letter) throws {
    let (row, catalog) = try unit("L3-net.conf")
    let service = AssessmentObject(
      id: "switch", kind: .pinService, locator: "pin.yaml", serves: ["gw"])
    let results = [
      InspectionResult(
        object: "gw", procedure: Procedure(probe: "tls.endpoint"), unavailable: nil,
        facts: Self.national, evidence: [Bench.evidence("gw")]),
      InspectionResult(
        object: "switch", procedure: Procedure(probe: "pin.service"), unavailable: nil,
        facts: [
          "pin.attacks": ["PIN-21": ["result": "secure"], "PIN-22": ["result": .text(result)]]
        ], evidence: [Bench.evidence("switch")]),
    ]
    var input = Bench.input([row], objects: [Bench.gateway, service], results: results)
    input.algorithms = catalog.algorithms
    let finding = try #require(judge(input).findings.first { $0.object == "gw" })
    #expect(finding.d == letter)
  }
}
