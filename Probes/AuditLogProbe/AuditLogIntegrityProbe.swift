package import AssessmentModel
import Glibc
package import ProbeKit

/// Recomputes the protection of an audit log (审计日志完整性) by its model: values, links, signatures, checkpoints,
/// sequence, time and required fields, and what an earlier visit saw. Never writes to the log.
package struct AuditLogIntegrityProbe: DescribedPlaces {
  /// Path of a new file that gets the anchor of a clean log.
  private let anchorPath: String?
  /// Overrides what the model says about attacks on clones.
  private let mode: ActiveRules.Mode?
  /// The moment that decides what lies in the future.
  private let now: @Sendable () -> Instant

  package init(parameters: [String: FactValue]) throws(ParameterError) {
    try self.init(parameters: parameters) {
      Instant(seconds: time(nil), nanoseconds: 0)
    }
  }

  init(
    parameters: [String: FactValue], now: @escaping @Sendable () -> Instant
  ) throws(ParameterError) {
    let known = Self.description.parameters
    for name in parameters.keys.sorted() where known[name] == nil {
      throw ParameterError(
        parameter: name,
        reason: "unknown; known are \(known.keys.sorted().joined(separator: ", "))")
    }
    switch parameters["write-anchor"] {
    case nil: anchorPath = nil
    case .text(let path) where !path.isEmpty: anchorPath = path
    case .null, .boolean, .integer, .text, .list, .record:
      throw ParameterError(
        parameter: "write-anchor", reason: "the path of a file that does not exist is expected")
    }
    switch parameters["active"] {
    case nil: mode = nil
    case .text("none")?: mode = ActiveRules.Mode.none
    case .text("clone")?: mode = .clone
    case .null?, .boolean?, .integer?, .text?, .list?, .record?:
      throw ParameterError(parameter: "active", reason: "none or clone is expected")
    }
    self.now = now
  }

  /// The servers of the model: that of the log, then that whose settings are read. A local socket is no place.
  package static func places(describedAt path: String) -> [String] {
    guard let model = LogModelFile.read(path: path, faults: Faults()) else { return [] }
    var addresses: [PostgreSQLAddress] = []
    if case .postgres(let address, _) = model.source { addresses.append(address) }
    if case .server(let address)? = model.activity.coverage?.audit { addresses.append(address) }
    return addresses.filter { !$0.host.hasPrefix("/") }.map { address in
      let host = address.host.contains(":") ? "[\(address.host)]" : address.host
      return "postgresql://\(host):\(address.port)"
    }
  }

  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    guard let path = object.locator, !path.isEmpty else {
      return Observation(
        unavailable: Unavailability(.unreadable, "no log model is given for \(object.id)"))
    }
    let faults = Faults()
    guard var model = LogModelFile.read(path: path, faults: faults) else {
      let lines = faults.sorted.prefix(20).map(\.description)
      return Observation(
        unavailable: Unavailability(.unreadable, lines.joined(separator: "\n")))
    }
    if let mode { model.activity.mode = mode }
    // The name stays what certificates are compared with; the address is the one that was authorised.
    if case .postgres(var address, let form) = model.source,
      let checked = object.parameters["address"]?.text
    {
      address.checkedAddress = checked
      model.source = .postgres(address, form)
    }
    let isTimeUp: @Sendable () -> Bool = { Task.isCancelled || ContinuousClock.now >= deadline }
    do throws(FileFailure) {
      let verified = try await VerifiedLog(model, now: now(), isTimeUp: isTimeUp)
      let active = await ActiveInspection(model: model, now: now(), deadline: deadline).run()
      var observation = observation(verified, active)
      if Task.isCancelled, observation.unavailable == nil {
        observation.unavailable = Unavailability(
          .cancelled, "stopped before all that the model asks for was done")
      }
      return observation
    } catch {
      return Observation(unavailable: Unavailability(.unreadable, error.description))
    }
  }

  private func observation(_ log: VerifiedLog, _ active: ActiveInspection.Results) -> Observation {
    let findings = log.findings
    var observation = Observation(facts: active.added(to: log.facts.facts))
    if findings.isIncomplete {
      let isLate = findings.faults.kept.contains { $0.kind == .deadline }
      let reason: Unavailability.Reason =
        Task.isCancelled ? .cancelled : isLate ? .deadline : .unreadable
      observation.unavailable = Unavailability(
        reason, findings.reasons.first ?? "not all of the log was checked")
    }
    // Without evidence a fact decides nothing: the empty lists of a log that was not wholly checked are no proof
    // that it is clean. What was found wrong stands all the same.
    let isProof =
      !findings.isIncomplete || !findings.valueFailures.isEmpty
      || !findings.linkFailures.isEmpty || !findings.structural.isEmpty
    if isProof {
      observation.evidence = [evidence("audit.json", .record(observation.facts))]
      observation.evidence += active.evidence.map { evidence($0, $1) }
    }
    if let anchor = log.facts.anchor {
      observation.evidence.append(evidence("anchor.json", anchor))
      if let anchorPath {
        do throws(FileFailure) {
          try AnchorFile.create(anchorPath, JSONText.pretty(anchor))
        } catch {
          observation.unavailable = Unavailability(
            .failed, "the anchor was not written: \(error.description)")
        }
      }
    }
    return observation
  }

  private func evidence(_ name: String, _ value: FactValue) -> Evidence {
    Evidence(
      name: name, mediaType: "application/json", bytes: Array(JSONText.pretty(value).utf8),
      strength: 2)
  }
}
