import AssessmentModel
import AuditLogProbe
import Foundation
import ProbeKit
import Testing

@testable import DemoBank

@Suite("the bank's audit logs")
struct AuditLogTests {
  private let folder: TemporaryFolder
  private let logs: DemoAuditLogs

  init() throws {
    folder = try TemporaryFolder()
    logs = try DemoAuditLogs.write(
      to: DemoFolder(taking: folder.path), now: Date.now.timeIntervalSince1970)
  }

  private func inspect(_ log: DemoAuditLogs.Log) async throws -> Observation {
    try await AuditLogIntegrityProbe(parameters: [:]).inspect(
      AssessmentObject(id: log.id, kind: .auditLog, locator: log.modelPath),
      until: .now + .seconds(120))
  }

  private func results(_ seen: Observation) -> [String: String] {
    (seen.facts["audit.attacks"]?.record ?? [:]).compactMapValues { $0["result"]?.text }
  }

  @Test("of the good log every attack is noticed by the log's own verifier")
  func good() async throws {
    let seen = try await inspect(logs.good)
    #expect(seen.unavailable == nil)
    #expect(seen.facts["audit.verifier"]?["state"] == "usable")
    var expected: [String: String] = [:]
    for number in 1...14 { expected["T\(number)"] = "noticed-by-own-verifier" }
    expected["T0"] = "not-noticed"
    // Values made with a key cannot be recomputed without it.
    expected["T9"] = "not-applicable"
    #expect(results(seen) == expected)
    #expect(seen.facts["audit.value-failures"] == [])
    #expect(seen.facts["audit.covered-by-valid-checkpoint"] == 24)
  }

  @Test("of the log with the blind verifier it notices nothing at all")
  func blind() async throws {
    let seen = try await inspect(logs.blind)
    #expect(seen.facts["audit.verifier"]?["state"] == "usable")
    #expect(seen.facts["audit.attacks-noticed-by-own-verifier"] == [])
    let results = results(seen)
    #expect(results["T1"] == "noticed-by-probe-only")
    #expect(results["T5"] == "not-noticed")
    #expect(results["T14"] == "not-noticed")
    let names = (seen.facts["audit.pitfalls"]?.list ?? []).compactMap { $0["name"]?.text }
    #expect(names.contains("verifier-blind"))
    #expect(names.contains("key-beside-log"))
  }

  @Test("of the tampered log the changed record, the missing one and its place are found")
  func tampered() async throws {
    let seen = try await inspect(logs.tampered)
    #expect(seen.facts["audit.value-failures"]?.list?.contains(9) == true)
    #expect(
      seen.facts["audit.structural"]?.list?.contains {
        $0["kind"] == "seq-gap" && $0["position"] == 14
      } == true)
    #expect(results(seen).values.allSatisfy { $0 == "could-not-run" })
  }

  @Test("the bank's good verifier refuses the tampered log and accepts the good one")
  func verifiers() throws {
    func run(_ log: DemoAuditLogs.Log) throws -> Int32 {
      let place = String(log.modelPath.dropLast("log.yaml".count))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: place + "verify.sh")
      process.arguments = [
        place + "log.jsonl", place + "heads.jsonl", place + "../keys/\(log.id).hex",
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(try run(logs.good) == 0)
    #expect(try run(logs.tampered) == 1)
  }

  @Test("no private key is written but the two of HMAC, for the owner's eyes alone")
  func keys() throws {
    let root = folder.path + "/audit"
    let names = try FileManager.default.subpathsOfDirectory(atPath: root)
    #expect(names.filter { $0.hasSuffix(".hex") }.count == 3)
    for name in names {
      let path = root + "/" + name
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      if name.hasSuffix(".hex") {
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
      if attributes[.type] as? FileAttributeType == .typeRegular {
        #expect(!(try String(contentsOfFile: path, encoding: .utf8)).contains("PRIVATE"))
      }
    }
  }
}
