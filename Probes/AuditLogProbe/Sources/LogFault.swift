import AssessmentModel

/// Something of a log that could not be read or understood; the rest goes on where that is sound.
struct LogFault: Error, Sendable, Hashable {
  enum Kind: String, Sendable, Hashable {
    case halfWritten = "half-written"
    case badJSON = "bad-json"
    case badUTF8 = "bad-utf-8"
    case badGB18030 = "bad-gb18030"
    case badCSV = "bad-csv"
    case badEntry = "bad-entry"
    case repeatedField = "repeated-field"
    case tooDeep = "too-deep"
    case tooLong = "record-too-long"
    case columnCount = "column-count"
    case missingColumn = "missing-column"
    case badNumber = "bad-number"
    case badTime = "bad-time"
    case unsupportedValue = "unsupported-value"
    case readFailed = "read-failed"
    case logGrew = "log-grew"
    case logShrank = "log-shrank"
    case logRotated = "log-rotated"
    case logChanged = "log-changed"
    case keyUnreadable = "key-unreadable"
    case checkpointUnreadable = "checkpoint-unreadable"
    case anchorUnreadable = "anchor-unreadable"
    case digestUnreadable = "digest-unreadable"
    case tooMany = "too-many"
    case deadline

    /// Whether something that belongs to the log was left unchecked.
    var leavesUnchecked: Bool {
      switch self {
      case .badNumber, .badTime, .logGrew: false
      case .halfWritten, .badJSON, .badUTF8, .badGB18030, .badCSV, .badEntry, .repeatedField,
        .tooDeep, .tooLong, .columnCount, .missingColumn, .unsupportedValue, .readFailed,
        .logShrank, .logRotated, .logChanged, .keyUnreadable, .checkpointUnreadable,
        .anchorUnreadable, .digestUnreadable, .tooMany, .deadline:
        true
      }
    }
  }

  var kind: Kind
  /// Number of the record, from 0.
  var record: Int?
  /// Place in the source, in bytes from 0.
  var offset: Int?
  var field: String?
  /// What was found, what was expected.
  var message: String

  init(
    _ kind: Kind, record: Int? = nil, offset: Int? = nil, field: String? = nil, _ message: String
  ) {
    self.kind = kind
    self.record = record
    self.offset = offset
    self.field = field
    self.message = message
  }

  /// One line for a person.
  var line: String {
    let places = [
      record.map { "record \($0)" }, offset.map { "offset \($0)" }, field.map { "field \($0)" },
    ].compactMap(\.self)
    let place = places.isEmpty ? "" : places.joined(separator: ", ") + ": "
    return "\(place)\(kind.rawValue): \(message)"
  }

  var fact: FactValue {
    var fields: [String: FactValue] = ["kind": .text(kind.rawValue), "message": .text(message)]
    fields["record"] = record.map { .integer($0) }
    fields["offset"] = offset.map { .integer($0) }
    fields["field"] = field.map { .text($0) }
    return .record(fields)
  }
}
