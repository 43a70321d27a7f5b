import AssessmentModel
import Bytes
import Foundation
import ProbeKit
import Testing

@testable import TLSProbe

/// Everything about captures, one test after another: tests of live exchanges run beside them and have
/// deadlines to keep.
@Suite("Captures", .serialized)
enum CaptureSuites {}

/// Runs `tls.capture` on a file.
enum CaptureRun {
  static func probe(_ parameters: [String: FactValue] = [:]) throws -> TLSCaptureProbe {
    try TLSCaptureProbe(parameters: parameters, now: { "2026-11-21T00:00:00Z" })
  }

  static func object(_ path: String, _ parameters: [String: FactValue] = [:]) -> AssessmentObject {
    AssessmentObject(id: "capture", kind: .channel, locator: path, parameters: parameters)
  }

  static func observe(
    _ bytes: [UInt8], _ parameters: [String: FactValue] = [:], within: Duration = .seconds(30)
  ) async throws -> Observation {
    await Task.yield()
    let file = try TemporaryFile(bytes)
    let path = file.path
    let seen = try await probe(parameters).inspect(object(path), until: .now + within)
    _ = file.path
    return seen
  }
}

extension CaptureSuites {
  @Suite("Reading recorded handshakes")
  struct CaptureTests {
    /// The part of a fact that the list of facts holds: digests of certificates, codes of problems.
    private static func comparable(_ name: String, _ value: FactValue?) -> FactValue? {
      guard let value else { return nil }
      switch name {
      case "tlcp.certificates": return .list(value.values(at: "sha256"))
      case "capture.problems": return .list(value.values(at: "code"))
      default: return value
      }
    }

    @Test("each recording gives exactly the facts listed for it", arguments: Recording.tlcp)
    func listedFacts(recording: Recording) async throws {
      let path = Recording.folder.appendingPathComponent("tlcp/\(recording.name).json").path
      let data = try Data(contentsOf: Recording.folder.appendingPathComponent("tlcp/facts.json"))
      let file = try JSONDecoder().decode(FactValue.self, from: data)
      let expected = try #require(file["facts"]?[recording.name]?.record)
      let seen = try await CaptureRun.probe().inspect(
        CaptureRun.object(path), until: .now + .seconds(10))
      #expect(seen.unavailable == nil)
      for (name, value) in expected {
        let stated = Self.comparable(name, seen.facts[name])
        #expect(stated == (value == .null ? nil : value), "\(name)")
      }
      #expect(seen.facts["capture.incomplete"] == false)
      // Facts the list leaves open are still documented ones.
      #expect(Set(seen.facts.keys).isSubset(of: TLSCaptureProbe.description.facts.keys))
    }

    @Test("without a ServerHello only alerts, the closing and problems are stated")
    func withoutServerHello() async throws {
      let allowed: Set<String> = [
        "capture.alerts", "capture.closed", "capture.connections", "capture.incomplete",
        "capture.problems",
      ]
      let cases: [(String, [FactValue], String, Int)] = [
        ("fail-close-after-hello", [], "fin", 0),
        (
          "fail-gmssl-no-common-suite",
          [["level": 2, "description": 71, "record-version": "0101", "from": "server"]], "fin", 7
        ),
        (
          "fail-gmssl-unknown-extension",
          [["level": 2, "description": 50, "record-version": "0101", "from": "client"]], "fin", 0
        ),
        ("fail-http-reply", [], "fin", 47),
        ("fail-truncated-record", [], "fin", 51),
      ]
      for (name, alerts, how, length) in cases {
        let seen = try await CaptureRun.observe(RecordedConnection(tlcp: name).transcript)
        #expect(Set(seen.facts.keys).isSubset(of: allowed), "\(name)")
        #expect(seen.facts["capture.alerts"] == .list(alerts), "\(name)")
        #expect(
          seen.facts["capture.closed"]
            == ["how": .text(how), "from": "server", "server-bytes": .integer(length)], "\(name)")
      }
      var reset = RecordedConnection(tlcp: "fail-close-after-hello")
      reset.close = ["server rst"]
      let seen = try await CaptureRun.observe(reset.transcript)
      #expect(seen.facts["capture.closed"]?["how"] == "reset")
      reset.close = []
      let open = try await CaptureRun.observe(reset.transcript)
      #expect(open.facts["capture.closed"]?["how"] == "open")
    }

