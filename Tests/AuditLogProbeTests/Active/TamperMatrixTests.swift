import AssessmentModel
import Testing

@testable import AuditLogProbe

@Suite("the tamper matrix on clones")
struct TamperMatrixTests {
  static let constructions = [
    "hmac-record", "hmac-record-ambiguous", "hmac-sha256-record", "hash-chain", "hmac-chain",
    "sm2-record", "sm2-checkpoint", "merkle", "digest-folder",
  ]

  @Test("show", arguments: constructions)
  func show(_ construction: String) async throws {
    let log = try AttackedLog(construction)
    let seen = try await log.inspected()
    print(construction, seen.unavailable as Any)
    for id in (0...14).map({ "T\($0)" }) {
      print(construction, id, seen.attack(id))
      for variant in seen.variants(id) { print("   ", JSONText.compact(variant)) }
    }
  }
}
