import AssessmentModel
import DemoBank
import PINProbe
import Testing

@Suite("The attack suite on PIN services", .timeLimit(.minutes(5)))
struct AttackSuiteTests {
  /// The check each fault belongs to, its finding, and the front that shows it.
  static let faults: [(PINServiceFault, String, String, PINService.Front)] = [
    (.wrongDestinationKey, "PIN-01", "translation-wrong", .payshield),
    (.unbindsAccount, "PIN-02", "downgrade-to-format1", .payshield),
    (.cardFormatOnline, "PIN-03", "format2-online", .payshield),
    (.foreignFormats, "PIN-04", "nonstandard-conversion", .http),
    (.ignoresAccount, "PIN-06", "pan-binding-absent", .payshield),
    (.digitOracle, "PIN-07", "pin-digit-oracle", .payshield),
    (.digitOracleFormat3, "PIN-07", "pin-digit-oracle", .payshield),
    (.changesAccount, "PIN-08", "pan-change-allowed", .domestic),
    (.changesAccount, "PIN-08", "pan-change-allowed", .http),
    (.shortPINs, "PIN-09", "pin-length-not-checked", .payshield),
    (.looseFill, "PIN-10", "fill-not-checked", .payshield),
    (.looseMiddle, "PIN-10", "fill-not-checked", .payshield),
    (.looseControl, "PIN-10", "control-not-checked", .http),
    (.errorCodes, "PIN-11", "error-oracle", .payshield),
    (.longLengthCode, "PIN-11", "error-oracle", .payshield),
    (.errorTimes, "PIN-11", "error-oracle", .payshield),
    (.constantFill, "PIN-12", "nonrandom-fill", .payshield),
    (.zeroRandom, "PIN-12", "nonrandom-fill", .payshield),
    (.countingRandom, "PIN-12", "sequential-fill", .payshield),
    (.replay, "PIN-14", "replay-accepted", .http),
    (.openTable, "PIN-15", "decimalisation-table-open", .payshield),
    (.noLimit, "PIN-16", "no-guess-limit", .payshield),
    (.noLimit, "PIN-16", "no-guess-limit", .http),
    (.callerOffset, "PIN-17", "offset-substitution", .payshield),
    (.weakKeys, "PIN-18", "weak-key-accepted", .payshield),
    (.keyMisuse, "PIN-19", "key-misuse", .payshield),
    (.leakingLog, "PIN-20", "pin-data-in-log", .payshield),
    (.clearPIN, "PIN-21", "clear-pin-command", .payshield),
    (.clearWire, "PIN-22", "clear-pin-on-wire", .payshield),
    (.clearWire, "PIN-22", "clear-pin-on-wire", .http),
    (.crash, "PIN-23", "service-crash", .payshield),
    (.crash, "PIN-23", "service-crash", .http),
  ]

  @Test(
    "find nothing in a correct service", arguments: PINService.Front.allCases,
    PINService.WideAlgorithm.allCases)
  func correct(front: PINService.Front, wide: PINService.WideAlgorithm) async throws {
    let inspected = try await ServiceUnderTest(wide: wide).inspect(front)
    #expect(inspected.observation.unavailable == nil)
    #expect(inspected.insecure == [:], "\(inspected.texts[0])")
    let notRun = inspected.results.filter { $0.value == "not-run" }.keys.sorted()
    // Host commands know no transactions, CA names one account.
    let expected: [String] =
      switch front {
      case .payshield: ["PIN-08", "PIN-14"]
      case .domestic: ["PIN-14"]
      case .http: []
      }
    #expect(notRun == expected)
    #expect(inspected.results.values.allSatisfy { $0 == "secure" || $0 == "not-run" })
    #expect(
      inspected.observation.facts["pin.attacks"]?["PIN-05"]?["observation"] == "strength-downgrade")
    #expect(
      inspected.observation.facts["pin.attacks"]?["PIN-13"]?["observation"]
        == "deterministic-cryptogram")
    #expect(inspected.observation.facts["pin.insecure-attacks"] == [])
  }

  @Test("find exactly the one fault there is", arguments: faults)
  func singleFault(
    fault: PINServiceFault, id: String, finding: String, front: PINService.Front
  ) async throws {
    let inspected = try await ServiceUnderTest([fault]).inspect(front)
    #expect(
      inspected.insecure == [id: "insecure \(finding)"],
      "\(fault): \(inspected.details(id).map(JSONText.pretty) ?? "")")
    #expect(inspected.observation.facts["pin.insecure-attacks"] == [.text(id)])
  }

  @Test("every fault of the demonstration's service has its check here")
  func everyFault() {
    #expect(Set(Self.faults.map(\.0)) == Set(PINServiceFault.allCases))
  }

  @Test(
    "no PIN, key, account number or block leaves the probe", arguments: PINService.Front.allCases)
  func secrecy(front: PINService.Front) async throws {
    let faults: Set<PINServiceFault> = [
      .keyMisuse, .clearPIN, .leakingLog, .changesAccount, .replay,
    ]
    let subject = try ServiceUnderTest(faults)
    let inspected = try await subject.inspect(front)
    #expect(inspected.insecure.count >= 3)
    for text in inspected.texts {
      for secret in subject.service.secrets {
        #expect(!text.lowercased().contains(secret.lowercased()))
      }
      // Sixteen hexadecimal digits in a row would be a block or half a key.
      #expect(text.firstMatch(of: /[0-9A-Fa-f]{16}/) == nil)
    }
  }
}
