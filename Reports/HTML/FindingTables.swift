import AssessmentModel

/// Findings with some verdicts, under the requirement they judge.
///
/// What every finding of a requirement shares (its text, what is expected, the remediation) is written once;
/// each finding then is one row with what was observed, numbered like the expectations. So ten thousand
/// findings stay a page a browser opens at once.
struct FindingTables {
  let index: ReportIndex
  let verdicts: [Verdict]
  /// What to do about it, and which high-risk items it can raise: for problems.
  let showsRemediation: Bool

  /// By standard and dimension, those that can raise a high risk first where `verdicts` are problems.
  var body: HTML {
    var html = HTML()
    for key in index.dimensions {
      let groups = index.groups(in: key).filter { !entries(of: $0).isEmpty }
      guard !groups.isEmpty else { continue }
      html += """
        <h3>\(key.standard.map { "\($0.name) · " as HTML } ?? "")\(key.dimension.title)</h3>\n
        """
      for group in ordered(groups) { html += table(group, key) }
    }
    return html.isEmpty ? HTML.none : html
  }

  private func entries(of group: FindingGroup) -> [FindingEntry] {
    verdicts.flatMap { verdict in group.entries.filter { $0.finding.verdict == verdict } }
  }

  private func ordered(_ groups: [FindingGroup]) -> [FindingGroup] {
    guard verdicts.contains(.nonConforming) else { return groups }
    func rank(_ group: FindingGroup) -> Int {
      let failing = group.entries.filter { $0.finding.verdict == .nonConforming }
      if failing.contains(where: { !$0.finding.gates.isEmpty }) { return 0 }
      return failing.isEmpty ? 2 : 1
    }
    return (0...2).flatMap { wanted in groups.filter { rank($0) == wanted } }
  }

  private func table(_ group: FindingGroup, _ key: DimensionKey) -> HTML {
    let entries = entries(of: group)
    let expectations = ExpectationList(entries.map(\.finding))
    let rows = entries.map { row($0, expectations) }
    let gates = showsRemediation ? Set(entries.flatMap(\.finding.gates)).sorted() : []
    return """
      <section class=req data-d='\(key.token)'>
      <h4><code>\(group.id)</code> \(heading(group))\
      \(gates.isEmpty ? "" : " <small class=gate>\(zh: "可引发高风险", en: "can raise high risk") \(gates.joined(separator: ", "))</small>" as HTML)</h4>
      \(text(group))\(expectations.body)\
      <div class=wide><table class=f><thead><tr>\(FindingTables.headings)<tbody>\(rows)</table></div>
      \(remediation(group))</section>\n
      """
  }

  private static let headings: [HTML] =
    ([Column.object, Column.verdict] + Column.letters + [
      Bilingual(zh: "实测（序号同期望）", en: "Observed (numbered as expected)"), Column.reason,
      Column.evidence,
    ]).map { "<th scope=col>\($0)" }

  private func heading(_ group: FindingGroup) -> HTML {
    guard let requirement = group.requirement else { return "" }
    return "\(requirement.title) <span class=ob>\(requirement.obligation.word)</span>"
  }

  /// The requirement in our own words. A clause that was not read has none to show.
  private func text(_ group: FindingGroup) -> HTML {
    guard let requirement = group.requirement, requirement.text == .read,
      let text = requirement.requirement
    else { return "" }
    var html: HTML = "<p>\(text)</p>\n"
    if !requirement.feeds.isEmpty || !requirement.bearsOn.isEmpty {
      let letters = requirement.bearsOn.map(\.rawValue).joined(separator: ", ")
      html += """
        <p class=dim>\(zh: "关联测评单元", en: "Units asking the same")\
         \(requirement.feeds.isEmpty ? "—" : requirement.feeds.joined(separator: ", "))\
        \(letters.isEmpty ? "" : " · \(zh: "影响", en: "bears on") \(letters)" as HTML)</p>\n
        """
    }
    return html
  }

  private func remediation(_ group: FindingGroup) -> HTML {
    guard showsRemediation, let remediation = group.requirement?.remediation else { return "" }
    return "<p class=fix><b>\(zh: "整改建议", en: "Remediation")</b> \(remediation)</p>\n"
  }

  private func row(_ entry: FindingEntry, _ expectations: ExpectationList) -> HTML {
    let finding = entry.finding
    let reasons = finding.isExplainedByObserved ? [] : finding.reasons
    let evidence = HTML.evidence(finding.evidence.map(\.id))
    return """
      <tr id=f\(entry.number) class=\(finding.verdict.mark)><td>\(finding.object ?? "—")\
      <td>\(badge(finding))\(HTML.letters(finding))\
      <td>\(expectations.observed(finding))<td>\(reasons.map { "<div>\($0)</div>" as HTML })\
      <td>\(evidence)\n
      """
  }

  /// The word, too, where a table has more than one verdict; else the section's title says it.
  private func badge(_ finding: Finding) -> HTML {
    guard verdicts.count == 1 else { return finding.verdict.badge }
    return "<span class='v \(finding.verdict.mark)'>\(finding.verdict.symbol)</span>"
  }
}

