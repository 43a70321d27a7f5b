import AssessmentModel
import FoundationEssentials
import Glibc
import NationalCrypto
import Testing

@testable import AuditLogProbe

@Suite("the tamper matrix on clones")
struct TamperMatrixTests {
  static let constructions = [
    "hmac-record", "hmac-record-ambiguous", "hmac-sha256-record", "hash-chain", "hmac-chain",
    "sm2-record", "sm2-checkpoint", "merkle", "digest-folder",
  ]

  /// What nothing in a log of the construction shows; every other attack is noticed by this probe.
  static let blindSpots:
    [(construction: String, unnoticed: Set<String>, inapplicable: Set<String>)] =
      [
        // Values of single records: the first and the last can go, and the whole can be put back.
        ("hmac-record", ["T4", "T5", "T11"], ["T9"]),
        // Empty is null, and a separator stands in a value.
        ("hmac-record-ambiguous", ["T2", "T4", "T5", "T10", "T11"], ["T9"]),
        ("hmac-sha256-record", ["T4", "T5", "T11"], ["T9"]),
        ("sm2-record", ["T4", "T5", "T11"], ["T9"]),
        // Without a key anybody recomputes a chain.
        ("hash-chain", ["T5", "T9", "T11"], []),
        ("hmac-chain", ["T5", "T11"], ["T9"]),
        // The newest head can go, since ten records without one are tolerated.
        ("sm2-checkpoint", ["T11", "T12"], []),
        ("merkle", ["T11", "T12"], []),
        ("digest-folder", ["T5", "T11"], []),
      ]