    @Test("what a transcript knows besides the bytes is never used", arguments: Recording.tlcp)
    func onlyBytesCount(recording: Recording) async throws {
      var file = Recording.json("tlcp", recording.name)
      let plain = try await CaptureRun.observe(
        Array(try JSONSerialization.data(withJSONObject: file)))
      file["secrets"] = ["premaster_secret": "00"]
      file["decrypted"] = [["record": "c0", "type": 22, "plaintext": "00"]]
      for key in ["expect", "outcome", "version", "suite", "suite_name", "notes", "peer"] {
        file[key] = "something else"
      }
      file["certs"] = ["other"]
      let changed = try await CaptureRun.observe(
        Array(try JSONSerialization.data(withJSONObject: file)))
      for key in ["secrets", "decrypted", "expect", "outcome", "certs", "order"] { file[key] = nil }
      let bare = try await CaptureRun.observe(
        Array(try JSONSerialization.data(withJSONObject: file)))
      #expect(changed.facts == plain.facts)
      #expect(bare.facts == plain.facts)
      let secrets = Recording.json("tlcp", recording.name)["secrets"] as? [String: String] ?? [:]
      for evidence in plain.evidence {
        let text = String(decoding: evidence.bytes, as: UTF8.self)
        for secret in secrets.values where secret.count > 16 { #expect(!text.contains(secret)) }
      }
    }

    @Test("the evidence is a transcript that gives the same facts", arguments: Recording.tlcp)
    func evidenceReadAgain(recording: Recording) async throws {
      let seen = try await CaptureRun.observe(RecordedConnection(tlcp: recording.name).transcript)
      let exchange = seen.evidence.first { $0.name.hasPrefix("connection-") }
      // Of what is no TLS too little is kept to be read again.
      guard recording.name != "fail-http-reply" else { return }
      let again = try await CaptureRun.observe(try #require(exchange).bytes)
      var (first, second) = (seen.facts, again.facts)
      first["capture.closed"] = nil
      second["capture.closed"] = nil
      // Protected alerts are beyond what is kept, and not readable anyway.
      #expect(first == second)
    }

    @Test(
      "the signature of a TLS key exchange is verified over the recorded randoms",
      arguments: [
        ("openssl-tls12-rsa", "TLS1.2", "C02F"), ("openssl-tls12-ecdsa", "TLS1.2", "C02B"),
        ("openssl-tls11-ecdsa", "TLS1.1", "C009"), ("openssl-tls10-ecdsa", "TLS1.0", "C009"),
      ])
    func tlsSignature(name: String, version: String, suite: String) async throws {
      let recording = Recording.tls(name)
      var connection = RecordedConnection(
        turns: [
          .init(isClient: true, bytes: recording.sent),
          .init(isClient: false, bytes: recording.stream),
        ], close: ["client fin"])
      let facts = try await CaptureRun.observe(connection.transcript).facts
      #expect(facts["tls.protocols"] == .list([.text(version)]))
      #expect(facts["tls.accepted-suites"] == .record([version: .list([.text(suite)])]))
      #expect(facts["tls.key-exchange-signature-valid"] == .record([version: true]))
      #expect(facts["tls.groups"] == .record([version: ["001D"]]))
      #expect(facts["tls.protected"] == true)
      #expect(facts["capture.problems"] == [])
      #expect(facts["tlcp.offered"] == nil)
      // Another client random: 5 of the record, 4 of the message, 2 of the version.
      connection.turns[0].bytes[15] ^= 1
      let wrong = try await CaptureRun.observe(connection.transcript).facts
      #expect(wrong["tls.key-exchange-signature-valid"] == .record([version: false]))
      #expect(wrong["tls.protected"] == nil)
      // Without the client's side nothing can be checked, and nothing is claimed.
      connection.turns.removeFirst()
      let oneSided = try await CaptureRun.observe(connection.transcript).facts
      #expect(oneSided["tls.key-exchange-signature-valid"] == nil)
      #expect(oneSided["tls.protocols"] == .list([.text(version)]))
    }

    struct Violation: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var codes: [String]
      var change: @Sendable (inout RecordedConnection) -> Void

      init(
        _ name: String, _ codes: [String],
        _ change: @escaping @Sendable (inout RecordedConnection) -> Void
      ) {
        testDescription = name
        self.codes = codes
        self.change = change
      }
    }

    // The server's turns of ok-tongsuo-ecc-gcm: 1 ServerHello, 2 Certificate, 3 key exchange, 4 done.
    static let violations: [Violation] = [
      Violation("a record too long", ["oversized-record"]) {
        $0.turns[2].bytes[3] = 0x48
        $0.turns[2].bytes[4] = 0x01
      },
      Violation("a certificate list longer than its message", ["bad-handshake-length"]) {
        $0.turns[2].bytes[9] = 0x7F
      },
      Violation("a message longer than any", ["bad-handshake-length"]) {
        $0.turns[2].bytes[6] = 0x7F
      },
      Violation("a ServerHello of TLS 1.2", ["wrong-version"]) {
        $0.turns[1].bytes.replaceSubrange(9...10, with: [3, 3])
        $0.turns = Array($0.turns.prefix(2))
      },
      Violation("a record of another version after ServerHello", ["wrong-version"]) {
        $0.turns[2].bytes.replaceSubrange(1...2, with: [3, 3])
      },
      Violation("a record of no version", ["wrong-version"]) {
        $0.turns[2].bytes.replaceSubrange(1...2, with: [9, 9])
      },
      Violation("a suite not offered", ["unoffered-suite"]) { $0.turns[1].bytes[77] = 0x13 },
      Violation("a suite nobody knows", ["unoffered-suite", "unknown-suite"]) {
        $0.turns[1].bytes.replaceSubrange(76...77, with: [0xDE, 0xAD])
      },
      Violation("a suite nobody knows, offered", ["unknown-suite"]) {
        $0.turns[0].bytes.replaceSubrange(46...47, with: [0xDE, 0xAD])
        $0.turns[1].bytes.replaceSubrange(76...77, with: [0xDE, 0xAD])
      },
      Violation("compression not offered", ["unoffered-compression"]) { $0.turns[1].bytes[78] = 1 },
      Violation("no key exchange", ["missing-key-exchange"]) { $0.turns.remove(at: 3) },
      Violation("no certificates", ["empty-certificate"]) {
        $0.turns[2].bytes = bytes("16010100070b000003000000")
      },
      Violation("a certificate of no bytes", ["empty-certificate"]) {
        $0.turns[2].bytes = bytes("160101000a0b000006000003000000")
      },
      Violation("text after ServerHello", ["not-tls"]) {
        $0.turns[2].bytes = Array("HTTP/1.1 500".utf8)
      },
      Violation("text at once", ["not-tls"]) { $0.turns[1].bytes = Array("SSH-2.0-x\r\n".utf8) },
      Violation("the end inside a record", ["truncated-record"]) {
        $0.turns[2].bytes.removeLast()
        $0.turns = Array($0.turns.prefix(3))
      },
      Violation("the end inside a message", ["truncated-record"]) {
        $0.turns[2].bytes = bytes("16010100020b00")
        $0.turns = Array($0.turns.prefix(3))
      },
      Violation("the server's record is cut by the client's reset", []) {
        $0.turns[2].bytes.removeLast()
        $0.turns = Array($0.turns.prefix(3))
        $0.close = ["client rst"]
      },
      Violation("a client that speaks no TLS", ["not-tls"]) {
        $0.turns = [.init(isClient: true, bytes: Array("GET / HTTP/1.1\r\n\r\n".utf8))]
      },
      Violation("empty records and warnings between messages", []) {
        $0.turns[2].bytes = bytes("1601010000" + "15010100020170") + $0.turns[2].bytes
      },
    ]

    @Test("a violation has its code and place", arguments: violations)
    func violation(this: Violation) async throws {
      var connection = RecordedConnection(tlcp: "ok-tongsuo-ecc-gcm")
      this.change(&connection)
      let facts = try await CaptureRun.observe(connection.transcript).facts
      let problems = try #require(facts["capture.problems"])
      #expect(problems.values(at: "code").compactMap(\.text) == this.codes)
      let length = connection.turns.reduce(0) { $0 + $1.bytes.count }
      for problem in problems.list ?? [] {
        let offset = try #require(problem["offset"]?.integer)
        #expect((0...length).contains(offset))
        #expect(problem["message"]?.text?.isEmpty == false)
      }
    }

    @Test("a handshake is completed only by both sides")
    func completion() async throws {
      let whole = RecordedConnection(tlcp: "ok-tongsuo-ecc-gcm")
      // Client and server each: ChangeCipherSpec, then Finished.
      let records = whole.turns.indices.filter { index in
        let bytes = whole.turns[index].bytes
        return bytes[0] == 20 || (bytes[0] == 22 && index > 5)
      }
      #expect(records.count == 4)
      for (step, place) in records.enumerated() {
        var part = whole
        part.turns = Array(whole.turns[..<place])
        let facts = try await CaptureRun.observe(part.transcript).facts
        #expect(facts["tlcp.handshake-completed"] == false, "before step \(step)")
      }
      var refused = whole
      refused.turns = Array(whole.turns[...records[2]])
      // Short alerts after ChangeCipherSpec are no protected records.
      refused.turns.append(.init(isClient: false, bytes: bytes("15010100020214")))
      let facts = try await CaptureRun.observe(refused.transcript).facts
      #expect(facts["tlcp.handshake-completed"] == false)
      #expect(facts["capture.alerts"]?.values(at: "description") == [20])
    }

    @Test("every fact is in its part of Facts.md, and that names no other")
    func documentation() throws {
      let file = Recording.folder.appendingPathComponent(
        "../../../Probes/TLSProbe/Facts.md"
      ).standardizedFileURL
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      let part = try #require(
        text.components(separatedBy: "\n# Facts of `tls.capture`").dropFirst().first)
      let quoted = part.components(separatedBy: "`").enumerated()
        .filter { $0.offset % 2 == 1 }.map(\.element)
        .filter { $0.hasPrefix("tls.") || $0.hasPrefix("tlcp.") || $0.hasPrefix("capture.") }
      let stated = TLSCaptureProbe.description.facts.keys
      func covers(_ name: String, _ fact: String) -> Bool {
        name.hasSuffix("*") ? fact.hasPrefix(name.dropLast()) : fact == name
      }
      for fact in stated {
        #expect(quoted.contains { $0 != "capture.*" && covers($0, fact) }, "\(fact)")
      }
      let others = ["tls.endpoint", "tls.capture", "capture.json"]
      for name in quoted where !others.contains(name) {
        #expect(stated.contains { covers(name, $0) }, "\(name)")
      }
    }
  }
}
