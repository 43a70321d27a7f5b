/// The checks of the attack suite on a PIN service (PIN服务攻击测试项), PIN-01 to PIN-23.
enum Attack: Int, Sendable, Hashable, CaseIterable, Comparable {
  case translation = 1
  case downgrade, cardFormat, foreignFormat, strengthDowngrade
  case accountSubstitution, digitOracle, accountChange
  case pinLength, malformedBlock, errorOracle
  case fill, repetition, replay
  case decimalisation, guessing, offset
  case weakKey, keyMisuse, logs, clearPIN, wire, robustness

  /// `PIN-01`.
  var id: String { "PIN-" + (rawValue < 10 ? "0" : "") + String(rawValue) }

  static func < (one: Attack, other: Attack) -> Bool { one.rawValue < other.rawValue }

  /// The clause that asks for the secure answer: GB/T 21078.1-2023 where nothing else is named.
  var clause: String {
    switch self {
    case .translation: "GB/T 21078.1-2023 10.2, 10.5"
    case .downgrade, .foreignFormat, .accountChange: "GB/T 21078.1-2023 10.5"
    case .cardFormat: "GB/T 21078.1-2023 10.3.4, 10.5"
    case .strengthDowngrade: "GB/T 21078.1-2023 10.5; GB/T 21078.4-2023 4"
    case .accountSubstitution: "GB/T 21078.1-2023 10.3.2, 10.3.5, 10.5"
    case .digitOracle: "GB/T 21078.1-2023 7.1, 10.5"
    case .pinLength: "GB/T 21078.1-2023 9.1, 10.3"
    case .malformedBlock: "GB/T 21078.1-2023 10.3, 10.4"
    case .errorOracle: "GB/T 21078.1-2023 7.1"
    case .fill: "GB/T 21078.1-2023 10.3.5, 10.4"
    case .repetition: "GB/T 21078.1-2023 10.3.6"
    case .replay: "GM/T 0077-2019, application and data security"
    case .decimalisation, .guessing, .offset: "GB/T 21078.1-2023 8.2"
    case .weakKey: "GB/T 21078.4-2023 4"
    case .keyMisuse: "GB/T 21078.1-2023 7.2; GM/T 0077-2019 7.3.3.3 a"
    case .logs: "GB/T 21078.1-2023 10.6"
    case .clearPIN: "GB/T 21078.1-2023 7.1, 7.2"
    case .wire: "GB/T 21078.1-2023 7.2, 10.2"
    case .robustness: "–"
    }
  }

  /// Whether it sends nothing, and so may be made in production.
  var isPassive: Bool { self == .logs || self == .wire }

  /// The order in which they are made: PIN-01 first, what may lock an account last, logs and recordings after all
  /// calls.
  static let order: [Attack] = [
    .translation, .downgrade, .cardFormat, .foreignFormat, .strengthDowngrade,
    .accountSubstitution, .digitOracle, .accountChange, .pinLength, .malformedBlock, .errorOracle,
    .fill, .repetition, .weakKey, .replay, .robustness, .keyMisuse, .clearPIN, .decimalisation,
    .offset, .guessing, .logs, .wire,
  ]
}

/// What a check may show (攻击发现); the names of `finding` in the facts.
enum AttackFinding: String, Sendable, Hashable, CaseIterable {
  case translationWrong = "translation-wrong"
  case downgradeToFormat1 = "downgrade-to-format1"
  case format2Online = "format2-online"
  case nonstandardConversion = "nonstandard-conversion"
  case panBindingAbsent = "pan-binding-absent"
  case pinDigitOracle = "pin-digit-oracle"
  case panChangeAllowed = "pan-change-allowed"
  case pinLengthNotChecked = "pin-length-not-checked"
  case fillNotChecked = "fill-not-checked"
  case controlNotChecked = "control-not-checked"
  case errorOracle = "error-oracle"
  case nonrandomFill = "nonrandom-fill"
  case sequentialFill = "sequential-fill"
  case replayAccepted = "replay-accepted"
  case decimalisationTableOpen = "decimalisation-table-open"
  case noGuessLimit = "no-guess-limit"
  case offsetSubstitution = "offset-substitution"
  case weakKeyAccepted = "weak-key-accepted"
  case keyMisuse = "key-misuse"
  case pinDataInLog = "pin-data-in-log"
  case clearPINOnWire = "clear-pin-on-wire"
  case clearPINCommand = "clear-pin-command"
  case serviceCrash = "service-crash"

  /// critical, high, medium or low, as a reader should take it; no verdict.
  var severity: String {
    switch self {
    case .pinDigitOracle, .decimalisationTableOpen, .keyMisuse, .clearPINOnWire: "critical"
    case .translationWrong, .downgradeToFormat1, .format2Online, .nonstandardConversion,
      .panBindingAbsent, .panChangeAllowed, .nonrandomFill, .replayAccepted, .noGuessLimit,
      .offsetSubstitution, .weakKeyAccepted, .pinDataInLog, .clearPINCommand, .serviceCrash:
      "high"
    case .pinLengthNotChecked, .fillNotChecked, .controlNotChecked, .errorOracle: "medium"
    case .sequentialFill: "low"
    }
  }
}

/// Worth knowing and no defect (观察项).
enum AttackObservation: String, Sendable, Hashable {
  case strengthDowngrade = "strength-downgrade"
  case deterministicCryptogram = "deterministic-cryptogram"
}
