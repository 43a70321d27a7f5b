package import AssessmentModel
package import ProbeKit

/// Searches logs, traces and recorded messages for PIN data (日志PIN数据泄露检查): clear PINs, PIN blocks clear and
/// enciphered, and keys, with canary data and without.
///
/// What it finds is shown by its place only; neither PIN nor block nor key, and of a PAN six and four digits.
package struct PINLogsProbe: Probe {
  static let maximumLeaks = 10_000
  /// The log or folder of an object whose own place is something else.
  private let logs: String?
  private let canaryFile: String?

  package init(parameters: [String: FactValue]) throws(ParameterError) {
    let known = Self.description.parameters
    for name in parameters.keys.sorted() where known[name] == nil {
      throw ParameterError(
        parameter: name,
        reason: "unknown; known are \(known.keys.sorted().joined(separator: ", "))")
    }
    switch parameters["logs"] {
    case nil: logs = nil
    case .text(let path) where !path.isEmpty: logs = path
    case .null, .boolean, .integer, .text, .list, .record:
      throw ParameterError(
        parameter: "logs", reason: "the path of a log or of a folder is expected")
    }
    switch parameters["canaries"] {
    case nil: canaryFile = nil
    case .text(let path) where !path.isEmpty: canaryFile = path
    case .null, .boolean, .integer, .text, .list, .record:
      throw ParameterError(
        parameter: "canaries", reason: "the path of a file with test transactions is expected")
    }
  }

  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    guard let locator = logs ?? object.locator, !locator.isEmpty else {
      return Observation(
        unavailable: Unavailability(.unreadable, "no path is given for \(object.id)"))
    }
    // The place of a PIN service is its description, which is no log.
    if logs == nil, object.kind == .pinService, ServiceModelFile.place(path: locator) != nil {
      return Observation(
        unavailable: Unavailability(.unreadable, "the scope names no logs of \(object.id)"))
    }
    let target = maskingAccounts(locator)
    var canaries = Canaries.none
    if let canaryFile {
      do throws(Canaries.Unreadable) { canaries = try Canaries.read(path: canaryFile) } catch {
        // Without them the search would look complete and not be.
        return Observation(
          unavailable: Unavailability(
            .unreadable, "canaries \(maskingAccounts(canaryFile)): \(error.reason)"))
      }
    }
    let isTimeUp: @Sendable () -> Bool = { Task.isCancelled || ContinuousClock.now >= deadline }
    var search = LogSearch(CanaryIndex(canaries))
    do throws(LogFolder.Unreadable) { try search.run(locator, goesOn: { !isTimeUp() }) } catch {
      return Observation(
        unavailable: Unavailability(.unreadable, "\(target): \(error.reason)"))
    }
    var facts = search.facts(listing: PINLogsProbe.maximumLeaks)
    facts["pin.canaries-used"] = [
      "transactions": .integer(canaries.transactions.count),
      "values": .integer(canaries.needles.count),
    ]
    facts["pin.canary-problems"] = .list(
      canaries.problems.map {
        [
          "id": .text(maskingAccounts($0.id)), "problem": .text($0.kind.rawValue),
          "line": .integer($0.line),
        ]
      })
    let evidence = Evidence(
      name: "pin-leaks.json", mediaType: "application/json",
      bytes: Array(JSONText.pretty(.record(facts)).utf8), strength: 2)
    var unavailable: Unavailability?
    if Task.isCancelled {
      unavailable = Unavailability(.cancelled, "the search of \(target) was cancelled")
    } else if isTimeUp() {
      unavailable = Unavailability(.deadline, "the search of \(target) was not finished in time")
    }
    return Observation(facts: facts, evidence: [evidence], unavailable: unavailable)
  }
}
