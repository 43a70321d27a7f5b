import AssessmentModel

/// One signed statement about a log, as far as it can be checked without the log.
struct Checkpoint: Sendable, Hashable {
  /// Place in the list, from 0.
  var index: Int
  /// Records it speaks of; nil when it cannot be read.
  var count: Int?
  /// Value of the last of them, or the root over all.
  var head: [UInt8]
  /// What is wrong already, in the order it is reported.
  var problems: [Problem]

  enum Problem: String, Sendable, Hashable {
    case malformed, signature, origin, head, root
    case logID = "log-id"
    case keyID = "key-id"
    case countExceedsLog = "count-exceeds-log"
    case sizeExceedsLog = "size-exceeds-log"
    case countNotIncreasing = "count-not-increasing"
  }

  var isSigned: Bool { !problems.contains(.signature) && !problems.contains(.malformed) }

  var fact: FactValue {
    [
      "checkpoint": .integer(index), "size": count.map { .integer($0) } ?? .null,
      "why": .list(problems.map { .text($0.rawValue) }),
    ]
  }
}
