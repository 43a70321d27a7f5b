import AssessmentModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DemoBank

/// Services that are right, or reached, in ways of their own.
@Suite("Careful services under the attack suite", .timeLimit(.minutes(3)))
struct CautiousServiceTests {
  /// The answer with another outcome code and no fields.
  private static func refusal(_ answer: [UInt8], _ code: String) -> [UInt8] {
    guard answer.count >= 10 else { return answer }
    return [0, 8] + answer[2..<8] + Array(code.utf8)
  }

  private static func code(_ answer: [UInt8]) -> String {
    answer.count >= 10 ? String(decoding: answer[8..<10], as: UTF8.self) : ""
  }

  @Test("one code for every refusal is no defect")
  func oneCode() async throws {
    let relay = try ServiceRelay { _, _, answer in
      .answer(Self.code(answer) == "00" ? answer : Self.refusal(answer, "01"))
    }
    defer { relay.stop() }
    let inspected = await inspectService(try relay.describe())
    #expect(inspected.insecure == [:])
    #expect(inspected.results["PIN-15"] == "secure")
  }

  @Test("an account that is locked from the run before is no account without a limit")
  func lockedBefore() async throws {
    let relay = try ServiceRelay { _, _, answer in
      .answer(Self.code(answer) == "00" ? answer : Self.refusal(answer, "01"))
    }
    defer { relay.stop() }
    let path = try relay.describe()
    #expect(await inspectService(path).results["PIN-16"] == "secure")
    #expect(await inspectService(path).results["PIN-16"] == "inconclusive")
  }

  @Test("an open table is found behind one code for every refusal")
  func openTable() async throws {
    let relay = try ServiceRelay([.openTable]) { _, _, answer in
      .answer(Self.code(answer) == "00" ? answer : Self.refusal(answer, "01"))
    }
    defer { relay.stop() }
    let inspected = await inspectService(try relay.describe())
    #expect(inspected.insecure == ["PIN-15": "insecure decimalisation-table-open"])
  }

  @Test("a connection for every command is no crash")
  func oneCommandAConnection() async throws {
    let relay = try ServiceRelay { _, _, answer in .answerAndClose(answer) }
    defer { relay.stop() }
    let inspected = await inspectService(try relay.describe())
    #expect(inspected.insecure == [:])
    #expect(inspected.observation.facts["pin.service-calls"]?["crashes"] == 0)
  }

  @Test("a service that ends a connection after a few commands has not crashed")
  func fewCommandsAConnection() async throws {
    let relay = try ServiceRelay { number, _, answer in
      number.isMultiple(of: 7) ? .answerAndClose(answer) : .answer(answer)
    }
    defer { relay.stop() }
    // Slow enough for the end to come in before the next call; format 0 alone, which takes fewer calls.
    let path = try relay.describe(changing: [
      ("rate: 10000", "rate: 60"), ("\"05\": 1, \"34\": 2, \"47\": 3, \"48\": 4, ", ""),
    ])
    let inspected = await inspectService(path)
    #expect(inspected.insecure == [:])
    #expect(inspected.observation.facts["pin.service-calls"]?["crashes"] == 0)
  }

  @Test("a service that stops working after many bad blocks is neither secure nor an oracle")
  func limited() async throws {
    let bad = Mutex(0)
    let relay = try ServiceRelay { _, _, answer in
      let count = bad.withLock { count in
        if Self.code(answer) == "20" { count += 1 }
        return count
      }
      return .answer(count > 60 ? Self.refusal(answer, "39") : answer)
    }
    defer { relay.stop() }
    let inspected = await inspectService(try relay.describe())
    #expect(inspected.insecure == [:])
    #expect(inspected.results["PIN-09"] == "secure")
    #expect(inspected.results["PIN-11"] == "inconclusive")
    // Its refusals after that show nothing.
    #expect(inspected.results["PIN-18"] == "inconclusive")
  }

