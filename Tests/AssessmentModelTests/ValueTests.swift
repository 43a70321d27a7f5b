import AssessmentModel
import Foundation
import Testing

@Suite("Fact values")
struct ValueTests {
  private static let chains: FactValue = [
    ["chain": [["bits": 1, "use": ["a", "b"]], ["bits": 2]]], ["chain": ["bits": 3]], "text", .null,
  ]

  @Test(
    "a path leads into records and through lists",
    arguments: [
      ("chain.bits", [1, 2, 3]), ("chain.use", ["a", "b"]), ("chain.nothing", []), ("nothing", []),
      ("chain", [["bits": 1, "use": ["a", "b"]], ["bits": 2], ["bits": 3]]),
      ("chain.bits.more", []),
      (".chain..bits.", [1, 2, 3]),
    ] as [(String, [FactValue])])
  func values(path: String, expected: [FactValue]) {
    #expect(Self.chains.values(at: path) == expected)
  }

  @Test("a path into a scalar leads nowhere")
  func scalars() {
    for value in [.null, true, 1, "text", []] as [FactValue] {
      #expect(value.values(at: "a").isEmpty)
    }
  }

  @Test("leaves are all scalars, records in the order of their keys")
  func leaves() {
    let value: FactValue = ["b": [1, ["c": "x"]], "a": .null, "d": [], "e": [:]]
    #expect(value.leaves == [.null, 1, "x"])
  }

  @Test("typed access gives nothing of another type")
  func access() {
    let record: FactValue = ["a": 1]
    #expect(record["a"]?.integer == 1 && record["b"] == nil && record["a"]?.text == nil)
    #expect((true as FactValue).boolean == true && (1 as FactValue).boolean == nil)
    #expect((["x"] as FactValue).list == ["x"] && record.list == nil)
    #expect(("x" as FactValue)["a"] == nil)
  }

  @Test("numbers with fractions are no fact values")
  func fractions() {
    for text in ["1.5", "[1e400]", "{", ""] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(FactValue.self, from: Data(text.utf8))
      }
    }
  }
}

@Suite("Faults")
struct FaultTests {
  @Test(
    "the nearest name is offered when it could be a slip",
    arguments: [
      ("net.cnof", "net.conf"), ("NET.conf", nil), ("protocls", "protocols"), ("zzzzzzzz", nil),
      ("net.conf", "net.conf"),
      ("protocols.and.more.of.it", nil), ("", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    let names = ["net.conf", "net.int", "protocols", "suites"]
    #expect(nearestName(to: word, among: names) == expected)
  }

  @Test("of two that are as near the first in the alphabet is offered; of none, none")
  func ties() {
    #expect(nearestName(to: "aab", among: ["aac", "aaa"]) == "aaa")
    #expect(nearestName(to: "aab", among: [String]()) == nil)
    let long = String(repeating: "x", count: 100_000)
    #expect(nearestName(to: long, among: [long + "y"]) == long + "y")
  }

  @Test("faults are sorted by file, line and column, each once")
  func sorted() {
    let faults = Faults()
    #expect(faults.isEmpty)
    for (file, line, column, message) in [
      ("b", 1, 1, "m"), ("a", 10, 1, "m"), ("a", 9, 2, "m"), ("a", 9, 1, "n"), ("a", 9, 1, "m"),
      ("a", 9, 1, "m"),
    ] {
      faults.report(SourcePlace(file: file, line: line, column: column), message)
    }
    #expect(faults.all.count == 6 && !faults.isEmpty)
    #expect(
      faults.sorted.map(\.description) == [
        "a:9:1: error: m", "a:9:1: error: n", "a:9:2: error: m", "a:10:1: error: m",
        "b:1:1: error: m",
      ])
  }

  @Test("a hostile message is shown, not obeyed")
  func inert() {
    let fault = Fault(SourcePlace(file: "f", line: 1, column: 2), "x\u{1B}[2J\u{202E}y\nz")
    #expect(fault.description == "f:1:2: error: x\\u{1b}[2J\\u{202e}y\\u{a}z")
  }
}

@Suite("Named sets of algorithms")
struct AlgorithmListTests {
  private let list = AlgorithmList(tables: [
    "suites": [
      "A": AlgorithmList.Entry(id: "A", name: "a", rating: .approved, strengthBits: 128),
      "S": AlgorithmList.Entry(id: "S", name: "s", rating: .strong, strengthBits: 112),
      "W": AlgorithmList.Entry(id: "W", name: "w", rating: .weak, strengthBits: 64),
      "B": AlgorithmList.Entry(id: "B", name: "b", rating: .broken, strengthBits: nil),
    ], "empty": [:],
  ])

