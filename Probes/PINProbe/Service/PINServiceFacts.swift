import AssessmentModel

/// States what the suite gave.
struct PINServiceFacts {
  /// Check values of master keys that vendors publish for testing.
  static let testMasterKeys: Set<String> = ["268604", "165126", "9D04A0"]

  let model: ServiceModel
  let reports: [AttackReport]
  let calls: Int
  let crashes: Int
  let masterKeyCheck: String?

  var facts: [String: FactValue] {
    var facts: [String: FactValue] = [
      "pin.attacks": .record(
        Dictionary(uniqueKeysWithValues: reports.map { ($0.attack.id, $0.fact) })),
      "pin.attack-details": .record(
        Dictionary(uniqueKeysWithValues: reports.map { ($0.attack.id, $0.details) })),
      "pin.attack-findings": .list(
        Set(reports.flatMap(\.findings)).map(\.rawValue).sorted().map { .text($0) }),
      "pin.attacks-without-result": ids { $0.result == .notRun || $0.result == .inconclusive },
      "pin.service-calls": ["calls": .integer(calls), "crashes": .integer(crashes)],
      "pin.service-description": summary,
    ]
    // An empty list of a suite that judged nothing would read as a clean one.
    if reports.contains(where: { $0.result == .secure || $0.result == .insecure }) {
      facts["pin.insecure-attacks"] = ids { $0.result == .insecure }
    }
    if let masterKeyCheck {
      facts["pin.test-master-key"] = .boolean(
        Self.testMasterKeys.contains(masterKeyCheck.uppercased()))
    }
    return facts
  }

  private func ids(_ isMeant: (AttackReport) -> Bool) -> FactValue {
    .list(reports.filter(isMeant).map { .text($0.attack.id) })
  }

  private var summary: FactValue {
    let formats = model.formats.offered.map { FactValue.text($0.name) }
    return [
      "adapter": .text(model.adapter.keepsConnection ? "payshield" : "http"),
      "production": .boolean(model.isProduction),
      "formats": .list(formats),
      "formats-outside-the-standard": .integer(model.formats.foreign.count),
      "commands": .list(
        CommandRole.allCases.filter {
          model.adapter.offers($0) || $0 == .transaction && model.messages != nil
        }.map { .text($0.rawValue) }),
    ]
  }
}
