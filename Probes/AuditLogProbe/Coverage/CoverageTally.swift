/// What the records of a log say about users, events, content and time (覆盖统计), counted in one reading with bounded
/// memory.
struct CoverageTally: Sendable {
  /// Different subjects, types and results that are told apart; what comes later is counted together.
  static let distinctLimit = 100_000
  /// Days that are told apart, about 270 years.
  static let dayLimit = 100_000

  /// The five items every record has to state (审计记录五要素).
  enum Item: String, Sendable, Hashable, CaseIterable { case time, type, subject, object, result }

  private(set) var records = 0
  private(set) var subjects: [String: Int] = [:]
  private(set) var types: [String: Int] = [:]
  private(set) var results: [String: Int] = [:]
  /// Records that state the item.
  private(set) var present: [Item: Int] = [:]
  private(set) var objects: Set<String> = []
  private(set) var timesWithoutZone = 0
  private(set) var oldest: Instant?
  private(set) var newest: Instant?
  /// Seconds between a record and the next one, at most.
  private(set) var longestSilence = 0
  private(set) var days: Set<Int> = []
  /// More different values than are told apart.
  private(set) var isBounded = false
  private var previous: Instant?

  /// Reads the log to its end, or until the time is over.
  ///
  /// - Throws: when it cannot be read.
  init(_ model: LogModel, isTimeUp: @Sendable () -> Bool) throws(FileFailure) {
    for log in try Self.logs(model) {
      var scan = try LogScan(log)
      let reader = scan
      var isOver = false
      try scan.visit { record throws(FileFailure) in
        if record.position % 4096 == 0, isTimeUp() {
          isOver = true
          return false
        }
        if let fields = record.fields { count(fields, reader, model) }
        return true
      }
      if isOver { throw FileFailure(path: log.source.path, reason: "the time was over") }
    }
  }

  /// The log, or every log file of a folder of digests.
  private static func logs(_ model: LogModel) throws(FileFailure) -> [LogModel] {
    guard case .digestFolder(let path) = model.source else { return [model] }
    let folder = "\(path)/\(model.protection.digestFolder.logs)"
    return try SmallFile.names(inFolder: folder, limit: 1_000_000).map { name in
      var log = model
      log.source = .jsonLines(path: "\(folder)/\(name)")
      log.protection = Protection(kind: .none)
      log.canonical = nil
      return log
    }
  }

  private mutating func count(_ fields: RecordFields, _ reader: LogScan, _ model: LogModel) {
    records += 1
    func value(_ name: String?) -> FieldValue? {
      name.flatMap { reader.value($0, in: fields) }.flatMap { $0.bytes.isEmpty ? nil : $0 }
    }
    let items: [(Item, String?)] = [
      (.time, model.map.time), (.type, model.map.type), (.subject, model.map.subject),
      (.object, model.map.object), (.result, model.map.result),
    ]
    for (item, name) in items {
      guard let value = value(name) else { continue }
      present[item, default: 0] += 1
      switch item {
      case .time: count(time: value, model.clock)
      case .type: isBounded = isBounded || !Self.add(value.text, to: &types)
      case .subject: isBounded = isBounded || !Self.add(value.text, to: &subjects)
      case .result: isBounded = isBounded || !Self.add(value.text, to: &results)
      // One more than one is enough to know that it is not always the same.
      case .object: if objects.count < 2 { objects.insert(value.text) }
      }
    }
  }

  private static func add(_ text: String, to counts: inout [String: Int]) -> Bool {
    let key = String(text.prefix(256))
    guard counts[key] != nil || counts.count < distinctLimit else { return false }
    counts[key, default: 0] += 1
    return true
  }

  private mutating func count(time value: FieldValue, _ clock: ClockRule) {
    guard let instant = clock.instant(of: value) else { return }
    if instant.isWithoutZone { timesWithoutZone += 1 }
    let moment = instant.moment
    oldest = min(oldest ?? moment, moment)
    newest = max(newest ?? moment, moment)
    if let previous { longestSilence = max(longestSilence, moment.seconds - previous.seconds) }
    previous = moment
    if days.count < Self.dayLimit {
      days.insert(Int((Double(moment.seconds) / 86_400).rounded(.down)))
    }
  }
}

extension ClockRule {
  /// The moment a time field states, and whether neither it nor the model says in which zone; nil for what is no
  /// time of the model's form.
  func instant(of value: FieldValue) -> (moment: Instant, isWithoutZone: Bool)? {
    let perSecond: Int
    switch form {
    case .iso:
      guard let text = TimeText(iso: value.bytes.span) else { return nil }
      if text.hasZone { return (text.instant, false) }
      let moment = Instant(
        seconds: text.instant.seconds - (zone ?? 0), nanoseconds: text.instant.nanoseconds)
      return (moment, zone == nil)
    case .seconds: perSecond = 1
    case .milliseconds: perSecond = 1000
    case .microseconds: perSecond = 1_000_000
    }
    return TimeText(epoch: value.bytes.span, perSecond: perSecond).map { ($0.instant, false) }
  }
}