  @Test("are named by rating and table")
  func sets() {
    #expect(list.set(named: "approved.suites") == ["A"])
    #expect(list.set(named: "unsafe.suites") == ["W", "B"])
    #expect(list.set(named: "known.suites") == ["A", "S", "W", "B"])
    #expect(list.set(named: "dated.suites") == [] && list.set(named: "known.empty") == [])
    for name in [
      "", ".", "suites", "approved.", ".suites", "fine.suites", "approved.suite",
      "approved.suites.x",
    ] {
      #expect(list.set(named: name) == nil, "\(name)")
    }
    #expect(list.setNames.count == 14 && list.setNames.allSatisfy { list.set(named: $0) != nil })
  }

  @Test("the weakest strength counts, and is unknown when one is")
  func strength() {
    #expect(list.weakestStrength(of: ["S", "W"], inTableOf: "approved.suites") == 64)
    #expect(list.weakestStrength(of: ["S", "B"], inTableOf: "approved.suites") == nil)
    #expect(list.weakestStrength(of: ["S", "X"], inTableOf: "approved.suites") == nil)
    #expect(list.weakestStrength(of: [], inTableOf: "approved.suites") == nil)
    #expect(list.weakestStrength(of: ["S"], inTableOf: "approved.other") == nil)
  }
}

@Suite("Findings")
struct FindingTests {
  private let account = Finding.Account(
    fingerprint: "f", requirement: "r", object: "o", letters: [.D: .met, .A: .notMet, .K: .met],
    reasons: [Bilingual(zh: "因", en: "why")])

  @Test("grounds cannot be made without evidence")
  func grounds() {
    #expect(Grounds([]) == nil)
    #expect(Grounds([EvidenceReference(id: "e", sm3: "0", strength: 2)]) != nil)
  }

  @Test("each maker gives its own verdicts only")
  func makers() throws {
    let grounds = try #require(Grounds([EvidenceReference(id: "e", sm3: "0", strength: 2)]))
    let judged = Finding.judged(.partial, on: grounds, account)
    #expect(judged.verdict == .partial && judged.evidence == grounds.evidence)
    #expect(judged[.D] == .met && judged[.A] == .notMet && judged[.K] == .met)
    let excluded = Finding.notApplicable(because: Bilingual(zh: "无", en: "none"), account)
    #expect(excluded.verdict == .notApplicable && excluded.d == nil && excluded.reasons.count == 1)
    let open = Finding.open(.awaiting, because: [], evidence: [], account)
    #expect(open.verdict == .awaiting && open.reasons.isEmpty && open.d == .met)
    #expect(Finding.open(.untested, because: [], evidence: [], account).verdict == .untested)
  }

  @Test("reads back from JSON as it was")
  func roundTrip() throws {
    let grounds = try #require(Grounds([EvidenceReference(id: "e", sm3: "0", strength: 2)]))
    let finding = Finding.judged(.nonConforming, on: grounds, account)
    let data = try JSONEncoder().encode(finding)
    #expect(try JSONDecoder().decode(Finding.self, from: data) == finding)
  }
}
