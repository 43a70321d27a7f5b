import AssessmentModel

/// States whom and what a log covers (审计覆盖范围) as facts.
struct CoverageFacts {
  let rule: CoverageRule
  let tally: CoverageTally
  /// nil: none are given, or they cannot be read.
  let settings: AuditSettings?
  /// What could not be read.
  let problems: [FileFailure]
  let now: Instant
  /// Names that the accounts file lists.
  let accounts: [String]

  /// Part of the records of one subject from which on it is taken for a shared account.
  private static let sharedPercent = 95

  private struct User {
    var name: String
    var source: String
    var state: String
    var records: Int
    var why: String?
  }

  var facts: [String: FactValue] {
    var facts: [String: FactValue] = ["audit.coverage": .record(coverage)]
    // An empty list says that all is covered, which is not known while something could not be read.
    let findings = findings
    if problems.isEmpty || !findings.isEmpty { facts["audit.coverage-findings"] = .list(findings) }
    return facts
  }

  private var users: [User] {
    var wanted: [(name: String, source: String)] = []
    func add(_ names: [String], _ source: String) {
      for name in names where !wanted.contains(where: { $0.name == name && $0.source == source }) {
        wanted.append((name, source))
      }
    }
    add(rule.users.operatingSystem + accounts, "operating-system")
    add(
      rule.users.database + (settings?.roles.filter(\.canLogIn).map(\.name) ?? []), "database")
    add(rule.users.application, "application")
    let switchedOff = Set((settings?.exempt ?? []).map(\.role))
    let isAuditOn = !(settings?.loggedForAll.isEmpty ?? true)
    return wanted.map { name, source in
      let records = tally.subjects[name] ?? 0
      var user = User(name: name, source: source, state: "not-covered", records: records)
      let isDatabase = source == "database"
      if records > 0 {
        user.state = "covered"
        user.why = "records"
      } else if isDatabase, isAuditOn, !switchedOff.contains(name) {
        user.state = "covered"
        user.why = "rule"
      } else if let reason = rule.users.exempt[name] {
        user.state = "exempt"
        user.why = reason
      } else if isDatabase, rule.audit != nil, settings == nil {
        // Which rules there are could not be read.
        user.state = "not-known"
      }
      return user
    }
  }

  private var coverage: [String: FactValue] {
    var fields: [String: FactValue] = [
      "records": .integer(tally.records),
      "users": .list(
        users.map { user in
          var fields: [String: FactValue] = [
            "name": .text(user.name), "source": .text(user.source), "state": .text(user.state),
            "records": .integer(user.records),
          ]
          fields["why"] = user.why.map { .text($0) }
          return .record(fields)
        }),
      "event-types": .list(
        rule.eventTypes.sorted { $0.key < $1.key }.map { name, values in
          ["type": .text(name), "records": .integer(seen(values))]
        }),
      "content": .list(
        CoverageTally.Item.allCases.map { item in
          [
            "item": .text(item.rawValue), "records": .integer(tally.present[item] ?? 0),
            "of": .integer(tally.records),
          ]
        }),
      "results": .list(
        tally.results.sorted { $0.key < $1.key }.prefix(100).map { value, count in
          ["value": .text(value), "records": .integer(count)]
        }),
      "longest-silence-seconds": .integer(tally.longestSilence),
      "days-without-records": .integer(emptyDays),
    ]
    fields["oldest"] = tally.oldest.map { .text($0.utcText) }
    fields["newest"] = tally.newest.map { .text($0.utcText) }
    if tally.isBounded { fields["bounded"] = true }
    if !problems.isEmpty {
      fields["not-read"] = .list(problems.map { .text($0.description) })
    }
    return fields
  }

  private func seen(_ values: [String]) -> Int {
    values.reduce(0) { $0 + (tally.types[$1] ?? 0) }
  }

  private var emptyDays: Int {
    guard let first = tally.days.min(), let last = tally.days.max() else { return 0 }
    return last - first + 1 - tally.days.count
  }

  private var findings: [FactValue] {
    var findings: [FactValue] = []
    for user in users where user.state == "not-covered" {
      findings.append(
        ["name": "user-not-covered", "user": .text(user.name), "source": .text(user.source)])
    }
    for (name, values) in rule.eventTypes.sorted(by: { $0.key < $1.key }) where seen(values) == 0 {
      findings.append(["name": "event-type-never-seen", "type": .text(name)])
    }
    findings += contentFindings
    if let days = rule.retentionDays {
      let age = tally.oldest.map { max(0, now.seconds - $0.seconds) / 86_400 } ?? 0
      if age < days {
        findings.append(
          ["name": "retention-short", "days": .integer(age), "expected": .integer(days)])
      }
    }
    return findings + (settings?.findings() ?? [])
  }

  private var contentFindings: [FactValue] {
    guard tally.records > 0 else { return [["name": "no-records"]] }
    var findings: [FactValue] = []
    for item in CoverageTally.Item.allCases {
      let missing = tally.records - (tally.present[item] ?? 0)
      if missing > 0 {
        findings.append(
          [
            "name": "content-missing", "item": .text(item.rawValue), "records": .integer(missing),
          ])
      }
    }
    if tally.timesWithoutZone > 0 {
      findings.append(
        ["name": "time-without-zone", "records": .integer(tally.timesWithoutZone)])
    }
    let failures = rule.failures.reduce(0) { $0 + (tally.results[$1] ?? 0) }
    if tally.results.count == 1 || (!rule.failures.isEmpty && failures == 0) {
      findings.append(["name": "no-failure-logged"])
    }
    if let (subject, count) = tally.subjects.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      count * 100 > tally.records * Self.sharedPercent
    {
      findings.append(
        ["name": "shared-subject", "subject": .text(subject), "records": .integer(count)])
    }
    if tally.objects.count == 1, tally.records > 1 { findings.append(["name": "object-constant"]) }
    return findings
  }
}

extension Instant {
  /// `YYYY-MM-DDThh:mm:ssZ`.
  var utcText: String {
    let day = Int((Double(seconds) / 86_400).rounded(.down))
    let second = seconds - day * 86_400
    // Days since 0000-03-01, in eras of 400 years of 146 097 days.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(dayOfMonth, 2))T"
      + "\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))Z"
  }
}
