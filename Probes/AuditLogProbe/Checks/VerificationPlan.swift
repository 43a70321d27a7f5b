/// Everything a worker needs to know to check records; the same for every chunk.
struct VerificationPlan: Sendable {
  enum Format: Sendable, Hashable {
    case json
    case csv(columns: [String], CSVForm)
    case journal
    case packed
  }

  let model: LogModel
  let table: FieldTable
  let format: Format
  /// nil: not needed, or not readable, so that no value is checked.
  let key: SecretKey?
  /// DER of the SubjectPublicKeyInfo for signatures of records.
  let publicKey: [UInt8]?
  /// Positions whose stored values checkpoints and anchor speak of.
  let wantedValues: Set<Int>
  /// Records after this moment are in the future.
  let latest: Instant
  /// Whether the inspection should end.
  let isTimeUp: @Sendable () -> Bool

  /// Whether values can be checked at all.
  var checksValues: Bool {
    switch model.protection.kind {
    case .none, .merkle, .digestFolder: false
    case .hashChain: true
    case .hmac, .hmacChain: key != nil
    case .sm2Record: publicKey != nil
    }
  }
}
