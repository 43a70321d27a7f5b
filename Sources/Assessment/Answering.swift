import AssessmentModel
import FoundationEssentials
import Sealing

/// What people stated, kept: answers with their evidence, decisions with theirs.
struct KeptStatements {
  var answers: [Attestations.Answer]
  var decisions: [(decision: Attestations.HighRiskDecision, evidence: [EvidenceReference])]

  /// The evidence of the decision on a hit; the one about its very object goes before the unit's.
  func evidence(of hit: AssessmentResult.HighRiskHit) -> [EvidenceReference] {
    guard hit.decidedBy != nil else { return [] }
    let concerning = decisions.filter {
      $0.decision.code == hit.code && $0.decision.unit == hit.unit
        && ($0.decision.object == nil || $0.decision.object == hit.object)
    }
    return (concerning.first { $0.decision.object != nil } ?? concerning.first)?.evidence ?? []
  }
}

/// Keeps what people stated as evidence: the statement itself and the files it names.
struct Answering {
  /// Bytes of one file at most; a larger one is refused before anything is contacted.
  static let fileLimit = 64 << 20

  let folder: RunFolder
  let questions: [String: Question]
  let time: String

  /// `first` is the place after the plan's last inspection.
  func keep(
    _ attestations: Attestations, after first: Int
  ) async throws(AssessmentError) -> KeptStatements {
    let answers = try await keep(attestations.answers, after: first)
    var decisions: [(Attestations.HighRiskDecision, [EvidenceReference])] = []
    for (index, decision) in attestations.decisions.enumerated() {
      let pieces =
        [
          Evidence(
            name: "decision.json", mediaType: "application/json",
            bytes: Array(JSONText.pretty(record(decision)).utf8), strength: 1)
        ] + (try files(decision.files, at: decision.place, strength: 1))
      let evidence = try await keep(
        pieces, place: first + answers.count + index,
        subject: decision.object ?? "\(decision.code)-\(decision.unit)")
      decisions.append((decision, evidence))
    }
    return KeptStatements(answers: answers, decisions: decisions)
  }

  private func keep(
    _ answers: [Attestations.Answer], after first: Int
  ) async throws(AssessmentError) -> [Attestations.Answer] {
    var kept: [Attestations.Answer] = []
    for (index, answer) in answers.enumerated() {
      var answer = answer
      answer.evidence = try await keep(
        try evidence(answer), place: first + index, subject: subject(answer))
      kept.append(answer)
    }
    return kept
  }

  private func keep(
    _ pieces: [Evidence], place: Int, subject: String
  ) async throws(AssessmentError) -> [EvidenceReference] {
    do throws(SealingError) {
      return try await folder.keepOnce(
        pieces, plan: place, probe: "attestation", object: subject, at: time)
    } catch {
      throw .sealing(error)
    }
  }

  /// Reports the files that could not be kept, before anything is contacted.
  static func check(_ attestations: Attestations, _ faults: Faults) {
    let named =
      attestations.answers.map { ($0.place, $0.files) }
      + attestations.decisions.map { ($0.place, $0.files) }
    for (place, files) in named {
      for path in files {
        if let fault = fault(path) { faults.report(place, fault) }
      }
    }
  }

  /// Why a file cannot be kept; a pipe or a device would be read for ever.
  private static func fault(_ path: String) -> String? {
    let real = URL(filePath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: real),
      attributes[.type] as? FileAttributeType == .typeRegular,
      let size = (attributes[.size] as? UInt64).map({ Int(clamping: $0) })
        ?? attributes[.size] as? Int
    else { return "evidence file \"\(path)\" cannot be read; a regular file is expected" }
    guard size <= fileLimit else {
      return "evidence file \"\(path)\" has \(size) bytes; at most \(fileLimit)"
    }
    return nil
  }

  private func subject(_ answer: Attestations.Answer) -> String {
    switch answer.target {
    case .question(_, let object): object ?? "organisation"
    case .unit(let code): code
    }
  }

  private func evidence(_ answer: Attestations.Answer) throws(AssessmentError) -> [Evidence] {
    let strength =
      switch answer.method {
      case .interview, .document, .look: 1
      case .configuration, .toolTest: 2
      }
    let statement = Evidence(
      name: "answer.json", mediaType: "application/json",
      bytes: Array(JSONText.pretty(record(answer)).utf8), strength: strength)
    return [statement] + (try files(answer.files, at: answer.place, strength: strength))
  }

  private func files(
    _ paths: [String], at place: SourcePlace, strength: Int
  ) throws(AssessmentError) -> [Evidence] {
    var pieces: [Evidence] = []
    for path in paths {
      // Looked at before the run, and once more: a file may have changed since.
      if let fault = Self.fault(path) { throw .faults([Fault(place, fault)]) }
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw .faults([Fault(place, "evidence file \"\(path)\" cannot be read")])
      }
      pieces.append(
        Evidence(
          name: path.split(separator: "/").last.map(String.init) ?? "file",
          mediaType: "application/octet-stream", bytes: Array(bytes), strength: strength))
    }
    return pieces
  }

  private func record(_ answer: Attestations.Answer) -> FactValue {
    var fields: [String: FactValue] = [
      "assessor": .text(answer.assessor), "date": .text(answer.date),
      "method": .text(answer.method.rawValue), "observed": .text(answer.observed),
    ]
    switch answer.target {
    case .question(let id, let object):
      fields["ask"] = .text(id)
      fields["object"] = object.map { .text($0) }
      if let question = questions[id] {
        fields["question"] = ["zh": .text(question.text.zh), "en": .text(question.text.en)]
      }
    case .unit(let code): fields["unit"] = .text(code)
    }
    switch answer.value {
    case .letter(let met): fields["verdict"] = .text(met ? "met" : "not-met")
    case .verdict(let verdict): fields["verdict"] = .text(verdict.rawValue)
    }
    fields["valid-until"] = answer.validUntil.map { .text($0) }
    fields["strength-bits"] = answer.strengthBits.map { .integer($0) }
    if answer.otherKeyRequirementsMet { fields["other-key-requirements"] = "met" }
    return .record(fields)
  }

  private func record(_ decision: Attestations.HighRiskDecision) -> FactValue {
    var fields: [String: FactValue] = [
      "assessor": .text(decision.assessor), "code": .text(decision.code),
      "unit": .text(decision.unit), "decision": .text(decision.decision.rawValue),
      "why": .text(decision.why),
    ]
    fields["object"] = decision.object.map { .text($0) }
    return .record(fields)
  }
}