  @Test("a service that looks at the account itself shows no PIN digit")
  func accountsOnly() async throws {
    let account = Mutex<String?>(nil)
    let relay = try ServiceRelay { _, request, answer in
      // CA ends with the 12 account digits; those of the first call are the only ones this service takes.
      let text = String(decoding: request.dropFirst(6), as: UTF8.self)
      guard text.hasPrefix("CA") else { return .answer(answer) }
      let asked = String(text.suffix(12))
      let known = account.withLock { known in
        known = known ?? asked
        return known
      }
      return .answer(asked == known ? answer : Self.refusal(answer, "20"))
    }
    defer { relay.stop() }
    let inspected = await inspectService(
      try relay.describe(changing: [("\"48\": 4, ", "")]))
    #expect(inspected.insecure == [:])
    #expect(inspected.results["PIN-07"] == "secure")
    #expect(
      inspected.details("PIN-07")?["note"]
        == "the answers depend on the account presented, not on the PIN digit")
  }

  /// Transactions of the demonstration's service, at its HTTP place.
  private static func transactions(_ relay: ServiceRelay) -> String {
    """
    transaction:
      at: http://127.0.0.1:\(relay.service.httpPort)
      request: {path: /transactions, body: {id: "{call-id}", block: "{block}", pan: "{pan}",
        source-format: "{source-format}", source-key: "{source-key}", amount: "{amount}",
        sequence: "{sequence}"}}
      response: {code: /code, ok: ["00"], call-id: /id}

    """
  }

  @Test(
    "replay is tried where transactions are taken, beside host commands",
    arguments: [
      ([], "secure"), ([PINServiceFault.replay], "insecure replay-accepted"),
    ])
  func replay(faults: [PINServiceFault], result: String) async throws {
    let relay = try ServiceRelay(Set(faults))
    defer { relay.stop() }
    let inspected = await inspectService(
      try relay.describe(adding: Self.transactions(relay)))
    #expect(inspected.results["PIN-14"] == result)
    #expect(inspected.insecure.count == faults.count)
  }

  @Test("formats of no known code are asked for, and must be refused")
  func unknownFormats() async throws {
    let relay = try ServiceRelay { _, request, answer in
      // A frame of CA with the destination format 99, behind the source format 01 and in front of the account.
      let text = String(decoding: request.dropFirst(6), as: UTF8.self)
      guard text.hasPrefix("CA"), text.dropLast(12).hasSuffix("0199") else {
        return .answer(answer)
      }
      return .answer([0, 28] + answer[2..<8] + Array("00040123456789ABCDEF99".utf8))
    }
    defer { relay.stop() }
    let inspected = await inspectService(try relay.describe())
    #expect(inspected.results["PIN-23"] == "inconclusive")
    #expect(
      inspected.details("PIN-23")?["note"] == "destination-format of no known code was accepted")
  }

  @Test("every command of a list that takes a clear PIN is tried")
  func clearPINCommands() async throws {
    let relay = try ServiceRelay([.clearPIN])
    defer { relay.stop() }
    let path = try relay.describe(changing: [("clear-pin: BA", "clear-pin: [WW, NG, BA]")])
    let inspected = await inspectService(path)
    #expect(inspected.insecure == ["PIN-21": "insecure clear-pin-command"])
    let steps = inspected.details("PIN-21")?["steps"]?.list?.compactMap { $0["step"]?.text }
    #expect(steps == ["a clear PIN in WW", "a clear PIN in NG", "a clear PIN in BA"])
  }

  @Test("an enciphered block of the suite in a log is found, and weighs less than a PIN")
  func logSeverity() async throws {
    let folder = try Folder()
    let hasTraced = Mutex(false)
    let relay = try ServiceRelay { _, request, answer in
      // Behind the length and the header: CA, two keys of 33 characters, two digits, the block of format 0.
      let text = String(decoding: request.dropFirst(6), as: UTF8.self)
      let isFirst =
        text.hasPrefix("CAU")
        && hasTraced.withLock { hasTraced in
          defer { hasTraced = true }
          return !hasTraced
        }
      if isFirst { try? folder.write("msg \(text.dropFirst(70).prefix(16))\n", to: "trace.log") }
      return .answer(answer)
    }
    defer { relay.stop() }
    let path = try relay.describe(changing: [("[service.log]", "[\(folder.path("trace.log"))]")])
    let inspected = await inspectService(path)
    #expect(inspected.insecure == ["PIN-20": "insecure pin-data-in-log"])
    #expect(inspected.details("PIN-20")?["severity"] == "high")
    let leaking = try await ServiceUnderTest([.leakingLog]).inspect(.payshield)
    #expect(leaking.details("PIN-20")?["severity"] == "critical")
  }

  @Test("in production nothing reaches the service, while logs and recordings are read")
  func production() async throws {
    let relay = try ServiceRelay([.clearWire])
    defer { relay.stop() }
    let active = await inspectService(try relay.describe())
    #expect(active.insecure == ["PIN-22": "insecure clear-pin-on-wire"])
    let asked = relay.requests.count
    #expect(asked > 100)
    let passive = await inspectService(
      try relay.describe(changing: [("production: false", "production: true")]))
    #expect(relay.requests.count == asked)
    #expect(passive.insecure == ["PIN-22": "insecure clear-pin-on-wire"])
    #expect(passive.results["PIN-20"] == "secure")
    #expect(passive.results.values.count { $0 == "not-run" } == 21)
  }
}
