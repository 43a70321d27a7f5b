package import AssessmentModel
import FoundationEssentials
package import YAMLDocument

/// Reads attestation files (人工核查记录): a file, or every YAML file of a folder in order of name.
package struct AttestationFile {
  let faults: Faults
  private let questions: [String: Question]
  let units: Set<String>
  private let managementUnits: Set<String>
  let highRisk: HighRiskRules
  let objects: [String: ObjectKind]

  /// What the answers may name: questions, scoring units, those judged by a verdict, high-risk items and the
  /// scope's objects.
  package init(
    questions: [String: Question], units: Set<String>, managementUnits: Set<String>,
    highRisk: HighRiskRules, objects: [String: ObjectKind], faults: Faults
  ) {
    self.questions = questions
    self.units = units
    self.managementUnits = managementUnits
    self.highRisk = highRisk
    self.objects = objects
    self.faults = faults
  }

  package func read(path: String) -> Attestations {
    var all = Attestations()
    for file in files(at: path) {
      guard let node = YAMLDocument.read(path: file, faults: faults) else { continue }
      let one = read(node, folder: folder(of: file))
      all.answers += one.answers
      all.decisions += one.decisions
      all.compensations += one.compensations
    }
    reportRepeats(all.answers)
    reportRepeats(all.decisions)
    return all
  }

  private func files(at path: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return [path]
    }
    return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
      .map { absolute($0, in: path) }
  }

  package func read(_ node: YAMLNode, folder: String) -> Attestations {
    let keys = ["assessor", "date", "answers", "high-risk", "compensations"]
    guard
      let reader = MappingReader(node, of: "attestation file", keys: keys, faults: faults)
    else { return Attestations() }
    let assessor = visible(reader, "assessor", "a person's name is expected") ?? ""
    let date = day(reader.required("date"), "\"date\"") ?? ""
    let signature = Signature(assessor: assessor, date: date, folder: folder)
    return Attestations(
      answers: (reader.items("answers") ?? []).compactMap { self.answer($0, signature) },
      decisions: (reader.items("high-risk") ?? []).compactMap { decision($0, signature) },
      compensations: (reader.items("compensations") ?? []).compactMap {
        compensation($0, signature)
      })
  }

  func visible(_ reader: MappingReader, _ key: String, _ advice: String) -> String? {
    let text = reader.requiredText(key)
    if let text, text.allSatisfy(\.isWhitespace), let place = reader.node(key)?.place {
      faults.report(place, "\"\(key)\" is empty; \(advice)")
    }
    return text
  }

  struct Signature {
    var assessor: String
    var date: String
    var folder: String
  }

  private func answer(_ node: YAMLNode, _ signature: Signature) -> Attestations.Answer? {
    let keys = [
      "ask", "unit", "object", "verdict", "method", "observed", "evidence", "valid-until",
      "strength-bits", "other-key-requirements",
    ]
    guard let reader = MappingReader(node, of: "answer", keys: keys, faults: faults) else {
      return nil
    }
    let target = target(reader)
    let value = reader.required("verdict").flatMap { self.value($0, target) }
    let method = reader.requiredChoice("method", as: Question.Method.self)
    let observed = visible(
      reader, "observed", "say what was seen, an answer without it is no evidence")
    let files = files(reader.items("evidence") ?? [], folder: signature.folder)
    let until = reader.node("valid-until").flatMap { self.day($0, "\"valid-until\"") }
    let bits = reader.integer("strength-bits")
    if let bits, !(0...1024).contains(bits), let place = reader.node("strength-bits")?.place {
      faults.report(place, "strength-bits is \(bits); expected 0 to 1024")
    }
    let others = reader.choice("other-key-requirements", as: OtherKeyRequirements.self)
    guard let target, let value, let method, let observed else { return nil }
    return Attestations.Answer(
      target: target, value: value, method: method, observed: observed, files: files,
      validUntil: until, strengthBits: bits, otherKeyRequirementsMet: others == .met,
      assessor: signature.assessor, date: signature.date, place: reader.place)
  }

  private enum OtherKeyRequirements: String, CaseIterable {
    case met
    case notMet = "not-met"
  }

  private func target(_ reader: MappingReader) -> Attestations.Answer.Target? {
    let object = object(reader)
    if let askNode = reader.node("ask") {
      if let entry = reader.entry("unit") {
        faults.report(entry.keyPlace, "an answer names a question or a unit, not both")
      }
      guard let id = askNode.text(of: "\"ask\" of an answer", faults: faults) else { return nil }
      guard let question = questions[id] else {
        let near = nearestName(to: id, among: questions.keys.sorted())
        faults.report(
          askNode.place,
          "\"\(id)\" is not a question of the catalog"
            + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
        return nil
      }
      if object == nil, reader.node("object") == nil, question.objectKind != .organisation {
        faults.report(
          reader.place,
          "the answer to \"\(id)\" needs the key \"object\": it is asked of every \(question.objectKind.rawValue)"
        )
        return nil
      }
      if let object, let kind = objects[object], kind != question.objectKind,
        let place = reader.node("object")?.place
      {
        faults.report(
          place,
          "\"\(id)\" is asked of a \(question.objectKind.rawValue); \(object) is a \(kind.rawValue)"
        )
      }
      return .question(id: id, object: object)
    }
    guard let unitNode = reader.node("unit") else {
      faults.report(reader.place, "answer needs the key \"ask\" or the key \"unit\"")
      return nil
    }
    guard let code = unitNode.text(of: "\"unit\" of an answer", faults: faults)
    else { return nil }
    guard managementUnits.contains(code) else {
      if units.contains(code) {
        faults.report(
          unitNode.place,
          "\(code) is judged by D, A and K of its objects; answer its questions (miping plan lists them)"
        )
      } else {
        let near = nearestName(to: code, among: units.sorted())
        faults.report(
          unitNode.place,
          "\"\(code)\" is not a scoring unit" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
      }
      return nil
    }
    return .unit(code: code)
  }

  private func value(
    _ node: YAMLNode, _ target: Attestations.Answer.Target?
  ) -> Attestations.Answer.Value? {
    guard let text = node.text(of: "\"verdict\" of an answer", faults: faults) else { return nil }
    let asksLetter: Bool? =
      switch target {
      case .question(let id, _): questions[id]?.letter != nil
      case .unit: false
      case nil: nil
      }
    let letters = ["met": true, "not-met": false]
    let verdicts: [String: Verdict] = [
      "符合": .conforming, "部分符合": .partial, "不符合": .nonConforming,
      "conforming": .conforming, "partial": .partial, "non-conforming": .nonConforming,
    ]
    if asksLetter != false, let met = letters[text] { return .letter(met: met) }
    if asksLetter != true, let verdict = verdicts[text] { return .verdict(verdict) }
    let expected =
      switch asksLetter {
      case true?: "met or not-met"
      case false?: "符合, 部分符合 or 不符合"
      case nil: "met, not-met, 符合, 部分符合 or 不符合"
      }
    faults.report(
      node.place, "verdict \"\(ActiveScalar.inert(text, limit: 60))\"; expected \(expected)")
    return nil
  }

  func object(_ reader: MappingReader) -> String? {
    guard let node = reader.node("object"),
      let id = node.text(of: "\"object\"", faults: faults)
    else { return nil }
    if objects[id] == nil {
      let near = nearestName(to: id, among: objects.keys.sorted())
      faults.report(
        node.place,
        "object \"\(id)\" is not in the scope" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    return id
  }

  func files(_ nodes: [YAMLNode], folder: String) -> [String] {
    nodes.compactMap { node in
      guard let name = node.text(of: "evidence file", faults: faults) else { return nil }
      let path = absolute(name, in: folder)
      var isFolder = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder,
        FileManager.default.isReadableFile(atPath: path)
      else {
        faults.report(node.place, "evidence file \"\(name)\" cannot be read")
        return nil
      }
      return path
    }
  }

  func named(
    _ reader: MappingReader, _ key: String, _ names: Set<String>, _ what: String
  ) -> String? {
    guard let node = reader.required(key), let name = node.text(of: "\"\(key)\"", faults: faults)
    else { return nil }
    guard names.contains(name) else {
      let near = nearestName(to: name, among: names.sorted())
      faults.report(
        node.place,
        "\"\(name)\" is no \(what)" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
      return nil
    }
    return name
  }

  private func day(_ node: YAMLNode?, _ what: String) -> String? {
    guard let node, let text = node.text(of: what, faults: faults) else { return nil }
    guard CalendarDay(text) != nil else {
      faults.report(node.place, "\(what) is \"\(text)\"; expected a day such as \"2026-12-01\"")
      return nil
    }
    return text
  }

  private func reportRepeats(_ answers: [Attestations.Answer]) {
    var seen: [Attestations.Answer.Target: SourcePlace] = [:]
    for answer in answers {
      if let first = seen.updateValue(answer.place, forKey: answer.target) {
        faults.report(
          answer.place,
          "this is answered a second time (first in \(first.file), line \(first.line)); keep one answer"
        )
      }
    }
  }

  private func reportRepeats(_ decisions: [Attestations.HighRiskDecision]) {
    var seen: [[String]: SourcePlace] = [:]
    for decision in decisions {
      let key = [decision.code, decision.unit, decision.object ?? ""]
      if let first = seen.updateValue(decision.place, forKey: key) {
        faults.report(
          decision.place,
          "this is decided a second time (first in \(first.file), line \(first.line)); keep one decision"
        )
      }
    }
  }
}
