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
  /// Inspections running at once, which bounds what a long list takes of memory.
  let inspections: Int
  let language: Language

  /// With more, one machine's scan gains no speed and costs memory.
  static let usualInspections = 20

  /// What is to be printed of one target.
  private struct Printed: Sendable {
    var text: String
    var isUnavailable: Bool
  }

  /// Prints every inspection as it ends, so a list in the order of ending; true when one of them was
  /// unavailable.
  func run(target: String, format: FormatOption) async throws -> Bool {
    guard format.format == .json || format.format == .table else {
      throw ValidationError("probe run writes table or json")
    }
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
    let describing = type as? any DescribedPlaces.Type
    let list = description.contactsNetwork && describing == nil ? try listed(target) : nil
    let targets = list ?? [target]
    var objects = targets.map { target in
      AssessmentObject(
        id: target, kind: description.objectKinds.contains(.channel) ? .channel : .assetStore,
        locator: target, parameters: parameters)
    }
    if let describing, let object = objects.first {
      let places = describing.places(describedAt: target)
      objects = [try await authorised(object, describing: places, milliseconds)]
    } else if description.contactsNetwork {
      objects = try await authorised(objects, milliseconds)
    }
    let stream = try ResultStream(format)
    var someUnavailable = false
    try await withThrowingTaskGroup(of: Printed.self) { [objects] group in
      var waiting = objects.makeIterator()
      func start() {
        guard let object = waiting.next() else { return }
        group.addTask {
          try printed(
            await inspect(object, by: probe, milliseconds), format.format, isList: list != nil)
        }
      }
      for _ in 0..<inspections { start() }
      while let one = try await group.next() {
        someUnavailable = someUnavailable || one.isUnavailable
        try stream.write(one.text)
        start()
      }
    }
    try stream.finish()
    return someUnavailable
  }

  /// The probe keeps its own deadline and says what it saw until then; only one that overruns is cut off.
  private func inspect(
    _ object: AssessmentObject, by probe: any Probe, _ milliseconds: Int
  ) async -> [(object: AssessmentObject, observation: Observation)] {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    let seen = await withDeadline(end + .milliseconds(100)) {
      if let several = probe as? any SeveralObjects {
        return await several.inspectAll(object, until: end)
      }
      return [(object: object, observation: await probe.inspect(object, until: end))]
    }
    let reason =
      Task.isCancelled
      ? Unavailability(.cancelled, "stopped by a signal")
      : Unavailability(.deadline, "no result within \(deadline)")
    return seen ?? [(object: object, observation: Observation(unavailable: reason))]
  }

  private func printed(
    _ results: [(object: AssessmentObject, observation: Observation)],
    _ format: FormatOption.Format, isList: Bool
  ) throws -> Printed {
    let texts = try results.map { result in
      try text(
        result.object, result.observation, format, isList: isList || results.count > 1)
    }
    return Printed(
      text: texts.joined(), isUnavailable: results.contains { $0.observation.unavailable != nil })
  }

  /// The lines of a list file; `nil` when the target is none.
  private func listed(_ target: String) throws -> [String]? {
    guard !target.contains("://"), let data = FileManager.default.contents(atPath: target) else {
      return nil
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
      return try await authorising(milliseconds).authorise(objects)
    } catch {
      throw Failure.report(error, language)
    }
  }

  private func authorised(
    _ object: AssessmentObject, describing places: [String], _ milliseconds: Int
  ) async throws -> AssessmentObject {
    do throws(AssessmentError) {
      return try await authorising(milliseconds).authorise(object, describing: places)
    } catch {
      throw Failure.report(error, language)
    }
  }

  private func authorising(_ milliseconds: Int) -> HandAuthorising {
    HandAuthorising(
      scopePath: scope, statement: authorisation, now: Clock.now,
      deadline: ContinuousClock.now + .milliseconds(milliseconds))
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
