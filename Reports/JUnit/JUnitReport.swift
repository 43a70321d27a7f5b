import AssessmentModel

/// The result as JUnit XML for pipelines, in the strict form Ant's junitreport writes.
///
/// One suite a layer or dimension, one case a finding. Partial and non-conforming are failures; not
/// applicable, awaiting and untested are skipped with the cause as message (`n/a:`, `manual:`,
/// `untested:`); untested because an inspection of the object failed is an error. A waiver changes the
/// gate, never a case.
struct JUnitReport {
  private let index: ReportIndex
  private let language: ReportLanguage
  /// Objects an inspection could not look at, with what it met.
  private let unavailable: [String: Unavailability]

  init(_ result: AssessmentResult, language: ReportLanguage) {
    index = ReportIndex(result)
    self.language = language
    unavailable = Dictionary(
      result.inspections.compactMap { one in one.reason.map { (one.object, $0) } }
    ) { first, _ in first }
  }

  func bytes() -> [UInt8] {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
    let suites = index.dimensions.filter { key in
      index.groups(in: key).contains { !$0.entries.isEmpty }
    }
    for (id, key) in suites.enumerated() { write(key, id: id, to: &xml) }
    return Array((xml + "</testsuites>\n").utf8)
  }

  private func write(_ key: DimensionKey, id: Int, to xml: inout String) {
    let groups = index.groups(in: key)
    let cases = groups.flatMap { group in group.entries.map { (group, outcome($0.finding)) } }
    let result = index.result
    xml += "  <testsuite name=\(quoted(key.dimension.id)) package=\(quoted(suitePackage(key)))"
    xml += " id=\"\(id)\" timestamp=\(quoted(timestamp))"
    xml += " hostname=\(quoted(result.system.title.text(in: language)))"
    xml += " tests=\"\(cases.count)\" failures=\"\(cases.count { $0.1.kind == .failure })\""
    xml += " errors=\"\(cases.count { $0.1.kind == .error })\""
    xml += " skipped=\"\(cases.count { $0.1.kind == .skipped })\" time=\"0\">\n"
    let properties = [
      ("catalog", result.catalog.standard), ("catalog-digest-sm3", result.catalog.digest),
      ("scoring-edition", result.catalog.edition), ("run", result.run.id),
      ("gate", result.gate.kind), ("gate-exit-code", String(result.gate.exitCode)),
      ("reduced-selection", String(result.selection.isReduced)),
    ]
    xml += "    <properties>\n"
    for (name, value) in properties {
      xml += "      <property name=\(quoted(name)) value=\(quoted(value))/>\n"
    }
    xml += "    </properties>\n"
    for group in groups {
      for entry in group.entries { write(entry.finding, of: group, key, to: &xml) }
    }
    xml += "    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n"
  }

  private func write(
    _ finding: Finding, of group: FindingGroup, _ key: DimensionKey, to xml: inout String
  ) {
    let title = group.requirement?.title.text(in: language) ?? group.id
    let name = "\(finding.object ?? "-") / \(title)"
    let className = "\(suitePackage(key)).\(key.dimension.id).\(group.id)"
    xml += "    <testcase classname=\(quoted(className)) name=\(quoted(name)) time=\"0\""
    let outcome = outcome(finding)
    switch outcome.kind {
    case .passed: xml += "/>\n"
    case .skipped: xml += "><skipped message=\(quoted(outcome.message))/></testcase>\n"
    case .failure, .error:
      xml += "><\(outcome.kind.rawValue) type=\(quoted(outcome.type))"
      xml += " message=\(quoted(outcome.message))>\(XMLText.escaped(details(finding)))"
      xml += "</\(outcome.kind.rawValue)></testcase>\n"
    }
  }

  // MARK: Verdicts as JUnit knows them

  private enum Kind: String { case passed, skipped, failure, error }

  private struct Outcome {
    var kind: Kind
    var type = ""
    var message = ""
  }

  private func outcome(_ finding: Finding) -> Outcome {
    let reasons = finding.reasons.map { $0.text(in: language) }.joined(separator: "; ")
    switch finding.verdict {
    case .conforming: return Outcome(kind: .passed)
    case .partial: return Outcome(kind: .failure, type: "partially-compliant", message: reasons)
    case .nonConforming: return Outcome(kind: .failure, type: "non-compliant", message: reasons)
    case .notApplicable: return Outcome(kind: .skipped, message: "n/a: \(reasons)")
    case .awaiting: return Outcome(kind: .skipped, message: "manual: \(reasons)")
    case .untested:
      guard let cause = failedInspection(behind: finding) else {
        return Outcome(kind: .skipped, message: "untested: \(reasons)")
      }
      return Outcome(
        kind: .error, type: "probe-error",
        message: "\(cause.reason.rawValue): \(cause.detail)")
    }
  }

  /// The failed inspection of the object itself, or of one that serves it.
  private func failedInspection(behind finding: Finding) -> Unavailability? {
    guard let id = finding.object else { return nil }
    let object = index.objects[id]
    let looked =
      [id] + (object?.restsIn ?? []) + (object?.protectedBy ?? [])
      + finding.observed.compactMap(\.object)
    return looked.lazy.compactMap { unavailable[$0] }.first
  }

  /// What was expected and observed, and the evidence with its digests.
  private func details(_ finding: Finding) -> String {
    var lines: [String] = []
    for (expected, observed) in zip(finding.expected, finding.observed)
    where observed.outcome == .notMet || observed.outcome == .undetermined {
      let value = observed.value.map { FactText.short($0) } ?? "-"
      lines.append(
        "\(expected.name): \(expected.condition.text(in: language)); observed \(ActiveScalar.inert(value))"
      )
    }
    lines += finding.evidence.map { "evidence/\($0.id) sm3:\($0.sm3)" }
    lines.append("fingerprint \(finding.fingerprint)")
    return lines.joined(separator: "\n")
  }

  private func quoted(_ value: String) -> String {
    "\"\(XMLText.escaped(ActiveScalar.inert(value, limit: 1_000)))\""
  }

  /// `gmt0077.level3`: the two standards are never mixed.
  private func suitePackage(_ key: DimensionKey) -> String {
    "\(key.standard?.rawValue ?? "other").level\(index.result.system.level)"
  }

  /// The form wants no zone and no fraction; times of a run are UTC.
  private var timestamp: String {
    let started = index.result.run.started
    return started.hasSuffix("Z") ? String(started.dropLast()) : started
  }
}
