/// What a worker found in one chunk; the numbers of records are those of the log.
struct ChunkResult: Sendable {
  var index = 0
  var first = 0
  var count = 0
  var valueFailures: [Int] = []
  /// Those of them that are wrong whatever they are computed over: missing, not decodable, of another length.
  var valuelessRecords: [Int] = []
  /// Values compared with what was computed, or leaves computed, and how many of the values were right.
  var compared = 0
  var right = 0
  /// Fields that something is computed over and that none of these records has, by their slot.
  var unseen: [Int] = []
  var linkFailures: [Int] = []
  /// Findings of the records themselves; those of the sequence are made where chunks meet.
  var structural: [StructuralFinding] = []
  var sequence: [SequenceRun] = []
  var faults: [LogFault] = []
  /// Faults beyond those kept.
  var faultsLeftOut = 0
  /// Some record's value, link or leaf could not be checked.
  var unchecked = 0
  /// Merkle leaf hashes of the records up to the first one that has none.
  var leaves: [UInt8] = []
  /// Decoded stored values at the positions asked for.
  var values: [Int: [UInt8]] = [:]
  /// Decoded stored value of the last record; empty where it is not known.
  var lastValue: [UInt8] = []
  var notes = DataNotes()
  /// The first records with a value: what weak keys are tried on.
  var samples: [ValueSample] = []
  /// The chunk's bytes, which the source may use again.
  var spent: [UInt8] = []
  /// A cryptographic operation failed for another reason than a wrong value.
  var failure: String?
}

/// One kind of structural finding at one record.
struct StructuralFinding: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case sequenceGap(from: Int, to: Int)
    case sequenceDuplicate(Int)
    case sequenceDecrease(Int)
    case timeBackwards
    case timeFuture
    case timeWithoutZone
    case missingField(String)
    case badNumber(String)
    case badTime(String)
    case unsupportedValue(String)

    var name: String {
      switch self {
      case .sequenceGap: "seq-gap"
      case .sequenceDuplicate: "seq-duplicate"
      case .sequenceDecrease: "seq-decrease"
      case .timeBackwards: "time-backwards"
      case .timeFuture: "time-future"
      case .timeWithoutZone: "time-without-zone"
      case .missingField: "missing-field"
      case .badNumber: "bad-number"
      case .badTime: "bad-time"
      case .unsupportedValue: "unsupported-value"
      }
    }
  }
  var position: Int
  var kind: Kind
}

/// Consecutive records whose numbers rise by one.
struct SequenceRun: Sendable, Hashable {
  /// Position of the first record of the run.
  var position: Int
  /// Its number; nil: the numbers of these records are not known.
  var number: Int?
  var count: Int
}

/// Something met in the data a number of times, first at a record.
struct Occurrence: Sendable, Hashable {
  private(set) var count = 0
  private(set) var first = 0

  mutating func add(_ position: Int) {
    if count == 0 { first = position }
    count += 1
  }

  mutating func merge(_ other: Occurrence) {
    if count == 0 { first = other.first }
    count += other.count
  }
}

/// What the data show about the soundness of the construction.
struct DataNotes: Sendable, Hashable {
  var ambiguous = Occurrence()
  var valueMissing = Occurrence()
  var valueShort = Occurrence()
  var valueConstant = Occurrence()
  /// Signatures that are right only under another identity than the declared one, by its name.
  var otherIdentities: [String: Occurrence] = [:]

  mutating func merge(_ other: DataNotes) {
    ambiguous.merge(other.ambiguous)
    valueMissing.merge(other.valueMissing)
    valueShort.merge(other.valueShort)
    valueConstant.merge(other.valueConstant)
    for (name, occurrence) in other.otherIdentities {
      otherIdentities[name, default: Occurrence()].merge(occurrence)
    }
  }
}

/// A record's stored value, and the bytes it should be computed over.
struct ValueSample: Sendable, Hashable {
  var message: [UInt8]
  var value: [UInt8]
}