extension Finding {
  /// Whether its reasons only repeat the lines that are not met, expectation and value, as they do when the
  /// letters alone decided; the row shows those lines already.
  fileprivate var isExplainedByObserved: Bool {
    guard expected.count == observed.count, !expected.isEmpty else { return false }
    let failing = zip(expected, observed).filter { $1.outcome == .notMet && $1.value != nil }
    let deciding: [(Expected, Observed)]
    switch verdict {
    case .nonConforming: deciding = failing.filter { $0.0.letter == .D }
    case .partial: deciding = failing.filter { $0.0.letter == .A || $0.0.letter == .K }
    case .conforming, .notApplicable, .awaiting, .untested: return false
    }
    return reasons.count == deciding.count
      && zip(reasons, deciding).allSatisfy { reason, line in
        reason.en.contains(line.0.condition.en) || reason.en.contains(line.1.name)
      }
  }
}

/// What the findings on one requirement expect, each thing once and numbered.
struct ExpectationList {
  private var expected: [Finding.Expected] = []
  private var numbers: [Finding.Expected: Int] = [:]

  init(_ findings: [Finding]) {
    for finding in findings {
      for one in finding.expected where numbers[one] == nil {
        expected.append(one)
        numbers[one] = expected.count
      }
    }
  }

  var body: HTML {
    guard !expected.isEmpty else { return "" }
    let items = expected.map { one -> HTML in
      "<li>\(one.letter.map { "<b>\($0.rawValue)</b> " as HTML } ?? "")\(HTML.code(one.name)) \(one.condition)\n"
    }
    return """
      <div class=exps><div class=dim>\(zh: "期望", en: "Expected")</div><ol class=exp>\(items)</ol></div>\n
      """
  }

  /// What was observed, beside the number of what was expected.
  func observed(_ finding: Finding) -> HTML {
    var html = HTML()
    for (place, observed) in finding.observed.enumerated() {
      let number = number(at: place, in: finding)
      if isPlainlyAbsent(observed, number) { continue }
      html += "<div>\(number.map { "\($0). " as HTML } ?? "")"
      html += observed.outcome == .notMet ? "<b class=x>×</b> " : "\(observed.outcome.symbol) "
      if number == nil { html += "\(HTML.code(observed.name)) " }
      if let same = numberOfSame(as: place, in: finding) {
        html += "<small>= \(same)</small>"
      } else {
        html += observed.value.map { value($0, observed.outcome) } ?? absent(observed.outcome)
      }
      if let object = observed.object, object != finding.object { html += " @ \(object)" }
      if let note = observed.note { html += " <small>\(note)</small>" }
      html += "</div>"
    }
    html += absences(finding)
    return html
  }

  /// Nothing is known of it but its number: such lines are put together into one.
  private func isPlainlyAbsent(_ observed: Finding.Observed, _ number: Int?) -> Bool {
    number != nil && observed.value == nil && observed.note == nil
  }

  private func absences(_ finding: Finding) -> HTML {
    // What waits for a person is named by the reasons.
    guard finding.verdict != .awaiting else { return "" }
    var numbers: [Letter: [String]] = [:]
    for (place, observed) in finding.observed.enumerated() {
      guard let number = number(at: place, in: finding), isPlainlyAbsent(observed, number) else {
        continue
      }
      let elsewhere = observed.object.flatMap { $0 == finding.object ? nil : " @ \($0)" } ?? ""
      numbers[observed.outcome, default: []].append("\(number)\(elsewhere)")
    }
    return Letter.allCases.reduce(into: HTML()) { html, outcome in
      guard let some = numbers[outcome] else { return }
      html += """
        <div>\(some.joined(separator: ", ")). \(outcome.symbol) \(absent(outcome))</div>
        """
    }
  }

  private func number(at place: Int, in finding: Finding) -> Int? {
    place < finding.expected.count ? numbers[finding.expected[place]] : nil
  }

  /// The number of an earlier line that already shows this value of this fact. What is not met is always
  /// shown in full.
  private func numberOfSame(as place: Int, in finding: Finding) -> Int? {
    let observed = finding.observed[place]
    guard observed.outcome != .notMet, observed.value != nil else { return nil }
    return finding.observed.prefix(place).firstIndex { earlier in
      earlier.name == observed.name && earlier.object == observed.object
        && earlier.value == observed.value
    }.flatMap { number(at: $0, in: finding) }
  }

  /// What is as expected is shown shorter, so that large systems stay within the size of a page.
  private func value(_ value: FactValue, _ outcome: Letter) -> HTML {
    let limit = outcome == .met ? 80 : FactText.characters
    // A plain text is cut by the page itself, which states its full length.
    let text = value.text ?? FactText.short(value, limit: limit)
    return "<code>\(text, limit: limit)</code>"
  }

  /// Why there is no value: A and K are not looked at when D is not met, else the fact was not stated.
  private func absent(_ outcome: Letter) -> HTML {
    switch outcome {
    case .notEvaluated: "<i>\(outcome.word)</i>"
    case .met, .notMet, .undetermined: "<i>\(zh: "无", en: "none")</i>"
    }
  }
}
