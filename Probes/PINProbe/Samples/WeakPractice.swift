package import AssessmentModel

/// A weak practice that a sample of PIN blocks shows (PIN加密薄弱做法), pin.weaknesses.
package enum WeakPractice: String, Sendable, Hashable, CaseIterable {
  /// The key is a single DES key, or enciphers like one.
  case singleDESKey = "single-des-key"
  /// Format 1 although the PAN is at hand.
  case formatWithoutPANBinding = "format-without-pan-binding"
  /// The same cryptogram again for the same card: format 0 under a fixed key.
  case deterministicCryptogram = "deterministic-cryptogram"
  /// Fill, transaction field or random field that does not vary as it must.
  case nonrandomFill = "nonrandom-fill"
  /// The random field of format 4 is a counter or a time.
  case sequentialFill = "sequential-fill"
  /// 16 bytes under SM4 or AES that are no format 4 block.
  case nonstandardBlock = "nonstandard-block"
  /// The PIN key is listed for another use too.
  case keyMisuse = "key-misuse"
  /// Equal cipher blocks within messages of several blocks.
  case ecbRepetition = "ecb-repetition"
}

/// How probable it is that sound practice shows what was seen, as an upper bound (误报概率上限).
///
/// Kept as a logarithm: such bounds are often far below the least number a machine has.
package struct FalseAlarmChance: Sendable, Hashable {
  /// nil: it cannot be a false alarm.
  private var exponent: Double?

  static let none = FalseAlarmChance(exponent: nil)

  /// 10 to the power of `exponent`.
  init(log10 exponent: Double) { self.exponent = exponent }
  private init(exponent: Double?) { self.exponent = exponent }

  /// Below this a finding is stated.
  static let limit = -5.0

  var isSmall: Bool { exponent.map { $0 < FalseAlarmChance.limit } ?? true }

  /// A power of ten that is not below it, `1e-24`, or `0`.
  package var text: String {
    guard let exponent else { return "0" }
    return "1e\(Int(max(-9999, min(0, exponent)).rounded(.up)))"
  }
}

/// What one sample set shows, with how it was seen.
package struct SampleFindings: Sendable, Hashable {
  package struct Finding: Sendable, Hashable {
    package var practice: WeakPractice
    package var chance: FalseAlarmChance
    /// How many blocks show it.
    package var blocks: Int
  }
  /// Blocks looked at.
  package var size = 0
  /// Of the key; three bytes.
  package var checkValue: [UInt8] = []
  /// How many opened as which format or convention, by name.
  package var formats: [String: Int] = [:]
  package var findings: [Finding] = []

  mutating func add(_ practice: WeakPractice, _ chance: FalseAlarmChance, blocks: Int) {
    guard chance.isSmall else { return }
    findings.append(Finding(practice: practice, chance: chance, blocks: blocks))
  }

  package var names: [String] { findings.map(\.practice.rawValue) }

  package var fact: FactValue {
    [
      "sample-size": .integer(size),
      "opened-as": .record(formats.mapValues { .integer($0) }),
      "weaknesses": .list(
        findings.map {
          [
            "name": .text($0.practice.rawValue), "blocks": .integer($0.blocks),
            "false-alarm-at-most": .text($0.chance.text),
          ]
        }),
    ]
  }
}
