import ArgumentParser
import Assessment
import AssessmentModel
import FoundationEssentials
import NationalCrypto
import ProbeKit
import Settings

/// One probe on targets given by hand.
struct SingleInspection {
  let type: any Probe.Type
  let parameters: [String: FactValue]
  let scope: String?
  let authorisation: String?
  let deadline: String
  let language: Language

  /// Prints every inspection; true when one of them was unavailable.
  func run(target: String, format: FormatOption) async throws -> Bool {
    let description = type.description
    let probe: any Probe
    do throws(ParameterError) {
      probe = try type.init(parameters: parameters)
    } catch {
      Terminal.note("\(error)")
      throw ExitMeaning.wrongUse.exit
    }
    guard let milliseconds = duration(deadline) else {
      Terminal.note(
        language.pick(
          zh: "--deadline \(deadline)：应为 30s、500ms 之类",
          en: "--deadline \(deadline): expected a duration such as 30s or 500ms"))
      throw ExitMeaning.wrongUse.exit
    }
    let targets = description.contactsNetwork ? try targets(target) : [target]
    var objects = targets.map { target in
      AssessmentObject(
        id: target, kind: description.objectKinds.contains(.channel) ? .channel : .assetStore,
        locator: target, parameters: parameters)
    }
    if description.contactsNetwork { objects = try await authorised(objects, milliseconds) }
    var someUnavailable = false
    var texts: [String] = []
    for object in objects {
      let end = ContinuousClock.now + .milliseconds(milliseconds)
      // The probe keeps its own deadline and says what it saw until then; only one that overruns is cut off.
      let observation =
        await withDeadline(end + .milliseconds(100)) { await probe.inspect(object, until: end) }
        ?? Observation(unavailable: Unavailability(.deadline, "no result within \(deadline)"))
      someUnavailable = someUnavailable || observation.unavailable != nil
      texts.append(try text(object, observation, format.format, isList: targets.count > 1))
    }
    try format.write(Array(texts.joined().utf8))
    return someUnavailable
  }

  /// The lines of a list file, or the target itself.
  private func targets(_ target: String) throws -> [String] {
    guard !target.contains("://"), let data = FileManager.default.contents(atPath: target) else {
      return [target]
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
    guard !lines.isEmpty else {
      Terminal.note(language.pick(zh: "\(target)：列表为空", en: "\(target): the list is empty"))
      throw ExitMeaning.wrongUse.exit
    }
    return lines
  }

  /// Loopback needs no scope; anything else a scope whose authorisation covers it, or a stated permission.
  private func authorised(
    _ objects: [AssessmentObject], _ milliseconds: Int
  ) async throws -> [AssessmentObject] {
    do throws(AssessmentError) {
      return try await HandAuthorising(
        scopePath: scope, statement: authorisation, now: Clock.now,
        deadline: ContinuousClock.now + .milliseconds(milliseconds)
      ).authorise(objects)
    } catch {
      throw Failure.report(error, language)
    }
  }

  private func text(
    _ object: AssessmentObject, _ observation: Observation, _ format: FormatOption.Format,
    isList: Bool
  ) throws -> String {
    switch format {
    case .json:
      let value = try json(object, observation)
      return isList ? JSONText.compact(value) + "\n" : JSONText.pretty(value)
    case .table:
      var table = Table([
        language.pick(zh: "事实", en: "fact"), language.pick(zh: "值", en: "value"),
      ])
      for (name, value) in observation.facts.sorted(by: { $0.key < $1.key }) {
        table.add([name, value.text ?? JSONText.compact(value)])
      }
      let outcome =
        observation.unavailable.map { "unavailable (\($0.reason.rawValue)): \($0.detail)" }
        ?? "observed"
      return "\(ActiveScalar.inert(object.id)): \(ActiveScalar.inert(outcome))\n\(table.text)"
    case .html, .junit: throw ValidationError("probe run writes table or json")
    }
  }

  private func json(
    _ object: AssessmentObject, _ observation: Observation
  ) throws -> FactValue {
    var fields: [String: FactValue] = [
      "schema": "miping.inspection/1", "probe": .text(type.description.name),
      "object": .text(object.id),
      "outcome": .text(observation.unavailable == nil ? "observed" : "unavailable"),
      "facts": .record(observation.facts),
    ]
    fields["reason"] = observation.unavailable.map {
      ["reason": .text($0.reason.rawValue), "detail": .text($0.detail)]
    }
    fields["authorisation"] = authorisation.map { .text($0) }
    var evidence: [FactValue] = []
    for (index, piece) in observation.evidence.enumerated() {
      let sm3 = try SM3.digest(piece.bytes)
      evidence.append([
        "id": .text("\(index + 1)-\(piece.name)"),
        "sm3": .text(sm3.map { hex($0) }.joined()), "class": .integer(piece.strength),
      ])
    }
    fields["evidence"] = .list(evidence)
    return .record(fields)
  }

  private func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }
}
