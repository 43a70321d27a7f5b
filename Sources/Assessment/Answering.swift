import AssessmentModel
import FoundationEssentials
import Sealing

/// Keeps people's answers as evidence: the answer itself and the files it names.
struct Answering {
  /// Larger files are named by their digest's place in the run only by the assessor's own means.
  static let fileLimit = 64 << 20

  let folder: RunFolder
  let questions: [String: Question]
  let time: String

  /// The answers with their evidence. `first` is the place after the plan's last inspection.
  func keep(
    _ answers: [Attestations.Answer], after first: Int
  ) async throws(AssessmentError) -> [Attestations.Answer] {
    var kept: [Attestations.Answer] = []
    for (index, answer) in answers.enumerated() {
      var answer = answer
      let pieces = try evidence(answer)
      do throws(SealingError) {
        answer.evidence = try await folder.keepOnce(
          pieces, plan: first + index, probe: "attestation", object: subject(answer), at: time)
      } catch {
        throw .sealing(error)
      }
      kept.append(answer)
    }
    return kept
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
    var pieces = [
      Evidence(
        name: "answer.json", mediaType: "application/json",
        bytes: Array(JSONText.pretty(record(answer)).utf8), strength: strength)
    ]
    for path in answer.files {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw .faults([Fault(answer.place, "evidence file \"\(path)\" cannot be read")])
      }
      guard bytes.count <= Self.fileLimit else {
        throw .faults([
          Fault(
            answer.place,
            "evidence file \"\(path)\" has \(bytes.count) bytes; at most \(Self.fileLimit)")
        ])
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
    return .record(fields)
  }
}