  @Test("names the blind spots of each construction, and no others", arguments: blindSpots)
  func eachConstruction(
    _ one: (construction: String, unnoticed: Set<String>, inapplicable: Set<String>)
  ) async throws {
    let seen = try await AttackedLog(one.construction).inspected()
    #expect(seen.unavailable == nil)
    var expected: [String: String] = ["T0": "not-noticed", "T14": "could-not-run"]
    for number in 1...13 {
      let id = "T\(number)"
      expected[id] =
        one.unnoticed.contains(id)
        ? "not-noticed"
        : one.inapplicable.contains(id) ? "not-applicable" : "noticed-by-probe-only"
    }
    #expect(seen.attackResults == expected)
    #expect(seen.facts["audit.attacks-noticed-by-own-verifier"] == [])
    #expect(
      Set(seen.list("audit.attacks-not-noticed").compactMap(\.text)) == one.unnoticed)
    #expect(seen.facts["audit.verifier"]?["state"] == "none")
    #expect(!seen.list("audit.not-run").contains("active"))
  }

  @Test("values of single records without number and time show neither swaps nor replays")
  func unordered() async throws {
    var log = try AttackedLog("hmac-record")
    log.model.fields["map"] = ["type": "event_type", "subject": "subject"]
    let seen = try await log.inspected()
    for id in ["T3", "T4", "T5", "T6", "T7", "T11"] { #expect(seen.attack(id) == "not-noticed") }
    #expect(seen.attack("T13") == "not-applicable")
    #expect(seen.attack("T1") == "noticed-by-probe-only")
  }

  @Test("a log without protection shows next to nothing")
  func unprotected() async throws {
    var log = try AttackedLog("hmac-record")
    log.model.fields["protection"] = ["kind": "none"]
    log.model.fields["map"] = ["seq": "seq", "type": "event_type"]
    let seen = try await log.inspected()
    for id in ["T1", "T2", "T5", "T8", "T10", "T11"] {
      #expect(seen.attack(id) == "not-noticed", "\(id)")
    }
    #expect(seen.attack("T12") == "not-applicable")
  }

  @Test("an anchor kept elsewhere shows removed tails, older states and recomputed chains")
  func anchored() async throws {
    var log = try AttackedLog("hash-chain")
    let anchor = try #require(try Manifest.named("hash-chain/clean").anchor)
    log.model.fields["anchor"] = [
      "file": .text(try log.folder.write("anchor.json", JSONText.pretty(anchor)))
    ]
    let seen = try await log.inspected()
    #expect(seen.list("audit.attacks-not-noticed").isEmpty)
    for id in ["T5", "T9", "T11"] { #expect(seen.attack(id) == "noticed-by-probe-only") }
  }

  @Test("checkpoints that are gone are missed beside an anchor too")
  func anchoredCheckpoints() async throws {
    var log = try AttackedLog("sm2-checkpoint")
    let anchor = try #require(try Manifest.named("sm2-checkpoint/clean").anchor)
    log.model.fields["anchor"] = [
      "file": .text(try log.folder.write("anchor.json", JSONText.pretty(anchor)))
    ]
    log.model.set("checkpoint", "max-uncovered", 5)
    let seen = try await log.inspected()
    #expect(seen.list("audit.attacks-not-noticed").isEmpty)
    #expect(seen.attack("T12") == "noticed-by-probe-only")
  }

  @Test("tells a good verifier from a blind one on every attack", arguments: constructions)
  func goodAndBlind(_ construction: String) async throws {
    var good = try AttackedLog(construction)
    try good.verifyWell()
    let seen = try await good.inspected()
    let notApplicable = Set(
      seen.attackResults.filter { $0.value == "not-applicable" }.keys)
    #expect(notApplicable.isSubset(of: ["T9"]))
    for number in 1...14 where !notApplicable.contains("T\(number)") {
      #expect(seen.attack("T\(number)") == "noticed-by-own-verifier", "T\(number)")
    }
    #expect(seen.attack("T0") == "not-noticed")
    #expect(!seen.pitfallNames.contains("verifier-blind"))

    var blind = try AttackedLog(construction)
    try blind.verify(
      with: "exit 0", arguments: ["{copy}", "{key}"],
      others: [
        "key": .text(try blind.folder.write("verifier.key", "00112233445566778899aabbccddeeff"))
      ])
    let unseen = try await blind.inspected()
    let passive = try await AttackedLog(construction).inspected()
    for number in 0...13 {
      #expect(unseen.attack("T\(number)") == passive.attack("T\(number)"), "T\(number)")
    }
    #expect(unseen.attack("T14") == "not-noticed")
    #expect(unseen.pitfallNames.contains("verifier-blind"))
    #expect(
      unseen.variants("T1").allSatisfy {
        $0["own-verifier"] == "accepted" && $0["probe"] == "noticed"
      })
  }

  @Test("chooses the same records every time")
  func deterministic() async throws {
    let log = try AttackedLog("hash-chain")
    let first = try await log.inspected().facts["audit.attacks"]
    let second = try await log.inspected().facts["audit.attacks"]
    #expect(first == second)
  }

  @Test("runs no attack unless the model or the parameter says so")
  func permission() async throws {
    var log = try AttackedLog("hmac-record")
    try log.verify(with: "touch '\(log.folder.path)/started'")
    let started = log.folder.path + "/started"
    var passive = try await log.inspected(parameters: ["active": "none"])
    #expect(passive.attackResults.values.allSatisfy { $0 == "could-not-run" })
    #expect(passive.facts["audit.attacks-noticed"] == nil)
    log.model.fields["active"] = nil
    passive = try await log.inspected()
    #expect(passive.attackResults.values.allSatisfy { $0 == "could-not-run" })
    #expect(access(started, F_OK) != 0)
    let active = try await log.inspected(parameters: ["active": "clone"])
    #expect(active.attack("T1") == "noticed-by-probe-only")
    #expect(access(started, F_OK) == 0)
    #expect(throws: ParameterErrorBox.self) { try parameters(["active": "yes"]) }
  }

  private struct ParameterErrorBox: Error {}
  private func parameters(_ values: [String: FactValue]) throws {
    do { _ = try AuditLogIntegrityProbe(parameters: values) } catch { throw ParameterErrorBox() }
  }

  @Test("counts nothing where the untouched clone does not verify")
  func brokenLog() async throws {
    let log = try AttackedLog("hmac-record")
    try log.folder.write("log.jsonl", try Fixtures.bytes("hmac-record/modified.jsonl"))
    let seen = try await log.inspected()
    #expect(seen.attack("T0") == "could-not-run")
    for number in [1, 3, 6, 7, 8, 13] {
      #expect(seen.attack("T\(number)") == "could-not-run")
    }
    #expect(seen.variant("T3", "middle")?["probe"] == "unusable")
  }

  @Test("leaves the log, its side files and their times as they were")
  func untouched() async throws {
    var log = try AttackedLog("sm2-checkpoint")
    try log.verifyWell()
    let names = ["log.jsonl", "checkpoints", "verifier.key", "verify.sh"]
    let before = try names.map { try Witness(log.folder.path + "/" + $0) }
    _ = try await log.inspected()
    // The verifier's own key and program are read and run; their contents and times of change stay.
    #expect(try names.map { try Witness(log.folder.path + "/" + $0) } == before)
  }

  /// What must stay the same about a file.
  private struct Witness: Equatable {
    var sm3: String
    var size: Int
    var changed: [Int]

    init(_ path: String) throws {
      var status = stat()
      #expect(stat(path, &status) == 0)
      size = Int(status.st_size)
      changed = [
        status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
        status.st_ctim.tv_nsec, status.st_atim.tv_sec, Int(status.st_ino),
      ]
      sm3 = try Listing(path).sm3
    }
  }

  @Test("leaves no clone behind")
  func cleaned() async throws {
    let before = try clones()
    _ = try await AttackedLog("merkle").inspected()
    #expect(try clones().subtracting(before).isEmpty)
  }

  private func clones() throws -> Set<String> {
    let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return Set(
      try FileManager.default.contentsOfDirectory(atPath: place)
        .filter { $0.hasPrefix("miping-clone-") })
  }

  @Test("says that the time was over, and what was noticed until then")
  func deadline() async throws {
    var log = try AttackedLog("hmac-record")
    try log.verify(with: "sleep 0.3")
    let seen = try await log.inspected(seconds: 2)
    #expect(seen.attack("T0") == "not-noticed")
    #expect(seen.attack("T13") == "could-not-run")
    #expect(seen.variant("T13", "eight-hours")?["reason"] == "the time was over")
  }

  @Test("attacks the first records only of a log larger than its limit")
  func excerpt() async throws {
    var log = try AttackedLog("sm2-checkpoint")
    log.model.fields["clone-limit"] = "8KiB"
    let seen = try await log.inspected()
    #expect(seen.facts["audit.verifier"]?["excerpt"] == true)
    #expect(seen.attack("T0") == "not-noticed")
    #expect(seen.attack("T3") == "noticed-by-probe-only")
    #expect(seen.attack("T9") == "noticed-by-probe-only")
  }
}
