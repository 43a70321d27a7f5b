package import AssessmentModel
import FoundationEssentials
package import ProbeKit

/// Reads a controls folder and overlays into a catalog, or reports every fault in them at once.
package struct CatalogReader {
  private let probes: KnownProbes
  private let faults: Faults

  package init(probes: [ProbeDescription], faults: Faults) {
    self.probes = KnownProbes(probes)
    self.faults = faults
  }

  /// nil when there is any fault. `folder` may hold its files in any subfolders: what a file is follows
  /// from its content.
  ///
  /// `base` is another controls folder: it lends scoring units and rules, kind by kind, where `folder` has
  /// no file of the kind, so that requirement files can be checked by themselves.
  package func read(
    folder: String, overlays: [String] = [], completedBy base: String? = nil
  ) -> Catalog? {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    var reading = CatalogFiles(faults: faults)
    let files = yamlFiles(in: folder)
    if files.isEmpty {
      faults.report(
        SourcePlace(file: folder, line: 1, column: 1),
        "no YAML file in this folder; expected a controls folder (see Controls/README.md)")
      return nil
    }
    for file in files { reading.readFile(file) }
    if let base, reading.unparsed.isEmpty {
      let missing = Set(FileKind.allCases).subtracting(reading.kinds).subtracting([.requirements])
      for file in missing.isEmpty ? [] : yamlFiles(in: base) {
        reading.readFile(file, ifOneOf: missing)
      }
    }
    for overlay in overlays { reading.readOverlay(overlay) }
    return resolve(reading, folder: folder)
  }

  private func yamlFiles(in folder: String) -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder + "/.")) ?? []
    let files = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.map {
      "\(folder)/\($0)"
    }
    return files.sorted()
  }

  private func resolve(_ reading: CatalogFiles, folder: String) -> Catalog? {
    var parts = reading.parts
    parts.units = CatalogOrder.units(parts.units)
    reportMissing(reading, folder: folder)
    let questions = uniqueQuestions(parts.definitions)
    let hasUnits = !parts.units.isEmpty || parts.claims.contains { $0.kind == .unit }
    NameCheck(
      probes: probes, units: hasUnits ? Set(parts.units.map(\.unit.code)) : nil,
      gates: (parts.highRisk?.items).map { Set($0.map(\.code)) },
      algorithms: parts.algorithms?.list,
      questions: Set(questions.keys),
      judgements: reading.kinds.contains(.judgements) ? parts.judgements.map(\.number) : nil,
      claims: parts.claims, unparsed: reading.unparsed,
      faults: faults
    ).check(parts.mentions)
    reportRepeats(parts)
    let rows = Overlaying(faults: faults).join(
      parts.requirements.filter { $0.overlay == nil },
      parts.requirements.filter { $0.overlay != nil })
    for row in rows + parts.units.map(\.requirement) { reportMixedQuestions(row, questions) }
    guard faults.isEmpty, let algorithms = parts.algorithms?.list, let highRisk = parts.highRisk
    else { return nil }
    return Catalog(
      requirements: rows.map { resolved($0, questions, level: nil) },
      unitRequirements: [3, 4].flatMap { level in
        parts.units.map { unitRequirement($0, level: level, questions) }
      },
      units: parts.units.map(\.unit), rules: rules(parts), algorithms: algorithms,
      highRisk: highRisk, judgements: parts.judgements, questions: questions,
      digest: reading.digestOfAll())
  }

  /// A catalog needs a file of every kind. A file that could not be parsed may be the missing one.
  private func reportMissing(_ reading: CatalogFiles, folder: String) {
    guard reading.unparsed.isEmpty else { return }
    let whole = SourcePlace(file: folder, line: 1, column: 1)
    for kind in FileKind.allCases where !reading.kinds.contains(kind) {
      switch kind {
      case .requirements: break
      case .layer: faults.report(whole, "no scoring units (files with \"layer\")")
      case .algorithms: faults.report(whole, "no algorithm list (a file with \"tables\")")
      case .highRisk: faults.report(whole, "no high-risk rules (a file with \"items\")")
      case .scoring: faults.report(whole, "no scoring rules (a file with \"threshold\")")
      case .judgements:
        // Needed only by a catalog that rests on one.
        if reading.parts.mentions.contains(where: { $0.kind.isJudgement }) {
          faults.report(whole, "no published judgements (a file with \"judgements\")")
        }
      }
    }
  }

  private func uniqueQuestions(
    _ definitions: [(question: Question, place: SourcePlace)]
  ) -> [String: Question] {
    var questions: [String: Question] = [:]
    var places: [String: SourcePlace] = [:]
    for (question, place) in definitions {
      if let first = places[question.id] {
        faults.report(
          place,
          "question \"\(question.id)\" is written out a second time (first in \(first.file), line "
            + "\(first.line)); refer to it by {id: \(question.id)}")
        continue
      }
      questions[question.id] = question
      places[question.id] = place
    }
    return questions
  }

  private func reportRepeats(_ parts: CatalogParts) {
    // The shipped files together, and each overlay by itself: a second overlay may tighten further.
    var seen: [Overlay?: [String: SourcePlace]] = [:]
    for row in parts.requirements {
      let id = row.requirement.id
      let first = seen[row.overlay, default: [:]].updateValue(row.requirement.place, forKey: id)
      if let first {
        faults.report(
          row.requirement.place,
          "row \(id) stands twice (first in \(first.file), line \(first.line))")
      }
    }
    var units: [String: SourcePlace] = [:]
    for unit in parts.units {
      if let first = units.updateValue(unit.place, forKey: unit.unit.code) {
        faults.report(
          unit.place,
          "unit \(unit.unit.code) stands twice (first in \(first.file), line \(first.line))")
      }
    }
    var editions: Set<String> = []
    for rule in parts.rules where !editions.insert(rule.rules.edition).inserted {
      faults.report(rule.place, "scoring rules of edition \(rule.rules.edition) stand twice")
    }
  }

  /// A row is judged either by letters or by whole answers; management by whole answers only.
  private func reportMixedQuestions(_ row: RequirementRow, _ questions: [String: Question]) {
    let id = row.requirement.id
    guard row.requirement.isJudged, let kind = row.requirement.objectKind else { return }
    let asked = row.entries.map { entry -> (entry: RequirementRow.Entry, question: Question?) in
      switch entry.content {
      case .probe: (entry, nil)
      case .question(let question): (entry, question)
      case .reference(let id, _): (entry, questions[id])
      }
    }.filter { $0.question != nil || $0.entry.isProbe }
    let isWhole =
      kind == .organisation || asked.allSatisfy { $0.question?.letter == nil && $0.question != nil }
    for (entry, question) in asked {
      switch (question, isWhole) {
      case (nil, true):
        faults.report(
          entry.place, "\(id) is management and is judged by whole answers; no probe can stand here"
        )
      case (let question?, true) where question.letter != nil:
        faults.report(
          entry.place,
          "\(id) is management and is judged by whole answers; question \"\(question.id)\" has a letter"
        )
      case (let question?, true) where ![kind, .organisation].contains(question.objectKind):
        faults.report(
          entry.place,
          "question \"\(question.id)\" is asked of a \(question.objectKind.rawValue), but \(id) judges "
            + "\(kind.rawValue)")
      case (let question?, false) where question.letter == nil:
        faults.report(
          entry.place,
          "question \"\(question.id)\" of \(id) needs the key \"letter\": a row is judged by letters or "
            + "by whole answers, not by both")
      case (_, _): break
      }
    }
  }

  private func resolved(
    _ row: RequirementRow, _ questions: [String: Question], level: Int?
  ) -> Requirement {
    var requirement = row.requirement
    requirement.assessments = row.entries.compactMap { entry -> Assessment? in
      guard entry.level == nil || entry.level == level else { return nil }
      switch entry.content {
      case .probe(var probe):
        probe.judgement = entry.judgement
        return .probe(probe)
      case .question(var question):
        question.judgement = entry.judgement
        return .ask(question)
      case .reference(let id, let standsIn):
        guard var question = questions[id] else { return nil }
        question.standsIn = standsIn
        question.judgement = entry.judgement
        return .ask(question)
      }
    }
    return requirement
  }

  private func unitRequirement(
    _ row: UnitRow, level: Int, _ questions: [String: Question]
  ) -> Requirement {
    var requirement = resolved(row.requirement, questions, level: level)
    requirement.id = "L\(level)-\(row.unit.code)"
    requirement.level = level
    let clause = (row.unit.gbt39786[level] ?? "").split(separator: " ")
    requirement.clause = clause.first.map(String.init) ?? ""
    requirement.item = clause.dropFirst().first.map(String.init) ?? "-"
    requirement.obligation = row.unit.obligations[level] ?? .unknown
    return requirement
  }

  private func rules(_ parts: CatalogParts) -> [String: ScoringRules] {
    let layers = parts.layers.map(\.layer)
    let sorted = CatalogOrder.layers(layers)
    return Dictionary(
      parts.rules.map { row in
        let rules = row.rules
        return (
          rules.edition,
          ScoringRules(
            edition: rules.edition, layers: sorted, shares: rules.shares,
            strengthFactors: rules.strengthFactors, keyFactors: rules.keyFactors,
            managementScores: rules.management, compensation: rules.compensation,
            threshold: rules.threshold, thresholdSource: rules.thresholdSource)
        )
      }
    ) { first, _ in first }
  }
}
