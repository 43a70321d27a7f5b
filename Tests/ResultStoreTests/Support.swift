import AssessmentModel
import FoundationEssentials
import ResultStore
import Testing

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var store: String { path + "/miping.db" }
}

func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

func put(_ bytes: [UInt8], at path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

let scope = "/srv/scope.yaml"

func run(
  _ id: String, scope path: String = scope, started: String = "2026-12-03T12:00:00Z"
) -> RunRecord {
  RunRecord(
    id: id, scopePath: path, scopeDigest: "5c09e", catalogDigest: "ca7a", toolVersion: "0.1.0",
    settings: ["lang": "zh-CN", "limits": [1, 2, nil]], started: started, folder: "/out/" + id)
}

func inspection(_ number: Int) -> InspectionResult {
  InspectionResult(
    object: "gw-\(number)",
    procedure: Procedure(probe: "tls.endpoint", parameters: ["method": "fast", "n": 1]),
    unavailable: number.isMultiple(of: 3)
      ? Unavailability(.refused, "connection refused\u{0} by 127.0.0.1 \u{202E}\"") : nil,
    facts: [
      "tls.protocols": ["TLS1.2", "TLS1.3"], "tls.protected": true, "endpoint.kind": nil,
      "hostile": ["\u{0}": "\u{1F600}\u{7F}\r\n</script>", "empty": [], "none": [:]],
      "large": .integer(.max), "small": .integer(.min),
    ],
    evidence: [
      EvidenceReference(id: "\(number)-1", sm3: "aa\(number)", strength: 2),
      EvidenceReference(id: "\(number)-2", sm3: "bb\(number)", strength: 3),
    ])
}

func finding(
  _ fingerprint: String, _ verdict: Finding.Judged, evidence: [EvidenceReference]
) throws -> Finding {
  let grounds = try #require(Grounds(evidence))
  return .judged(
    verdict, on: grounds,
    Finding.Account(
      fingerprint: fingerprint, requirement: "L3-7.2.2.4-e", object: "gw-1",
      letters: [.D: .met, .A: .notMet]))
}

func outcome(
  _ findings: [Finding], state: AssessmentResult.Run.State = .complete,
  result: [UInt8] = [1, 0, 255]
) -> RunOutcome {
  RunOutcome(
    state: state, ended: "2026-12-03T13:00:00Z", gateExitCode: 1, result: result,
    findings: findings)
}

extension FactValue: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self = .null }
}
